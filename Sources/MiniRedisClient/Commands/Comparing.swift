// Strings: acting on what a value is.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - delIfEqual

extension RedisCommand where Response == Bool {
    /// Deletes a key if it has this value (Valkey from version 9).
    public static func delIfEqual(_ key: some RedisArgument, _ value: some RedisArgument) -> Self {
        Self("DELIFEQ") {
            $0.append(key)
            $0.append(value)
        }
    }
}

extension RedisCommandSender {
    /// Deletes a key if it has this value (Valkey from version 9).
    @discardableResult
    public func delIfEqual(_ key: some RedisArgument, _ value: some RedisArgument) async throws(RedisError)
        -> Bool
    {
        try await send(.delIfEqual(key, value))
    }
}

// MARK: - delEx

extension RedisCommand where Response == Bool {
    /// Deletes a key if its value is as asked (Redis from version 8.4).
    public static func delEx(_ key: some RedisArgument, if condition: RedisComparison) -> Self {
        Self("DELEX") {
            $0.append(key)
            condition.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Deletes a key if its value is as asked (Redis from version 8.4).
    @discardableResult
    public func delEx(_ key: some RedisArgument, if condition: RedisComparison) async throws(RedisError)
        -> Bool
    {
        try await send(.delEx(key, if: condition))
    }
}

// MARK: - digest

extension RedisCommand where Response == String? {
    /// The hash of a value in hexadecimal, for `RedisComparison`; nil if there is no key (Redis from
    /// version 8.4).
    public static func digest(of key: some RedisArgument) -> Self {
        Self("DIGEST") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// The hash of a value in hexadecimal, for `RedisComparison`; nil if there is no key (Redis from
    /// version 8.4).
    public func digest(of key: some RedisArgument) async throws(RedisError) -> String? {
        try await send(.digest(of: key))
    }
}
