/// What keys and keyspaces have let go of and whose memory is given back in slices.
///
/// It holds no key that a command could see: a flush is complete once contents have come here.
public final class Discarded {
    let values = DroppedValues()
    private var contents: [KeyspaceContents] = []
    /// How many keys and values have gone this way, but for those that still wait (`lazyfreed_objects`).
    public var released: UInt64 = 0

    /// Called when there is something where there was nothing.
    public var whenFilled: (() -> Void)? {
        didSet { values.whenFilled = whenFilled }
    }

    init() {}

    /// Whether all memory was given back.
    public var isEmpty: Bool { contents.isEmpty && values.count == 0 }

    /// How many keys and values wait, as INFO tells it (`lazyfree_pending_objects`).
    public var count: Int { contents.reduce(values.count) { $0 + $1.count } }

    /// Bytes that flushed contents and dropped values still occupy; a value counts whole until it is gone.
    public var memoryUse: Int { contents.reduce(values.memoryUse) { $0 + $1.memoryUse } }

    /// Takes over the contents of a flushed keyspace.
    func add(_ flushed: KeyspaceContents) {
        contents.append(flushed)
        if contents.count == 1 { whenFilled?() }
    }

    /// Gives the next slice of memory back; true when nothing is left.
    ///
    /// A block takes about a tenth of a microsecond.
    public func releaseSome(blocks budget: Int) -> Bool {
        let before = count
        defer { released &+= UInt64(max(before - count, 0)) }
        if values.count > 0 {
            _ = values.releaseSome(blocks: budget)
        } else if let last = contents.last, last.releaseSome(blocks: budget) {
            contents.removeLast()
        }
        return isEmpty
    }
}

extension Keyspace {
    /// Deletes all keys in one step, and returns how many there were.
    func flush(into discarded: Discarded) -> Int {
        let count = count
        // A table that was emptied key by key still has its buckets.
        if table.bucketCount == 0 { return 0 }
        let flushed = contents
        contents = KeyspaceContents(sipKey: sipKey, dropped: discarded.values)
        discarded.add(flushed)
        return count
    }
}
