import RESP

/// Access to keys. Reading counts hits and moves access clocks; whatever is due is gone first.
extension Call {
    // MARK: Reading

    /// The entry of `key` for a command that reads it, or nil when there is none.
    mutating func read(_ key: RawSpan) -> Entry? {
        let entry = locate(key).entry
        guard let entry else {
            dataset.statistics.misses &+= 1
            effects.notify(key, .keymiss, in: keyspace.number)
            return nil
        }
        dataset.statistics.hits &+= 1
        if !leavesClocks { touch(entry) }
        return entry
    }

    /// The entry of `key` if it holds a string; throws when it holds something else.
    @inline(__always)
    mutating func readString(_ key: RawSpan) throws(CommandError) -> Entry? {
        guard let entry = read(key) else { return nil }
        guard entry.kind.isString else { throw .wrongType }
        return entry
    }

    /// Where `key` lives, for a command that will write it or only wants to know; due keys are gone.
    @inline(__always)
    mutating func locate(_ key: RawSpan) -> KeySlot {
        locate(key, in: keyspace)
    }

    /// Where `key` lives if it holds a string or nothing.
    @inline(__always)
    mutating func locateString(_ key: RawSpan) throws(CommandError) -> KeySlot {
        let slot = use(key)
        if let entry = slot.entry, !entry.kind.isString { throw .wrongType }
        return slot
    }

    /// Where `key` lives, for a command that uses it whether or not it comes to change it.
    @inline(__always)
    mutating func use(_ key: RawSpan) -> KeySlot {
        var slot = locate(key)
        use(&slot)
        return slot
    }

    /// Moves the access clock of what a slot holds.
    @inline(__always)
    mutating func use(_ slot: inout KeySlot) {
        guard let entry = slot.entry else { return }
        if !leavesClocks { touch(entry) }
        slot.isTouched = true
    }

    /// Where `key` lives in a certain keyspace, or would; due keys are gone.
    @inline(__always)
    mutating func locate(_ key: RawSpan, in keyspace: Keyspace) -> KeySlot {
        var slot = keyspace.locate(key)
        if let entry = slot.entry, isDue(entry, in: keyspace) { hide(&slot, key, in: keyspace) }
        return slot
    }

    /// Takes a key that is due out of sight: deletes it, unless the server is paused.
    @inline(never)
    private func hide(_ slot: inout KeySlot, _ key: RawSpan, in keyspace: Keyspace) {
        if keepsDueKeys || dataset.frozen.holds(key, in: keyspace.number) {
            // Nothing that writes it runs meanwhile, so nothing is put in the key's place.
            slot.entry = nil
        } else {
            keyspace.expire(&slot, key, dataset)
        }
    }

    /// Whether the entry's time is over, so that it counts as gone.
    @inline(__always)
    func isDue(_ entry: Entry, in keyspace: Keyspace) -> Bool {
        entry.hasDeadline && keyspace.deadlines.deadline(of: entry) < now && !isReplay
    }

    /// Whether a key that is given this deadline is to be deleted instead.
    @inline(__always)
    func isPast(_ deadline: Int64) -> Bool { deadline <= now && !isReplay }

    // MARK: Writing

    /// Stores a string under `key`, whatever was there before.
    ///
    /// The deadline goes, unless `keepsDeadline`; a creation is told as such. The memory of `block`,
    /// which holds the string, becomes the value's own, unless somebody has the command's words told:
    /// these are copied when the command ends, and the value may be gone by then.
    mutating func store(
        _ key: RawSpan, at slot: inout KeySlot, string: RawSpan, block: BulkBlock? = nil,
        keepsDeadline: Bool = false, event: KeyspaceEvent
    ) {
        let isNew = slot.entry == nil
        if !keepsDeadline { keyspace.removeDeadline(&slot) }
        let isTold = block != nil && !effects.interest.isDisjoint(with: [.commands, .words])
        keyspace.put(string, at: &slot, key: key, adopting: isTold ? nil : block)
        finishWrite(key, slot, isNew: isNew, event)
    }

    /// Stores a whole number under `key`; a deadline stays.
    mutating func store(_ key: RawSpan, at slot: inout KeySlot, integer: Int64, event: KeyspaceEvent) {
        let isNew = slot.entry == nil
        keyspace.put(integer, at: &slot, key: key)
        finishWrite(key, slot, isNew: isNew, event)
    }

    /// Lends the string of `key` for changes in place, grown with zeros to at least `count` bytes.
    ///
    /// A missing key starts as an empty string; a deadline stays.
    mutating func mutateString(
        _ key: RawSpan, at slot: inout KeySlot, count: Int, event: KeyspaceEvent,
        _ body: (inout MutableRawSpan) -> Void
    ) {
        let isNew = slot.entry == nil
        keyspace.mutateString(at: &slot, key: key, count: count, body)
        finishWrite(key, slot, isNew: isNew, event)
    }

    /// Appends to the string of `key`, and returns how long it is now.
    mutating func appendString(
        _ key: RawSpan, at slot: inout KeySlot, _ suffix: RawSpan, event: KeyspaceEvent
    ) -> Int {
        let isNew = slot.entry == nil
        let count = keyspace.appendString(at: &slot, key: key, suffix)
        finishWrite(key, slot, isNew: isNew, event)
        return count
    }

    /// Deletes the entry and says that this happened.
    ///
    /// `count` is how many changes that is: the elements that a command has taken out.
    mutating func remove(
        _ key: RawSpan, at slot: inout KeySlot, event: KeyspaceEvent = .del, count: Int = 1
    ) {
        guard slot.entry != nil else { return }
        keyspace.remove(&slot)
        effects.changed(key, event, in: keyspace.number, count: count)
    }

    /// Gives the entry a deadline in Unix milliseconds; nil takes it away.
    ///
    /// With a `count` of 0 it is part of a change that was told.
    mutating func setDeadline(
        _ key: RawSpan, at slot: inout KeySlot, to deadline: Int64?, event: KeyspaceEvent, count: Int = 1
    ) {
        if let deadline {
            keyspace.setDeadline(&slot, to: deadline)
            effects.earliestDeadline = min(effects.earliestDeadline, deadline)
        } else {
            keyspace.removeDeadline(&slot)
        }
        effects.changed(key, event, in: keyspace.number, count: count)
    }

    /// Deletes a key instead of giving it a deadline that has passed.
    ///
    /// As in Redis that is a deletion by the client and none by expiry: neither event nor count say so.
    mutating func removePast(_ key: RawSpan, at slot: inout KeySlot) {
        guard slot.entry != nil else { return }
        remove(key, at: &slot)
        effects.propagate(in: keyspace.number) {
            [Array(dataset.settings.wordForDueKeys.description.utf8), [UInt8](key)]
        }
    }

    // MARK: Clocks and expiry

    /// Tells of a write and moves the entry's access clock, unless it was moved before; every verb that writes
    /// a value ends with it.
    @inline(__always)
    mutating func finishWrite(
        _ key: RawSpan, _ slot: KeySlot, isNew: Bool, _ event: KeyspaceEvent, count: Int = 1
    ) {
        if let entry = slot.entry {
            if isNew { start(entry) } else if !slot.isTouched, !leavesClocks { touch(entry) }
        }
        if isNew { effects.notify(key, .new, in: keyspace.number) }
        effects.changed(key, event, in: keyspace.number, count: count)
    }

    /// Sets the access clock of a new entry.
    @inline(__always)
    func start(_ entry: Entry) {
        entry.accessClock = AccessClock.initial(now, dataset.settings)
    }

    /// Moves the access clock of an entry that was used.
    @inline(__always)
    mutating func touch(_ entry: Entry) {
        if dataset.settings.countsFrequency {
            entry.accessClock = AccessClock.counted(entry.accessClock, now, dataset.settings, &dataset.random)
        } else {
            entry.accessClock = AccessClock.seconds(now)
        }
    }

}

extension Keyspace {
    /// Deletes a key that is due, and tells so.
    @inline(never)
    func expire(_ slot: inout KeySlot, _ key: RawSpan, _ dataset: Dataset) {
        remove(&slot)
        dataset.statistics.expired &+= 1
        dataset.effects.deleted(key, .expired, in: number, as: dataset.settings.wordForDueKeys)
    }
}
