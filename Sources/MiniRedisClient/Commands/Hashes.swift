// Hashes: fields with values.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - hset

extension RedisCommand where Response == Int {
    /// Sets fields; gives how many were new.
    public static func hset(
        _ key: some RedisArgument, _ pairs: [(field: some RedisArgument, value: some RedisArgument)]
    ) -> Self {
        Self("HSET") {
            $0.append(key)
            for (field, value) in pairs { $0.append(field); $0.append(value) }
        }
    }
}

extension RedisCommandSender {
    /// Sets fields; gives how many were new.
    @discardableResult
    public func hset(
        _ key: some RedisArgument, _ pairs: [(field: some RedisArgument, value: some RedisArgument)]
    ) async throws(RedisError) -> Int {
        try await send(.hset(key, pairs))
    }
}

// MARK: - hsetNX

extension RedisCommand where Response == Bool {
    /// Sets a field unless it is there.
    public static func hsetNX(
        _ key: some RedisArgument, _ field: some RedisArgument, _ value: some RedisArgument
    ) -> Self {
        Self("HSETNX") {
            $0.append(key)
            $0.append(field)
            $0.append(value)
        }
    }
}

extension RedisCommandSender {
    /// Sets a field unless it is there.
    @discardableResult
    public func hsetNX(_ key: some RedisArgument, _ field: some RedisArgument, _ value: some RedisArgument)
        async throws(RedisError) -> Bool
    {
        try await send(.hsetNX(key, field, value))
    }
}

// MARK: - hget

extension RedisCommand where Response == [UInt8]? {
    /// The value of a field; nil if there is none.
    public static func hget(_ key: some RedisArgument, _ field: some RedisArgument) -> Self {
        Self("HGET") {
            $0.append(key)
            $0.append(field)
        }
    }
}

extension RedisCommand {
    /// The value of a field; nil if there is none.
    public static func hget<Value: RESPDecodable>(
        _ key: some RedisArgument, _ field: some RedisArgument, as _: Value.Type
    ) -> Self where Response == Value? {
        Self("HGET") {
            $0.append(key)
            $0.append(field)
        }
    }
}

extension RedisCommandSender {
    /// The value of a field; nil if there is none.
    public func hget<Value: RESPDecodable>(
        _ key: some RedisArgument, _ field: some RedisArgument, as type: Value.Type = [UInt8].self
    ) async throws(RedisError) -> Value? {
        try await send(.hget(key, field, as: type))
    }
}

// MARK: - hmget

extension RedisCommand where Response == [[UInt8]?] {
    /// The values of fields, nil where there is none.
    public static func hmget(_ key: some RedisArgument, _ fields: [some RedisArgument]) -> Self {
        Self("HMGET") {
            $0.append(key)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommand {
    /// The values of fields, nil where there is none.
    public static func hmget<Value: RESPDecodable>(
        _ key: some RedisArgument, _ fields: [some RedisArgument], as _: Value.Type
    ) -> Self where Response == [Value?] {
        Self("HMGET") {
            $0.append(key)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// The values of fields, nil where there is none.
    public func hmget<Value: RESPDecodable>(
        _ key: some RedisArgument, _ fields: [some RedisArgument], as type: Value.Type = [UInt8].self
    ) async throws(RedisError) -> [Value?] {
        try await send(.hmget(key, fields, as: type))
    }
}

// MARK: - hgetAll

extension RedisCommand where Response == [[UInt8]: [UInt8]] {
    /// All fields with their values: as a dictionary, or flat as an array.
    public static func hgetAll(_ key: some RedisArgument) -> Self {
        Self("HGETALL") { $0.append(key) }
    }
}

extension RedisCommand where Response: RESPDecodable {
    /// All fields with their values: as a dictionary, or flat as an array.
    public static func hgetAll(_ key: some RedisArgument, as _: Response.Type) -> Self {
        Self("HGETALL") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// All fields with their values: as a dictionary, or flat as an array.
    public func hgetAll<Fields: RESPDecodable>(
        _ key: some RedisArgument, as type: Fields.Type = [[UInt8]: [UInt8]].self
    ) async throws(RedisError) -> Fields {
        try await send(.hgetAll(key, as: type))
    }
}

// MARK: - hkeys

extension RedisCommand where Response == [[UInt8]] {
    /// All fields.
    public static func hkeys(_ key: some RedisArgument) -> Self {
        Self("HKEYS") { $0.append(key) }
    }
}

extension RedisCommand {
    /// All fields.
    public static func hkeys<Field: RESPDecodable>(_ key: some RedisArgument, as _: Field.Type) -> Self
    where Response == [Field] {
        Self("HKEYS") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// All fields.
    public func hkeys<Field: RESPDecodable>(_ key: some RedisArgument, as type: Field.Type = [UInt8].self)
        async throws(RedisError) -> [Field]
    {
        try await send(.hkeys(key, as: type))
    }
}

// MARK: - hvals

extension RedisCommand where Response == [[UInt8]] {
    /// All values.
    public static func hvals(_ key: some RedisArgument) -> Self {
        Self("HVALS") { $0.append(key) }
    }
}

extension RedisCommand {
    /// All values.
    public static func hvals<Value: RESPDecodable>(_ key: some RedisArgument, as _: Value.Type) -> Self
    where Response == [Value] {
        Self("HVALS") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// All values.
    public func hvals<Value: RESPDecodable>(_ key: some RedisArgument, as type: Value.Type = [UInt8].self)
        async throws(RedisError) -> [Value]
    {
        try await send(.hvals(key, as: type))
    }
}

// MARK: - hlen

extension RedisCommand where Response == Int {
    /// How many fields there are.
    public static func hlen(_ key: some RedisArgument) -> Self {
        Self("HLEN") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// How many fields there are.
    public func hlen(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.hlen(key))
    }
}

// MARK: - hdel

extension RedisCommand where Response == Int {
    /// Takes fields out; gives how many there were.
    public static func hdel(_ key: some RedisArgument, _ fields: [some RedisArgument]) -> Self {
        Self("HDEL") {
            $0.append(key)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// Takes fields out; gives how many there were.
    @discardableResult
    public func hdel<Word: RedisArgument>(_ key: some RedisArgument, _ fields: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.hdel(key, fields))
    }
}
