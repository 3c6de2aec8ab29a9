// Keys that a transaction depends on. The transaction itself is `RedisTransaction`.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.
//
// What is watched belongs to the connection: to be used on one of its own, from a `RedisClientPool`.

// MARK: - watch

extension RedisCommand where Response == Void {
    /// Lets the connection's next transaction run only if these keys have not changed by then.
    public static func watch(_ keys: [some RedisArgument]) -> Self {
        Self("WATCH") { $0.append(contentsOf: keys) }.tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Lets the connection's next transaction run only if these keys have not changed by then.
    public func watch<Key: RedisArgument>(_ keys: Key...) async throws(RedisError) {
        try await send(.watch(keys))
    }
}

// MARK: - unwatch

extension RedisCommand where Response == Void {
    /// Lets the connection's next transaction run whatever has changed.
    public static func unwatch() -> Self {
        Self("UNWATCH").tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Lets the connection's next transaction run whatever has changed.
    public func unwatch() async throws(RedisError) {
        try await send(.unwatch())
    }
}
