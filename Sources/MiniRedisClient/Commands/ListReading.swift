// Lists: reading elements.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - llen

extension RedisCommand where Response == Int {
    /// How many elements there are.
    public static func llen(_ key: some RedisArgument) -> Self {
        Self("LLEN") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// How many elements there are.
    public func llen(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.llen(key))
    }
}

// MARK: - lrange

extension RedisCommand where Response == [[UInt8]] {
    /// The elements from one index to another, both included; negative ones count from the end.
    public static func lrange(_ key: some RedisArgument, _ start: Int, _ end: Int) -> Self {
        Self("LRANGE") {
            $0.append(key)
            $0.append(start)
            $0.append(end)
        }
    }
}

extension RedisCommand {
    /// The elements from one index to another, both included; negative ones count from the end.
    public static func lrange<Element: RESPDecodable>(
        _ key: some RedisArgument, _ start: Int, _ end: Int, as _: Element.Type
    ) -> Self where Response == [Element] {
        Self("LRANGE") {
            $0.append(key)
            $0.append(start)
            $0.append(end)
        }
    }
}

extension RedisCommandSender {
    /// The elements from one index to another, both included; negative ones count from the end.
    public func lrange<Element: RESPDecodable>(
        _ key: some RedisArgument, _ start: Int, _ end: Int, as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> [Element] {
        try await send(.lrange(key, start, end, as: type))
    }
}

// MARK: - lindex

extension RedisCommand where Response == [UInt8]? {
    /// The element at an index; nil if there is none.
    public static func lindex(_ key: some RedisArgument, _ index: Int) -> Self {
        Self("LINDEX") {
            $0.append(key)
            $0.append(index)
        }
    }
}

extension RedisCommand {
    /// The element at an index; nil if there is none.
    public static func lindex<Element: RESPDecodable>(
        _ key: some RedisArgument, _ index: Int, as _: Element.Type
    ) -> Self where Response == Element? {
        Self("LINDEX") {
            $0.append(key)
            $0.append(index)
        }
    }
}

extension RedisCommandSender {
    /// The element at an index; nil if there is none.
    public func lindex<Element: RESPDecodable>(
        _ key: some RedisArgument, _ index: Int, as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> Element? {
        try await send(.lindex(key, index, as: type))
    }
}
