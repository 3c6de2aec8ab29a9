// Sorted sets: any members, all of them page after page.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - zrandmember

extension RedisCommand where Response == [UInt8]? {
    /// Any member; nil if there is none.
    public static func zrandmember(_ key: some RedisArgument) -> Self {
        Self("ZRANDMEMBER") {
            $0.append(key)
        }
    }
}

extension RedisCommand {
    /// Any member; nil if there is none.
    public static func zrandmember<Member: RESPDecodable>(_ key: some RedisArgument, as _: Member.Type)
        -> Self where Response == Member?
    {
        Self("ZRANDMEMBER") {
            $0.append(key)
        }
    }
}

extension RedisCommandSender {
    /// Any member; nil if there is none.
    public func zrandmember<Member: RESPDecodable>(
        _ key: some RedisArgument, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> Member? {
        try await send(.zrandmember(key, as: type))
    }
}

// MARK: - zrandmember of many

extension RedisCommand where Response == [[UInt8]] {
    /// So many members, any of them; with a negative count one may come again and again.
    public static func zrandmember(_ key: some RedisArgument, count: Int) -> Self {
        Self("ZRANDMEMBER") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// So many members, any of them; with a negative count one may come again and again.
    public static func zrandmember<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as _: Member.Type
    ) -> Self where Response == [Member] {
        Self("ZRANDMEMBER") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// So many members, any of them; with a negative count one may come again and again.
    public func zrandmember<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.zrandmember(key, count: count, as: type))
    }
}

// MARK: - zrandmemberWithScores

extension RedisCommand where Response == [RedisScored<[UInt8]>] {
    /// So many members with their scores, any of them; with a negative count one may come again and again.
    public static func zrandmemberWithScores(_ key: some RedisArgument, count: Int) -> Self {
        Self("ZRANDMEMBER") {
            $0.append(key)
            $0.append(count)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommand {
    /// So many members with their scores, any of them; with a negative count one may come again and again.
    public static func zrandmemberWithScores<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as _: Member.Type
    ) -> Self where Response == [RedisScored<Member>] {
        Self("ZRANDMEMBER") {
            $0.append(key)
            $0.append(count)
            $0.append("WITHSCORES")
        }
    }
}

extension RedisCommandSender {
    /// So many members with their scores, any of them; with a negative count one may come again and again.
    public func zrandmemberWithScores<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisScored<Member>] {
        try await send(.zrandmemberWithScores(key, count: count, as: type))
    }
}

// MARK: - zscan

extension RedisCommand where Response == RedisScoresPage<[UInt8]> {
    /// Some members with their scores from a cursor on, and the cursor for the next ones, which is 0 at the end.
    public static func zscan(
        _ key: some RedisArgument, from cursor: UInt64 = 0, matching pattern: String? = nil, count: Int? = nil
    ) -> Self {
        Self("ZSCAN") {
            $0.append(key)
            $0.append(String(cursor))
            if let pattern { $0.append("MATCH"); $0.append(pattern) }
            if let count { $0.append("COUNT"); $0.append(count) }
        }
    }
}

extension RedisCommand {
    /// Some members with their scores from a cursor on, and the cursor for the next ones, which is 0 at the end.
    public static func zscan<Member: RESPDecodable>(
        _ key: some RedisArgument, from cursor: UInt64 = 0, matching pattern: String? = nil,
        count: Int? = nil, as _: Member.Type
    ) -> Self where Response == RedisScoresPage<Member> {
        Self("ZSCAN") {
            $0.append(key)
            $0.append(String(cursor))
            if let pattern { $0.append("MATCH"); $0.append(pattern) }
            if let count { $0.append("COUNT"); $0.append(count) }
        }
    }
}

extension RedisCommandSender {
    /// Some members with their scores from a cursor on, and the cursor for the next ones, which is 0 at the end.
    public func zscan<Member: RESPDecodable>(
        _ key: some RedisArgument, from cursor: UInt64 = 0, matching pattern: String? = nil,
        count: Int? = nil, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> RedisScoresPage<Member> {
        try await send(.zscan(key, from: cursor, matching: pattern, count: count, as: type))
    }
}
