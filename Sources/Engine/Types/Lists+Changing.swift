import RESP

/// Changes of a list.
///
/// As in Redis, a list becomes a row of nodes before it would be too long for one listpack, which is to be
/// asked for with `prepare`, and one listpack again with `shrink` after elements went.
extension ListValue {
    /// Becomes a row of nodes if so many elements, of so many bytes in all, would be too much for a listpack.
    @inline(__always)
    mutating func prepare(
        for count: Int, byteCount: Int, in keyspace: Keyspace, _ limits: CollectionLimits
    ) {
        switch self {
        case .packed(let listpack):
            let settings = limits.list
            let (size, isTooMuch) = listpack.byteCount.addingReportingOverflow(byteCount)
            if isTooMuch || settings.isExceeded(byteCount: size, count: listpack.count &+ count) {
                convertToNodes(listpack, settings, in: keyspace)
            }
        case .nodes(let list): list.follow(plainThreshold: limits.listPlainElement)
        }
    }

    @inline(never)
    private mutating func convertToNodes(
        _ listpack: Listpack, _ settings: QuicklistSettings, in keyspace: Keyspace
    ) {
        let list = Quicklist(settings, in: keyspace.elements)
        // Nodes lie in the arena that all collections share, as a list may move to another keyspace.
        if !listpack.isEmpty { list.append(adopting: listpack.copy(in: keyspace.elements)) }
        listpack.free(in: keyspace.arena)
        self = .nodes(list)
    }

    /// A list that was made as a row of nodes: that row, or a listpack if all fits in one.
    init(made list: Quicklist, in keyspace: Keyspace, _ limits: CollectionLimits) {
        guard let listpack = list.onlyListpack,
            limits.list.fitsListpack(
                byteCount: listpack.byteCount, count: listpack.count, shrinking: false)
        else {
            self = .nodes(list)
            return
        }
        self = .packed(listpack.copy(in: keyspace.arena))
    }

    /// Becomes a single listpack again if it is short enough, after elements were removed.
    @inline(__always)
    mutating func shrink(in keyspace: Keyspace, _ limits: CollectionLimits) {
        if case .nodes(let list) = self, list.nodeCount == 1 { convertToListpack(list, limits, in: keyspace) }
    }

    @inline(never)
    private mutating func convertToListpack(
        _ list: Quicklist, _ limits: CollectionLimits, in keyspace: Keyspace
    ) {
        guard let listpack = list.onlyListpack,
            limits.list.fitsListpack(
                byteCount: listpack.byteCount, count: listpack.count, shrinking: true)
        else { return }
        self = .packed(listpack.copy(in: keyspace.arena))
    }

    /// Gives back what the list occupies, if no entry has it.
    func free(in keyspace: Keyspace) {
        if case .packed(let listpack) = self { listpack.free(in: keyspace.arena) }
    }

    // MARK: Elements

    /// Adds a text at an end; the caller has prepared the list for it.
    @inline(__always)
    mutating func push(_ text: RawSpan, at end: ListEnd, in keyspace: Keyspace) {
        switch self {
        case .packed(var listpack):
            let arena = keyspace.arena
            if end == .left { listpack.prepend(text, in: arena) } else { listpack.append(text, in: arena) }
            self = .packed(listpack)
        case .nodes(let list):
            keyspace.arena.resize(list) { end == .left ? $0.prepend(text) : $0.append(text) }
        }
    }

    /// Removes the element at an end of a list that is not empty.
    @inline(__always)
    mutating func removeElement(at end: ListEnd, in keyspace: Keyspace) {
        switch self {
        case .packed(var listpack):
            listpack.remove(
                at: end == .left ? listpack.start : listpack.index(before: listpack.end),
                in: keyspace.arena)
            self = .packed(listpack)
        case .nodes(let list):
            keyspace.arena.resize(list) { end == .left ? $0.removeFirst() : $0.removeLast() }
        }
    }

    /// Removes `count` elements from that number on.
    mutating func remove(from index: Int, count: Int, in keyspace: Keyspace) {
        guard count > 0 else { return }
        switch self {
        case .packed(var listpack):
            guard let at = listpack.index(number: index) else { return }
            listpack.remove(at: at, count: count, in: keyspace.arena)
            self = .packed(listpack)
        case .nodes(let list):
            keyspace.arena.resize(list) { $0.remove(from: index, count: count) }
        }
    }

    /// Removes the first `most` elements that are equal to a text, or the last ones; returns how many.
    mutating func removeAll(
        equalTo text: RawSpan, most: Int, backwards: Bool, in keyspace: Keyspace
    ) -> Int {
        switch self {
        case .packed(var listpack):
            let removed = listpack.removeAll(
                equalTo: text, most: most, backwards: backwards, in: keyspace.arena)
            self = .packed(listpack)
            return removed
        case .nodes(let list):
            return keyspace.arena.resize(list) {
                $0.removeAll(equalTo: text, most: most, backwards: backwards)
            }
        }
    }

    /// Adds a text beside the element with this number, which there is; the caller has prepared the list.
    mutating func insert(_ text: RawSpan, beside index: Int, after: Bool, in keyspace: Keyspace) {
        switch self {
        case .packed(var listpack):
            let at = listpack.index(number: after ? index + 1 : index) ?? listpack.end
            listpack.insert(text, at: at, in: keyspace.arena)
            self = .packed(listpack)
        case .nodes(let list):
            keyspace.arena.resize(list) {
                after ? $0.insert(text, after: index) : $0.insert(text, before: index)
            }
        }
    }

    /// Puts a text in the place of the element with this number, which there is; the caller has prepared the
    /// list.
    mutating func replace(at index: Int, with text: RawSpan, in keyspace: Keyspace) {
        switch self {
        case .packed(var listpack):
            guard let at = listpack.index(number: index) else { return }
            listpack.replace(at: at, with: text, in: keyspace.arena)
            self = .packed(listpack)
        case .nodes(let list):
            keyspace.arena.resize(list) { $0.replace(at: index, with: text) }
        }
    }
}
