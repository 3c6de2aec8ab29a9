// Streams: adding entries, ranges of them, and removing them.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.

// MARK: - xadd

extension RedisCommand where Response == RedisStreamID {
    /// Adds an entry, and gives its ID.
    public static func xadd(
        _ key: some RedisArgument, _ fields: [(some RedisArgument, some RedisArgument)],
        id: RedisNewStreamID = .automatic, trimming trim: RedisStreamTrim? = nil,
        references: RedisStreamReferences? = nil
    ) -> Self {
        Self("XADD") {
            $0.append(key)
            if let references { $0.append(references.rawValue) }
            trim?.append(to: &$0)
            $0.append(id)
            for field in fields {
                $0.append(field.0)
                $0.append(field.1)
            }
        }
    }
}

extension RedisCommandSender {
    /// Adds an entry, and gives its ID.
    @discardableResult
    public func xadd(
        _ key: some RedisArgument, _ fields: [(some RedisArgument, some RedisArgument)],
        id: RedisNewStreamID = .automatic, trimming trim: RedisStreamTrim? = nil,
        references: RedisStreamReferences? = nil
    ) async throws(RedisError) -> RedisStreamID {
        try await send(.xadd(key, fields, id: id, trimming: trim, references: references))
    }
}

// MARK: - xaddIfExists

extension RedisCommand where Response == RedisStreamID? {
    /// Adds an entry to a stream that there is, and gives its ID; nil if there is none.
    public static func xaddIfExists(
        _ key: some RedisArgument, _ fields: [(some RedisArgument, some RedisArgument)],
        id: RedisNewStreamID = .automatic, trimming trim: RedisStreamTrim? = nil,
        references: RedisStreamReferences? = nil
    ) -> Self {
        Self("XADD") {
            $0.append(key)
            $0.append("NOMKSTREAM" as StaticString)
            if let references { $0.append(references.rawValue) }
            trim?.append(to: &$0)
            $0.append(id)
            for field in fields {
                $0.append(field.0)
                $0.append(field.1)
            }
        }
    }
}

extension RedisCommandSender {
    /// Adds an entry to a stream that there is, and gives its ID; nil if there is none.
    @discardableResult
    public func xaddIfExists(
        _ key: some RedisArgument, _ fields: [(some RedisArgument, some RedisArgument)],
        id: RedisNewStreamID = .automatic, trimming trim: RedisStreamTrim? = nil,
        references: RedisStreamReferences? = nil
    ) async throws(RedisError) -> RedisStreamID? {
        try await send(.xaddIfExists(key, fields, id: id, trimming: trim, references: references))
    }
}

// MARK: - xlen

extension RedisCommand where Response == Int {
    /// How many entries there are.
    public static func xlen(_ key: some RedisArgument) -> Self {
        Self("XLEN") { $0.append(key) }
    }
}

extension RedisCommandSender {
    /// How many entries there are.
    public func xlen(_ key: some RedisArgument) async throws(RedisError) -> Int {
        try await send(.xlen(key))
    }
}

// MARK: - xrange

extension RedisCommand where Response == [RedisStreamEntry] {
    /// The entries between two IDs, or the first of them.
    public static func xrange(
        _ key: some RedisArgument, from start: RedisStreamEdge = .first, through end: RedisStreamEdge = .last,
        count: Int? = nil
    ) -> Self {
        Self("XRANGE") {
            $0.append(key)
            $0.append(start)
            $0.append(end)
            if let count {
                $0.append("COUNT" as StaticString)
                $0.append(count)
            }
        }
    }
}

extension RedisCommandSender {
    /// The entries between two IDs, or the first of them.
    public func xrange(
        _ key: some RedisArgument, from start: RedisStreamEdge = .first, through end: RedisStreamEdge = .last,
        count: Int? = nil
    ) async throws(RedisError) -> [RedisStreamEntry] {
        try await send(.xrange(key, from: start, through: end, count: count))
    }
}

// MARK: - xrevrange

extension RedisCommand where Response == [RedisStreamEntry] {
    /// The entries between two IDs from the last to the first, or the last of them.
    public static func xrevrange(
        _ key: some RedisArgument, from end: RedisStreamEdge = .last, downTo start: RedisStreamEdge = .first,
        count: Int? = nil
    ) -> Self {
        Self("XREVRANGE") {
            $0.append(key)
            $0.append(end)
            $0.append(start)
            if let count {
                $0.append("COUNT" as StaticString)
                $0.append(count)
            }
        }
    }
}

extension RedisCommandSender {
    /// The entries between two IDs from the last to the first, or the last of them.
    public func xrevrange(
        _ key: some RedisArgument, from end: RedisStreamEdge = .last, downTo start: RedisStreamEdge = .first,
        count: Int? = nil
    ) async throws(RedisError) -> [RedisStreamEntry] {
        try await send(.xrevrange(key, from: end, downTo: start, count: count))
    }
}

// MARK: - xdel

extension RedisCommand where Response == Int {
    /// Removes entries; gives how many there were.
    public static func xdel(_ key: some RedisArgument, _ ids: [RedisStreamID]) -> Self {
        Self("XDEL") {
            $0.append(key)
            $0.append(contentsOf: ids)
        }
    }
}

extension RedisCommandSender {
    /// Removes entries; gives how many there were.
    @discardableResult
    public func xdel(_ key: some RedisArgument, _ ids: [RedisStreamID]) async throws(RedisError) -> Int {
        try await send(.xdel(key, ids))
    }
}

// MARK: - xdelEx

extension RedisCommand where Response == [RedisStreamDeletion] {
    /// Removes entries as far as groups that refer to them allow it.
    public static func xdelEx(
        _ key: some RedisArgument, _ ids: [RedisStreamID], references: RedisStreamReferences
    ) -> Self {
        Self("XDELEX") {
            $0.append(key)
            $0.append(references.rawValue)
            $0.append("IDS" as StaticString)
            $0.append(ids.count)
            $0.append(contentsOf: ids)
        }
    }
}

extension RedisCommandSender {
    /// Removes entries as far as groups that refer to them allow it.
    @discardableResult
    public func xdelEx(_ key: some RedisArgument, _ ids: [RedisStreamID], references: RedisStreamReferences)
        async throws(RedisError) -> [RedisStreamDeletion]
    {
        try await send(.xdelEx(key, ids, references: references))
    }
}

// MARK: - xtrim

extension RedisCommand where Response == Int {
    /// Removes the oldest entries; gives how many.
    public static func xtrim(
        _ key: some RedisArgument, to trim: RedisStreamTrim, references: RedisStreamReferences? = nil
    ) -> Self {
        Self("XTRIM") {
            $0.append(key)
            trim.append(to: &$0)
            if let references { $0.append(references.rawValue) }
        }
    }
}

extension RedisCommandSender {
    /// Removes the oldest entries; gives how many.
    @discardableResult
    public func xtrim(
        _ key: some RedisArgument, to trim: RedisStreamTrim, references: RedisStreamReferences? = nil
    ) async throws(RedisError) -> Int {
        try await send(.xtrim(key, to: trim, references: references))
    }
}

// MARK: - xsetID

extension RedisCommand where Response == Void {
    /// Sets the last ID, and what is remembered of entries that are gone.
    public static func xsetID(
        _ key: some RedisArgument, _ id: RedisStreamID, entriesAdded: Int? = nil,
        maxDeleted: RedisStreamID? = nil
    ) -> Self {
        Self("XSETID") {
            $0.append(key)
            $0.append(id)
            if let entriesAdded {
                $0.append("ENTRIESADDED" as StaticString)
                $0.append(entriesAdded)
            }
            if let maxDeleted {
                $0.append("MAXDELETEDID" as StaticString)
                $0.append(maxDeleted)
            }
        }
    }
}

extension RedisCommandSender {
    /// Sets the last ID, and what is remembered of entries that are gone.
    public func xsetID(
        _ key: some RedisArgument, _ id: RedisStreamID, entriesAdded: Int? = nil,
        maxDeleted: RedisStreamID? = nil
    ) async throws(RedisError) {
        try await send(.xsetID(key, id, entriesAdded: entriesAdded, maxDeleted: maxDeleted))
    }
}
