// Lists: pushing, popping and reading elements.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - lpush

extension RedisCommand where Response == Int {
    /// Puts elements before the first, one after the other; gives the list's length.
    public static func lpush(_ key: some RedisArgument, _ elements: [some RedisArgument]) -> Self {
        Self("LPUSH") {
            $0.append(key)
            $0.append(contentsOf: elements)
        }
    }
}

extension RedisCommandSender {
    /// Puts elements before the first, one after the other; gives the list's length.
    @discardableResult
    public func lpush<Word: RedisArgument>(_ key: some RedisArgument, _ elements: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.lpush(key, elements))
    }
}

// MARK: - rpush

extension RedisCommand where Response == Int {
    /// Puts elements behind the last; gives the list's length.
    public static func rpush(_ key: some RedisArgument, _ elements: [some RedisArgument]) -> Self {
        Self("RPUSH") {
            $0.append(key)
            $0.append(contentsOf: elements)
        }
    }
}

extension RedisCommandSender {
    /// Puts elements behind the last; gives the list's length.
    @discardableResult
    public func rpush<Word: RedisArgument>(_ key: some RedisArgument, _ elements: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.rpush(key, elements))
    }
}

// MARK: - lpushX

extension RedisCommand where Response == Int {
    /// Puts elements before the first if there is a list; gives its length.
    public static func lpushX(_ key: some RedisArgument, _ elements: [some RedisArgument]) -> Self {
        Self("LPUSHX") {
            $0.append(key)
            $0.append(contentsOf: elements)
        }
    }
}

extension RedisCommandSender {
    /// Puts elements before the first if there is a list; gives its length.
    @discardableResult
    public func lpushX<Word: RedisArgument>(_ key: some RedisArgument, _ elements: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.lpushX(key, elements))
    }
}

// MARK: - rpushX

extension RedisCommand where Response == Int {
    /// Puts elements behind the last if there is a list; gives its length.
    public static func rpushX(_ key: some RedisArgument, _ elements: [some RedisArgument]) -> Self {
        Self("RPUSHX") {
            $0.append(key)
            $0.append(contentsOf: elements)
        }
    }
}

extension RedisCommandSender {
    /// Puts elements behind the last if there is a list; gives its length.
    @discardableResult
    public func rpushX<Word: RedisArgument>(_ key: some RedisArgument, _ elements: Word...)
        async throws(RedisError) -> Int
    {
        try await send(.rpushX(key, elements))
    }
}

// MARK: - lpop

extension RedisCommand where Response == [UInt8]? {
    /// Takes the first element off; nil if there is none.
    public static func lpop(_ key: some RedisArgument) -> Self {
        Self("LPOP") { $0.append(key) }
    }
}

extension RedisCommand {
    /// Takes the first element off; nil if there is none.
    public static func lpop<Element: RESPDecodable>(_ key: some RedisArgument, as _: Element.Type) -> Self
    where Response == Element? {
        Self("LPOP") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Takes the first element off; nil if there is none.
    @discardableResult
    public func lpop<Element: RESPDecodable>(_ key: some RedisArgument, as type: Element.Type = [UInt8].self)
        async throws(RedisError) -> Element?
    {
        try await send(.lpop(key, as: type))
    }
}

// MARK: - rpop

extension RedisCommand where Response == [UInt8]? {
    /// Takes the last element off; nil if there is none.
    public static func rpop(_ key: some RedisArgument) -> Self {
        Self("RPOP") { $0.append(key) }
    }
}

extension RedisCommand {
    /// Takes the last element off; nil if there is none.
    public static func rpop<Element: RESPDecodable>(_ key: some RedisArgument, as _: Element.Type) -> Self
    where Response == Element? {
        Self("RPOP") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// Takes the last element off; nil if there is none.
    @discardableResult
    public func rpop<Element: RESPDecodable>(_ key: some RedisArgument, as type: Element.Type = [UInt8].self)
        async throws(RedisError) -> Element?
    {
        try await send(.rpop(key, as: type))
    }
}

// MARK: - lpop of many

extension RedisCommand where Response == [[UInt8]]? {
    /// Takes so many elements off the beginning; nil if there is no list.
    public static func lpop(_ key: some RedisArgument, count: Int) -> Self {
        Self("LPOP") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// Takes so many elements off the beginning; nil if there is no list.
    public static func lpop<Element: RESPDecodable>(_ key: some RedisArgument, count: Int, as _: Element.Type)
        -> Self where Response == [Element]?
    {
        Self("LPOP") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// Takes so many elements off the beginning; nil if there is no list.
    @discardableResult
    public func lpop<Element: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> [Element]? {
        try await send(.lpop(key, count: count, as: type))
    }
}

// MARK: - rpop of many

extension RedisCommand where Response == [[UInt8]]? {
    /// Takes so many elements off the end; nil if there is no list.
    public static func rpop(_ key: some RedisArgument, count: Int) -> Self {
        Self("RPOP") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommand {
    /// Takes so many elements off the end; nil if there is no list.
    public static func rpop<Element: RESPDecodable>(_ key: some RedisArgument, count: Int, as _: Element.Type)
        -> Self where Response == [Element]?
    {
        Self("RPOP") {
            $0.append(key)
            $0.append(count)
        }
    }
}

extension RedisCommandSender {
    /// Takes so many elements off the end; nil if there is no list.
    @discardableResult
    public func rpop<Element: RESPDecodable>(
        _ key: some RedisArgument, count: Int, as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> [Element]? {
        try await send(.rpop(key, count: count, as: type))
    }
}
