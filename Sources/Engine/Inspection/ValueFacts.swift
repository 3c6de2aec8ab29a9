import RESP

/// What DEBUG OBJECT tells of a key's value.
public struct ValueFacts: Sendable {
    /// Where the entry is kept, for comparing only.
    public let address: UInt
    public let encoding: StaticString
    /// 24 bits of seconds, or of minutes and a counter.
    public let accessClock: UInt32
    public let idleSeconds: Int64
}

extension Call {
    /// The facts of a key's value, due or not; nil without a key.
    ///
    /// The access clock stays.
    public func facts(ofValueAt key: RawSpan) -> ValueFacts? {
        guard let entry = keyspace.locate(key).entry else { return nil }
        return ValueFacts(
            // Only the address is used.
            address: unsafe UInt(bitPattern: entry.pointer), encoding: entry.kind.encoding,
            accessClock: entry.accessClock,
            idleSeconds: dataset.settings.countsFrequency
                ? 0 : AccessClock.idleSeconds(entry.accessClock, now))
    }

    /// The bytes that a key, its value and its places in table and deadline index occupy; nil without a key.
    ///
    /// Exact but for the table: each key counts for its share of a bucket.
    public mutating func memoryUse(of key: RawSpan) -> Int? {
        guard let entry = locate(key).entry else { return nil }
        var bytes = entry.allocatedSize + keyspace.table.memoryUse / max(keyspace.table.count, 1)
        if entry.hasDeadline { bytes += DeadlineIndex.bytesPerDeadline }
        return bytes + entry.outsideMemoryUse
    }
}
