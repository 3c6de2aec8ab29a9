// Lists, sets and sorted sets in another order.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

/// In which order elements are returned or stored.
public enum RedisSortOrder: Sendable, Hashable {
    /// By their numbers, the lowest first.
    case ascending
    /// By their numbers, the highest first.
    case descending
    /// By their bytes.
    case alphabetic
    /// By their bytes, backwards.
    case reverseAlphabetic

    func append(to words: inout RedisWords) {
        switch self {
        case .ascending: words.append("ASC")
        case .descending: words.append("DESC")
        case .alphabetic: words.append("ALPHA")
        case .reverseAlphabetic:
            words.append("DESC")
            words.append("ALPHA")
        }
    }
}

/// By what elements are sorted, which of them are wanted, and what for each.
public struct RedisSorting: Sendable, Hashable {
    public var order: RedisSortOrder
    /// Of the keys to compare, with an asterisk for the element and perhaps a field behind an arrow.
    ///
    /// Without an asterisk, elements keep their order.
    public var pattern: String?
    /// Patterns of what is wanted for each element, `#` for itself; the elements if empty.
    public var values: [String]
    /// How many of the sorted elements are left out.
    public var offset: Int
    /// How many are wanted at most.
    public var limit: Int?

    /// Elements by themselves in this order, unless told otherwise.
    public init(
        _ order: RedisSortOrder = .ascending, by pattern: String? = nil, values: [String] = [],
        offset: Int = 0, limit: Int? = nil
    ) {
        self.order = order
        self.pattern = pattern
        self.values = values
        self.offset = offset
        self.limit = limit
    }

    func append(to words: inout RedisWords) {
        if let pattern {
            words.append("BY")
            words.append(pattern)
        }
        if limit != nil || offset != 0 {
            words.append("LIMIT")
            words.append(offset)
            words.append(limit ?? -1)
        }
        for value in values {
            words.append("GET")
            words.append(value)
        }
        order.append(to: &words)
    }
}

// MARK: - sort

extension RedisCommand where Response == [[UInt8]?] {
    /// The elements of a list, a set or a sorted set in order, or what belongs to them; a value that is
    /// not there is nil.
    public static func sort(_ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting()) -> Self {
        sort(key, sorting, as: [UInt8].self)
    }
}

extension RedisCommand {
    /// The elements of a list, a set or a sorted set in order, or what belongs to them; a value that is
    /// not there is nil.
    public static func sort<Element: RESPDecodable>(
        _ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting(), as _: Element.Type
    ) -> Self where Response == [Element?] {
        Self("SORT") {
            $0.append(key)
            sorting.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// The elements of a list, a set or a sorted set in order, or what belongs to them; a value that is
    /// not there is nil.
    public func sort<Element: RESPDecodable>(
        _ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting(),
        as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> [Element?] {
        try await send(.sort(key, sorting, as: type))
    }
}

// MARK: - sortReadOnly

extension RedisCommand where Response == [[UInt8]?] {
    /// The same on a server that takes no writes.
    public static func sortReadOnly(_ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting())
        -> Self
    {
        sortReadOnly(key, sorting, as: [UInt8].self)
    }
}

extension RedisCommand {
    /// The same on a server that takes no writes.
    public static func sortReadOnly<Element: RESPDecodable>(
        _ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting(), as _: Element.Type
    ) -> Self where Response == [Element?] {
        Self("SORT_RO") {
            $0.append(key)
            sorting.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// The same on a server that takes no writes.
    public func sortReadOnly<Element: RESPDecodable>(
        _ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting(),
        as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> [Element?] {
        try await send(.sortReadOnly(key, sorting, as: type))
    }
}

// MARK: - sort into

extension RedisCommand where Response == Int {
    /// Stores as a list what `sort` returns; gives how long that is.
    public static func sort(
        _ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting(),
        into destination: some RedisArgument
    ) -> Self {
        Self("SORT") {
            $0.append(key)
            sorting.append(to: &$0)
            $0.append("STORE")
            $0.append(destination)
        }
    }
}

extension RedisCommandSender {
    /// Stores as a list what `sort` returns; gives how long that is.
    @discardableResult
    public func sort(
        _ key: some RedisArgument, _ sorting: RedisSorting = RedisSorting(),
        into destination: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(.sort(key, sorting, into: destination))
    }
}
