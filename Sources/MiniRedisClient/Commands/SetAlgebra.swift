// Sets: what several have in common, or not.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - sinter

extension RedisCommand where Response == [[UInt8]] {
    /// The members that are in all sets.
    public static func sinter(_ keys: [some RedisArgument]) -> Self {
        Self("SINTER") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommand {
    /// The members that are in all sets.
    public static func sinter<Member: RESPDecodable>(_ keys: [some RedisArgument], as _: Member.Type) -> Self
    where Response == [Member] {
        Self("SINTER") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// The members that are in all sets.
    public func sinter<Member: RESPDecodable>(
        _ keys: [some RedisArgument], as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.sinter(keys, as: type))
    }
}

// MARK: - sunion

extension RedisCommand where Response == [[UInt8]] {
    /// The members that are in any set.
    public static func sunion(_ keys: [some RedisArgument]) -> Self {
        Self("SUNION") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommand {
    /// The members that are in any set.
    public static func sunion<Member: RESPDecodable>(_ keys: [some RedisArgument], as _: Member.Type) -> Self
    where Response == [Member] {
        Self("SUNION") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// The members that are in any set.
    public func sunion<Member: RESPDecodable>(
        _ keys: [some RedisArgument], as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.sunion(keys, as: type))
    }
}

// MARK: - sdiff

extension RedisCommand where Response == [[UInt8]] {
    /// The members of the first set that are in none of the others.
    public static func sdiff(_ keys: [some RedisArgument]) -> Self {
        Self("SDIFF") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommand {
    /// The members of the first set that are in none of the others.
    public static func sdiff<Member: RESPDecodable>(_ keys: [some RedisArgument], as _: Member.Type) -> Self
    where Response == [Member] {
        Self("SDIFF") { $0.append(contentsOf: keys) }
    }
}

extension RedisCommandSender {
    /// The members of the first set that are in none of the others.
    public func sdiff<Member: RESPDecodable>(
        _ keys: [some RedisArgument], as type: Member.Type = [UInt8].self
    ) async throws(RedisError) -> [Member] {
        try await send(.sdiff(keys, as: type))
    }
}

// MARK: - sinterstore

extension RedisCommand where Response == Int {
    /// Stores the members that are in all sets; gives how many.
    public static func sinterstore(_ keys: [some RedisArgument], into destination: some RedisArgument) -> Self
    {
        Self("SINTERSTORE") {
            $0.append(destination)
            $0.append(contentsOf: keys)
        }
    }
}

extension RedisCommandSender {
    /// Stores the members that are in all sets; gives how many.
    @discardableResult
    public func sinterstore(_ keys: [some RedisArgument], into destination: some RedisArgument)
        async throws(RedisError) -> Int
    {
        try await send(.sinterstore(keys, into: destination))
    }
}

// MARK: - sunionstore

extension RedisCommand where Response == Int {
    /// Stores the members that are in any set; gives how many.
    public static func sunionstore(_ keys: [some RedisArgument], into destination: some RedisArgument) -> Self
    {
        Self("SUNIONSTORE") {
            $0.append(destination)
            $0.append(contentsOf: keys)
        }
    }
}

extension RedisCommandSender {
    /// Stores the members that are in any set; gives how many.
    @discardableResult
    public func sunionstore(_ keys: [some RedisArgument], into destination: some RedisArgument)
        async throws(RedisError) -> Int
    {
        try await send(.sunionstore(keys, into: destination))
    }
}

// MARK: - sdiffstore

extension RedisCommand where Response == Int {
    /// Stores the members of the first set that are in none of the others; gives how many.
    public static func sdiffstore(_ keys: [some RedisArgument], into destination: some RedisArgument) -> Self
    {
        Self("SDIFFSTORE") {
            $0.append(destination)
            $0.append(contentsOf: keys)
        }
    }
}

extension RedisCommandSender {
    /// Stores the members of the first set that are in none of the others; gives how many.
    @discardableResult
    public func sdiffstore(_ keys: [some RedisArgument], into destination: some RedisArgument)
        async throws(RedisError) -> Int
    {
        try await send(.sdiffstore(keys, into: destination))
    }
}

// MARK: - sintercard

extension RedisCommand where Response == Int {
    /// How many members are in all sets, counted no further than the limit; 0 is none.
    public static func sintercard(_ keys: [some RedisArgument], limit: Int? = nil) -> Self {
        Self("SINTERCARD") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            if let limit { $0.append("LIMIT"); $0.append(limit) }
        }
    }
}

extension RedisCommandSender {
    /// How many members are in all sets, counted no further than the limit; 0 is none.
    public func sintercard(_ keys: [some RedisArgument], limit: Int? = nil) async throws(RedisError) -> Int {
        try await send(.sintercard(keys, limit: limit))
    }
}
