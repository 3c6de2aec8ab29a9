/// A stream: entries in the order of their IDs, packed in nodes, and the groups that read them.
///
/// Where Redis has a radix tree of listpacks, the nodes here are records of 32 bytes in sorted rows. Which
/// entries share a node is decided as in Redis, down to the byte, as clients see it: `~` trims whole nodes,
/// and XINFO counts them.
@safe final class Stream: Value {
    struct State: BitwiseCopyable {
        var nodes = SortedRows<StreamNode>()
        /// Entries that are not deleted.
        var count = 0
        /// The ID of the last entry ever added, or what XSETID made of it.
        var lastID = StreamID.zero
        /// The first entry that is not deleted; zero if there is none.
        var firstID = StreamID.zero
        /// The largest ID that was deleted by name.
        var maxDeletedID = StreamID.zero
        /// How many entries were ever added.
        var entriesAdded: UInt64 = 0
        /// The bytes of all nodes' blocks.
        var nodeBytes = 0
        /// The bytes of all groups.
        var groupBytes = 0
    }

    let arena: Arena
    private let pinned = Pinned(State())
    private var isHeld = false
    /// In the order of their names.
    var groups: [ConsumerGroup] = []

    /// An empty stream whose blocks will be in an arena, which lives as long as the stream does.
    init(in arena: Arena) {
        self.arena = arena
        super.init()
    }

    deinit {
        while !releaseSome(blocks: .max) {}
    }

    var state: State {
        @inline(__always) _read { yield pinned.state }
        @inline(__always) _modify { yield &pinned.state }
    }

    override var isCounted: Bool {
        get { isHeld }
        set { isHeld = newValue }
    }

    /// How many entries there are.
    var count: Int { @inline(__always) get { state.count } }

    // MARK: What a value answers

    override var memoryUse: Int {
        Self.objectBytes &+ state.nodeBytes &+ state.nodes.memoryUse &+ state.groupBytes
    }

    /// The object and its state, both as `malloc` rounds them.
    private static let objectBytes = 64 + 160

    override func copy() -> Value {
        let copy = Stream(in: arena)
        copy.state = state
        copy.state.nodes = state.nodes.copy(in: arena) { $0.copy(in: arena) }
        copy.state.nodeBytes = 0
        copy.state.nodes.forEach { node in
            copy.state.nodeBytes += node.memoryUse
            return true
        }
        copy.groups = groups.map { $0.twin() }
        copy.state.groupBytes = copy.groups.reduce(0) { $0 + $1.memoryUse }
        return copy
    }

    override func mix(into digest: inout DatasetDigest) {
        forEach(from: .zero, through: .largest) { (entry, node) in
            // The ID is mixed in with a dot, as Redis does.
            let (high, low) = (entry.id.milliseconds, entry.id.sequence)
            let id = Array("\(high).\(low)".utf8)
            // The array lives until it is mixed in.
            unsafe digest.mix(id.span.bytes)
            node.forEachField(of: entry) { (field, value) in
                field.withText { digest.mix($0) }
                value.withText { digest.mix($0) }
            }
            return true
        }
    }

    override var releaseCost: Int {
        groups.reduce(state.nodes.count) { $0 + $1.releaseCost }
    }

    override func releaseSome(blocks budget: Int) -> Bool {
        let arena = arena
        guard state.nodes.freeSome(blocks: budget, in: arena, { $0.free(in: arena) }) else { return false }
        guard let last = groups.last else { return true }
        if last.releaseSome(blocks: budget) { groups.removeLast() }
        return groups.isEmpty
    }

    // MARK: Nodes

    /// Lets `body` change a node.
    @inline(__always)
    func change<R>(_ path: RowPath, _ body: (inout StreamNode) -> R) -> R {
        var node = state.nodes[path]
        let before = node.memoryUse
        let result = body(&node)
        state.nodeBytes &+= node.memoryUse &- before
        state.nodes[path] = node
        return result
    }

    /// Puts a node behind all others.
    func append(_ node: StreamNode) {
        state.nodeBytes += node.memoryUse
        state.nodes.append(node, in: arena)
    }

    /// Frees a node with its entries; returns where the one behind it is now.
    @discardableResult
    func removeNode(at path: RowPath) -> RowPath? {
        let node = state.nodes[path]
        state.nodeBytes -= node.memoryUse
        state.count -= node.liveCount
        node.free(in: arena)
        return state.nodes.remove(at: path, in: arena)
    }

    /// Stops if nodes, groups and figures disagree; for tests.
    func checkInvariants() {
        state.nodes.checkInvariants()
        var (entries, bytes, previous, first) = (0, 0, StreamID?.none, StreamID?.none)
        state.nodes.forEach { node in
            node.listpack.checkInvariants()
            let masterCount = node.masterFields.count
            var (offset, live, deleted) = (node.firstOffset, 0, 0)
            while offset < node.endOffset {
                let entry = node.entry(at: offset, masterCount: masterCount)
                precondition(previous.map { $0 < entry.id } ?? true, "order")
                previous = entry.id
                if entry.isDeleted { deleted += 1 } else { live += 1 }
                if !entry.isDeleted, first == nil { first = entry.id }
                offset = node.offset(after: entry)
                precondition(
                    node.entry(before: offset, masterCount: masterCount)?.offset == entry.offset, "backwards")
            }
            precondition(offset == node.endOffset, "a node's entries")
            precondition(live == node.liveCount && deleted == node.deletedCount, "a node's counts")
            entries += live
            bytes += node.memoryUse
            return true
        }
        precondition(entries == count && bytes == state.nodeBytes, "the stream's figures")
        precondition(first ?? .zero == state.firstID && previous ?? .zero <= state.lastID, "the ends")
        for group in groups { group.checkInvariants() }
        precondition(groups.reduce(0) { $0 + $1.memoryUse } == state.groupBytes, "the groups' bytes")
    }
}
