// Strings: many whole values at once.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - mget

extension RedisCommand where Response == [[UInt8]?] {
    /// The values of keys, nil where there is none.
    public static func mget(_ keys: [some RedisArgument]) -> Self {
        Self("MGET") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommand {
    /// The values of keys, nil where there is none.
    public static func mget<Value: RESPDecodable>(_ keys: [some RedisArgument], as _: Value.Type) -> Self
    where Response == [Value?] {
        Self("MGET") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// The values of keys, nil where there is none.
    public func mget(_ keys: [some RedisArgument]) async throws(RedisError) -> [[UInt8]?] {
        try await send(.mget(keys))
    }

    /// The values of keys, nil where there is none.
    public func mget<Value: RESPDecodable>(_ keys: [some RedisArgument], as type: Value.Type)
        async throws(RedisError) -> [Value?]
    {
        try await send(.mget(keys, as: type))
    }
}

// MARK: - mset

extension RedisCommand where Response == Void {
    /// Sets keys, all at once.
    public static func mset(_ pairs: [(key: some RedisArgument, value: some RedisArgument)]) -> Self {
        Self("MSET") {
            for (key, value) in pairs { $0.append(key); $0.append(value) }
        }
    }
}

extension RedisCommandSender {
    /// Sets keys, all at once.
    public func mset(_ pairs: [(key: some RedisArgument, value: some RedisArgument)]) async throws(RedisError)
    {
        try await send(.mset(pairs))
    }
}

// MARK: - msetNX

extension RedisCommand where Response == Bool {
    /// Sets keys, all at once, if none of them exists.
    public static func msetNX(_ pairs: [(key: some RedisArgument, value: some RedisArgument)]) -> Self {
        Self("MSETNX") {
            for (key, value) in pairs { $0.append(key); $0.append(value) }
        }
    }
}

extension RedisCommandSender {
    /// Sets keys, all at once, if none of them exists.
    public func msetNX(_ pairs: [(key: some RedisArgument, value: some RedisArgument)])
        async throws(RedisError) -> Bool
    {
        try await send(.msetNX(pairs))
    }
}

// MARK: - msetEx

extension RedisCommand where Response == Bool {
    /// Sets keys, all at once, with one expiry, if the condition is met by all of them; false if it was
    /// not (Redis from version 8.4).
    public static func msetEx(
        _ pairs: [(key: some RedisArgument, value: some RedisArgument)], expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisExistence? = nil
    ) -> Self {
        Self("MSETEX") {
            $0.append(pairs.count)
            for (key, value) in pairs { $0.append(key); $0.append(value) }
            if let condition { $0.append(condition.rawValue) }
            if keepingExpiry { $0.append("KEEPTTL") } else { expiry?.append(to: &$0) }
        }
    }
}

extension RedisCommandSender {
    /// Sets keys, all at once, with one expiry, if the condition is met by all of them; false if it was
    /// not (Redis from version 8.4).
    @discardableResult
    public func msetEx(
        _ pairs: [(key: some RedisArgument, value: some RedisArgument)], expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisExistence? = nil
    ) async throws(RedisError) -> Bool {
        try await send(.msetEx(pairs, expiring: expiry, keepingExpiry: keepingExpiry, if: condition))
    }
}
