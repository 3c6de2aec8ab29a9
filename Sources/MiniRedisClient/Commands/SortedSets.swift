// Sorted sets: members, their scores and their ranks.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - zadd

extension RedisCommand where Response == Int {
    /// Gives members scores; gives how many members are new, or with `countingChanged` new or changed.
    public static func zadd(
        _ key: some RedisArgument, _ pairs: [(member: some RedisArgument, score: Double)],
        if condition: RedisScoreCondition? = nil, countingChanged: Bool = false
    ) -> Self {
        Self("ZADD") {
            $0.append(key)
            condition?.append(to: &$0)
            if countingChanged { $0.append("CH") }
            for (member, score) in pairs { $0.append(score); $0.append(member) }
        }
    }
}

extension RedisCommandSender {
    /// Gives members scores; gives how many members are new, or with `countingChanged` new or changed.
    @discardableResult
    public func zadd(
        _ key: some RedisArgument, _ pairs: [(member: some RedisArgument, score: Double)],
        if condition: RedisScoreCondition? = nil, countingChanged: Bool = false
    ) async throws(RedisError) -> Int {
        try await send(.zadd(key, pairs, if: condition, countingChanged: countingChanged))
    }
}

// MARK: - zaddIncr

extension RedisCommand where Response == Double? {
    /// Adds to a member's score, if the condition is met; gives the sum, nil if not.
    public static func zaddIncr(
        _ key: some RedisArgument, _ member: some RedisArgument, _ amount: Double,
        if condition: RedisScoreCondition? = nil
    ) -> Self {
        Self("ZADD") {
            $0.append(key)
            condition?.append(to: &$0)
            $0.append("INCR")
            $0.append(amount)
            $0.append(member)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a member's score, if the condition is met; gives the sum, nil if not.
    @discardableResult
    public func zaddIncr(
        _ key: some RedisArgument, _ member: some RedisArgument, _ amount: Double,
        if condition: RedisScoreCondition? = nil
    ) async throws(RedisError) -> Double? {
        try await send(.zaddIncr(key, member, amount, if: condition))
    }
}

// MARK: - zincrBy

extension RedisCommand where Response == Double {
    /// Adds to a member's score, 0 if there is none; gives the sum.
    public static func zincrBy(_ key: some RedisArgument, _ member: some RedisArgument, _ amount: Double)
        -> Self
    {
        Self("ZINCRBY") {
            $0.append(key)
            $0.append(amount)
            $0.append(member)
        }
    }
}

extension RedisCommandSender {
    /// Adds to a member's score, 0 if there is none; gives the sum.
    @discardableResult
    public func zincrBy(_ key: some RedisArgument, _ member: some RedisArgument, _ amount: Double)
        async throws(RedisError) -> Double
    {
        try await send(.zincrBy(key, member, amount))
    }
}

// MARK: - zrem

extension RedisCommand where Response == Int {
    /// Takes members out; gives how many there were.
    public static func zrem(_ key: some RedisArgument, _ members: [some RedisArgument]) -> Self {
        Self("ZREM") {
            $0.append(key)
            $0.append(contentsOf: members)
        }
    }
}

extension RedisCommandSender {
    /// Takes members out; gives how many there were.
    @discardableResult
    public func zrem<Word: RedisArgument>(_ key: some RedisArgument, _ members: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.zrem(key, members))
    }
}

// MARK: - zcard

extension RedisCommand where Response == Int {
    /// How many members there are.
    public static func zcard(_ key: some RedisArgument) -> Self {
        Self("ZCARD") {
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// How many members there are.
    public func zcard(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.zcard(key))
    }
}

// MARK: - zscore

extension RedisCommand where Response == Double? {
    /// The score of a member; nil if it is none.
    public static func zscore(_ key: some RedisArgument, _ member: some RedisArgument) -> Self {
        Self("ZSCORE") {
            $0.append(key)
            $0.append(member)
        }
    }
}

extension RedisCommandSender {
    /// The score of a member; nil if it is none.
    public func zscore(_ key: some RedisArgument, _ member: some RedisArgument) async throws(RedisError)
        -> Double?
    {
        try await send(.zscore(key, member))
    }
}

// MARK: - zmscore

extension RedisCommand where Response == [Double?] {
    /// The score of each of them; nil for what is no member.
    public static func zmscore(_ key: some RedisArgument, _ members: [some RedisArgument]) -> Self {
        Self("ZMSCORE") {
            $0.append(key)
            $0.append(contentsOf: members)
        }
    }
}

extension RedisCommandSender {
    /// The score of each of them; nil for what is no member.
    public func zmscore<Word: RedisArgument>(_ key: some RedisArgument, _ members: Word...)
        async throws(RedisError) -> [Double?]
    {
        try await send(.zmscore(key, members))
    }
}

// MARK: - zrank

extension RedisCommand where Response == Int? {
    /// How many members come before a member when those with lower scores come first; nil if it is none.
    public static func zrank(_ key: some RedisArgument, _ member: some RedisArgument) -> Self {
        Self("ZRANK") {
            $0.append(key)
            $0.append(member)
        }
    }
}

extension RedisCommandSender {
    /// How many members come before a member when those with lower scores come first; nil if it is none.
    public func zrank(_ key: some RedisArgument, _ member: some RedisArgument) async throws(RedisError)
        -> Int?
    {
        try await send(.zrank(key, member))
    }
}

// MARK: - zrankWithScore

extension RedisCommand where Response == RedisRank? {
    /// A member's rank when those with lower scores come first, and its score; nil if it is none.
    public static func zrankWithScore(_ key: some RedisArgument, _ member: some RedisArgument) -> Self {
        Self("ZRANK") {
            $0.append(key)
            $0.append(member)
            $0.append("WITHSCORE")
        }
    }
}

extension RedisCommandSender {
    /// A member's rank when those with lower scores come first, and its score; nil if it is none.
    public func zrankWithScore(_ key: some RedisArgument, _ member: some RedisArgument)
        async throws(RedisError) -> RedisRank?
    {
        try await send(.zrankWithScore(key, member))
    }
}

// MARK: - zrevrank

extension RedisCommand where Response == Int? {
    /// How many members come before a member when those with higher scores come first; nil if it is none.
    public static func zrevrank(_ key: some RedisArgument, _ member: some RedisArgument) -> Self {
        Self("ZREVRANK") {
            $0.append(key)
            $0.append(member)
        }
    }
}

extension RedisCommandSender {
    /// How many members come before a member when those with higher scores come first; nil if it is none.
    public func zrevrank(_ key: some RedisArgument, _ member: some RedisArgument) async throws(RedisError)
        -> Int?
    {
        try await send(.zrevrank(key, member))
    }
}

// MARK: - zrevrankWithScore

extension RedisCommand where Response == RedisRank? {
    /// A member's rank when those with higher scores come first, and its score; nil if it is none.
    public static func zrevrankWithScore(_ key: some RedisArgument, _ member: some RedisArgument) -> Self {
        Self("ZREVRANK") {
            $0.append(key)
            $0.append(member)
            $0.append("WITHSCORE")
        }
    }
}

extension RedisCommandSender {
    /// A member's rank when those with higher scores come first, and its score; nil if it is none.
    public func zrevrankWithScore(_ key: some RedisArgument, _ member: some RedisArgument)
        async throws(RedisError) -> RedisRank?
    {
        try await send(.zrevrankWithScore(key, member))
    }
}
