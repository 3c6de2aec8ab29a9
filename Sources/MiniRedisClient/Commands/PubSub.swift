// Publishing, and who follows what. Following is `RedisClient.subscribe(to:)`.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - publish

extension RedisCommand where Response == Int {
    /// Publishes a message; gives how many connections it went to.
    public static func publish(_ message: some RedisArgument, to channel: some RedisArgument) -> Self {
        Self("PUBLISH") {
            $0.append(channel)
            $0.append(message)
        }
    }
}

extension RedisCommandSender {
    /// Publishes a message; gives how many connections it went to.
    @discardableResult
    public func publish(_ message: some RedisArgument, to channel: some RedisArgument)
        async throws(RedisError) -> Int
    {
        try await send(.publish(message, to: channel))
    }
}

// MARK: - publish

extension RedisCommand where Response == Int {
    /// Publishes a message in a shard; gives how many connections it went to.
    public static func publish(_ message: some RedisArgument, toShardChannel channel: some RedisArgument)
        -> Self
    {
        Self("SPUBLISH") {
            $0.append(channel)
            $0.append(message)
        }
    }
}

extension RedisCommandSender {
    /// Publishes a message in a shard; gives how many connections it went to.
    @discardableResult
    public func publish(_ message: some RedisArgument, toShardChannel channel: some RedisArgument)
        async throws(RedisError) -> Int
    {
        try await send(.publish(message, toShardChannel: channel))
    }
}

// MARK: - pubSubChannels

extension RedisCommand where Response == [[UInt8]] {
    /// The channels that somebody follows.
    public static func pubSubChannels(matching pattern: String? = nil) -> Self {
        Self("PUBSUB") {
            $0.append("CHANNELS")
            if let pattern { $0.append(pattern) }
        }
    }
}

extension RedisCommandSender {
    /// The channels that somebody follows.
    public func pubSubChannels(matching pattern: String? = nil) async throws(RedisError) -> [[UInt8]] {
        try await send(.pubSubChannels(matching: pattern))
    }
}

// MARK: - pubSubShardChannels

extension RedisCommand where Response == [[UInt8]] {
    /// The shard channels that somebody follows.
    public static func pubSubShardChannels(matching pattern: String? = nil) -> Self {
        Self("PUBSUB") {
            $0.append("SHARDCHANNELS")
            if let pattern { $0.append(pattern) }
        }
    }
}

extension RedisCommandSender {
    /// The shard channels that somebody follows.
    public func pubSubShardChannels(matching pattern: String? = nil) async throws(RedisError) -> [[UInt8]] {
        try await send(.pubSubShardChannels(matching: pattern))
    }
}

// MARK: - pubSubFollowers

extension RedisCommand where Response == [String: Int] {
    /// How many connections follow each channel (PUBSUB NUMSUB).
    public static func pubSubFollowers(of channels: [String]) -> Self {
        Self("PUBSUB") {
            $0.append("NUMSUB")
            $0.append(contentsOf: channels)
        }
    }
}

extension RedisCommandSender {
    /// How many connections follow each channel (PUBSUB NUMSUB).
    public func pubSubFollowers(of channels: String...) async throws(RedisError) -> [String: Int] {
        try await send(.pubSubFollowers(of: channels))
    }
}

// MARK: - pubSubShardFollowers

extension RedisCommand where Response == [String: Int] {
    /// How many connections follow each shard channel (PUBSUB SHARDNUMSUB).
    public static func pubSubShardFollowers(of channels: [String]) -> Self {
        Self("PUBSUB") {
            $0.append("SHARDNUMSUB")
            $0.append(contentsOf: channels)
        }
    }
}

extension RedisCommandSender {
    /// How many connections follow each shard channel (PUBSUB SHARDNUMSUB).
    public func pubSubShardFollowers(of channels: String...) async throws(RedisError) -> [String: Int] {
        try await send(.pubSubShardFollowers(of: channels))
    }
}

// MARK: - pubSubPatterns

extension RedisCommand where Response == Int {
    /// How many patterns are followed (PUBSUB NUMPAT).
    public static func pubSubPatterns() -> Self {
        Self("PUBSUB") { $0.append("NUMPAT") }
    }
}

extension RedisCommandSender {
    /// How many patterns are followed (PUBSUB NUMPAT).
    public func pubSubPatterns() async throws(RedisError) -> Int {
        try await send(.pubSubPatterns())
    }
}
