import RESP

/// One numbered keyspace: its keys, their values and their deadlines.
///
/// Commands reach it only through `Call`, which records what they do. Entries move when they
/// change size; the functions here keep table and deadline index in step with that.
public final class Keyspace {
    /// The number clients SELECT.
    public let number: Int
    let sipKey: SipKey
    /// Where big collections keep their elements; the same for all keyspaces of a data set.
    let elements: Arena
    /// Replaced as a whole when the keyspace is flushed, and exchanged with another's by SWAPDB.
    var contents: KeyspaceContents

    init(number: Int, sipKey: SipKey, elements: Arena, dropped: DroppedValues) {
        self.number = number
        self.sipKey = sipKey
        self.elements = elements
        contents = KeyspaceContents(sipKey: sipKey, dropped: dropped)
    }

    var arena: Arena { @inline(__always) get { contents.arena } }
    var table: EntryTable { @inline(__always) _read { yield contents.table } }
    var deadlines: DeadlineIndex { @inline(__always) _read { yield contents.deadlines } }

    /// How many keys there are, those included that are due but not deleted yet.
    public var count: Int { table.count }

    /// How many keys have a deadline.
    public var deadlineCount: Int { deadlines.count }

    /// Bytes that keys, values and indexes occupy.
    public var memoryUse: Int { contents.memoryUse }

    /// The earliest deadline in Unix milliseconds, if any key, or field of a hash, has one.
    public var firstDeadline: Int64? {
        [deadlines.first?.deadline, fieldSchedule.first?.deadline].compactMap(\.self).min()
    }

    @inline(__always)
    func hash(_ key: RawSpan) -> UInt64 { sipKey.hash(key) }

    /// The entry of `key`, due or not.
    @inline(__always)
    func locate(_ key: RawSpan) -> KeySlot {
        let hash = hash(key)
        return KeySlot(hash: hash, entry: table.find(key: key, hash: hash))
    }

    /// The deadline of an entry in Unix milliseconds.
    @inline(__always)
    func deadline(of entry: Entry) -> Int64? {
        entry.hasDeadline ? deadlines.deadline(of: entry) : nil
    }

    /// Puts a new entry in for a key that has none.
    @inline(__always)
    func insert(_ entry: Entry, at slot: inout KeySlot) {
        table.insert(entry, hash: slot.hash)
        slot.entry = entry
    }

    /// Takes over an entry that was reshaped and may have moved.
    @inline(__always)
    func update(_ slot: inout KeySlot, to entry: Entry) {
        guard let old = slot.entry, old != entry else { return }
        table.replace(old, with: entry, hash: slot.hash)
        if entry.hasDeadline { deadlines.entryMoved(entry) }
        slot.entry = entry
    }

    /// Deletes the entry.
    func remove(_ slot: inout KeySlot) {
        guard let entry = slot.entry else { return }
        if entry.hasDeadline { deadlines.remove(entry) }
        unschedule(slot)
        table.remove(entry, hash: slot.hash)
        entry.free(in: arena)
        slot.entry = nil
    }

    /// Gives the entry a deadline, or another one.
    func setDeadline(_ slot: inout KeySlot, to deadline: Int64) {
        guard let entry = slot.entry else { return }
        if entry.hasDeadline { return deadlines.update(entry, deadline: deadline) }
        let wider = entry.setHasDeadline(true, in: arena)
        if wider != entry { table.replace(entry, with: wider, hash: slot.hash) }
        slot.entry = wider
        deadlines.insert(wider, deadline: deadline)
    }

    /// Takes the entry's deadline away, if it has one.
    func removeDeadline(_ slot: inout KeySlot) {
        guard let entry = slot.entry, entry.hasDeadline else { return }
        deadlines.remove(entry)
        let narrower = entry.setHasDeadline(false, in: arena)
        if narrower != entry { table.replace(entry, with: narrower, hash: slot.hash) }
        slot.entry = narrower
    }
}

/// Where a key lives, or would: its hash and its entry, if there is one.
struct KeySlot {
    let hash: UInt64
    var entry: Entry?
    /// Whether the entry's access clock was moved when it was looked up, so that writing leaves it as it is.
    var isTouched = false
}
