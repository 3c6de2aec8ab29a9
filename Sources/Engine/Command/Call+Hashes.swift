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

    /// Where the key that is the first argument lives if it holds a hash or nothing, for a command that
    /// will write it.
    ///
    /// No field that the arguments name is due. Others may be, of which the command sees nothing but
    /// through `finishHash`.
    @inline(__always)
    mutating func locateHash(_ arguments: Arguments) throws(CommandError) -> KeySlot {
        var slot = try locate(arguments[1], .hash)
        if let entry = slot.entry, entry.kind != .packedHash, entry.earliestFieldDeadline < now, !isReplay {
            keyspace.expireFields(
                &slot, arguments[1], before: now, most: Self.fieldsPerCommand, namedBy: arguments, dataset)
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
            let most = Self.fieldsPerCommand
            if keyspace.expireWholeHash(&slot, key, before: now, largerThan: most, dataset) { return nil }
            _ = keyspace.expireFields(&slot, key, before: now, most: most, dataset)
        }
        guard let entry = slot.entry else { return nil }
        let hash = ReadHash(value: HashValue(entry), cutoff: now)
        return hash.value.isDue(before: now) ? nil : hash
    }

    /// Due fields that a command deletes at most of those that it does not name: a fraction of a
    /// millisecond.
    private static let fieldsPerCommand = 256

    /// Puts a changed hash back, and tells of the change; a hash of which nothing is left goes with its key.
    @inline(__always)
    mutating func finishHash(
        _ edit: HashEdit, at slot: inout KeySlot, key: RawSpan, _ event: KeyspaceEvent, count: Int = 1
    ) {
        let isNew = slot.entry == nil
        keyspace.put(edit, at: &slot, key: key)
        finishChange(key, &slot, isNew: isNew, event, count: count)
    }

    /// The same after fields were removed, when those that are left may all be due.
    mutating func finishRemoval(_ edit: HashEdit, at slot: inout KeySlot, key: RawSpan, count: Int = 1) {
        finishHash(edit, at: &slot, key: key, .hdel, count: count)
        guard let entry = slot.entry, entry.earliestFieldDeadline < now, !isReplay else { return }
        _ = keyspace.expireWholeHash(&slot, key, before: now, largerThan: 0, dataset)
    }
}
