// Hashes: some fields, and how long fields live (Redis from version 7.4).
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - hrandField

extension RedisCommand where Response == [UInt8]? {
    /// Any field; nil if there is none.
    public static func hrandField(_ key: some RedisArgument) -> Self {
        Self("HRANDFIELD") { $0.append(key) }
    }
}

extension RedisCommand {
    /// Any field; nil if there is none.
    public static func hrandField<Field: RESPDecodable>(_ key: some RedisArgument, as _: Field.Type) -> Self
    where Response == Field? {
        Self("HRANDFIELD") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Any field; nil if there is none.
    public func hrandField<Field: RESPDecodable>(
        _ key: some RedisArgument, as type: Field.Type = [UInt8].self
    ) async throws(RedisError) -> Field? {
        try await send(.hrandField(key, as: type))
    }
}

// MARK: - hrandField of many

extension RedisCommand where Response == [[UInt8]] {
    /// So many fields, any of them; with a negative count one may come again and again.
    public static func hrandField(_ key: some RedisArgument, count: Int) -> Self {
        Self("HRANDFIELD") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// So many fields, any of them; with a negative count one may come again and again.
    public static func hrandField<Field: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as _: Field.Type
    ) -> Self where Response == [Field] {
        Self("HRANDFIELD") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// So many fields, any of them; with a negative count one may come again and again.
    public func hrandField<Field: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Field.Type = [UInt8].self
    ) async throws(RedisError) -> [Field] {
        try await send(.hrandField(key, count: count, as: type))
    }
}

// MARK: - hrandFieldWithValues

extension RedisCommand where Response == [RedisField] {
    /// So many fields with their values, any of them.
    public static func hrandFieldWithValues(_ key: some RedisArgument, count: Int) -> Self {
        Self("HRANDFIELD") {
            $0.append(key)
            $0.append(count)
            $0.append("WITHVALUES")
        }
    }
}

extension RedisCommandSender {
    /// So many fields with their values, any of them.
    public func hrandFieldWithValues(_ key: some RedisArgument, count: Int) async throws(RedisError)
        -> [RedisField]
    {
        try await send(.hrandFieldWithValues(key, count: count))
    }
}

// MARK: - hscan

extension RedisCommand where Response == RedisScanPage {
    /// Some fields from a cursor on, each followed by its value, and the cursor for the next ones.
    public static func hscan(
        _ key: some RedisArgument, from cursor: UInt64 = 0, matching pattern: String? = nil,
        count: Int? = nil, withoutValues: Bool = false
    ) -> Self {
        Self("HSCAN") {
            $0.append(key)
            $0.append(String(cursor))
            if let pattern { $0.append("MATCH"); $0.append(pattern) }
            if let count { $0.append("COUNT"); $0.append(count) }
            if withoutValues { $0.append("NOVALUES") }
        }
    }
}

extension RedisCommandSender {
    /// Some fields from a cursor on, each followed by its value, and the cursor for the next ones.
    public func hscan(
        _ key: some RedisArgument, from cursor: UInt64 = 0, matching pattern: String? = nil,
        count: Int? = nil, withoutValues: Bool = false
    ) async throws(RedisError) -> RedisScanPage {
        try await send(
            .hscan(key, from: cursor, matching: pattern, count: count, withoutValues: withoutValues))
    }
}

// MARK: - hexpire

extension RedisCommand where Response == [Int] {
    /// Lets fields expire, if the condition is met; for each of them what was done: 1 set, 0 condition
    /// not met, 2 deleted at once, −2 no such field.
    public static func hexpire(
        _ key: some RedisArgument, _ fields: [some RedisArgument], _ expiry: RedisExpiry,
        if condition: RedisExpireCondition? = nil
    ) -> Self {
        let name: StaticString =
            switch expiry {
            case .after: "HPEXPIRE"
            case .at: "HPEXPIREAT"
            }
        return Self(name) {
            $0.append(key)
            $0.append(expiry.milliseconds)
            if let condition { $0.append(condition.rawValue) }
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// Lets fields expire, if the condition is met; for each of them what was done: 1 set, 0 condition
    /// not met, 2 deleted at once, −2 no such field.
    public func hexpire(
        _ key: some RedisArgument, _ fields: [some RedisArgument], _ expiry: RedisExpiry,
        if condition: RedisExpireCondition? = nil
    ) async throws(RedisError) -> [Int] {
        try await send(.hexpire(key, fields, expiry, if: condition))
    }
}

// MARK: - hpersist

extension RedisCommand where Response == [Int] {
    /// Lets fields not expire any more; for each 1 done, −1 had no expiry, −2 no such field.
    public static func hpersist(_ key: some RedisArgument, _ fields: [some RedisArgument]) -> Self {
        Self("HPERSIST") {
            $0.append(key)
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// Lets fields not expire any more; for each 1 done, −1 had no expiry, −2 no such field.
    @discardableResult
    public func hpersist(_ key: some RedisArgument, _ fields: [some RedisArgument]) async throws(RedisError)
        -> [Int]
    {
        try await send(.hpersist(key, fields))
    }
}

// MARK: - hpttl

extension RedisCommand where Response == [Int] {
    /// How many milliseconds fields have to live; −1 for ever, −2 no such field.
    public static func hpttl(_ key: some RedisArgument, _ fields: [some RedisArgument]) -> Self {
        Self("HPTTL") {
            $0.append(key)
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// How many milliseconds fields have to live; −1 for ever, −2 no such field.
    public func hpttl(_ key: some RedisArgument, _ fields: [some RedisArgument]) async throws(RedisError)
        -> [Int]
    {
        try await send(.hpttl(key, fields))
    }
}

// MARK: - httl

extension RedisCommand where Response == [Int] {
    /// How many seconds fields have to live; −1 for ever, −2 no such field.
    public static func httl(_ key: some RedisArgument, _ fields: [some RedisArgument]) -> Self {
        Self("HTTL") {
            $0.append(key)
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// How many seconds fields have to live; −1 for ever, −2 no such field.
    public func httl(_ key: some RedisArgument, _ fields: [some RedisArgument]) async throws(RedisError)
        -> [Int]
    {
        try await send(.httl(key, fields))
    }
}

// MARK: - hpexpireTime

extension RedisCommand where Response == [Int] {
    /// When fields expire, in milliseconds since 1970; −1 never, −2 no such field.
    public static func hpexpireTime(_ key: some RedisArgument, _ fields: [some RedisArgument]) -> Self {
        Self("HPEXPIRETIME") {
            $0.append(key)
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// When fields expire, in milliseconds since 1970; −1 never, −2 no such field.
    public func hpexpireTime(_ key: some RedisArgument, _ fields: [some RedisArgument])
        async throws(RedisError) -> [Int]
    {
        try await send(.hpexpireTime(key, fields))
    }
}
