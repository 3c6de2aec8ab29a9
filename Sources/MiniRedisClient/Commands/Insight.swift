// What the server tells of its commands, its memory and its waits.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - commandDocs

extension RedisCommand where Response == [String: RESPValue] {
    /// Documentation of commands by their names, of all without any.
    public static func commandDocs(_ names: [String]) -> Self {
        Self("COMMAND") {
            $0.append("DOCS")
            $0.append(contentsOf: names)
        }
    }
}

extension RedisCommandSender {
    /// Documentation of commands by their names, of all without any.
    public func commandDocs(_ names: String...) async throws(RedisError) -> [String: RESPValue] {
        try await send(.commandDocs(names))
    }
}

// MARK: - commandKeys

extension RedisCommand where Response == [[UInt8]] {
    /// The keys among a command's words (COMMAND GETKEYS).
    public static func commandKeys(in words: [some RedisArgument]) -> Self {
        Self("COMMAND") {
            $0.append("GETKEYS")
            $0.append(contentsOf: words)
        }
    }
}

extension RedisCommandSender {
    /// The keys among a command's words (COMMAND GETKEYS).
    public func commandKeys(in words: [some RedisArgument]) async throws(RedisError) -> [[UInt8]] {
        try await send(.commandKeys(in: words))
    }
}

// MARK: - commandKeysAndFlags

extension RedisCommand where Response == [RESPValue] {
    /// The keys among a command's words, and what it does with each (COMMAND GETKEYSANDFLAGS).
    public static func commandKeysAndFlags(in words: [some RedisArgument]) -> Self {
        Self("COMMAND") {
            $0.append("GETKEYSANDFLAGS")
            $0.append(contentsOf: words)
        }
    }
}

extension RedisCommandSender {
    /// The keys among a command's words, and what it does with each (COMMAND GETKEYSANDFLAGS).
    public func commandKeysAndFlags(in words: [some RedisArgument]) async throws(RedisError) -> [RESPValue] {
        try await send(.commandKeysAndFlags(in: words))
    }
}

// MARK: - commandList

extension RedisCommand where Response == [String] {
    /// The names of all commands, or of those that pass a filter.
    public static func commandList(_ filter: RedisCommandFilter? = nil) -> Self {
        Self("COMMAND") {
            $0.append("LIST")
            filter?.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// The names of all commands, or of those that pass a filter.
    public func commandList(_ filter: RedisCommandFilter? = nil) async throws(RedisError) -> [String] {
        try await send(.commandList(filter))
    }
}

// MARK: - latencyHistogram

extension RedisCommand where Response == [String: RESPValue] {
    /// How long commands took, as the server tells it; all without any name.
    public static func latencyHistogram(of names: [String] = []) -> Self {
        Self("LATENCY") {
            $0.append("HISTOGRAM")
            $0.append(contentsOf: names)
        }
    }
}

extension RedisCommandSender {
    /// How long commands took, as the server tells it; all without any name.
    public func latencyHistogram(of names: [String] = []) async throws(RedisError) -> [String: RESPValue] {
        try await send(.latencyHistogram(of: names))
    }
}

// MARK: - memoryUsage

extension RedisCommand where Response == Int? {
    /// How many bytes a key takes; nil if there is none.
    ///
    /// Of a value with many elements so many are looked at, all of them for 0.
    public static func memoryUsage(_ key: some RedisArgument, samples: Int? = nil) -> Self {
        Self("MEMORY") {
            $0.append("USAGE")
            $0.append(key)
            if let samples { $0.append("SAMPLES"); $0.append(samples) }
        }
    }
}

extension RedisCommandSender {
    /// How many bytes a key takes; nil if there is none.
    ///
    /// Of a value with many elements so many are looked at, all of them for 0.
    public func memoryUsage(_ key: some RedisArgument, samples: Int? = nil) async throws(RedisError) -> Int? {
        try await send(.memoryUsage(key, samples: samples))
    }
}

// MARK: - memoryStats

extension RedisCommand where Response == [String: RESPValue] {
    /// What the server's memory is used for.
    public static func memoryStats() -> Self {
        Self("MEMORY") { $0.append("STATS") }
    }
}

extension RedisCommandSender {
    /// What the server's memory is used for.
    public func memoryStats() async throws(RedisError) -> [String: RESPValue] {
        try await send(.memoryStats())
    }
}

// MARK: - memoryDoctor

extension RedisCommand where Response == String {
    /// What the server thinks of its memory, for people.
    public static func memoryDoctor() -> Self {
        Self("MEMORY") { $0.append("DOCTOR") }
    }
}

extension RedisCommandSender {
    /// What the server thinks of its memory, for people.
    public func memoryDoctor() async throws(RedisError) -> String {
        try await send(.memoryDoctor())
    }
}

// MARK: - memoryAllocatorStats

extension RedisCommand where Response == String {
    /// What the server's allocator tells of itself, for people (MEMORY MALLOC-STATS).
    public static func memoryAllocatorStats() -> Self {
        Self("MEMORY") { $0.append("MALLOC-STATS") }
    }
}

extension RedisCommandSender {
    /// What the server's allocator tells of itself, for people (MEMORY MALLOC-STATS).
    public func memoryAllocatorStats() async throws(RedisError) -> String {
        try await send(.memoryAllocatorStats())
    }
}

// MARK: - memoryPurge

extension RedisCommand where Response == Void {
    /// Has the server give memory back that it does not use.
    public static func memoryPurge() -> Self {
        Self("MEMORY") { $0.append("PURGE") }
    }
}

extension RedisCommandSender {
    /// Has the server give memory back that it does not use.
    public func memoryPurge() async throws(RedisError) {
        try await send(.memoryPurge())
    }
}

// MARK: - help

extension RedisCommand where Response == [String] {
    /// What subcommands a command such as `CLIENT` has, for people.
    public static func help(for container: String) -> Self {
        var words = RedisWords(container)
        words.append("HELP")
        return Self(words)
    }
}

extension RedisCommandSender {
    /// What subcommands a command such as `CLIENT` has, for people.
    public func help(for container: String) async throws(RedisError) -> [String] {
        try await send(.help(for: container))
    }
}
