import RESP

/// An end of a list.
enum ListEnd {
    case left
    case right
}

/// A list in whichever encoding, as commands change it.
///
/// In hand it is apart from its entry: a change may move or replace what the entry refers to, so whoever
/// changes a key's list puts it back with `Keyspace.put`.
enum ListValue {
    case packed(Listpack)
    case nodes(Quicklist)

    /// The list of an entry.
    @inline(__always)
    init(_ entry: Entry) {
        assert(entry.kind.type == .list)
        if entry.kind == .packedList {
            self = .packed(entry.listpack)
        } else {
            // The kind says what the object is.
            self = .nodes(unsafe unsafeDowncast(entry.object, to: Quicklist.self))
        }
    }

    /// An empty list.
    @inline(__always)
    init(in keyspace: Keyspace) { self = .packed(Listpack(in: keyspace.arena)) }

    /// How many elements there are.
    @inline(__always)
    var count: Int {
        switch self {
        case .packed(let listpack): listpack.count
        case .nodes(let list): list.count
        }
    }

    var isEmpty: Bool {
        @inline(__always) get {
            switch self {
            case .packed(let listpack): listpack.isEmpty
            case .nodes(let list): list.isEmpty
            }
        }
    }

    /// The element at an end, if there is one.
    @inline(__always)
    func element(at end: ListEnd) -> PackedElement? {
        switch self {
        case .packed(let listpack):
            if listpack.isEmpty { return nil }
            return listpack.element(
                at: end == .left ? listpack.start : listpack.index(before: listpack.end))
        case .nodes(let list): return end == .left ? list.first : list.last
        }
    }

    /// Calls `body` with the element of this number; nil if there is none.
    @inline(__always)
    func withElement<Answer>(at index: Int, _ body: (PackedElement) -> Answer) -> Answer? {
        switch self {
        case .packed(let listpack):
            guard index >= 0, let at = listpack.index(number: index) else { return nil }
            return body(listpack.element(at: at))
        case .nodes(let list): return list.withElement(at: index, body)
        }
    }

    /// Calls `body` with `count` elements from that number on, as long as it answers true; it must not
    /// change the list.
    ///
    /// Backwards, the element with that number is the first and lower ones follow.
    @inline(__always)
    func visit(
        from index: Int = 0, count: Int = .max, backwards: Bool = false, _ body: (PackedElement) -> Bool
    ) {
        switch self {
        case .packed(let listpack):
            var left = count
            guard index >= 0, left > 0 else { return }
            _ = listpack.visit(from: index, left: &left, backwards: backwards, body)
        case .nodes(let list): list.visit(from: index, count: count, backwards: backwards, body)
        }
    }

    /// The number of the first element with this text.
    func firstIndex(of text: RawSpan) -> Int? {
        // The text is the caller's for the whole call.
        let sought = unsafe PackedElement(packing: text)
        var (index, isFound) = (0, false)
        visit { element in
            isFound = element.equals(sought)
            if !isFound { index += 1 }
            return !isFound
        }
        return isFound ? index : nil
    }

    /// Mixes the elements into a digest, one after the other.
    func mix(into digest: inout DatasetDigest) {
        visit { element in
            element.withText { digest.mix($0) }
            return true
        }
    }
}

extension Keyspace {
    /// Gives the key of `slot` this list, in the place of the one that it was made from, or as a new key.
    @inline(__always)
    func put(_ value: ListValue, at slot: inout KeySlot, key: RawSpan) {
        if case .packed(let listpack) = value, let entry = slot.entry, entry.kind == .packedList {
            entry.listpack = listpack
        } else if case .nodes = value, let entry = slot.entry, entry.kind == .list {
            // The entry has this list.
        } else {
            putOther(value, at: &slot, key: key)
        }
    }

    /// The part of `put` for another encoding than before, or a new key.
    @inline(never)
    private func putOther(_ value: ListValue, at slot: inout KeySlot, key: RawSpan) {
        switch (value, slot.entry) {
        case (.packed(let listpack), let entry?):
            update(&slot, to: entry.replaceValue(listpack: listpack, kind: .packedList, in: arena))
        case (.packed(let listpack), nil):
            insert(Entry.make(key: key, listpack: listpack, kind: .packedList, in: arena), at: &slot)
        case (.nodes(let list), let entry?): entry.exchangeBlock(for: list, kind: .list, in: arena)
        case (.nodes(let list), nil):
            insert(Entry.make(key: key, object: list, kind: .list, in: arena), at: &slot)
        }
    }
}
