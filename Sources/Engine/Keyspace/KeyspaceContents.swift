/// What a keyspace holds, and what a flush drops in one step to be taken apart in slices later.
final class KeyspaceContents {
    let arena: Arena
    let table: EntryTable
    let deadlines: DeadlineIndex
    let fieldSchedule: FieldSchedule
    private var stage = Stage.whole

    /// How far the dismantling is.
    private enum Stage {
        /// In use, or waiting.
        case whole
        /// Only memory is left, and nobody looks into it.
        case memory
    }

    init(sipKey: SipKey, dropped: DroppedValues) {
        arena = Arena(dropped: dropped)
        table = EntryTable(arena: arena, key: sipKey)
        deadlines = DeadlineIndex(arena: arena)
        fieldSchedule = FieldSchedule(arena: arena, sipKey: sipKey)
    }

    deinit {
        // The arena does not know which of its blocks hold a reference.
        while !releaseSome(blocks: 1 << 20) {}
    }

    /// How many keys there are, or were before the dismantling began.
    var count: Int { table.count }

    /// Bytes that keys, values and indexes occupy.
    var memoryUse: Int {
        // Most of the indexes lies in the arena.
        arena.bytesReserved + arena.objectBytes + table.ownBytes + deadlines.ownBytes + fieldSchedule.ownBytes
    }

    /// Takes a slice off contents that are not used any more; true when nothing is left.
    ///
    /// A block is a piece of memory that takes about a tenth of a microsecond to give back.
    func releaseSome(blocks budget: Int) -> Bool {
        switch stage {
        case .whole:
            let buckets =
                arena.objectCount > 0
                ? max(budget / Self.blocksPerFullBucket, 1) : budget * Self.bucketsPerBlock
            guard table.abandonSome(buckets: buckets), fieldSchedule.abandonSome(buckets: buckets) else {
                return false
            }
            deadlines.abandon()
            arena.discardAll()
            stage = .memory
            return false
        case .memory:
            return arena.releaseSome(pages: max(budget / Self.blocksPerPage, 1))
        }
    }

    /// Six entries, each with a reference to follow and to release.
    private static let blocksPerFullBucket = 12
    /// Buckets that only go with their memory: 16384 of them take a tenth of a millisecond.
    private static let bucketsPerBlock = 16
    /// An arena's page has 16 of the system's.
    private static let blocksPerPage = 16
}
