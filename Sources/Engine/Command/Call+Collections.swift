import RESP

/// Access to keys that hold collections. A type's own file changes the value; this finds it and tells of
/// the change.
extension Call {
    /// The entry of `key` for a command that reads it, if it holds this type; throws when it holds another.
    @inline(__always)
    mutating func read(_ key: RawSpan, _ type: DataType) throws(CommandError) -> Entry? {
        guard let entry = read(key) else { return nil }
        guard entry.kind.type == type else { throw .wrongType }
        return entry
    }

    /// Where `key` lives if it holds this type or nothing, for a command that will write it.
    @inline(__always)
    mutating func locate(_ key: RawSpan, _ type: DataType) throws(CommandError) -> KeySlot {
        let slot = use(key)
        if let entry = slot.entry, entry.kind.type != type { throw .wrongType }
        return slot
    }

    /// Takes back a reply, and throws, when it grows beyond what a server can hold: clients may ask for any
    /// number of random picks.
    @inline(__always)
    mutating func boundReply(since mark: Int) throws(CommandError) {
        guard reply.count - mark > Self.longestReply else { return }
        reply.buffer.truncate(to: mark)
        throw .valueOutOfRange
    }

    /// Answers with `picks` picks of the elements of `key`, of which there are `count`, behind a head; in slices
    /// if there are many, and not at all if they would be more than a server can hold.
    mutating func writePicks(
        _ key: RawSpan, _ picks: Int, of count: Int, _ head: (inout ReplyWriter) -> Void,
        _ pick: @escaping (inout ReplyWriter) -> Void
    ) throws(CommandError) {
        guard slices(picks) else {
            let mark = reply.mark()
            head(&reply)
            for _ in 0..<picks {
                pick(&reply)
                try boundReply(since: mark)
            }
            return
        }
        // A reply that has begun can't be taken back: elements are judged by how long they are on average.
        let average = (locate(key).entry?.outsideMemoryUse ?? 0) / max(count, 1)
        guard picks <= Self.longestReply / (average + 1) else { throw .valueOutOfRange }
        head(&reply)
        var left = picks
        writeInSlices(holding: key) { reply, slice in
            let goal = max(left - slice.elements, 0)
            while left > goal, !slice.isFull(reply) {
                pick(&reply)
                left -= 1
            }
            return left > 0
        }
    }

    /// A gibibyte, which is also the most that a client may leave unread.
    private static let longestReply = 1 << 30

    /// Tells of a change to the collection at `slot`, which goes if it has become empty, and moves its
    /// access clock.
    ///
    /// `isNew` says that the change has made the key, `count` how many elements it has changed.
    mutating func finishChange(
        _ key: RawSpan, _ slot: inout KeySlot, isNew: Bool = false, _ event: KeyspaceEvent, count: Int = 1
    ) {
        finishWrite(key, slot, isNew: isNew, event, count: count)
        if let entry = slot.entry, entry.isEmptyCollection {
            // Part of the change that was told.
            keyspace.remove(&slot)
            effects.notify(key, .del, in: keyspace.number)
        }
    }

    /// Gives `key` a collection made for it, whatever it held before, and tells so; an empty one is not
    /// stored, and the key goes.
    ///
    /// For the commands that store a result, which is `count` changes. `fill` puts the elements in, in the slot
    /// of a key that does not exist.
    mutating func replace(
        _ key: RawSpan, _ event: KeyspaceEvent, count: Int = 1,
        _ fill: (Keyspace, inout KeySlot) -> Void
    ) {
        var slot = locate(key)
        let before = slot.entry?.kind.type
        use(&slot)
        let clock = slot.entry?.accessClock
        if slot.entry != nil { keyspace.remove(&slot) }
        fill(keyspace, &slot)
        guard let entry = slot.entry else {
            if before != nil { effects.changed(key, .del, in: keyspace.number) }
            return
        }
        if let clock { entry.accessClock = clock } else { start(entry) }
        if let before {
            effects.notify(key, .overwritten, in: keyspace.number)
            if entry.kind.type != before { effects.notify(key, .typeChanged, in: keyspace.number) }
        } else {
            effects.notify(key, .new, in: keyspace.number)
        }
        effects.changed(key, event, in: keyspace.number, count: count)
    }
}

extension Entry {
    /// Whether the value is a collection without elements, which no key may keep.
    var isEmptyCollection: Bool {
        if kind.holdsBlock { return kind == .integerSet ? integerSet.isEmpty : listpack.isEmpty }
        return kind.holdsObject && withObject(\.isEmpty)
    }
}

extension ReplyWriter {
    /// An element of a packed structure as a bulk string.
    @inline(__always)
    mutating func bulk(_ element: PackedElement) {
        if let integer = element.integer { bulk(decimal: integer) } else { bulk(element.bytes) }
    }
}
