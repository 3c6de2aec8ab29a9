// Streams: reading what is new, alone or as a consumer of a group.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - xread

extension RedisCommand where Response == [RedisStreamEntries] {
    /// Reads from one or more streams; those that have nothing are left out.
    public static func xread(from streams: [(some RedisArgument, RedisStreamStart)], count: Int? = nil)
        -> Self
    {
        Self("XREAD") {
            if let count {
                $0.append("COUNT" as StaticString)
                $0.append(count)
            }
            $0.append("STREAMS" as StaticString)
            $0.append(contentsOf: streams.map(\.0))
            $0.append(contentsOf: streams.map(\.1))
        }
    }
}

extension RedisCommandSender {
    /// Reads from one or more streams; those that have nothing are left out.
    public func xread(from streams: [(some RedisArgument, RedisStreamStart)], count: Int? = nil)
        async throws(RedisError) -> [RedisStreamEntries]
    {
        try await send(.xread(from: streams, count: count))
    }
}

// MARK: - xread

extension RedisCommand where Response == [RedisStreamEntries] {
    /// Reads from one or more streams, and waits until any has something.
    public static func xread(
        from streams: [(some RedisArgument, RedisStreamStart)], count: Int? = nil, waiting time: Duration?
    ) -> Self {
        Self("XREAD") {
            if let count {
                $0.append("COUNT" as StaticString)
                $0.append(count)
            }
            $0.append("BLOCK" as StaticString)
            $0.append(RedisStreamEntries.milliseconds(time))
            $0.append("STREAMS" as StaticString)
            $0.append(contentsOf: streams.map(\.0))
            $0.append(contentsOf: streams.map(\.1))
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Reads from one or more streams, and waits until any has something.
    public func xread(
        from streams: [(some RedisArgument, RedisStreamStart)], count: Int? = nil, waiting time: Duration?
    ) async throws(RedisError) -> [RedisStreamEntries] {
        try await send(.xread(from: streams, count: count, waiting: time))
    }
}

// MARK: - xreadGroup

extension RedisCommand where Response == [RedisStreamEntries] {
    /// Reads from one or more streams as a consumer; what it gets is pending until it is acknowledged.
    public static func xreadGroup(
        _ group: some RedisArgument, _ consumer: some RedisArgument,
        from streams: [(some RedisArgument, RedisGroupStart)], count: Int? = nil,
        claiming minIdle: Duration? = nil, acknowledging: Bool = false
    ) -> Self {
        Self("XREADGROUP") {
            $0.append("GROUP" as StaticString)
            $0.append(group)
            $0.append(consumer)
            if let count {
                $0.append("COUNT" as StaticString)
                $0.append(count)
            }
            if let minIdle {
                $0.append("CLAIM" as StaticString)
                $0.append(RedisStreamEntries.idle(minIdle))
            }
            if acknowledging { $0.append("NOACK" as StaticString) }
            $0.append("STREAMS" as StaticString)
            $0.append(contentsOf: streams.map(\.0))
            $0.append(contentsOf: streams.map(\.1))
        }
    }
}

extension RedisCommandSender {
    /// Reads from one or more streams as a consumer; what it gets is pending until it is acknowledged.
    @discardableResult
    public func xreadGroup(
        _ group: some RedisArgument, _ consumer: some RedisArgument,
        from streams: [(some RedisArgument, RedisGroupStart)], count: Int? = nil,
        claiming minIdle: Duration? = nil, acknowledging: Bool = false
    ) async throws(RedisError) -> [RedisStreamEntries] {
        try await send(
            .xreadGroup(
                group, consumer, from: streams, count: count, claiming: minIdle, acknowledging: acknowledging)
        )
    }
}

// MARK: - xreadGroup

extension RedisCommand where Response == [RedisStreamEntries] {
    /// Reads as a consumer, and waits until any stream has something.
    public static func xreadGroup(
        _ group: some RedisArgument, _ consumer: some RedisArgument,
        from streams: [(some RedisArgument, RedisGroupStart)], count: Int? = nil,
        claiming minIdle: Duration? = nil, acknowledging: Bool = false, waiting time: Duration?
    ) -> Self {
        Self("XREADGROUP") {
            $0.append("GROUP" as StaticString)
            $0.append(group)
            $0.append(consumer)
            if let count {
                $0.append("COUNT" as StaticString)
                $0.append(count)
            }
            $0.append("BLOCK" as StaticString)
            $0.append(RedisStreamEntries.milliseconds(time))
            if let minIdle {
                $0.append("CLAIM" as StaticString)
                $0.append(RedisStreamEntries.idle(minIdle))
            }
            if acknowledging { $0.append("NOACK" as StaticString) }
            $0.append("STREAMS" as StaticString)
            $0.append(contentsOf: streams.map(\.0))
            $0.append(contentsOf: streams.map(\.1))
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Reads as a consumer, and waits until any stream has something.
    @discardableResult
    public func xreadGroup(
        _ group: some RedisArgument, _ consumer: some RedisArgument,
        from streams: [(some RedisArgument, RedisGroupStart)], count: Int? = nil,
        claiming minIdle: Duration? = nil, acknowledging: Bool = false, waiting time: Duration?
    ) async throws(RedisError) -> [RedisStreamEntries] {
        try await send(
            .xreadGroup(
                group, consumer, from: streams, count: count, claiming: minIdle, acknowledging: acknowledging,
                waiting: time))
    }
}

extension RedisStreamEntries {
    /// How servers are told how long to wait: 0 is for ever, and nothing else is told as that.
    fileprivate static func milliseconds(_ time: Duration?) -> Int {
        time.map { max(Int($0 / .milliseconds(1)), 1) } ?? 0
    }

    /// How long an entry must have been idle.
    fileprivate static func idle(_ time: Duration) -> Int { max(Int(time / .milliseconds(1)), 0) }
}
