// Hashes: fields and when they expire, at once (Redis from version 8.0).
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - hsetEx

extension RedisCommand where Response == Bool {
    /// Sets fields and when they expire, if both conditions are met; false if not.
    public static func hsetEx(
        _ key: some RedisArgument, _ pairs: [(field: some RedisArgument, value: some RedisArgument)],
        expiring expiry: RedisExpiry? = nil, keepingExpiry: Bool = false,
        ifKey keyCondition: RedisExistence? = nil, ifFields condition: RedisFieldExistence? = nil
    ) -> Self {
        Self("HSETEX") {
            $0.append(key)
            if let keyCondition { $0.append(keyCondition.rawValue) }
            if let condition { $0.append(condition.rawValue) }
            if keepingExpiry { $0.append("KEEPTTL") } else { expiry?.append(to: &$0) }
            $0.append("FIELDS")
            $0.append(pairs.count)
            for (field, value) in pairs { $0.append(field); $0.append(value) }
        }
    }
}

extension RedisCommandSender {
    /// Sets fields and when they expire, if both conditions are met; false if not.
    @discardableResult
    public func hsetEx(
        _ key: some RedisArgument, _ pairs: [(field: some RedisArgument, value: some RedisArgument)],
        expiring expiry: RedisExpiry? = nil, keepingExpiry: Bool = false,
        ifKey keyCondition: RedisExistence? = nil, ifFields condition: RedisFieldExistence? = nil
    ) async throws(RedisError) -> Bool {
        try await send(
            .hsetEx(
                key, pairs, expiring: expiry, keepingExpiry: keepingExpiry, ifKey: keyCondition,
                ifFields: condition))
    }
}

// MARK: - hgetEx

extension RedisCommand where Response == [[UInt8]?] {
    /// The values of fields, which are given an expiry, or with nil lose it.
    public static func hgetEx(
        _ key: some RedisArgument, _ fields: [some RedisArgument], expiring expiry: RedisExpiry?
    ) -> Self {
        Self("HGETEX") {
            $0.append(key)
            if let expiry { expiry.append(to: &$0) } else { $0.append("PERSIST") }
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommand {
    /// The values of fields, which are given an expiry, or with nil lose it.
    public static func hgetEx<Value: RESPDecodable>(
        _ key: some RedisArgument, _ fields: [some RedisArgument], expiring expiry: RedisExpiry?,
        as _: Value.Type
    ) -> Self where Response == [Value?] {
        Self("HGETEX") {
            $0.append(key)
            if let expiry { expiry.append(to: &$0) } else { $0.append("PERSIST") }
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// The values of fields, which are given an expiry, or with nil lose it.
    @discardableResult
    public func hgetEx<Value: RESPDecodable>(
        _ key: some RedisArgument, _ fields: [some RedisArgument], expiring expiry: RedisExpiry?,
        as type: Value.Type = [UInt8].self
    ) async throws(RedisError) -> [Value?] {
        try await send(.hgetEx(key, fields, expiring: expiry, as: type))
    }
}

// MARK: - hgetDel

extension RedisCommand where Response == [[UInt8]?] {
    /// The values of fields, which are taken out.
    public static func hgetDel(_ key: some RedisArgument, _ fields: [some RedisArgument]) -> Self {
        Self("HGETDEL") {
            $0.append(key)
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommand {
    /// The values of fields, which are taken out.
    public static func hgetDel<Value: RESPDecodable>(
        _ key: some RedisArgument, _ fields: [some RedisArgument], as _: Value.Type
    ) -> Self where Response == [Value?] {
        Self("HGETDEL") {
            $0.append(key)
            $0.append("FIELDS")
            $0.append(fields.count)
            $0.append(contentsOf: fields)
        }
    }
}

extension RedisCommandSender {
    /// The values of fields, which are taken out.
    @discardableResult
    public func hgetDel<Value: RESPDecodable>(
        _ key: some RedisArgument, _ fields: [some RedisArgument], as type: Value.Type = [UInt8].self
    ) async throws(RedisError) -> [Value?] {
        try await send(.hgetDel(key, fields, as: type))
    }
}
