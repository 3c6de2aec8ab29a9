// Sorted sets: members taken off an end.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - zpopmin

extension RedisCommand where Response == RedisScored<[UInt8]>? {
    /// Takes out the member with the lowest score; nil if there is none.
    public static func zpopmin(_ key: some RedisArgument) -> Self {
        var words = RedisWords("ZPOPMIN")
        words.append(key)
        return Self(words) { (value) throws(RedisError) in try [RedisScored<[UInt8]>](resp: value).first }
    }
}

extension RedisCommand {
    /// Takes out the member with the lowest score; nil if there is none.
    public static func zpopmin<Member: RESPDecodable>(_ key: some RedisArgument, as _: Member.Type) -> Self
    where Response == RedisScored<Member>? {
        var words = RedisWords("ZPOPMIN")
        words.append(key)
        return Self(words) { (value) throws(RedisError) in try [RedisScored<Member>](resp: value).first }
    }
}

extension RedisCommandSender {
    /// Takes out the member with the lowest score; nil if there is none.
    @discardableResult
    public func zpopmin<Member: RESPDecodable>(_ key: some RedisArgument, as type: Member.Type = [UInt8].self)
        async throws(RedisError) -> RedisScored<Member>?
    {
        try await send(.zpopmin(key, as: type))
    }
}

// MARK: - zpopmin of many

extension RedisCommand where Response == [RedisScored<[UInt8]>] {
    /// Takes out so many members with the lowest scores.
    public static func zpopmin(_ key: some RedisArgument, count: Int) -> Self {
        Self("ZPOPMIN") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// Takes out so many members with the lowest scores.
    public static func zpopmin<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as _: Member.Type
    ) -> Self where Response == [RedisScored<Member>] {
        Self("ZPOPMIN") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// Takes out so many members with the lowest scores.
    @discardableResult
    public func zpopmin<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisScored<Member>] {
        try await send(.zpopmin(key, count: count, as: type))
    }
}

// MARK: - zpopmax

extension RedisCommand where Response == RedisScored<[UInt8]>? {
    /// Takes out the member with the highest score; nil if there is none.
    public static func zpopmax(_ key: some RedisArgument) -> Self {
        var words = RedisWords("ZPOPMAX")
        words.append(key)
        return Self(words) { (value) throws(RedisError) in try [RedisScored<[UInt8]>](resp: value).first }
    }
}

extension RedisCommand {
    /// Takes out the member with the highest score; nil if there is none.
    public static func zpopmax<Member: RESPDecodable>(_ key: some RedisArgument, as _: Member.Type) -> Self
    where Response == RedisScored<Member>? {
        var words = RedisWords("ZPOPMAX")
        words.append(key)
        return Self(words) { (value) throws(RedisError) in try [RedisScored<Member>](resp: value).first }
    }
}

extension RedisCommandSender {
    /// Takes out the member with the highest score; nil if there is none.
    @discardableResult
    public func zpopmax<Member: RESPDecodable>(_ key: some RedisArgument, as type: Member.Type = [UInt8].self)
        async throws(RedisError) -> RedisScored<Member>?
    {
        try await send(.zpopmax(key, as: type))
    }
}

// MARK: - zpopmax of many

extension RedisCommand where Response == [RedisScored<[UInt8]>] {
    /// Takes out so many members with the highest scores.
    public static func zpopmax(_ key: some RedisArgument, count: Int) -> Self {
        Self("ZPOPMAX") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// Takes out so many members with the highest scores.
    public static func zpopmax<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as _: Member.Type
    ) -> Self where Response == [RedisScored<Member>] {
        Self("ZPOPMAX") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// Takes out so many members with the highest scores.
    @discardableResult
    public func zpopmax<Member: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [RedisScored<Member>] {
        try await send(.zpopmax(key, count: count, as: type))
    }
}

// MARK: - zmpop

extension RedisCommand where Response == RedisPoppedScores<[UInt8]>? {
    /// Takes members off an end of the first sorted set that has any; nil if none has.
    public static func zmpop(_ keys: [some RedisArgument], _ end: RedisScoreEnd, count: Int? = nil) -> Self {
        Self("ZMPOP") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            $0.append(end.rawValue)
            if let count { $0.append("COUNT"); $0.append(count) }
        }
    }
}

extension RedisCommand {
    /// Takes members off an end of the first sorted set that has any; nil if none has.
    public static func zmpop<Member: RESPDecodable>(
        _ keys: [some RedisArgument], _ end: RedisScoreEnd, count: Int? = nil, as _: Member.Type
    ) -> Self where Response == RedisPoppedScores<Member>? {
        Self("ZMPOP") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            $0.append(end.rawValue)
            if let count { $0.append("COUNT"); $0.append(count) }
        }
    }
}

extension RedisCommandSender {
    /// Takes members off an end of the first sorted set that has any; nil if none has.
    @discardableResult
    public func zmpop<Member: RESPDecodable>(
        _ keys: [some RedisArgument], _ end: RedisScoreEnd, count: Int? = nil,
        as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> RedisPoppedScores<Member>? {
        try await send(.zmpop(keys, end, count: count, as: type))
    }
}
