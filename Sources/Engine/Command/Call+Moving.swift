import RESP

/// Giving a value another key or keyspace; its deadline goes along.
extension Call {
    /// Lets `newKey` have the value and the deadline of `key`, which is gone then.
    ///
    /// What `newKey` held before is dropped without an event of its own but `overwritten`.
    mutating func rename(_ key: RawSpan, at slot: inout KeySlot, to newKey: RawSpan, at target: inout KeySlot)
    {
        guard let entry = slot.entry else { return }
        let number = keyspace.number
        let overwritten = put(entry, as: entry.sharedObject, under: newKey, at: &target, in: keyspace)
        keyspace.remove(&slot)
        effects.changed(key, .renameFrom, in: number)
        effects.changed(newKey, .renameTo, in: number, count: 0)
        tellOverwritten(newKey, overwritten, target, in: number)
    }

    /// Moves `key` to another keyspace, which must not have it.
    mutating func move(_ key: RawSpan, at slot: inout KeySlot, to other: Keyspace, at target: inout KeySlot) {
        guard let entry = slot.entry else { return }
        _ = put(entry, as: entry.sharedObject, under: key, at: &target, in: other)
        keyspace.remove(&slot)
        effects.changed(key, .moveFrom, in: keyspace.number)
        effects.changed(key, .moveTo, in: other.number, count: 0)
    }

    /// Gives `newKey` in some keyspace a copy of the value of `entry`, and its deadline.
    mutating func copy(_ entry: Entry, to newKey: RawSpan, at target: inout KeySlot, in other: Keyspace) {
        copy(entry, as: entry.sharedObject?.copy(), to: newKey, at: &target, in: other)
    }

    /// The same with a copy, made before, of the value outside the entry, if it has one.
    mutating func copy(
        _ entry: Entry, as object: Value?, to newKey: RawSpan, at target: inout KeySlot, in other: Keyspace
    ) {
        let overwritten = put(entry, as: object, under: newKey, at: &target, in: other)
        effects.changed(newKey, .copyTo, in: other.number)
        tellOverwritten(newKey, overwritten, target, in: other.number)
    }

    /// Puts the value of an entry of this keyspace under another key; returns the type that was there before.
    ///
    /// `object` is what a value outside the entry is to be, shared or copied.
    private mutating func put(
        _ entry: Entry, as object: Value?, under key: RawSpan, at target: inout KeySlot, in other: Keyspace
    ) -> DataType? {
        let deadline = keyspace.deadline(of: entry)
        let before = target.entry?.kind.type
        if target.entry != nil { other.remove(&target) }
        let copy = entry.copied(key: key, object: object, hasDeadline: deadline != nil, in: other.arena)
        other.insert(copy, at: &target)
        if let deadline {
            other.deadlines.insert(copy, deadline: deadline)
            effects.earliestDeadline = min(effects.earliestDeadline, deadline)
        }
        let earliest = copy.earliestFieldDeadline
        if earliest != .max {
            other.schedule(target, key, earliest)
            effects.earliestDeadline = min(effects.earliestDeadline, earliest)
        }
        start(copy)
        effects.notify(key, .new, in: other.number)
        return before
    }

    private func tellOverwritten(_ key: RawSpan, _ before: DataType?, _ slot: KeySlot, in database: Int) {
        guard let before else { return }
        effects.notify(key, .overwritten, in: database)
        if slot.entry?.kind.type != before { effects.notify(key, .typeChanged, in: database) }
    }
}

extension Entry {
    /// The value outside the entry, if that is where it is.
    var sharedObject: Value? { kind.holdsObject ? object : nil }

    /// An entry of another key, and perhaps of another arena, with the same value.
    fileprivate func copied(key: RawSpan, object: Value?, hasDeadline: Bool, in arena: Arena) -> Entry {
        if let object {
            return .make(key: key, object: object, kind: kind, hasDeadline: hasDeadline, in: arena)
        }
        if kind.holdsBytes {
            return .make(key: key, embedding: embedded, kind: kind, hasDeadline: hasDeadline, in: arena)
        }
        if kind == .integerSet {
            return .make(
                key: key, integerSet: integerSet.copy(in: arena), hasDeadline: hasDeadline, in: arena)
        }
        if kind.holdsBlock {
            return .make(
                key: key, listpack: listpack.copy(in: arena), kind: kind, hasDeadline: hasDeadline, in: arena)
        }
        return .make(key: key, integer: integer, hasDeadline: hasDeadline, in: arena)
    }
}
