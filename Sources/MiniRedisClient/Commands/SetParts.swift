// Sets: some members.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - spop

extension RedisCommand where Response == [UInt8]? {
    /// Takes any member out; nil if there is none.
    public static func spop(_ key: some RedisArgument) -> Self {
        Self("SPOP") { $0.append(key) }
    }
}

extension RedisCommand {
    /// Takes any member out; nil if there is none.
    public static func spop<Member: RESPDecodable>(_ key: some RedisArgument, as _: Member.Type) -> Self
    where Response == Member? {
        Self("SPOP") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Takes any member out; nil if there is none.
    @discardableResult
    public func spop<Member: RESPDecodable>(_ key: some RedisArgument, as type: Member.Type = [UInt8].self)
        async throws(RedisError) -> Member?
    {
        try await send(.spop(key, as: type))
    }
}

// MARK: - spop of many

extension RedisCommand where Response == [[UInt8]] {
    /// Takes so many members out, any of them.
    public static func spop(_ key: some RedisArgument, count: Int) -> Self {
        Self("SPOP") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// Takes so many members out, any of them.
    public static func spop<Member: RESPDecodable>(_ key: some RedisArgument, count: Int, as _: Member.Type)
        -> Self where Response == [Member]
    {
        Self("SPOP") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// Takes so many members out, any of them.
    @discardableResult
    public func spop<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.spop(key, count: count, as: type))
    }
}

// MARK: - srandmember

extension RedisCommand where Response == [UInt8]? {
    /// Any member; nil if there is none.
    public static func srandmember(_ key: some RedisArgument) -> Self {
        Self("SRANDMEMBER") { $0.append(key) }
    }
}

extension RedisCommand {
    /// Any member; nil if there is none.
    public static func srandmember<Member: RESPDecodable>(_ key: some RedisArgument, as _: Member.Type)
        -> Self where Response == Member?
    {
        Self("SRANDMEMBER") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Any member; nil if there is none.
    public func srandmember<Member: RESPDecodable>(
        _ key: some RedisArgument, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> Member? {
        try await send(.srandmember(key, as: type))
    }
}

// MARK: - srandmember of many

extension RedisCommand where Response == [[UInt8]] {
    /// So many members, any of them; with a negative count one may come again and again.
    public static func srandmember(_ key: some RedisArgument, count: Int) -> Self {
        Self("SRANDMEMBER") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// So many members, any of them; with a negative count one may come again and again.
    public static func srandmember<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as _: Member.Type
    ) -> Self where Response == [Member] {
        Self("SRANDMEMBER") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// So many members, any of them; with a negative count one may come again and again.
    public func srandmember<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.srandmember(key, count: count, as: type))
    }
}

// MARK: - sscan

extension RedisCommand where Response == RedisScanPage {
    /// Some members from a cursor on, and the cursor for the next ones, which is 0 at the end.
    public static func sscan(
        _ key: some RedisArgument, from cursor: UInt64 = 0, matching pattern: String? = nil, count: Int? = nil
    ) -> Self {
        Self("SSCAN") {
            $0.append(key)
            $0.append(String(cursor))
            if let pattern { $0.append("MATCH"); $0.append(pattern) }
            if let count { $0.append("COUNT"); $0.append(count) }
        }
    }
}

extension RedisCommandSender {
    /// Some members from a cursor on, and the cursor for the next ones, which is 0 at the end.
    public func sscan(
        _ key: some RedisArgument, from cursor: UInt64 = 0, matching pattern: String? = nil, count: Int? = nil
    ) async throws(RedisError) -> RedisScanPage {
        try await send(.sscan(key, from: cursor, matching: pattern, count: count))
    }
}
