// Strings: reading and writing whole values.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - get

extension RedisCommand where Response == [UInt8]? {
    /// The value of a key; nil if there is none.
    public static func get(_ key: some RedisArgument) -> Self {
        Self("GET") { $0.append(key) }
    }
}

extension RedisCommand {
    /// The value of a key; nil if there is none.
    public static func get<Value: RESPDecodable>(_ key: some RedisArgument, as _: Value.Type) -> Self
    where Response == Value? {
        Self("GET") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// The value of a key; nil if there is none.
    public func get(_ key: some RedisArgument) async throws(RedisError) -> [UInt8]? {
        try await send(.get(key))
    }

    /// The value of a key; nil if there is none.
    public func get<Value: RESPDecodable>(_ key: some RedisArgument, as type: Value.Type)
        async throws(RedisError) -> Value?
    {
        try await send(.get(key, as: type))
    }
}

// MARK: - set

extension RedisCommand where Response == Bool {
    /// Sets a key; false if the condition was not met.
    ///
    /// An expiry that the key had is dropped unless it is kept or replaced.
    public static func set(
        _ key: some RedisArgument, _ value: some RedisArgument, expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisSetCondition? = nil
    ) -> Self {
        Self("SET") {
            $0.append(key)
            $0.append(value)
            condition?.append(to: &$0)
            if keepingExpiry { $0.append("KEEPTTL") } else { expiry?.append(to: &$0) }
        }
    }
}

extension RedisCommandSender {
    /// Sets a key; false if the condition was not met.
    ///
    /// An expiry that the key had is dropped unless it is kept or replaced.
    @discardableResult
    public func set(
        _ key: some RedisArgument, _ value: some RedisArgument, expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisSetCondition? = nil
    ) async throws(RedisError) -> Bool {
        try await send(.set(key, value, expiring: expiry, keepingExpiry: keepingExpiry, if: condition))
    }
}

// MARK: - getSet

extension RedisCommand where Response == [UInt8]? {
    /// Sets a key and reads what was there before.
    ///
    /// A condition that was not met is not told; what was there before tells it.
    public static func getSet(
        _ key: some RedisArgument, _ value: some RedisArgument, expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisSetCondition? = nil
    ) -> Self {
        Self(.getSet(key, value, expiry, keepingExpiry, condition))
    }
}

extension RedisCommand {
    /// Sets a key and reads what was there before.
    ///
    /// A condition that was not met is not told; what was there before tells it.
    public static func getSet<Value: RESPDecodable>(
        _ key: some RedisArgument, _ value: some RedisArgument, expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisSetCondition? = nil, as _: Value.Type
    ) -> Self where Response == Value? {
        Self(.getSet(key, value, expiry, keepingExpiry, condition))
    }
}

extension RedisWords {
    fileprivate static func getSet(
        _ key: some RedisArgument, _ value: some RedisArgument, _ expiry: RedisExpiry?, _ keepingExpiry: Bool,
        _ condition: RedisSetCondition?
    ) -> RedisWords {
        var words = RedisWords("SET")
        words.append(key)
        words.append(value)
        condition?.append(to: &words)
        words.append("GET")
        if keepingExpiry { words.append("KEEPTTL") } else { expiry?.append(to: &words) }
        return words
    }
}

extension RedisCommandSender {
    /// Sets a key and reads what was there before.
    ///
    /// A condition that was not met is not told; what was there before tells it.
    @discardableResult
    public func getSet(
        _ key: some RedisArgument, _ value: some RedisArgument, expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisSetCondition? = nil
    ) async throws(RedisError) -> [UInt8]? {
        try await send(.getSet(key, value, expiring: expiry, keepingExpiry: keepingExpiry, if: condition))
    }

    /// Sets a key and reads what was there before.
    ///
    /// A condition that was not met is not told; what was there before tells it.
    public func getSet<Value: RESPDecodable>(
        _ key: some RedisArgument, _ value: some RedisArgument, expiring expiry: RedisExpiry? = nil,
        keepingExpiry: Bool = false, if condition: RedisSetCondition? = nil, as type: Value.Type
    ) async throws(RedisError) -> Value? {
        try await send(
            .getSet(key, value, expiring: expiry, keepingExpiry: keepingExpiry, if: condition, as: type))
    }
}

// MARK: - getDel

extension RedisCommand where Response == [UInt8]? {
    /// Reads a key and deletes it.
    public static func getDel(_ key: some RedisArgument) -> Self {
        Self("GETDEL") { $0.append(key) }
    }
}

extension RedisCommand {
    /// Reads a key and deletes it.
    public static func getDel<Value: RESPDecodable>(_ key: some RedisArgument, as _: Value.Type) -> Self
    where Response == Value? {
        Self("GETDEL") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Reads a key and deletes it.
    public func getDel(_ key: some RedisArgument) async throws(RedisError) -> [UInt8]? {
        try await send(.getDel(key))
    }

    /// Reads a key and deletes it.
    public func getDel<Value: RESPDecodable>(_ key: some RedisArgument, as type: Value.Type)
        async throws(RedisError) -> Value?
    {
        try await send(.getDel(key, as: type))
    }
}

// MARK: - getEx

extension RedisCommand where Response == [UInt8]? {
    /// Reads a key and gives it an expiry, or with nil takes that away.
    public static func getEx(_ key: some RedisArgument, expiring expiry: RedisExpiry?) -> Self {
        Self("GETEX") {
            $0.append(key)
            if let expiry { expiry.append(to: &$0) } else { $0.append("PERSIST") }
        }
    }
}

extension RedisCommand {
    /// Reads a key and gives it an expiry, or with nil takes that away.
    public static func getEx<Value: RESPDecodable>(
        _ key: some RedisArgument, expiring expiry: RedisExpiry?, as _: Value.Type
    ) -> Self
    where Response == Value? {
        Self("GETEX") {
            $0.append(key)
            if let expiry { expiry.append(to: &$0) } else { $0.append("PERSIST") }
        }
    }
}

extension RedisCommandSender {
    /// Reads a key and gives it an expiry, or with nil takes that away.
    public func getEx(_ key: some RedisArgument, expiring expiry: RedisExpiry?) async throws(RedisError)
        -> [UInt8]?
    {
        try await send(.getEx(key, expiring: expiry))
    }

    /// Reads a key and gives it an expiry, or with nil takes that away.
    public func getEx<Value: RESPDecodable>(
        _ key: some RedisArgument, expiring expiry: RedisExpiry?, as type: Value.Type
    ) async throws(RedisError) -> Value? {
        try await send(.getEx(key, expiring: expiry, as: type))
    }
}

// MARK: - strlen

extension RedisCommand where Response == Int {
    /// How many bytes the value has; 0 if there is none.
    public static func strlen(_ key: some RedisArgument) -> Self {
        Self("STRLEN") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// How many bytes the value has; 0 if there is none.
    public func strlen(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.strlen(key))
    }
}

// MARK: - append

extension RedisCommand where Response == Int {
    /// Adds bytes behind a value; gives its new length.
    public static func append(_ key: some RedisArgument, _ value: some RedisArgument) -> Self {
        Self("APPEND") {
            $0.append(key)
            $0.append(value)
        }
    }
}

extension RedisCommandSender {
    /// Adds bytes behind a value; gives its new length.
    @discardableResult
    public func append(_ key: some RedisArgument, _ value: some RedisArgument) async throws(RedisError) -> Int
    {
        try await send(.append(key, value))
    }
}
