// Sets: members of one set.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - sadd

extension RedisCommand where Response == Int {
    /// Adds members; gives how many were new.
    public static func sadd(_ key: some RedisArgument, _ members: [some RedisArgument]) -> Self {
        Self("SADD") {
            $0.append(key)
            $0.append(contentsOf: members)
        }
    }
}

extension RedisCommandSender {
    /// Adds members; gives how many were new.
    @discardableResult
    public func sadd<Word: RedisArgument>(_ key: some RedisArgument, _ members: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.sadd(key, members))
    }
}

// MARK: - srem

extension RedisCommand where Response == Int {
    /// Takes members out; gives how many there were.
    public static func srem(_ key: some RedisArgument, _ members: [some RedisArgument]) -> Self {
        Self("SREM") {
            $0.append(key)
            $0.append(contentsOf: members)
        }
    }
}

extension RedisCommandSender {
    /// Takes members out; gives how many there were.
    @discardableResult
    public func srem<Word: RedisArgument>(_ key: some RedisArgument, _ members: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.srem(key, members))
    }
}

// MARK: - scard

extension RedisCommand where Response == Int {
    /// How many members there are.
    public static func scard(_ key: some RedisArgument) -> Self {
        Self("SCARD") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// How many members there are.
    public func scard(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.scard(key))
    }
}

// MARK: - sismember

extension RedisCommand where Response == Bool {
    /// Whether it is a member.
    public static func sismember(_ key: some RedisArgument, _ member: some RedisArgument) -> Self {
        Self("SISMEMBER") {
            $0.append(key)
            $0.append(member)
        }
    }
}

extension RedisCommandSender {
    /// Whether it is a member.
    public func sismember(_ key: some RedisArgument, _ member: some RedisArgument) async throws(RedisError)
        -> Bool
    {
        try await send(.sismember(key, member))
    }
}

// MARK: - smismember

extension RedisCommand where Response == [Bool] {
    /// Whether each of them is a member.
    public static func smismember(_ key: some RedisArgument, _ members: [some RedisArgument]) -> Self {
        Self("SMISMEMBER") {
            $0.append(key)
            $0.append(contentsOf: members)
        }
    }
}

extension RedisCommandSender {
    /// Whether each of them is a member.
    public func smismember<Word: RedisArgument>(_ key: some RedisArgument, _ members: Word...)
        async throws(RedisError) -> [Bool]
    {
        try await send(.smismember(key, members))
    }
}

// MARK: - smembers

extension RedisCommand where Response == [[UInt8]] {
    /// All members, in no order.
    public static func smembers(_ key: some RedisArgument) -> Self {
        Self("SMEMBERS") { $0.append(key) }
    }
}

extension RedisCommand {
    /// All members, in no order.
    public static func smembers<Member: RESPDecodable>(_ key: some RedisArgument, as _: Member.Type) -> Self
    where Response == [Member] {
        Self("SMEMBERS") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// All members, in no order.
    public func smembers<Member: RESPDecodable>(
        _ key: some RedisArgument, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.smembers(key, as: type))
    }
}

// MARK: - smove

extension RedisCommand where Response == Bool {
    /// Moves a member to another set; false if it is none.
    public static func smove(
        _ member: some RedisArgument, from source: some RedisArgument, to destination: some RedisArgument
    ) -> Self {
        Self("SMOVE") {
            $0.append(source)
            $0.append(destination)
            $0.append(member)
        }
    }
}

extension RedisCommandSender {
    /// Moves a member to another set; false if it is none.
    @discardableResult
    public func smove(
        _ member: some RedisArgument, from source: some RedisArgument, to destination: some RedisArgument
    ) async throws(RedisError) -> Bool {
        try await send(.smove(member, from: source, to: destination))
    }
}
