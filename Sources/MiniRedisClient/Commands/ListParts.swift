// Lists: changing, finding and moving elements.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - lset

extension RedisCommand where Response == Void {
    /// Replaces the element at an index.
    public static func lset(_ key: some RedisArgument, _ index: Int, _ element: some RedisArgument) -> Self {
        Self("LSET") {
            $0.append(key)
            $0.append(index)
            $0.append(element)
        }
    }
}

extension RedisCommandSender {
    /// Replaces the element at an index.
    public func lset(_ key: some RedisArgument, _ index: Int, _ element: some RedisArgument)
        async throws(RedisError)
    {
        try await send(.lset(key, index, element))
    }
}

// MARK: - ltrim

extension RedisCommand where Response == Void {
    /// Keeps only the elements from one index to another, both included.
    public static func ltrim(_ key: some RedisArgument, _ start: Int, _ end: Int) -> Self {
        Self("LTRIM") {
            $0.append(key)
            $0.append(start)
            $0.append(end)
        }
    }
}

extension RedisCommandSender {
    /// Keeps only the elements from one index to another, both included.
    public func ltrim(_ key: some RedisArgument, _ start: Int, _ end: Int) async throws(RedisError) {
        try await send(.ltrim(key, start, end))
    }
}

// MARK: - lrem

extension RedisCommand where Response == Int {
    /// Takes out elements of this value; gives how many.
    ///
    /// So many from the beginning; from the end if negative; all if 0.
    public static func lrem(_ key: some RedisArgument, _ element: some RedisArgument, count: Int = 0) -> Self
    {
        Self("LREM") {
            $0.append(key)
            $0.append(count)
            $0.append(element)
        }
    }
}

extension RedisCommandSender {
    /// Takes out elements of this value; gives how many.
    ///
    /// So many from the beginning; from the end if negative; all if 0.
    @discardableResult
    public func lrem(_ key: some RedisArgument, _ element: some RedisArgument, count: Int = 0)
        async throws(RedisError) -> Int
    {
        try await send(.lrem(key, element, count: count))
    }
}

// MARK: - linsert

extension RedisCommand where Response == Int {
    /// Puts an element before or behind another; gives the list's length, −1 if that other is not there.
    public static func linsert(
        _ key: some RedisArgument, _ element: some RedisArgument, _ place: RedisListPlace,
        _ pivot: some RedisArgument
    ) -> Self {
        Self("LINSERT") {
            $0.append(key)
            $0.append(place.rawValue)
            $0.append(pivot)
            $0.append(element)
        }
    }
}

extension RedisCommandSender {
    /// Puts an element before or behind another; gives the list's length, −1 if that other is not there.
    @discardableResult
    public func linsert(
        _ key: some RedisArgument, _ element: some RedisArgument, _ place: RedisListPlace,
        _ pivot: some RedisArgument
    ) async throws(RedisError) -> Int {
        try await send(.linsert(key, element, place, pivot))
    }
}

// MARK: - lpos

extension RedisCommand where Response == Int? {
    /// Where an element is; nil if nowhere.
    ///
    /// The `rank`th one, from the end if negative; no more than `limit` elements are looked at, all for 0.
    public static func lpos(
        _ key: some RedisArgument, _ element: some RedisArgument, rank: Int? = nil, limit: Int? = nil
    ) -> Self {
        Self("LPOS") {
            $0.append(key)
            $0.append(element)
            if let rank { $0.append("RANK"); $0.append(rank) }
            if let limit { $0.append("MAXLEN"); $0.append(limit) }
        }
    }
}

extension RedisCommandSender {
    /// Where an element is; nil if nowhere.
    ///
    /// The `rank`th one, from the end if negative; no more than `limit` elements are looked at, all for 0.
    public func lpos(
        _ key: some RedisArgument, _ element: some RedisArgument, rank: Int? = nil, limit: Int? = nil
    ) async throws(RedisError) -> Int? {
        try await send(.lpos(key, element, rank: rank, limit: limit))
    }
}

// MARK: - lpos of many

extension RedisCommand where Response == [Int] {
    /// Where an element is, so many times, everywhere for 0.
    public static func lpos(
        _ key: some RedisArgument, _ element: some RedisArgument, count: Int, rank: Int? = nil,
        limit: Int? = nil
    ) -> Self {
        Self("LPOS") {
            $0.append(key)
            $0.append(element)
            if let rank { $0.append("RANK"); $0.append(rank) }
            $0.append("COUNT")
            $0.append(count)
            if let limit { $0.append("MAXLEN"); $0.append(limit) }
        }
    }
}

extension RedisCommandSender {
    /// Where an element is, so many times, everywhere for 0.
    public func lpos(
        _ key: some RedisArgument, _ element: some RedisArgument, count: Int, rank: Int? = nil,
        limit: Int? = nil
    ) async throws(RedisError) -> [Int] {
        try await send(.lpos(key, element, count: count, rank: rank, limit: limit))
    }
}

// MARK: - lmove

extension RedisCommand where Response == [UInt8]? {
    /// Moves an element from an end of a list to an end of another; nil if there is none.
    public static func lmove(
        _ source: some RedisArgument, _ from: RedisListEnd, to destination: some RedisArgument,
        _ to: RedisListEnd
    ) -> Self {
        Self("LMOVE") {
            $0.append(source)
            $0.append(destination)
            $0.append(from.rawValue)
            $0.append(to.rawValue)
        }
    }
}

extension RedisCommand {
    /// Moves an element from an end of a list to an end of another; nil if there is none.
    public static func lmove<Element: RESPDecodable>(
        _ source: some RedisArgument, _ from: RedisListEnd, to destination: some RedisArgument,
        _ to: RedisListEnd, as _: Element.Type
    ) -> Self where Response == Element? {
        Self("LMOVE") {
            $0.append(source)
            $0.append(destination)
            $0.append(from.rawValue)
            $0.append(to.rawValue)
        }
    }
}

extension RedisCommandSender {
    /// Moves an element from an end of a list to an end of another; nil if there is none.
    @discardableResult
    public func lmove<Element: RESPDecodable>(
        _ source: some RedisArgument, _ from: RedisListEnd, to destination: some RedisArgument,
        _ to: RedisListEnd, as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> Element? {
        try await send(.lmove(source, from, to: destination, to, as: type))
    }
}

// MARK: - lmpop

extension RedisCommand where Response == RedisPopped? {
    /// Takes elements off the first list that has any; nil if none has.
    public static func lmpop(_ keys: [some RedisArgument], _ end: RedisListEnd, count: Int? = nil) -> Self {
        Self("LMPOP") {
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            $0.append(end.rawValue)
            if let count { $0.append("COUNT"); $0.append(count) }
        }
    }
}

extension RedisCommandSender {
    /// Takes elements off the first list that has any; nil if none has.
    @discardableResult
    public func lmpop(_ keys: [some RedisArgument], _ end: RedisListEnd, count: Int? = nil)
        async throws(RedisError) -> RedisPopped?
    {
        try await send(.lmpop(keys, end, count: count))
    }
}
