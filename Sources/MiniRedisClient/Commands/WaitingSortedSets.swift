// Sorted sets: popping that waits for a member.
//
// No time is for ever. They hold up what is behind them on a connection; a `RedisClientPool` sends them over
// others.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - bzpopmin

extension RedisCommand where Response == RedisPoppedScores<[UInt8]>? {
    /// Takes the member with the lowest score off the first sorted set that has any, or gets any in time.
    public static func bzpopmin(_ keys: [some RedisArgument], waiting time: Duration?) -> Self {
        Self("BZPOPMIN") {
            $0.append(contentsOf: keys)
            $0.append(RedisPopped.seconds(time))
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Takes the member with the lowest score off the first sorted set that has any, or gets any in time.
    @discardableResult
    public func bzpopmin(_ keys: [some RedisArgument], waiting time: Duration?) async throws(RedisError)
        -> RedisPoppedScores<[UInt8]>?
    {
        try await send(.bzpopmin(keys, waiting: time))
    }
}

// MARK: - bzpopmax

extension RedisCommand where Response == RedisPoppedScores<[UInt8]>? {
    /// Takes the member with the highest score off the first sorted set that has any, or gets any in time.
    public static func bzpopmax(_ keys: [some RedisArgument], waiting time: Duration?) -> Self {
        Self("BZPOPMAX") {
            $0.append(contentsOf: keys)
            $0.append(RedisPopped.seconds(time))
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Takes the member with the highest score off the first sorted set that has any, or gets any in time.
    @discardableResult
    public func bzpopmax(_ keys: [some RedisArgument], waiting time: Duration?) async throws(RedisError)
        -> RedisPoppedScores<[UInt8]>?
    {
        try await send(.bzpopmax(keys, waiting: time))
    }
}

// MARK: - bzmpop

extension RedisCommand where Response == RedisPoppedScores<[UInt8]>? {
    /// Takes members off an end of the first sorted set that has any, or gets any in time.
    public static func bzmpop(
        _ keys: [some RedisArgument], _ end: RedisScoreEnd, count: Int? = nil, waiting time: Duration?
    ) -> Self {
        Self("BZMPOP") {
            $0.append(RedisPopped.seconds(time))
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            $0.append(end.rawValue)
            if let count { $0.append("COUNT"); $0.append(count) }
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Takes members off an end of the first sorted set that has any, or gets any in time.
    @discardableResult
    public func bzmpop(
        _ keys: [some RedisArgument], _ end: RedisScoreEnd, count: Int? = nil, waiting time: Duration?
    ) async throws(RedisError) -> RedisPoppedScores<[UInt8]>? {
        try await send(.bzmpop(keys, end, count: count, waiting: time))
    }
}
