import RESP

/// A hash as a command reads it: fields that are due before `cutoff` are not there.
struct ReadHash {
    let value: HashValue
    /// The beginning of time if nothing is due.
    var cutoff = Int64.min
}

/// Access to hashes: what is due of their fields is gone first.
extension Call {
    /// The hash of `key` for a command that reads it; nil if there is none.
    @inline(__always)
    mutating func readHash(_ key: RawSpan) throws(CommandError) -> ReadHash? {
        guard let entry = try read(key, .hash) else { return nil }
        if entry.kind == .packedHash || entry.earliestFieldDeadline >= now {
            return ReadHash(value: HashValue(entry))
        }
        return readDueHash(entry, key)
    }

    /// Where `key` lives if it holds a hash or nothing, for a command that will write it.
    @inline(__always)
    mutating func locateHash(_ key: RawSpan) throws(CommandError) -> KeySlot {
        var slot = try locate(key, .hash)
        if let entry = slot.entry, entry.kind != .packedHash, entry.earliestFieldDeadline < now, !isReplay {
            _ = keyspace.expireFields(&slot, key, before: now, most: .max, dataset)
        }
        return slot
    }

    /// Before which time fields count as gone; the beginning of time if none of the entry's hash does.
    func cutoff(of entry: Entry) -> Int64 {
        entry.earliestFieldDeadline < now && !isReplay ? now : .min
    }

    /// Deletes some of the fields that are due; those that are left only look gone.
    @inline(never)
    private mutating func readDueHash(_ entry: Entry, _ key: RawSpan) -> ReadHash? {
        if isReplay { return ReadHash(value: HashValue(entry)) }
        var slot = KeySlot(hash: keyspace.hash(key), entry: entry)
        if !keepsDueKeys, !dataset.frozen.holds(key, in: keyspace.number) {
            _ = keyspace.expireFields(&slot, key, before: now, most: Self.fieldsPerRead, dataset)
        }
        guard let entry = slot.entry else { return nil }
        let hash = ReadHash(value: HashValue(entry), cutoff: now)
        return hash.value.count(cutoff: now) == 0 ? nil : hash
    }

    /// Due fields that a read deletes at most: a fraction of a millisecond.
    private static let fieldsPerRead = 1024

    /// Puts a changed hash back, and tells of the change; an empty hash goes with its key.
    @inline(__always)
    mutating func finishHash(
        _ edit: HashEdit, at slot: inout KeySlot, key: RawSpan, _ event: KeyspaceEvent
    ) {
        let isNew = slot.entry == nil
        keyspace.put(edit, at: &slot, key: key)
        finishChange(key, &slot, isNew: isNew, event)
    }
}
