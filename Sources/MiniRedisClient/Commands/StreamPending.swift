// Streams: what is pending, and claiming it.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - xpending

extension RedisCommand where Response == RedisPendingSum {
    /// What a group has pending in all.
    public static func xpending(_ key: some RedisArgument, _ group: some RedisArgument) -> Self {
        Self("XPENDING") {
            $0.append(key)
            $0.append(group)
        }
    }
}

extension RedisCommandSender {
    /// What a group has pending in all.
    public func xpending(_ key: some RedisArgument, _ group: some RedisArgument) async throws(RedisError)
        -> RedisPendingSum
    {
        try await send(.xpending(key, group))
    }
}

// MARK: - xpending

extension RedisCommand where Response == [RedisPendingEntry] {
    /// Entries that are pending, perhaps only those of one consumer, or long idle.
    public static func xpending(
        _ key: some RedisArgument, _ group: some RedisArgument, from start: RedisStreamEdge = .first,
        through end: RedisStreamEdge = .last, count: Int, idle minIdle: Duration? = nil,
        of consumer: String? = nil
    ) -> Self {
        Self("XPENDING") {
            $0.append(key)
            $0.append(group)
            if let minIdle {
                $0.append("IDLE" as StaticString)
                $0.append(max(Int(minIdle / .milliseconds(1)), 0))
            }
            $0.append(start)
            $0.append(end)
            $0.append(count)
            if let consumer { $0.append(consumer) }
        }
    }
}

extension RedisCommandSender {
    /// Entries that are pending, perhaps only those of one consumer, or long idle.
    public func xpending(
        _ key: some RedisArgument, _ group: some RedisArgument, from start: RedisStreamEdge = .first,
        through end: RedisStreamEdge = .last, count: Int, idle minIdle: Duration? = nil,
        of consumer: String? = nil
    ) async throws(RedisError) -> [RedisPendingEntry] {
        try await send(
            .xpending(key, group, from: start, through: end, count: count, idle: minIdle, of: consumer))
    }
}

// MARK: - xclaim

extension RedisCommand where Response == [RedisStreamEntry] {
    /// Makes pending entries another consumer's that were idle so long; gives those that it has now.
    public static func xclaim(
        _ key: some RedisArgument, _ group: some RedisArgument, for consumer: some RedisArgument,
        idle minIdle: Duration = .zero, _ ids: [RedisStreamID], then delivery: RedisDelivery = RedisDelivery()
    ) -> Self {
        Self("XCLAIM") {
            $0.append(key)
            $0.append(group)
            $0.append(consumer)
            $0.append(max(Int(minIdle / .milliseconds(1)), 0))
            $0.append(contentsOf: ids)
            delivery.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Makes pending entries another consumer's that were idle so long; gives those that it has now.
    @discardableResult
    public func xclaim(
        _ key: some RedisArgument, _ group: some RedisArgument, for consumer: some RedisArgument,
        idle minIdle: Duration = .zero, _ ids: [RedisStreamID], then delivery: RedisDelivery = RedisDelivery()
    ) async throws(RedisError) -> [RedisStreamEntry] {
        try await send(.xclaim(key, group, for: consumer, idle: minIdle, ids, then: delivery))
    }
}

// MARK: - xclaimIDs

extension RedisCommand where Response == [RedisStreamID] {
    /// The same, and gives only the IDs; it does not count as a delivery.
    public static func xclaimIDs(
        _ key: some RedisArgument, _ group: some RedisArgument, for consumer: some RedisArgument,
        idle minIdle: Duration = .zero, _ ids: [RedisStreamID], then delivery: RedisDelivery = RedisDelivery()
    ) -> Self {
        Self("XCLAIM") {
            $0.append(key)
            $0.append(group)
            $0.append(consumer)
            $0.append(max(Int(minIdle / .milliseconds(1)), 0))
            $0.append(contentsOf: ids)
            delivery.append(to: &$0)
            $0.append("JUSTID" as StaticString)
        }
    }
}

extension RedisCommandSender {
    /// The same, and gives only the IDs; it does not count as a delivery.
    @discardableResult
    public func xclaimIDs(
        _ key: some RedisArgument, _ group: some RedisArgument, for consumer: some RedisArgument,
        idle minIdle: Duration = .zero, _ ids: [RedisStreamID], then delivery: RedisDelivery = RedisDelivery()
    ) async throws(RedisError) -> [RedisStreamID] {
        try await send(.xclaimIDs(key, group, for: consumer, idle: minIdle, ids, then: delivery))
    }
}

// MARK: - xautoClaim

extension RedisCommand where Response == RedisClaimed {
    /// Makes pending entries another consumer's that were idle so long, from some ID on.
    public static func xautoClaim(
        _ key: some RedisArgument, _ group: some RedisArgument, for consumer: some RedisArgument,
        idle minIdle: Duration, from start: RedisStreamID = .zero, count: Int? = nil, onlyIDs: Bool = false
    ) -> Self {
        Self("XAUTOCLAIM") {
            $0.append(key)
            $0.append(group)
            $0.append(consumer)
            $0.append(max(Int(minIdle / .milliseconds(1)), 0))
            $0.append(start)
            if let count {
                $0.append("COUNT" as StaticString)
                $0.append(count)
            }
            if onlyIDs { $0.append("JUSTID" as StaticString) }
        }
    }
}

extension RedisCommandSender {
    /// Makes pending entries another consumer's that were idle so long, from some ID on.
    @discardableResult
    public func xautoClaim(
        _ key: some RedisArgument, _ group: some RedisArgument, for consumer: some RedisArgument,
        idle minIdle: Duration, from start: RedisStreamID = .zero, count: Int? = nil, onlyIDs: Bool = false
    ) async throws(RedisError) -> RedisClaimed {
        try await send(
            .xautoClaim(key, group, for: consumer, idle: minIdle, from: start, count: count, onlyIDs: onlyIDs)
        )
    }
}

// MARK: - xinfoStream

extension RedisCommand where Response == [String: RESPValue] {
    /// What the server tells of a stream.
    public static func xinfoStream(_ key: some RedisArgument) -> Self {
        Self("XINFO") {
            $0.append("STREAM" as StaticString)
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// What the server tells of a stream.
    public func xinfoStream(_ key: some RedisArgument) async throws(RedisError) -> [String: RESPValue] {
        try await send(.xinfoStream(key))
    }
}

// MARK: - xinfoStream

extension RedisCommand where Response == [String: RESPValue] {
    /// What the server tells of a stream with its first entries and its groups.
    public static func xinfoStream(_ key: some RedisArgument, fullWithCount count: Int) -> Self {
        Self("XINFO") {
            $0.append("STREAM" as StaticString)
            $0.append(key)
            $0.append("FULL" as StaticString)
            $0.append("COUNT" as StaticString)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// What the server tells of a stream with its first entries and its groups.
    public func xinfoStream(_ key: some RedisArgument, fullWithCount count: Int) async throws(RedisError)
        -> [String: RESPValue]
    {
        try await send(.xinfoStream(key, fullWithCount: count))
    }
}

// MARK: - xinfoGroups

extension RedisCommand where Response == [[String: RESPValue]] {
    /// What the server tells of the groups that read a stream.
    public static func xinfoGroups(_ key: some RedisArgument) -> Self {
        Self("XINFO") {
            $0.append("GROUPS" as StaticString)
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// What the server tells of the groups that read a stream.
    public func xinfoGroups(_ key: some RedisArgument) async throws(RedisError) -> [[String: RESPValue]] {
        try await send(.xinfoGroups(key))
    }
}

// MARK: - xinfoConsumers

extension RedisCommand where Response == [[String: RESPValue]] {
    /// What the server tells of a group's consumers.
    public static func xinfoConsumers(_ key: some RedisArgument, _ group: some RedisArgument) -> Self {
        Self("XINFO") {
            $0.append("CONSUMERS" as StaticString)
            $0.append(key)
            $0.append(group)
        }
    }
}

extension RedisCommandSender {
    /// What the server tells of a group's consumers.
    public func xinfoConsumers(_ key: some RedisArgument, _ group: some RedisArgument)
        async throws(RedisError) -> [[String: RESPValue]]
    {
        try await send(.xinfoConsumers(key, group))
    }
}

// MARK: - xinfoHelp

extension RedisCommand where Response == [String] {
    /// What XINFO says of its subcommands.
    public static func xinfoHelp() -> Self {
        Self("XINFO") { $0.append("HELP" as StaticString) }
    }
}

extension RedisCommandSender {
    /// What XINFO says of its subcommands.
    public func xinfoHelp() async throws(RedisError) -> [String] {
        try await send(.xinfoHelp())
    }
}
