// Keys of any type.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - del

extension RedisCommand where Response == Int {
    /// Deletes keys; gives how many there were.
    public static func del(_ keys: [some RedisArgument]) -> Self {
        Self("DEL") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// Deletes keys; gives how many there were.
    @discardableResult
    public func del<Key: RedisArgument>(_ keys: Key...) async throws(RedisError) -> Int {
        try await send(.del(keys))
    }
}

// MARK: - unlink

extension RedisCommand where Response == Int {
    /// Deletes keys and frees their memory later; gives how many there were.
    public static func unlink(_ keys: [some RedisArgument]) -> Self {
        Self("UNLINK") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// Deletes keys and frees their memory later; gives how many there were.
    @discardableResult
    public func unlink<Key: RedisArgument>(_ keys: Key...) async throws(RedisError) -> Int {
        try await send(.unlink(keys))
    }
}

// MARK: - exists

extension RedisCommand where Response == Int {
    /// How many of the keys there are; one that is named twice counts twice.
    public static func exists(_ keys: [some RedisArgument]) -> Self {
        Self("EXISTS") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// How many of the keys there are; one that is named twice counts twice.
    public func exists<Key: RedisArgument>(_ keys: Key...) async throws(RedisError) -> Int {
        try await send(.exists(keys))
    }
}

// MARK: - touch

extension RedisCommand where Response == Int {
    /// Marks keys as used just now; gives how many there are.
    public static func touch(_ keys: [some RedisArgument]) -> Self {
        Self("TOUCH") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// Marks keys as used just now; gives how many there are.
    @discardableResult
    public func touch<Key: RedisArgument>(_ keys: Key...) async throws(RedisError) -> Int {
        try await send(.touch(keys))
    }
}

// MARK: - copy

extension RedisCommand where Response == Bool {
    /// Copies a key; false if there is none or the destination is taken.
    public static func copy(
        _ source: some RedisArgument, to destination: some RedisArgument, database: Int? = nil,
        replacing: Bool = false
    ) -> Self {
        Self("COPY") {
            $0.append(source)
            $0.append(destination)
            if let database { $0.append("DB"); $0.append(database) }
            if replacing { $0.append("REPLACE") }
        }
    }
}

extension RedisCommandSender {
    /// Copies a key; false if there is none or the destination is taken.
    @discardableResult
    public func copy(
        _ source: some RedisArgument, to destination: some RedisArgument, database: Int? = nil,
        replacing: Bool = false
    ) async throws(RedisError) -> Bool {
        try await send(.copy(source, to: destination, database: database, replacing: replacing))
    }
}

// MARK: - rename

extension RedisCommand where Response == Void {
    /// Renames a key, over one that has the name.
    public static func rename(_ key: some RedisArgument, to name: some RedisArgument) -> Self {
        Self("RENAME") {
            $0.append(key)
            $0.append(name)
        }
    }
}

extension RedisCommandSender {
    /// Renames a key, over one that has the name.
    public func rename(_ key: some RedisArgument, to name: some RedisArgument) async throws(RedisError) {
        try await send(.rename(key, to: name))
    }
}

// MARK: - renameNX

extension RedisCommand where Response == Bool {
    /// Renames a key unless the name is taken.
    public static func renameNX(_ key: some RedisArgument, to name: some RedisArgument) -> Self {
        Self("RENAMENX") {
            $0.append(key)
            $0.append(name)
        }
    }
}

extension RedisCommandSender {
    /// Renames a key unless the name is taken.
    @discardableResult
    public func renameNX(_ key: some RedisArgument, to name: some RedisArgument) async throws(RedisError)
        -> Bool
    {
        try await send(.renameNX(key, to: name))
    }
}

// MARK: - move

extension RedisCommand where Response == Bool {
    /// Moves a key to another database; false if there is none or the name is taken there.
    public static func move(_ key: some RedisArgument, toDatabase database: Int) -> Self {
        Self("MOVE") {
            $0.append(key)
            $0.append(database)
        }
    }
}

extension RedisCommandSender {
    /// Moves a key to another database; false if there is none or the name is taken there.
    @discardableResult
    public func move(_ key: some RedisArgument, toDatabase database: Int) async throws(RedisError) -> Bool {
        try await send(.move(key, toDatabase: database))
    }
}

// MARK: - type

extension RedisCommand where Response == String {
    /// The type of a key's value: `string`, `list` …; `none` if there is no key.
    public static func type(of key: some RedisArgument) -> Self {
        Self("TYPE") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// The type of a key's value: `string`, `list` …; `none` if there is no key.
    public func type(of key: some RedisArgument) async throws(RedisError) -> String {
        try await send(.type(of: key))
    }
}

// MARK: - randomKey

extension RedisCommand where Response == [UInt8]? {
    /// Any key; nil if there is none.
    public static func randomKey() -> Self {
        Self("RANDOMKEY")
    }
}

extension RedisCommandSender {
    /// Any key; nil if there is none.
    public func randomKey() async throws(RedisError) -> [UInt8]? {
        try await send(.randomKey())
    }
}

// MARK: - keys

extension RedisCommand where Response == [[UInt8]] {
    /// All keys that match a pattern such as `user:*`; slow where there are many: see `scan`.
    public static func keys(matching pattern: some RedisArgument) -> Self {
        Self("KEYS") { $0.append(pattern) }
    }
}

extension RedisCommandSender {
    /// All keys that match a pattern such as `user:*`; slow where there are many: see `scan`.
    public func keys(matching pattern: some RedisArgument) async throws(RedisError) -> [[UInt8]] {
        try await send(.keys(matching: pattern))
    }
}

// MARK: - scan

extension RedisCommand where Response == RedisScanPage {
    /// Some keys from a cursor on, and the cursor for the next ones, which is 0 at the end.
    public static func scan(
        from cursor: UInt64 = 0, matching pattern: String? = nil, count: Int? = nil, type: String? = nil
    ) -> Self {
        Self("SCAN") {
            $0.append(String(cursor))
            if let pattern { $0.append("MATCH"); $0.append(pattern) }
            if let count { $0.append("COUNT"); $0.append(count) }
            if let type { $0.append("TYPE"); $0.append(type) }
        }
    }
}

extension RedisCommandSender {
    /// Some keys from a cursor on, and the cursor for the next ones, which is 0 at the end.
    public func scan(
        from cursor: UInt64 = 0, matching pattern: String? = nil, count: Int? = nil, type: String? = nil
    ) async throws(RedisError) -> RedisScanPage {
        try await send(.scan(from: cursor, matching: pattern, count: count, type: type))
    }
}
