// Lists: popping that waits for an element.
//
// No time is for ever. They hold up what is behind them on a connection; a `RedisClientPool` sends them over
// others.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - blpop

extension RedisCommand where Response == RedisPopped? {
    /// Takes the first element off the first list that has any, or gets any in time.
    public static func blpop(_ keys: [some RedisArgument], waiting time: Duration?) -> Self {
        Self("BLPOP") {
            $0.append(contentsOf: keys)
            $0.append(RedisPopped.seconds(time))
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Takes the first element off the first list that has any, or gets any in time.
    @discardableResult
    public func blpop(_ keys: [some RedisArgument], waiting time: Duration?) async throws(RedisError)
        -> RedisPopped?
    {
        try await send(.blpop(keys, waiting: time))
    }
}

// MARK: - brpop

extension RedisCommand where Response == RedisPopped? {
    /// Takes the last element off the first list that has any, or gets any in time.
    public static func brpop(_ keys: [some RedisArgument], waiting time: Duration?) -> Self {
        Self("BRPOP") {
            $0.append(contentsOf: keys)
            $0.append(RedisPopped.seconds(time))
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Takes the last element off the first list that has any, or gets any in time.
    @discardableResult
    public func brpop(_ keys: [some RedisArgument], waiting time: Duration?) async throws(RedisError)
        -> RedisPopped?
    {
        try await send(.brpop(keys, waiting: time))
    }
}

// MARK: - blmove

extension RedisCommand where Response == [UInt8]? {
    /// Moves an element from an end of a list, once it has any, to an end of another; nil if time is over.
    public static func blmove(
        _ source: some RedisArgument, _ from: RedisListEnd, to destination: some RedisArgument,
        _ to: RedisListEnd, waiting time: Duration?
    ) -> Self {
        Self("BLMOVE") {
            $0.append(source)
            $0.append(destination)
            $0.append(from.rawValue)
            $0.append(to.rawValue)
            $0.append(RedisPopped.seconds(time))
        }.waiting(time)
    }
}

extension RedisCommand {
    /// Moves an element from an end of a list, once it has any, to an end of another; nil if time is over.
    public static func blmove<Element: RESPDecodable>(
        _ source: some RedisArgument, _ from: RedisListEnd, to destination: some RedisArgument,
        _ to: RedisListEnd, waiting time: Duration?, as _: Element.Type
    ) -> Self where Response == Element? {
        Self("BLMOVE") {
            $0.append(source)
            $0.append(destination)
            $0.append(from.rawValue)
            $0.append(to.rawValue)
            $0.append(RedisPopped.seconds(time))
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Moves an element from an end of a list, once it has any, to an end of another; nil if time is over.
    @discardableResult
    public func blmove<Element: RESPDecodable>(
        _ source: some RedisArgument, _ from: RedisListEnd, to destination: some RedisArgument,
        _ to: RedisListEnd, waiting time: Duration?, as type: Element.Type = [UInt8].self
    ) async throws(RedisError) -> Element? {
        try await send(.blmove(source, from, to: destination, to, waiting: time, as: type))
    }
}

// MARK: - blmpop

extension RedisCommand where Response == RedisPopped? {
    /// Takes elements off the first list that has any, or gets any in time.
    public static func blmpop(
        _ keys: [some RedisArgument], _ end: RedisListEnd, count: Int? = nil, waiting time: Duration?
    ) -> Self {
        Self("BLMPOP") {
            $0.append(RedisPopped.seconds(time))
            $0.append(keys.count)
            $0.append(contentsOf: keys)
            $0.append(end.rawValue)
            if let count { $0.append("COUNT"); $0.append(count) }
        }.waiting(time)
    }
}

extension RedisCommandSender {
    /// Takes elements off the first list that has any, or gets any in time.
    @discardableResult
    public func blmpop(
        _ keys: [some RedisArgument], _ end: RedisListEnd, count: Int? = nil, waiting time: Duration?
    ) async throws(RedisError) -> RedisPopped? {
        try await send(.blmpop(keys, end, count: count, waiting: time))
    }
}
