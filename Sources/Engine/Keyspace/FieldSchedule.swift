import RESP

/// The hashes some of whose fields have deadlines, in the order of the earliest of each.
///
/// It knows them by their keys and is kept exact: whatever changes, moves or ends such a hash says so
/// (`Keyspace.schedule`). It must go before its arena does.
struct FieldSchedule: ~Copyable {
    private let arena: Arena
    /// Entries whose value is of no interest, by the hashes' keys.
    private let table: EntryTable
    private let index: DeadlineIndex

    init(arena: Arena, sipKey: SipKey) {
        self.arena = arena
        table = EntryTable(arena: arena, key: sipKey)
        index = DeadlineIndex(arena: arena)
    }

    /// How many hashes have a field with a deadline.
    var count: Int { @inline(__always) get { index.count } }

    /// The earliest deadline of all, and an entry with the key of its hash.
    var first: DeadlineIndex.Slot? { @inline(__always) get { index.first } }

    /// The bytes that it occupies outside its arena.
    var ownBytes: Int { table.ownBytes + index.ownBytes }

    /// Sets the earliest deadline of a hash; the end of time takes the hash out.
    func set(_ key: RawSpan, hash: UInt64, to deadline: Int64) {
        guard let entry = table.find(key: key, hash: hash) else {
            if deadline == .max { return }
            let entry = Entry.make(key: key, embedding: RawSpan(), hasDeadline: true, in: arena)
            table.insert(entry, hash: hash)
            return index.insert(entry, deadline: deadline)
        }
        if deadline == .max {
            index.remove(entry)
            table.remove(entry, hash: hash)
            entry.free(in: arena)
        } else if index.deadline(of: entry) != deadline {
            index.update(entry, deadline: deadline)
        }
    }

    /// Drops a slice, for an arena that will be discarded; true when all is gone.
    func abandonSome(buckets budget: Int) -> Bool {
        guard table.abandonSome(buckets: budget) else { return false }
        index.abandon()
        return true
    }
}

extension Keyspace {
    var fieldSchedule: FieldSchedule { @inline(__always) _read { yield contents.fieldSchedule } }

    /// How many hashes have a field with a deadline.
    public var scheduledHashes: Int { fieldSchedule.count }

    /// Notes when the next field of the hash at `slot` is due; the end of time if none is.
    @inline(__always)
    func schedule(_ slot: KeySlot, _ key: RawSpan, _ deadline: Int64) {
        if deadline == .max, fieldSchedule.count == 0 { return }
        fieldSchedule.set(key, hash: slot.hash, to: deadline)
    }

    /// Forgets the fields' deadlines of a hash that is about to lose its key.
    @inline(__always)
    func unschedule(_ slot: KeySlot) {
        guard fieldSchedule.count > 0, let entry = slot.entry, entry.mayHoldFieldDeadlines else { return }
        fieldSchedule.set(entry.key, hash: slot.hash, to: .max)
    }
}
