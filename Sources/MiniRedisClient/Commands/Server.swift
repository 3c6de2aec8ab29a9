// The server as a whole.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - info

extension RedisCommand where Response == String {
    /// The server's figures, as text; all usual sections if none is named.
    public static func info(_ sections: [String]) -> Self {
        Self("INFO") { $0.append(contentsOf: sections) }
    }
}

extension RedisCommandSender {
    /// The server's figures, as text; all usual sections if none is named.
    public func info(_ sections: String...) async throws(RedisError) -> String {
        try await send(.info(sections))
    }
}

// MARK: - time

extension RedisCommand where Response == RedisTime {
    /// The server's clock.
    public static func time() -> Self {
        Self("TIME")
    }
}

extension RedisCommandSender {
    /// The server's clock.
    public func time() async throws(RedisError) -> RedisTime {
        try await send(.time())
    }
}

// MARK: - dbSize

extension RedisCommand where Response == Int {
    /// How many keys the database has.
    public static func dbSize() -> Self {
        Self("DBSIZE")
    }
}

extension RedisCommandSender {
    /// How many keys the database has.
    public func dbSize() async throws(RedisError) -> Int {
        try await send(.dbSize())
    }
}

// MARK: - flushDB

extension RedisCommand where Response == Void {
    /// Deletes all keys of the database.
    public static func flushDB(_ mode: RedisFlushMode = .async) -> Self {
        Self("FLUSHDB") { $0.append(mode.rawValue) }
    }
}

extension RedisCommandSender {
    /// Deletes all keys of the database.
    public func flushDB(_ mode: RedisFlushMode = .async) async throws(RedisError) {
        try await send(.flushDB(mode))
    }
}

// MARK: - flushAll

extension RedisCommand where Response == Void {
    /// Deletes all keys of all databases.
    public static func flushAll(_ mode: RedisFlushMode = .async) -> Self {
        Self("FLUSHALL") { $0.append(mode.rawValue) }
    }
}

extension RedisCommandSender {
    /// Deletes all keys of all databases.
    public func flushAll(_ mode: RedisFlushMode = .async) async throws(RedisError) {
        try await send(.flushAll(mode))
    }
}

// MARK: - swapDB

extension RedisCommand where Response == Void {
    /// Exchanges two databases.
    public static func swapDB(_ first: Int, _ second: Int) -> Self {
        Self("SWAPDB") {
            $0.append(first)
            $0.append(second)
        }
    }
}

extension RedisCommandSender {
    /// Exchanges two databases.
    public func swapDB(_ first: Int, _ second: Int) async throws(RedisError) {
        try await send(.swapDB(first, second))
    }
}

// MARK: - configGet

extension RedisCommand where Response == [String: String] {
    /// Settings whose names match.
    public static func configGet(_ patterns: [String]) -> Self {
        Self("CONFIG") {
            $0.append("GET")
            $0.append(contentsOf: patterns)
        }
    }
}

extension RedisCommandSender {
    /// Settings whose names match.
    public func configGet(_ patterns: String...) async throws(RedisError) -> [String: String] {
        try await send(.configGet(patterns))
    }
}

// MARK: - configSet

extension RedisCommand where Response == Void {
    /// Changes a setting.
    public static func configSet(_ name: String, _ value: some RedisArgument) -> Self {
        Self("CONFIG") {
            $0.append("SET")
            $0.append(name)
            $0.append(value)
        }
    }
}

extension RedisCommandSender {
    /// Changes a setting.
    public func configSet(_ name: String, _ value: some RedisArgument) async throws(RedisError) {
        try await send(.configSet(name, value))
    }
}

// MARK: - configSet of many

extension RedisCommand where Response == Void {
    /// Changes settings, all or none.
    public static func configSet(_ settings: [(name: String, value: String)]) -> Self {
        Self("CONFIG") {
            $0.append("SET")
            for (name, value) in settings { $0.append(name); $0.append(value) }
        }
    }
}

extension RedisCommandSender {
    /// Changes settings, all or none.
    public func configSet(_ settings: [(name: String, value: String)]) async throws(RedisError) {
        try await send(.configSet(settings))
    }
}

// MARK: - configResetStat

extension RedisCommand where Response == Void {
    /// Sets counters back to zero.
    public static func configResetStat() -> Self {
        Self("CONFIG") { $0.append("RESETSTAT") }
    }
}

extension RedisCommandSender {
    /// Sets counters back to zero.
    public func configResetStat() async throws(RedisError) {
        try await send(.configResetStat())
    }
}

// MARK: - configRewrite

extension RedisCommand where Response == Void {
    /// Writes the settings to the server's file.
    public static func configRewrite() -> Self {
        Self("CONFIG") { $0.append("REWRITE") }
    }
}

extension RedisCommandSender {
    /// Writes the settings to the server's file.
    public func configRewrite() async throws(RedisError) {
        try await send(.configRewrite())
    }
}

// MARK: - commandCount

extension RedisCommand where Response == Int {
    /// How many commands the server has.
    public static func commandCount() -> Self {
        Self("COMMAND") { $0.append("COUNT") }
    }
}

extension RedisCommandSender {
    /// How many commands the server has.
    public func commandCount() async throws(RedisError) -> Int {
        try await send(.commandCount())
    }
}

// MARK: - commandInfo

extension RedisCommand where Response == [RESPValue] {
    /// Facts about commands, as the server tells them.
    public static func commandInfo(_ names: [String]) -> Self {
        Self("COMMAND") {
            $0.append("INFO")
            $0.append(contentsOf: names)
        }
    }
}

extension RedisCommandSender {
    /// Facts about commands, as the server tells them.
    public func commandInfo(_ names: String...) async throws(RedisError) -> [RESPValue] {
        try await send(.commandInfo(names))
    }
}

// MARK: - lolwut

extension RedisCommand where Response == String {
    /// A picture, and the server's version.
    ///
    /// Whose picture it is, and how large, is for the arguments of that version.
    public static func lolwut(version: Int? = nil, _ arguments: [Int] = []) -> Self {
        Self("LOLWUT") {
            if let version { $0.append("VERSION"); $0.append(version) }
            $0.append(contentsOf: arguments)
        }
    }
}

extension RedisCommandSender {
    /// A picture, and the server's version.
    ///
    /// Whose picture it is, and how large, is for the arguments of that version.
    public func lolwut(version: Int? = nil, _ arguments: [Int] = []) async throws(RedisError) -> String {
        try await send(.lolwut(version: version, arguments))
    }
}

// MARK: - shutdown

extension RedisCommand where Response == Void {
    /// Ends the server; a server that does so does not answer.
    ///
    /// Unless told, it saves if it is configured to.
    public static func shutdown(saving: Bool? = nil, now: Bool = false, force: Bool = false) -> Self {
        Self("SHUTDOWN") {
            if let saving { $0.append(saving ? "SAVE" : "NOSAVE") }
            if now { $0.append("NOW") }
            if force { $0.append("FORCE") }
        }
    }

    /// Takes a shutdown back that waits for replicas.
    public static func shutdownAbort() -> Self {
        Self("SHUTDOWN") { $0.append("ABORT") }
    }
}

extension RedisCommandSender {
    /// Ends the server.
    ///
    /// Unless told, it saves if it is configured to.
    public func shutdown(saving: Bool? = nil, now: Bool = false, force: Bool = false) async throws(RedisError)
    {
        do throws(RedisError) {
            try await send(.shutdown(saving: saving, now: now, force: force))
        } catch .connectionLost {
            // It has done so.
        }
    }

    /// Takes a shutdown back that waits for replicas.
    public func shutdownAbort() async throws(RedisError) {
        try await send(.shutdownAbort())
    }
}
