// Numbers that stay within bounds (Redis from version 8.8).
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - incrEx

extension RedisCommand where Response == RedisIncrement<Int> {
    /// Adds to a number within bounds, and may set its expiry.
    ///
    /// A sum outside of the bounds is an error, unless it is to be brought back to the bound.
    public static func incrEx(
        _ key: some RedisArgument, by amount: Int = 1, in bounds: ClosedRange<Int>? = nil,
        saturating: Bool = false, expiring expiry: RedisIncrementExpiry? = nil
    ) -> Self {
        Self("INCREX") {
            $0.append(key)
            $0.append("BYINT")
            $0.append(amount)
            if saturating { $0.append("SATURATE") }
            if let bounds {
                if bounds.lowerBound != .min { $0.append("LBOUND"); $0.append(bounds.lowerBound) }
                if bounds.upperBound != .max { $0.append("UBOUND"); $0.append(bounds.upperBound) }
            }
            expiry?.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a number within bounds, and may set its expiry.
    ///
    /// A sum outside of the bounds is an error, unless it is to be brought back to the bound.
    @discardableResult
    public func incrEx(
        _ key: some RedisArgument, by amount: Int = 1, in bounds: ClosedRange<Int>? = nil,
        saturating: Bool = false, expiring expiry: RedisIncrementExpiry? = nil
    ) async throws(RedisError) -> RedisIncrement<Int> {
        try await send(.incrEx(key, by: amount, in: bounds, saturating: saturating, expiring: expiry))
    }
}

// MARK: - incrEx of any number

extension RedisCommand where Response == RedisIncrement<Double> {
    /// Adds to a number of any kind within bounds, and may set its expiry.
    ///
    /// A sum outside of the bounds is an error, unless it is to be brought back to the bound.
    public static func incrEx(
        _ key: some RedisArgument, byFloat amount: Double, in bounds: ClosedRange<Double>? = nil,
        saturating: Bool = false, expiring expiry: RedisIncrementExpiry? = nil
    ) -> Self {
        Self("INCREX") {
            $0.append(key)
            $0.append("BYFLOAT")
            $0.append(amount)
            if saturating { $0.append("SATURATE") }
            if let bounds {
                $0.append("LBOUND"); $0.append(bounds.lowerBound)
                $0.append("UBOUND"); $0.append(bounds.upperBound)
            }
            expiry?.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a number of any kind within bounds, and may set its expiry.
    ///
    /// A sum outside of the bounds is an error, unless it is to be brought back to the bound.
    @discardableResult
    public func incrEx(
        _ key: some RedisArgument, byFloat amount: Double, in bounds: ClosedRange<Double>? = nil,
        saturating: Bool = false, expiring expiry: RedisIncrementExpiry? = nil
    ) async throws(RedisError) -> RedisIncrement<Double> {
        try await send(.incrEx(key, byFloat: amount, in: bounds, saturating: saturating, expiring: expiry))
    }
}
