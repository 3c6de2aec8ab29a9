// Sorted sets: what several have in common, or not, stored under another key.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - zinterstore

extension RedisCommand where Response == Int {
    /// Stores the members that are in all sorted sets; gives how many.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zinterstore(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        into destination: some RedisArgument
    ) -> Self {
        Self("ZINTERSTORE") {
            $0.append(destination)
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Stores the members that are in all sorted sets; gives how many.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    @discardableResult
    public func zinterstore(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        into destination: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(.zinterstore(keys, weights: weights, aggregate: aggregate, into: destination))
    }
}

// MARK: - zunionstore

extension RedisCommand where Response == Int {
    /// Stores the members that are in any sorted set; gives how many.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    public static func zunionstore(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        into destination: some RedisArgument
    ) -> Self {
        Self("ZUNIONSTORE") {
            $0.append(destination)
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            RedisAggregate.append(weights, aggregate, to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Stores the members that are in any sorted set; gives how many.
    ///
    /// Each score is multiplied by its set's weight, and a member's scores are made one.
    @discardableResult
    public func zunionstore(
        _ keys: [some RedisArgument], weights: [Double] = [], aggregate: RedisAggregate? = nil,
        into destination: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(.zunionstore(keys, weights: weights, aggregate: aggregate, into: destination))
    }
}

// MARK: - zdiffstore

extension RedisCommand where Response == Int {
    /// Stores the members that are only in the first sorted set; gives how many.
    public static func zdiffstore(_ keys: [some RedisArgument], into destination: some RedisArgument) -> Self
    {
        Self("ZDIFFSTORE") {
            $0.append(destination)
            $0.append(keys.count)
            $0.append(contentsOf: keys)
        }
    }
}

extension RedisCommandSender {
    /// Stores the members that are only in the first sorted set; gives how many.
    @discardableResult
    public func zdiffstore(_ keys: [some RedisArgument], into destination: some RedisArgument)
        async throws(RedisError) -> Int
    {
        try await send(.zdiffstore(keys, into: destination))
    }
}
