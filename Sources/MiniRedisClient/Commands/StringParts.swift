// Strings: parts of values, and numbers in them.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - getRange

extension RedisCommand where Response == [UInt8] {
    /// A part of a value, from one byte to another, both included; negative ones count from the end.
    public static func getRange(_ key: some RedisArgument, _ start: Int, _ end: Int) -> Self {
        Self("GETRANGE") {
            $0.append(key)
            $0.append(start)
            $0.append(end)
        }
    }
}

extension RedisCommand where Response: RESPDecodable {
    /// A part of a value, from one byte to another, both included; negative ones count from the end.
    public static func getRange(_ key: some RedisArgument, _ start: Int, _ end: Int, as _: Response.Type)
        -> Self
    {
        Self("GETRANGE") {
            $0.append(key)
            $0.append(start)
            $0.append(end)
        }
    }
}

extension RedisCommandSender {
    /// A part of a value, from one byte to another, both included; negative ones count from the end.
    public func getRange(_ key: some RedisArgument, _ start: Int, _ end: Int) async throws(RedisError)
        -> [UInt8]
    {
        try await send(.getRange(key, start, end))
    }

    /// A part of a value, from one byte to another, both included; negative ones count from the end.
    public func getRange<Value: RESPDecodable>(
        _ key: some RedisArgument, _ start: Int, _ end: Int, as type: Value.Type
    ) async throws(RedisError) -> Value {
        try await send(.getRange(key, start, end, as: type))
    }
}

// MARK: - setRange

extension RedisCommand where Response == Int {
    /// Overwrites a part of a value; gives its new length.
    public static func setRange(_ key: some RedisArgument, _ offset: Int, _ value: some RedisArgument) -> Self
    {
        Self("SETRANGE") {
            $0.append(key)
            $0.append(offset)
            $0.append(value)
        }
    }
}

extension RedisCommandSender {
    /// Overwrites a part of a value; gives its new length.
    @discardableResult
    public func setRange(_ key: some RedisArgument, _ offset: Int, _ value: some RedisArgument)
        async throws(RedisError) -> Int
    {
        try await send(.setRange(key, offset, value))
    }
}

// MARK: - incr

extension RedisCommand where Response == Int {
    /// Adds 1 to a number; gives the sum.
    public static func incr(_ key: some RedisArgument) -> Self {
        Self("INCR") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Adds 1 to a number; gives the sum.
    @discardableResult
    public func incr(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.incr(key))
    }
}

// MARK: - incrBy

extension RedisCommand where Response == Int {
    /// Adds to a number; gives the sum.
    public static func incrBy(_ key: some RedisArgument, _ amount: Int) -> Self {
        Self("INCRBY") {
            $0.append(key)
            $0.append(amount)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a number; gives the sum.
    @discardableResult
    public func incrBy(_ key: some RedisArgument, _ amount: Int) async throws(RedisError) -> Int {
        try await send(.incrBy(key, amount))
    }
}

// MARK: - incrByFloat

extension RedisCommand where Response == Double {
    /// Adds to a number with a fraction; gives the sum.
    public static func incrByFloat(_ key: some RedisArgument, _ amount: Double) -> Self {
        Self("INCRBYFLOAT") {
            $0.append(key)
            $0.append(amount)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a number with a fraction; gives the sum.
    @discardableResult
    public func incrByFloat(_ key: some RedisArgument, _ amount: Double) async throws(RedisError) -> Double {
        try await send(.incrByFloat(key, amount))
    }
}

// MARK: - decr

extension RedisCommand where Response == Int {
    /// Takes 1 from a number; gives the difference.
    public static func decr(_ key: some RedisArgument) -> Self {
        Self("DECR") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Takes 1 from a number; gives the difference.
    @discardableResult
    public func decr(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.decr(key))
    }
}

// MARK: - decrBy

extension RedisCommand where Response == Int {
    /// Takes from a number; gives the difference.
    public static func decrBy(_ key: some RedisArgument, _ amount: Int) -> Self {
        Self("DECRBY") {
            $0.append(key)
            $0.append(amount)
        }
    }
}

extension RedisCommandSender {
    /// Takes from a number; gives the difference.
    @discardableResult
    public func decrBy(_ key: some RedisArgument, _ amount: Int) async throws(RedisError) -> Int {
        try await send(.decrBy(key, amount))
    }
}

// MARK: - lcs

extension RedisCommand where Response == [UInt8] {
    /// The longest common subsequence of two values.
    public static func lcs(_ first: some RedisArgument, _ second: some RedisArgument) -> Self {
        Self("LCS") {
            $0.append(first)
            $0.append(second)
        }
    }
}

extension RedisCommand where Response: RESPDecodable {
    /// The longest common subsequence of two values.
    public static func lcs(_ first: some RedisArgument, _ second: some RedisArgument, as _: Response.Type)
        -> Self
    {
        Self("LCS") {
            $0.append(first)
            $0.append(second)
        }
    }
}

extension RedisCommandSender {
    /// The longest common subsequence of two values.
    public func lcs(_ first: some RedisArgument, _ second: some RedisArgument) async throws(RedisError)
        -> [UInt8]
    {
        try await send(.lcs(first, second))
    }

    /// The longest common subsequence of two values.
    public func lcs<Value: RESPDecodable>(
        _ first: some RedisArgument, _ second: some RedisArgument, as type: Value.Type
    ) async throws(RedisError) -> Value {
        try await send(.lcs(first, second, as: type))
    }
}

// MARK: - lcsLength

extension RedisCommand where Response == Int {
    /// How long the longest common subsequence of two values is.
    public static func lcsLength(_ first: some RedisArgument, _ second: some RedisArgument) -> Self {
        Self("LCS") {
            $0.append(first)
            $0.append(second)
            $0.append("LEN")
        }
    }
}

extension RedisCommandSender {
    /// How long the longest common subsequence of two values is.
    public func lcsLength(_ first: some RedisArgument, _ second: some RedisArgument) async throws(RedisError)
        -> Int
    {
        try await send(.lcsLength(first, second))
    }
}

// MARK: - lcsMatches

extension RedisCommand where Response == RedisCommonSubsequence {
    /// Where the parts of the longest common subsequence are in both values, the last part first.
    ///
    /// Parts shorter than `shortest` are left out.
    public static func lcsMatches(
        _ first: some RedisArgument, _ second: some RedisArgument, shortest: Int? = nil,
        withLengths: Bool = false
    ) -> Self {
        Self("LCS") {
            $0.append(first)
            $0.append(second)
            $0.append("IDX")
            if let shortest { $0.append("MINMATCHLEN"); $0.append(shortest) }
            if withLengths { $0.append("WITHMATCHLEN") }
        }
    }
}

extension RedisCommandSender {
    /// Where the parts of the longest common subsequence are in both values, the last part first.
    ///
    /// Parts shorter than `shortest` are left out.
    public func lcsMatches(
        _ first: some RedisArgument, _ second: some RedisArgument, shortest: Int? = nil,
        withLengths: Bool = false
    ) async throws(RedisError) -> RedisCommonSubsequence {
        try await send(.lcsMatches(first, second, shortest: shortest, withLengths: withLengths))
    }
}
