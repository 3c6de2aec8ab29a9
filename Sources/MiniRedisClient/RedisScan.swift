/// The keys of a database, or the elements of a set, hash or sorted set, page after page: `SCAN`, `SSCAN`,
/// `HSCAN` and `ZSCAN` as a sequence.
///
/// What exists all the while comes at least once; what comes or goes meanwhile may come, and any may come
/// twice. A page is asked for when all of the one before is read.
public struct RedisScan<Element: Sendable>: AsyncSequence, Sendable {
    /// Some elements, and where to go on; 0 at the end.
    typealias Page = (cursor: UInt64, elements: [Element])

    let page: @Sendable (UInt64) async throws(RedisError) -> Page

    /// Begins with the first page.
    public func makeAsyncIterator() -> Iterator { Iterator(scan: self) }

    /// Reads element after element.
    public struct Iterator: AsyncIteratorProtocol {
        let scan: RedisScan
        private var page: ArraySlice<Element> = []
        /// Where to go on; nil after the last page.
        private var cursor: UInt64? = 0

        init(scan: RedisScan) { self.scan = scan }

        /// The next element, or nil at the end.
        public mutating func next() async throws -> Element? { try await next(isolation: #isolation) }

        /// The next element, or nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RedisError) -> Element? {
            while page.isEmpty {
                guard let cursor else { return nil }
                let next = try await scan.page(cursor)
                page = next.elements[...]
                self.cursor = next.cursor == 0 ? nil : next.cursor
            }
            return page.popFirst()
        }
    }
}

extension RedisCommandSender {
    /// All keys that match, page after page; `count` is how much the server looks at for a page.
    ///
    /// ```swift
    /// for try await key in client.scanKeys(matching: "user:*", as: String.self) { print(key) }
    /// ```
    public func scanKeys<Key: RESPDecodable>(
        matching pattern: String? = nil, count: Int? = nil, type: String? = nil, as _: Key.Type = [UInt8].self
    ) -> RedisScan<Key> {
        RedisScan { cursor throws(RedisError) in
            let page = try await scan(from: cursor, matching: pattern, count: count, type: type)
            return (page.cursor, try page.elements())
        }
    }

    /// All members of a set that match, page after page; `count` is how much the server looks at for one.
    public func scanMembers<Member: RESPDecodable>(
        of key: some RedisArgument, matching pattern: String? = nil, count: Int? = nil,
        as _: Member.Type = [UInt8].self
    ) -> RedisScan<Member> {
        RedisScan { cursor throws(RedisError) in
            let page = try await sscan(key, from: cursor, matching: pattern, count: count)
            return (page.cursor, try page.elements())
        }
    }

    /// All fields of a hash that match, with their values, page after page; `count` is how much the server
    /// looks at for one.
    ///
    /// ```swift
    /// for try await (field, value) in client.scanFields(of: "user:1", as: String.self) {
    ///     print(field, value)
    /// }
    /// ```
    public func scanFields<Field: RESPDecodable, Value: RESPDecodable>(
        of key: some RedisArgument, matching pattern: String? = nil, count: Int? = nil,
        named _: Field.Type = String.self, as _: Value.Type = [UInt8].self
    ) -> RedisScan<(field: Field, value: Value)> {
        RedisScan { cursor throws(RedisError) in
            let page = try await hscan(key, from: cursor, matching: pattern, count: count)
            guard page.keys.count.isMultiple(of: 2) else {
                throw .protocolViolation("a field without a value")
            }
            var pairs: [(field: Field, value: Value)] = []
            pairs.reserveCapacity(page.keys.count / 2)
            for index in stride(from: 0, to: page.keys.count, by: 2) {
                pairs.append(
                    (
                        try Field(resp: .bulkString(page.keys[index])),
                        try Value(resp: .bulkString(page.keys[index + 1]))
                    ))
            }
            return (page.cursor, pairs)
        }
    }

    /// All members of a sorted set that match, with their scores, page after page; `count` is how much the
    /// server looks at for one.
    public func scanScores<Member: RESPDecodable>(
        of key: some RedisArgument, matching pattern: String? = nil, count: Int? = nil,
        as type: Member.Type = [UInt8].self
    ) -> RedisScan<RedisScored<Member>> {
        RedisScan { cursor throws(RedisError) in
            let page = try await zscan(key, from: cursor, matching: pattern, count: count, as: type)
            return (page.cursor, page.members)
        }
    }
}

extension RedisScanPage {
    /// The keys as what they are to be read as.
    fileprivate func elements<Element: RESPDecodable>() throws(RedisError) -> [Element] {
        var all: [Element] = []
        all.reserveCapacity(keys.count)
        for key in keys { all.append(try Element(resp: .bulkString(key))) }
        return all
    }
}
