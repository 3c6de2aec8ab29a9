// Copies of the data: files and replicas.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - lastSave

extension RedisCommand where Response == Int64 {
    /// When the data was last saved, as Unix time in seconds.
    public static func lastSave() -> Self {
        Self("LASTSAVE")
    }
}

extension RedisCommandSender {
    /// When the data was last saved, as Unix time in seconds.
    public func lastSave() async throws(RedisError) -> Int64 {
        try await send(.lastSave())
    }
}

// MARK: - role

extension RedisCommand where Response == [RESPValue] {
    /// What the server is to others, and what goes with that, as it tells it.
    public static func role() -> Self {
        Self("ROLE")
    }
}

extension RedisCommandSender {
    /// What the server is to others, and what goes with that, as it tells it.
    public func role() async throws(RedisError) -> [RESPValue] {
        try await send(.role())
    }
}

// MARK: - wait

extension RedisCommand where Response == Int {
    /// Waits until so many replicas have what the connection has changed; gives how many have.
    ///
    /// Without a time it waits for ever.
    public static func wait(replicas: Int, waiting time: Duration?) -> Self {
        Self("WAIT") {
            $0.append(replicas)
            $0.append(time?.wholeMilliseconds ?? 0)
        }.waiting(time).tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Waits until so many replicas have what the connection has changed; gives how many have.
    ///
    /// Without a time it waits for ever.
    public func wait(replicas: Int, waiting time: Duration?) async throws(RedisError) -> Int {
        try await send(.wait(replicas: replicas, waiting: time))
    }
}

// MARK: - waitAOF

extension RedisCommand where Response == [Int] {
    /// Waits until what the connection has changed is in the server's file and in those of so many replicas;
    /// gives in how many of each it is.
    ///
    /// Without a time it waits for ever.
    public static func waitAOF(local: Bool, replicas: Int, waiting time: Duration?) -> Self {
        Self("WAITAOF") {
            $0.append(local ? 1 : 0)
            $0.append(replicas)
            $0.append(time?.wholeMilliseconds ?? 0)
        }.waiting(time).tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Waits until what the connection has changed is in the server's file and in those of so many replicas;
    /// gives in how many of each it is.
    ///
    /// Without a time it waits for ever.
    public func waitAOF(local: Bool, replicas: Int, waiting time: Duration?) async throws(RedisError) -> [Int]
    {
        try await send(.waitAOF(local: local, replicas: replicas, waiting: time))
    }
}
