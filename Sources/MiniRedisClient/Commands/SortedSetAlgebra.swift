// Sorted sets: what several have in common, or not.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - zinter

extension RedisCommand where Response == [[UInt8]] {
    /// The members that are in all sorted sets.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zinter(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil
    ) -> Self {
        Self("ZINTER") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
        }
    }
}

extension RedisCommand {
    /// The members that are in all sorted sets.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zinter<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as _: Member.Type
    ) -> Self where Response == [Member] {
        Self("ZINTER") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// The members that are in all sorted sets.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public func zinter<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.zinter(keys, weights: weights, aggregate: aggregate, as: type))
    }
}

// MARK: - zinterWithScores

extension RedisCommand where Response == [RedisScored<[UInt8]>] {
    /// The members that are in all sorted sets, with their scores.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zinterWithScores(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil
    ) -> Self {
        Self("ZINTER") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommand {
    /// The members that are in all sorted sets, with their scores.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zinterWithScores<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as _: Member.Type
    ) -> Self where Response == [RedisScored<Member>] {
        Self("ZINTER") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommandSender {
    /// The members that are in all sorted sets, with their scores.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public func zinterWithScores<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisScored<Member>] {
        try await send(.zinterWithScores(keys, weights: weights, aggregate: aggregate, as: type))
    }
}

// MARK: - zunion

extension RedisCommand where Response == [[UInt8]] {
    /// The members that are in any sorted set.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zunion(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil
    ) -> Self {
        Self("ZUNION") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
        }
    }
}

extension RedisCommand {
    /// The members that are in any sorted set.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zunion<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as _: Member.Type
    ) -> Self where Response == [Member] {
        Self("ZUNION") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// The members that are in any sorted set.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public func zunion<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.zunion(keys, weights: weights, aggregate: aggregate, as: type))
    }
}

// MARK: - zunionWithScores

extension RedisCommand where Response == [RedisScored<[UInt8]>] {
    /// The members that are in any sorted set, with their scores.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zunionWithScores(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil
    ) -> Self {
        Self("ZUNION") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommand {
    /// The members that are in any sorted set, with their scores.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zunionWithScores<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as _: Member.Type
    ) -> Self where Response == [RedisScored<Member>] {
        Self("ZUNION") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommandSender {
    /// The members that are in any sorted set, with their scores.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public func zunionWithScores<Member: RESPDecodable>(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisScored<Member>] {
        try await send(.zunionWithScores(keys, weights: weights, aggregate: aggregate, as: type))
    }
}

// MARK: - zdiff

extension RedisCommand where Response == [[UInt8]] {
    /// The members that are only in the first sorted set.
    public static func zdiff(_ keys: [some RedisArgument]) -> Self {
        Self("ZDIFF") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
        }
    }
}

extension RedisCommand {
    /// The members that are only in the first sorted set.
    public static func zdiff<Member: RESPDecodable>(_ keys: [some RedisArgument], as _: Member.Type) -> Self
    where Response == [Member] {
        Self("ZDIFF") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
        }
    }
}

extension RedisCommandSender {
    /// The members that are only in the first sorted set.
    public func zdiff<Member: RESPDecodable>(
        _ keys: [some RedisArgument], as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.zdiff(keys, as: type))
    }
}

// MARK: - zdiffWithScores

extension RedisCommand where Response == [RedisScored<[UInt8]>] {
    /// The members that are only in the first sorted set, with their scores.
    public static func zdiffWithScores(_ keys: [some RedisArgument]) -> Self {
        Self("ZDIFF") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommand {
    /// The members that are only in the first sorted set, with their scores.
    public static func zdiffWithScores<Member: RESPDecodable>(_ keys: [some RedisArgument], as _: Member.Type)
        -> Self where Response == [RedisScored<Member>]
    {
        Self("ZDIFF") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommandSender {
    /// The members that are only in the first sorted set, with their scores.
    public func zdiffWithScores<Member: RESPDecodable>(
        _ keys: [some RedisArgument], as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisScored<Member>] {
        try await send(.zdiffWithScores(keys, as: type))
    }
}

// MARK: - zintercard

extension RedisCommand where Response == Int {
    /// How many members are in all sorted sets, counted no further than the limit; 0 is none.
    public static func zintercard(_ keys: [some RedisArgument], limit: Int? = nil) -> Self {
        Self("ZINTERCARD") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            if let limit { $0.append("LIMIT"); $0.append(limit) }
        }
    }
}

extension RedisCommandSender {
    /// How many members are in all sorted sets, counted no further than the limit; 0 is none.
    public func zintercard(_ keys: [some RedisArgument], limit: Int? = nil) async throws(RedisError) -> Int {
        try await send(.zintercard(keys, limit: limit))
    }
}
