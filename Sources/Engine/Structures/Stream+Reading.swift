import RESP

/// Going through a stream from one entry to the next, leaving out those that are deleted.
struct StreamCursor: BitwiseCopyable {
    private let nodes: SortedRows<StreamNode>
    private var path: RowPath?
    private(set) var node: StreamNode
    private var masterCount = 0
    /// Where the next entry is, or behind the one that comes next when going backwards.
    private var offset = 0
    private let end: StreamID

    /// Entries from `start` on up to `end`; nil if there is no node with any.
    @inline(__always)
    init?(_ nodes: SortedRows<StreamNode>, from start: StreamID, through end: StreamID) {
        guard let path = nodes.lastPath(through: start) ?? nodes.first else { return nil }
        self.nodes = nodes
        self.end = end
        self.path = path
        node = nodes[path]
        let master = node.masterFields
        masterCount = master.count
        offset = node.firstOffset
        if start > node.id { seek(start) }
    }

    /// Passes the entries of the first node that are below `start`.
    private mutating func seek(_ start: StreamID) {
        // Whoever reads what is new is close to the end.
        var behind = node.endOffset
        var left = Self.stepsFromEnd
        while left > 0, let entry = node.entry(before: behind, masterCount: masterCount) {
            if entry.id < start {
                offset = behind
                return
            }
            behind = entry.offset
            left -= 1
        }
        while offset < node.endOffset {
            let entry = node.entry(at: offset, masterCount: masterCount)
            if entry.id >= start { return }
            offset = node.offset(after: entry)
        }
    }

    /// So many entries are looked at from the end of a node before it is read from its start.
    private static var stepsFromEnd: Int { 8 }

    /// The next entry, deleted or not; nil at the end.
    @inline(__always)
    mutating func nextOfAny() -> StreamEntry? {
        while offset >= node.endOffset {
            guard let current = path, let next = nodes.path(after: current) else { return nil }
            path = next
            node = nodes[next]
            masterCount = node.masterFields.count
            offset = node.firstOffset
        }
        let entry = node.entry(at: offset, masterCount: masterCount)
        return entry.id > end ? nil : entry
    }

    /// The next entry, at which the cursor stays until `pass`; nil at the end.
    @inline(__always)
    mutating func next() -> StreamEntry? {
        while let entry = nextOfAny() {
            if !entry.isDeleted { return entry }
            pass(entry)
        }
        return nil
    }

    /// Goes behind an entry.
    @inline(__always)
    mutating func pass(_ entry: StreamEntry) { offset = node.offset(after: entry) }

    /// Where the node of the last entry is.
    var nodePath: RowPath? { path }
}

/// Reading entries.
extension Stream {
    /// Calls `body` with the entries from `start` to `end` until it returns false; it must not change the
    /// stream.
    @inline(__always)
    func forEach(
        from start: StreamID, through end: StreamID, _ body: (StreamEntry, StreamNode) -> Bool
    ) {
        guard var cursor = StreamCursor(state.nodes, from: start, through: end) else { return }
        while let entry = cursor.next() {
            if !body(entry, cursor.node) { return }
            cursor.pass(entry)
        }
    }

    /// The same from `end` down to `start`.
    func forEachReversed(
        from start: StreamID, through end: StreamID, _ body: (StreamEntry, StreamNode) -> Bool
    ) {
        var path = state.nodes.lastPath(through: end)
        while let current = path {
            let node = state.nodes[current]
            let masterCount = node.masterFields.count
            var behind = node.endOffset
            while let entry = node.entry(before: behind, masterCount: masterCount) {
                behind = entry.offset
                if entry.id > end { continue }
                if entry.id < start { return }
                if !entry.isDeleted, !body(entry, node) { return }
            }
            path = state.nodes.path(before: current)
        }
    }

    /// How many entries lie between two IDs, at most so many: whole nodes know.
    func count(from start: StreamID, through end: StreamID, most: Int) -> Int {
        guard start <= end, let last = state.nodes.lastPath(through: end),
            var path = state.nodes.lastPath(through: start) ?? state.nodes.first
        else { return 0 }
        var count = 0
        func countSingly(from start: StreamID, through end: StreamID) {
            forEach(from: start, through: end) { (_, _) in
                count += 1
                return count < most
            }
        }
        let lastID = state.nodes[last].id
        if state.nodes[path].id < start || path == last {
            let next = path == last ? nil : state.nodes.path(after: path)
            let bound = next.flatMap { state.nodes[$0].id.predecessor } ?? end
            countSingly(from: start, through: min(bound, end))
            guard let next, count < most else { return min(count, most) }
            path = next
        }
        while path != last, count < most {
            count += state.nodes[path].liveCount
            guard let next = state.nodes.path(after: path) else { break }
            path = next
        }
        if count < most, path == last { countSingly(from: max(lastID, start), through: end) }
        return min(count, most)
    }

    /// The entry with this ID and where its node is; nil if there is none or it is deleted.
    func find(_ id: StreamID) -> (entry: StreamEntry, path: RowPath)? {
        guard var cursor = StreamCursor(state.nodes, from: id, through: id), let entry = cursor.next(),
            let path = cursor.nodePath
        else { return nil }
        return (entry, path)
    }

    /// The ID of the last entry that is not deleted; nil if there is none.
    var lastEntryID: StreamID? {
        var id: StreamID?
        forEachReversed(from: .zero, through: .largest) { (entry, _) in
            id = entry.id
            return false
        }
        return id
    }

    /// The ID of the first entry; nil if there is none.
    func firstEntryID(includingDeleted: Bool = false) -> StreamID? {
        guard var cursor = StreamCursor(state.nodes, from: .zero, through: .largest) else { return nil }
        return (includingDeleted ? cursor.nextOfAny() : cursor.next())?.id
    }
}
