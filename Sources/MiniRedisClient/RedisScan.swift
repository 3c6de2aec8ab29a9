/// The keys of a database or the members of a set, page after page, as `SCAN` and `SSCAN` tell them.
///
/// What exists all the while comes at least once; what comes or goes meanwhile may come, and any may come
/// twice. A page is asked for when all of the one before is read.
public struct RedisScan<Key: RESPDecodable>: AsyncSequence, Sendable {
    let page: @Sendable (UInt64) async throws(RedisError) -> RedisScanPage

    /// Begins with the first page.
    public func makeAsyncIterator() -> Iterator { Iterator(scan: self) }

    /// Reads key after key.
    public struct Iterator: AsyncIteratorProtocol {
        let scan: RedisScan
        private var page: ArraySlice<[UInt8]> = []
        /// Where to go on; nil after the last page.
        private var cursor: UInt64? = 0

        init(scan: RedisScan) { self.scan = scan }

        /// The next key, or nil at the end.
        public mutating func next() async throws -> Key? { try await next(isolation: #isolation) }

        /// The next key, or nil at the end.
        public mutating func next(isolation actor: isolated (any Actor)?) async throws(RedisError) -> Key? {
            while page.isEmpty {
                guard let cursor else { return nil }
                let next = try await scan.page(cursor)
                page = next.keys[...]
                self.cursor = next.cursor == 0 ? nil : next.cursor
            }
            return try page.popFirst().map { key throws(RedisError) in try Key(resp: .bulkString(key)) }
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
            try await scan(from: cursor, matching: pattern, count: count, type: type)
        }
    }

    /// All members of a set that match, page after page; `count` is how much the server looks at for one.
    public func scanMembers<Member: RESPDecodable>(
        of key: some RedisArgument, matching pattern: String? = nil, count: Int? = nil,
        as _: Member.Type = [UInt8].self
    ) -> RedisScan<Member> {
        RedisScan { cursor throws(RedisError) in
            try await sscan(key, from: cursor, matching: pattern, count: count)
        }
    }
}
