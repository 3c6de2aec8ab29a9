/// Finding entries by rank, and ranks by what comes before them.
///
/// Every range is a range of ranks: `ranks(in:)` takes two descents, `count` of what it returns is the
/// answer of ZCOUNT, and `visit` or a `Position` goes through it in either direction.
extension ScoreIndex {
    /// A place in the index, valid until the index changes.
    struct Position: BitwiseCopyable {
        let leaf: ScoreNode
        let slot: Int

        var entry: Entry { @inline(__always) get { leaf.entry(at: slot) } }

        var score: Double { @inline(__always) get { leaf.score(at: slot) } }

        /// The place after this one; nil at the end.
        var next: Position? {
            @inline(__always) get {
                if slot &+ 1 < leaf.count { return Position(leaf: leaf, slot: slot &+ 1) }
                return leaf.next.map { Position(leaf: $0, slot: 0) }
            }
        }

        /// The place before this one; nil at the start.
        var previous: Position? {
            @inline(__always) get {
                if slot > 0 { return Position(leaf: leaf, slot: slot &- 1) }
                return leaf.previous.map { Position(leaf: $0, slot: $0.count &- 1) }
            }
        }

        /// Whether what is here would come before an entry that had this score.
        func precedes(_ score: Double, _ entry: Entry) -> Bool {
            self.score != score ? self.score < score : Bytes.order(self.entry.key, entry.key) < 0
        }
    }

    /// The entry with the lowest score.
    var first: Entry? { position(at: 0)?.entry }

    /// The entry with the highest score.
    var last: Entry? { position(at: count - 1)?.entry }

    /// How many entries come before one of the index.
    func rank(of entry: Entry) -> Int {
        guard var node = state.root else { preconditionFailure("the index is empty") }
        let score = entry.score
        var rank = 0
        while !node.isLeaf {
            let slot = max(node.slots(below: score, entry.key, orEqual: true) &- 1, 0)
            rank &+= node.total(of: 0..<slot)
            node = node.child(at: slot)
        }
        let slot = node.slots(below: score, entry.key, orEqual: false)
        precondition(slot < node.count && node.entry(at: slot) == entry, "the index does not have this entry")
        return rank &+ slot
    }

    /// Where the entry of a rank is; nil when there are not so many.
    func position(at rank: Int) -> Position? {
        guard rank >= 0, rank < count, var node = state.root else { return nil }
        var rest = rank
        while !node.isLeaf {
            let (slot, left) = node.slot(ofRank: rest)
            node = node.child(at: slot)
            rest = left
        }
        return Position(leaf: node, slot: rest)
    }

    /// The ranks of the entries with these scores; empty, but in its place, if there are none.
    func ranks(in range: ScoreRange) -> Range<Int> {
        let start = count(below: range.low, orEqual: range.excludesLow)
        let end = count(below: range.high, orEqual: !range.excludesHigh)
        return start..<max(start, end)
    }

    /// The ranks of the members between two bounds, in an index all of whose scores are equal.
    ///
    /// With other scores, what lies between is as undefined as it is in Redis.
    func ranks(from low: borrowing MemberBound, to high: borrowing MemberBound) -> Range<Int> {
        let start = count(below: low, orEqual: low.isExcluded)
        let end = count(below: high, orEqual: !high.isExcluded)
        return start..<max(start, end)
    }

    private func count(below bound: borrowing MemberBound, orEqual: Bool) -> Int {
        if bound.isLowest { return 0 }
        return bound.isHighest ? count : count(below: bound.member, orEqual: orEqual)
    }

    /// How many entries have a lower score, or with `orEqual` this one.
    func count(below score: Double, orEqual: Bool) -> Int {
        guard var node = state.root else { return 0 }
        var sum = 0
        while true {
            let slots = node.slots(below: score, orEqual: orEqual)
            if node.isLeaf { return sum &+ slots }
            if slots == 0 { return sum }
            sum &+= node.total(of: 0..<slots &- 1)
            node = node.child(at: slots &- 1)
        }
    }

    /// How many members come before one by their bytes, or with `orEqual` are it.
    func count(below member: borrowing RawSpan, orEqual: Bool) -> Int {
        guard var node = state.root else { return 0 }
        var sum = 0
        while true {
            let slots = node.slots(below: member, orEqual: orEqual)
            if node.isLeaf { return sum &+ slots }
            if slots == 0 { return sum }
            sum &+= node.total(of: 0..<slots &- 1)
            node = node.child(at: slots &- 1)
        }
    }

    // MARK: Visiting

    /// Calls `body` with the entries of some ranks in order, or backwards; it must not change the index.
    @inline(__always)
    func visit(_ ranks: Range<Int>, backwards: Bool = false, _ body: (Entry, Double) -> Void) {
        let ranks = ranks.clamped(to: 0..<count)
        var left = ranks.count
        var position = position(at: backwards ? ranks.upperBound &- 1 : ranks.lowerBound)
        while left > 0, let (leaf, slot) = position.map({ ($0.leaf, $0.slot) }) {
            let run = min(left, backwards ? slot &+ 1 : leaf.count &- slot)
            let slots = backwards ? slot &+ 1 &- run..<slot &+ 1 : slot..<slot &+ run
            touch(leaf, slots)
            for number in 0..<run {
                let at = backwards ? slot &- number : slot &+ number
                body(leaf.entry(at: at), leaf.score(at: at))
            }
            left &-= run
            let neighbour = backwards ? leaf.previous : leaf.next
            position = neighbour.map { Position(leaf: $0, slot: backwards ? $0.count &- 1 : 0) }
        }
    }

    /// Reads the entries of a leaf all at once: one after the other would wait for each.
    @inline(__always)
    private func touch(_ leaf: ScoreNode, _ slots: Range<Int>) {
        for slot in slots { state.touched ^= leaf.entry(at: slot).tagByte }
    }

    // MARK: Insight

    /// Stops if the index is not as it should be; for tests.
    func checkInvariants() {
        guard let root = state.root else {
            precondition(count == 0 && state.nodeCount == 0, "something is left")
            return
        }
        precondition(root.isLeaf || root.count > 1, "a useless root")
        // Level by level from the root: each level must be the children of the one above, in order.
        var level: [ScoreNode] = [root]
        var nodes = 0
        while let first = level.first {
            nodes += level.count
            var below: [ScoreNode] = []
            for (number, node) in level.enumerated() {
                precondition(node.level == first.level, "level")
                precondition(node.previous == (number > 0 ? level[number - 1] : nil), "previous")
                precondition(node.next == (number + 1 < level.count ? level[number + 1] : nil), "next")
                let isInner = number > 0 && number + 1 < level.count
                let least = isInner ? node.capacity / 3 : 1
                precondition(node.count >= least && node.count <= node.capacity, "fill")
                if !node.isLeaf { below += checkChildren(of: node) }
            }
            if first.isLeaf { checkOrder(of: level) }
            level = below
        }
        precondition(nodes == state.nodeCount && root.total == count, "count")
    }

    private func checkChildren(of node: ScoreNode) -> [ScoreNode] {
        (0..<node.count).map { slot in
            let child = node.child(at: slot)
            precondition(child.level == node.level - 1 && child.total == node.total(at: slot), "total")
            precondition(child.entry(at: 0) == node.entry(at: slot), "first entry")
            precondition(child.score(at: 0) == node.score(at: slot), "first score")
            return child
        }
    }

    private func checkOrder(of leaves: [ScoreNode]) {
        var last: Entry?
        for leaf in leaves {
            for slot in 0..<leaf.count {
                let entry = leaf.entry(at: slot)
                precondition(entry.score == leaf.score(at: slot), "score")
                precondition(last?.precedes(entry) ?? true, "order")
                last = entry
            }
        }
    }
}
