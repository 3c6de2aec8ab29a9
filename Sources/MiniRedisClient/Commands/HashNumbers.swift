// Hashes: what is in a field, and numbers in fields.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - hexists

extension RedisCommand where Response == Bool {
    /// Whether there is such a field.
    public static func hexists(_ key: some RedisArgument, _ field: some RedisArgument) -> Self {
        Self("HEXISTS") {
            $0.append(key)
            $0.append(field)
        }
    }
}

extension RedisCommandSender {
    /// Whether there is such a field.
    public func hexists(_ key: some RedisArgument, _ field: some RedisArgument) async throws(RedisError)
        -> Bool
    {
        try await send(.hexists(key, field))
    }
}

// MARK: - hstrlen

extension RedisCommand where Response == Int {
    /// How many bytes the value of a field has; 0 if there is none.
    public static func hstrlen(_ key: some RedisArgument, _ field: some RedisArgument) -> Self {
        Self("HSTRLEN") {
            $0.append(key)
            $0.append(field)
        }
    }
}

extension RedisCommandSender {
    /// How many bytes the value of a field has; 0 if there is none.
    public func hstrlen(_ key: some RedisArgument, _ field: some RedisArgument) async throws(RedisError)
        -> Int
    {
        try await send(.hstrlen(key, field))
    }
}

// MARK: - hincrBy

extension RedisCommand where Response == Int {
    /// Adds to a field's number; gives the sum.
    public static func hincrBy(_ key: some RedisArgument, _ field: some RedisArgument, _ amount: Int) -> Self
    {
        Self("HINCRBY") {
            $0.append(key)
            $0.append(field)
            $0.append(amount)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a field's number; gives the sum.
    @discardableResult
    public func hincrBy(_ key: some RedisArgument, _ field: some RedisArgument, _ amount: Int)
        async throws(RedisError) -> Int
    {
        try await send(.hincrBy(key, field, amount))
    }
}

// MARK: - hincrByFloat

extension RedisCommand where Response == Double {
    /// Adds to a field's number of any kind; gives the sum.
    public static func hincrByFloat(_ key: some RedisArgument, _ field: some RedisArgument, _ amount: Double)
        -> Self
    {
        Self("HINCRBYFLOAT") {
            $0.append(key)
            $0.append(field)
            $0.append(amount)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a field's number of any kind; gives the sum.
    @discardableResult
    public func hincrByFloat(_ key: some RedisArgument, _ field: some RedisArgument, _ amount: Double)
        async throws(RedisError) -> Double
    {
        try await send(.hincrByFloat(key, field, amount))
    }
}
