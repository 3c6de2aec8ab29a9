import RESP

/// What INFO, MEMORY STATS and DEBUG HTSTATS tell of one numbered keyspace.
public struct KeyspaceFigures: Sendable {
    public var number = 0
    public var keys = 0
    public var deadlines = 0
    /// Hashes with a field that has a deadline.
    public var hashesWithDeadlines = 0
    /// Mean time to live in milliseconds, of a sample of the keys with deadlines.
    public var meanTimeToLive: Int64 = 0
    /// Bytes of the hash table alone, and of the deadline index alone.
    public var tableBytes = 0
    public var deadlineBytes = 0
    /// Bytes of the hash table's buckets: it keeps some when the last key goes, until it is flushed.
    public var bucketBytes = 0
}

extension Keyspace {
    /// Deadlines looked at for `meanTimeToLive`: a few microseconds.
    private static let sampledDeadlines = 256

    /// The present figures.
    public func figures(now: Int64) -> KeyspaceFigures {
        KeyspaceFigures(
            number: number, keys: count, deadlines: deadlineCount, hashesWithDeadlines: scheduledHashes,
            meanTimeToLive: max(deadlines.meanDeadline(of: Self.sampledDeadlines) ?? now, now) - now,
            tableBytes: table.memoryUse, deadlineBytes: deadlines.memoryUse, bucketBytes: table.bucketBytes
        )
    }

    /// How evenly the table is filled: looks at every bucket.
    public func spread() -> TableSpread { TableSpread(of: table) }
}

/// How the entries of a table are spread over its buckets.
public struct TableSpread: Sendable {
    public let entries: Int
    public let buckets: Int
    public var emptyBuckets = 0
    /// The most entries that share a bucket.
    public var longestChain = 0
    /// For each count of entries how many buckets have so many.
    public var chains: [Int] = []

    init(of table: borrowing EntryTable) {
        let statistics = table.statistics()
        (entries, buckets) = (statistics.entries, statistics.buckets)
        emptyBuckets = statistics.emptyBuckets
        longestChain = statistics.longestChain
        chains = [Int](repeating: 0, count: statistics.longestChain + 1)
        for index in 0..<statistics.buckets { chains[table.chainCount(table.bucket(at: index))] += 1 }
    }
}

extension Call {
    /// How evenly the table of a key's value is filled; nil if it has none.
    public func spread(ofValueAt key: RawSpan) -> TableSpread? {
        guard let entry = keyspace.locate(key).entry else { return nil }
        switch entry.kind {
        case .set, .hash, .sortedSet:
            // The kind says what the object is.
            return entry.withObject { TableSpread(of: unsafe unsafeDowncast($0, to: TableValue.self).table) }
        default: return nil
        }
    }
}

extension Dataset {
    /// Keys' bytes in memory that is not `malloc`'s: blocks in use, and all that is held for them.
    public var mappedMemory: (used: Int, held: Int) {
        var used = elements.bytesInUse - elements.state.largeBytes
        var held = elements.bytesReserved - elements.state.largeBytes
        for keyspace in keyspaces {
            let arena = keyspace.arena
            let table = keyspace.table.mappedBytes
            used += arena.bytesInUse - arena.state.largeBytes + table
            held += arena.bytesReserved - arena.state.largeBytes + table
        }
        return (max(used, 0), held)
    }
}

extension EntryTable {
    /// Bytes of segments that come from neither `malloc` nor the arena: those of 64 KiB and more.
    ///
    /// Segments double, so the smaller ones together are as big as the first that is mapped.
    var mappedBytes: Int { max(bucketCount * Bucket.byteCount - 65536, 0) }
}
