// When keys expire, and what the server knows of them.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - expire

extension RedisCommand where Response == Bool {
    /// Lets a key expire; false if there is none or the condition was not met.
    public static func expire(
        _ key: some RedisArgument, _ expiry: RedisExpiry, if condition: RedisExpireCondition? = nil
    ) -> Self {
        let name: StaticString =
            switch expiry {
            case .after: "PEXPIRE"
            case .at: "PEXPIREAT"
            }
        return Self(name) {
            $0.append(key)
            $0.append(expiry.milliseconds)
            if let condition { $0.append(condition.rawValue) }
        }
    }
}

extension RedisCommandSender {
    /// Lets a key expire; false if there is none or the condition was not met.
    @discardableResult
    public func expire(
        _ key: some RedisArgument, _ expiry: RedisExpiry, if condition: RedisExpireCondition? = nil
    ) async throws(RedisError) -> Bool {
        try await send(.expire(key, expiry, if: condition))
    }
}

// MARK: - persist

extension RedisCommand where Response == Bool {
    /// Takes an expiry away; false if there was none.
    public static func persist(_ key: some RedisArgument) -> Self {
        Self("PERSIST") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Takes an expiry away; false if there was none.
    @discardableResult
    public func persist(_ key: some RedisArgument) async throws(RedisError) -> Bool {
        try await send(.persist(key))
    }
}

// MARK: - ttl

extension RedisCommand where Response == RedisLifetime {
    /// How long a key has to live, in whole seconds.
    public static func ttl(_ key: some RedisArgument) -> Self {
        RedisLifetime.command("TTL", key, unit: .seconds(1))
    }
}

extension RedisCommandSender {
    /// How long a key has to live, in whole seconds.
    public func ttl(_ key: some RedisArgument) async throws(RedisError) -> RedisLifetime {
        try await send(.ttl(key))
    }
}

// MARK: - pttl

extension RedisCommand where Response == RedisLifetime {
    /// How long a key has to live, to the millisecond.
    public static func pttl(_ key: some RedisArgument) -> Self {
        RedisLifetime.command("PTTL", key, unit: .milliseconds(1))
    }
}

extension RedisCommandSender {
    /// How long a key has to live, to the millisecond.
    public func pttl(_ key: some RedisArgument) async throws(RedisError) -> RedisLifetime {
        try await send(.pttl(key))
    }
}

// MARK: - expireTime

extension RedisCommand where Response == RedisExpireTime {
    /// When a key expires (PEXPIRETIME).
    public static func expireTime(of key: some RedisArgument) -> Self {
        Self("PEXPIRETIME") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// When a key expires (PEXPIRETIME).
    public func expireTime(of key: some RedisArgument) async throws(RedisError) -> RedisExpireTime {
        try await send(.expireTime(of: key))
    }
}

// MARK: - objectEncoding

extension RedisCommand where Response == String? {
    /// How the server stores a value; nil if there is none.
    public static func objectEncoding(_ key: some RedisArgument) -> Self {
        Self("OBJECT") {
            $0.append("ENCODING")
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// How the server stores a value; nil if there is none.
    public func objectEncoding(_ key: some RedisArgument) async throws(RedisError) -> String? {
        try await send(.objectEncoding(key))
    }
}

// MARK: - objectFrequency

extension RedisCommand where Response == Int? {
    /// How often a key was used, on a logarithmic scale, where the server counts that (OBJECT FREQ).
    public static func objectFrequency(_ key: some RedisArgument) -> Self {
        Self("OBJECT") {
            $0.append("FREQ")
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// How often a key was used, on a logarithmic scale, where the server counts that (OBJECT FREQ).
    public func objectFrequency(_ key: some RedisArgument) async throws(RedisError) -> Int? {
        try await send(.objectFrequency(key))
    }
}

// MARK: - objectIdleTime

extension RedisCommand where Response == Int? {
    /// For how many seconds a key has not been used, where the server notes that.
    public static func objectIdleTime(_ key: some RedisArgument) -> Self {
        Self("OBJECT") {
            $0.append("IDLETIME")
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// For how many seconds a key has not been used, where the server notes that.
    public func objectIdleTime(_ key: some RedisArgument) async throws(RedisError) -> Int? {
        try await send(.objectIdleTime(key))
    }
}

// MARK: - objectReferenceCount

extension RedisCommand where Response == Int? {
    /// How many places of the server refer to a value (OBJECT REFCOUNT).
    public static func objectReferenceCount(_ key: some RedisArgument) -> Self {
        Self("OBJECT") {
            $0.append("REFCOUNT")
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// How many places of the server refer to a value (OBJECT REFCOUNT).
    public func objectReferenceCount(_ key: some RedisArgument) async throws(RedisError) -> Int? {
        try await send(.objectReferenceCount(key))
    }
}
