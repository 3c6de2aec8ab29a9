// Estimates of how many different elements there were.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - pfadd

extension RedisCommand where Response == Bool {
    /// Counts elements; true if the estimate has changed.
    public static func pfadd(_ key: some RedisArgument, _ elements: [some RedisArgument]) -> Self {
        Self("PFADD") {
            $0.append(key)
            $0.append(contentsOf: elements)
        }
    }
}

extension RedisCommandSender {
    /// Counts elements; true if the estimate has changed.
    @discardableResult
    public func pfadd<Word: RedisArgument>(_ key: some RedisArgument, _ elements: Word...)
        async throws(RedisError) -> Bool
    {
        try await send(.pfadd(key, elements))
    }
}

// MARK: - pfcount

extension RedisCommand where Response == Int {
    /// How many different elements were counted, in all keys together.
    public static func pfcount(_ keys: [some RedisArgument]) -> Self {
        Self("PFCOUNT") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// How many different elements were counted, in all keys together.
    public func pfcount<Word: RedisArgument>(_ keys: Word...) async throws(RedisError) -> Int {
        try await send(.pfcount(keys))
    }
}

// MARK: - pfmerge

extension RedisCommand where Response == Void {
    /// Counts in the destination what was counted in the sources.
    public static func pfmerge(_ sources: [some RedisArgument], into destination: some RedisArgument) -> Self
    {
        Self("PFMERGE") {
            $0.append(destination)
            $0.append(contentsOf: sources)
        }
    }
}

extension RedisCommandSender {
    /// Counts in the destination what was counted in the sources.
    public func pfmerge(_ sources: [some RedisArgument], into destination: some RedisArgument)
        async throws(RedisError)
    {
        try await send(.pfmerge(sources, into: destination))
    }
}
