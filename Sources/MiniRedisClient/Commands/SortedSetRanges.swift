// Sorted sets: ranges of ranks, of scores and of members.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - zcount

extension RedisCommand where Response == Int {
    /// How many members have a score in a range.
    public static func zcount(
        _ key: some RedisArgument, from lowest: RedisScoreBound = .lowest,
        to highest: RedisScoreBound = .highest
    ) -> Self {
        Self("ZCOUNT") {
            $0.append(key)
            $0.append(lowest)
            $0.append(highest)
        }
    }
}

extension RedisCommandSender {
    /// How many members have a score in a range.
    public func zcount(
        _ key: some RedisArgument, from lowest: RedisScoreBound = .lowest,
        to highest: RedisScoreBound = .highest
    ) async throws(RedisError) -> Int {
        try await send(.zcount(key, from: lowest, to: highest))
    }
}

// MARK: - zlexcount

extension RedisCommand where Response == Int {
    /// How many members are in a range of members, when all have the same score.
    public static func zlexcount(
        _ key: some RedisArgument, from first: RedisMemberBound = .first, to last: RedisMemberBound = .last
    ) -> Self {
        Self("ZLEXCOUNT") {
            $0.append(key)
            $0.append(first)
            $0.append(last)
        }
    }
}

extension RedisCommandSender {
    /// How many members are in a range of members, when all have the same score.
    public func zlexcount(
        _ key: some RedisArgument, from first: RedisMemberBound = .first, to last: RedisMemberBound = .last
    ) async throws(RedisError) -> Int {
        try await send(.zlexcount(key, from: first, to: last))
    }
}

// MARK: - zrange

extension RedisCommand where Response == [[UInt8]] {
    /// The members in a range, in the order of their scores.
    public static func zrange(_ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false)
        -> Self
    {
        Self("ZRANGE") {
            $0.append(key)
            range.append(to: &$0, reversed: reversed)
        }
    }
}

extension RedisCommand {
    /// The members in a range, in the order of their scores.
    public static func zrange<Member: RESPDecodable>(
        _ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false, as _: Member.Type
    ) -> Self where Response == [Member] {
        Self("ZRANGE") {
            $0.append(key)
            range.append(to: &$0, reversed: reversed)
        }
    }
}

extension RedisCommandSender {
    /// The members in a range, in the order of their scores.
    public func zrange<Member: RESPDecodable>(
        _ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.zrange(key, range, reversed: reversed, as: type))
    }
}

// MARK: - zrangeWithScores

extension RedisCommand where Response == [RedisScored<[UInt8]>] {
    /// The members in a range with their scores.
    public static func zrangeWithScores(
        _ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false
    ) -> Self {
        Self("ZRANGE") {
            $0.append(key)
            range.append(to: &$0, reversed: reversed)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommand {
    /// The members in a range with their scores.
    public static func zrangeWithScores<Member: RESPDecodable>(
        _ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false, as _: Member.Type
    ) -> Self where Response == [RedisScored<Member>] {
        Self("ZRANGE") {
            $0.append(key)
            range.append(to: &$0, reversed: reversed)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommandSender {
    /// The members in a range with their scores.
    public func zrangeWithScores<Member: RESPDecodable>(
        _ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisScored<Member>] {
        try await send(.zrangeWithScores(key, range, reversed: reversed, as: type))
    }
}

// MARK: - zrangestore

extension RedisCommand where Response == Int {
    /// Stores the members in a range; gives how many.
    public static func zrangestore(
        _ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false,
        into destination: some RedisArgument
    ) -> Self {
        Self("ZRANGESTORE") {
            $0.append(destination)
            $0.append(key)
            range.append(to: &$0, reversed: reversed)
        }
    }
}

extension RedisCommandSender {
    /// Stores the members in a range; gives how many.
    @discardableResult
    public func zrangestore(
        _ key: some RedisArgument, _ range: RedisSortedSetRange, reversed: Bool = false,
        into destination: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(.zrangestore(key, range, reversed: reversed, into: destination))
    }
}

// MARK: - zremrangeByRank

extension RedisCommand where Response == Int {
    /// Takes out the members from one rank to another, both included; gives how many.
    public static func zremrangeByRank(_ key: some RedisArgument, _ start: Int, _ end: Int) -> Self {
        Self("ZREMRANGEBYRANK") {
            $0.append(key)
            $0.append(start)
            $0.append(end)
        }
    }
}

extension RedisCommandSender {
    /// Takes out the members from one rank to another, both included; gives how many.
    @discardableResult
    public func zremrangeByRank(_ key: some RedisArgument, _ start: Int, _ end: Int) async throws(RedisError)
        -> Int
    {
        try await send(.zremrangeByRank(key, start, end))
    }
}

// MARK: - zremrangeByScore

extension RedisCommand where Response == Int {
    /// Takes out the members with a score in a range; gives how many.
    public static func zremrangeByScore(
        _ key: some RedisArgument, from lowest: RedisScoreBound, to highest: RedisScoreBound
    ) -> Self {
        Self("ZREMRANGEBYSCORE") {
            $0.append(key)
            $0.append(lowest)
            $0.append(highest)
        }
    }
}

extension RedisCommandSender {
    /// Takes out the members with a score in a range; gives how many.
    @discardableResult
    public func zremrangeByScore(
        _ key: some RedisArgument, from lowest: RedisScoreBound, to highest: RedisScoreBound
    ) async throws(RedisError) -> Int {
        try await send(.zremrangeByScore(key, from: lowest, to: highest))
    }
}

// MARK: - zremrangeByLex

extension RedisCommand where Response == Int {
    /// Takes out the members in a range of members, when all have the same score; gives how many.
    public static func zremrangeByLex(
        _ key: some RedisArgument, from first: RedisMemberBound, to last: RedisMemberBound
    ) -> Self {
        Self("ZREMRANGEBYLEX") {
            $0.append(key)
            $0.append(first)
            $0.append(last)
        }
    }
}

extension RedisCommandSender {
    /// Takes out the members in a range of members, when all have the same score; gives how many.
    @discardableResult
    public func zremrangeByLex(
        _ key: some RedisArgument, from first: RedisMemberBound, to last: RedisMemberBound
    ) async throws(RedisError) -> Int {
        try await send(.zremrangeByLex(key, from: first, to: last))
    }
}
