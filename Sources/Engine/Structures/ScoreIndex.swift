/// The members of a big sorted set in order: a B+ tree that counts what lies below each of its nodes.
///
/// Entries are ordered by score, then by member, and are found by rank, score or member in logarithmic
/// time; the members' hash table is somebody else's (`EntryTable`, over the same entries). Scores stand
/// beside the entries' addresses, so a search looks at an entry only where scores are equal. A leaf has
/// room for 62 entries and is four fifths full after random insertions: about 20 bytes an entry.
/// Entries that are appended or prepended in order leave full leaves behind.
///
/// The index does not own its entries, which must stay where they are as long as it has them. It must
/// go before its arena does; store it in a `let`.
@safe struct ScoreIndex: ~Copyable {
    struct State {
        var root: ScoreNode?
        var count = 0
        var nodeCount = 0
        /// What `releaseSome` takes next, and the first node of the level below.
        var doomed: ScoreNode?
        var doomedBelow: ScoreNode?
        /// Takes what `visit` reads ahead, so that the compiler does not leave the reading out.
        var touched: UInt8 = 0
    }

    let arena: Arena
    private let statePointer: UnsafeMutablePointer<State>

    init(arena: Arena) {
        self.arena = arena
        // Lives until `deinit`.
        unsafe statePointer = UnsafeMutablePointer<State>.allocate(capacity: 1)
        // As above.
        unsafe statePointer.initialize(to: State())
    }

    deinit {
        _ = releaseNodes(.max, withEntries: false)
        // Nobody can reach the index any more.
        unsafe statePointer.deallocate()
    }

    var state: State {
        @inline(__always) _read {
            // Lives as long as the index does.
            yield unsafe statePointer.pointee
        }
        @inline(__always) nonmutating _modify {
            // Lives as long as the index does.
            yield unsafe &statePointer.pointee
        }
    }

    /// How many entries there are.
    var count: Int { @inline(__always) get { state.count } }

    /// The bytes that the index occupies, those in its arena included, without its entries.
    var memoryUse: Int { state.nodeCount * ScoreNode.byteCount + ownBytes }

    /// The bytes that the index occupies outside its arena.
    var ownBytes: Int { MemoryLayout<State>.stride }

    // MARK: Changing

    /// Adds an entry, whose member the index does not have.
    func insert(_ entry: Entry) {
        let score = entry.score
        precondition(!score.isNaN)
        var node = startNode()
        var path = Path(node)
        while !node.isLeaf {
            let slots = node.slots(below: score, entry.key, orEqual: false)
            if slots == 0 { node.setFirst(score, entry, at: 0) }
            node = descend(from: node, max(slots &- 1, 0), adding: 1, &path)
        }
        let slot = node.slots(below: score, entry.key, orEqual: false)
        add(ScoreNode.Slot(score: score, entry: entry), at: slot, to: node, &path)
        state.count &+= 1
    }

    /// Adds an entry that comes after all others, without a search: a sorted sequence in linear time.
    func append(_ entry: Entry) {
        let score = entry.score
        precondition(!score.isNaN && last.map { $0.precedes(entry) } ?? true)
        var node = startNode()
        var path = Path(node)
        while !node.isLeaf { node = descend(from: node, node.count &- 1, adding: 1, &path) }
        add(ScoreNode.Slot(score: score, entry: entry), at: node.count, to: node, &path)
        state.count &+= 1
    }

    /// Takes an entry out of the index; the entry itself stays.
    func remove(_ entry: Entry) {
        let (leaf, slot, path) = find(entry)
        remove(slot..<slot &+ 1, of: leaf, path)
    }

    /// Takes the entries of some ranks out of the index, and calls `body` with each in order.
    ///
    /// `body` may free the entry but must not use the index. The cost is that of the entries and a
    /// descent for each leaf, so who must not stall takes some thousand at a time.
    func remove(ranks: Range<Int>, _ body: (Entry) -> Void) {
        var left = ranks.clamped(to: 0..<count).count
        while left > 0, let (leaf, slot, path) = find(rank: ranks.lowerBound) {
            let removed = min(left, leaf.count &- slot)
            // The leaf may be freed, and an entry must not be while it is still in the index.
            var entries = InlineArray<62, Entry>(repeating: leaf.entry(at: slot))
            for number in 0..<removed { entries[number] = leaf.entry(at: slot &+ number) }
            remove(slot..<slot &+ removed, of: leaf, path)
            for number in 0..<removed { body(entries[number]) }
            left &-= removed
        }
    }

    /// Gives an entry of the index another score; in place if the order allows it.
    func update(_ entry: Entry, score: Double) {
        precondition(!score.isNaN)
        var (leaf, slot, path) = find(entry)
        let position = Position(leaf: leaf, slot: slot)
        let (before, after) = (position.previous, position.next)
        guard before.map({ $0.precedes(score, entry) }) ?? true,
            after.map({ !$0.precedes(score, entry) }) ?? true
        else {
            remove(slot..<slot &+ 1, of: leaf, path)
            entry.score = score
            return insert(entry)
        }
        entry.score = score
        leaf.setFirst(score, entry, at: slot)
        while slot == 0, let (parent, index) = path.pop() {
            parent.setFirst(score, entry, at: index)
            slot = index
        }
    }

    // MARK: Descending

    /// The inner nodes from the root on to a leaf, and which of their slots were taken.
    struct Path {
        /// Nodes but the root and those at the edges have at least ten children: enough for 10^15 entries.
        private var nodes: InlineArray<16, ScoreNode>
        private var slots = InlineArray<16, Int>(repeating: 0)
        private var count = 0

        @inline(__always)
        init(_ root: ScoreNode) { nodes = InlineArray(repeating: root) }

        @inline(__always)
        mutating func push(_ node: ScoreNode, _ slot: Int) {
            nodes[count] = node
            slots[count] = slot
            count &+= 1
        }

        /// The last node and its slot; nil above the root.
        @inline(__always)
        mutating func pop() -> (ScoreNode, Int)? {
            if count == 0 { return nil }
            count &-= 1
            return (nodes[count], slots[count])
        }
    }

    /// The root, which is made if there is none.
    @inline(__always)
    private func startNode() -> ScoreNode {
        if let root = state.root { return root }
        let root = makeNode(level: 0)
        state.root = root
        return root
    }

    @inline(__always)
    private func descend(
        from node: ScoreNode, _ slot: Int, adding count: Int, _ path: inout Path
    ) -> ScoreNode {
        path.push(node, slot)
        node.setTotal(node.total(at: slot) &+ count, at: slot)
        return node.child(at: slot)
    }

    /// Where an entry is; stops if the index does not have it.
    private func find(_ entry: Entry) -> (leaf: ScoreNode, slot: Int, path: Path) {
        guard var node = state.root else { preconditionFailure("the index is empty") }
        let score = entry.score
        var path = Path(node)
        while !node.isLeaf {
            let slot = max(node.slots(below: score, entry.key, orEqual: true) &- 1, 0)
            path.push(node, slot)
            node = node.child(at: slot)
        }
        let slot = node.slots(below: score, entry.key, orEqual: false)
        precondition(slot < node.count && node.entry(at: slot) == entry, "the index does not have this entry")
        return (node, slot, path)
    }

    /// Where the entry of a rank is; nil when there are not so many.
    private func find(rank: Int) -> (leaf: ScoreNode, slot: Int, path: Path)? {
        guard rank >= 0, rank < count, var node = state.root else { return nil }
        var path = Path(node)
        var rest = rank
        while !node.isLeaf {
            let (slot, left) = node.slot(ofRank: rest)
            path.push(node, slot)
            node = node.child(at: slot)
            rest = left
        }
        return (node, rest, path)
    }
}
