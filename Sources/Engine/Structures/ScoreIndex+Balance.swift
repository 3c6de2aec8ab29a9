/// Keeping nodes neither too full nor too empty.
extension ScoreIndex {
    /// A full node gives slots to a neighbour that has room for at least so many, before it is split.
    private static var sharedRoom: Int { @inline(__always) get { 6 } }

    /// A new node that belongs to the index.
    func makeNode(level: Int) -> ScoreNode {
        state.nodeCount &+= 1
        return ScoreNode.make(level: level, in: arena)
    }

    /// Frees a node that its parent has forgotten.
    private func drop(_ node: ScoreNode) {
        node.previous?.next = node.next
        node.next?.previous = node.previous
        node.free(in: arena)
        state.nodeCount &-= 1
    }

    // MARK: Growing

    /// Puts a slot into a leaf before another; `path` leads to the leaf and counts the new entry already.
    @inline(__always)
    func add(_ new: ScoreNode.Slot, at slot: Int, to leaf: ScoreNode, _ path: inout Path) {
        if leaf.count < ScoreNode.leafCapacity {
            leaf.insert(new, at: slot)
        } else {
            addToFull(new, at: slot, leaf, &path)
        }
    }

    @inline(never)
    private func addToFull(_ new: ScoreNode.Slot, at place: Int, _ leaf: ScoreNode, _ path: inout Path) {
        var (new, slot, node) = (new, place, leaf)
        while node.count == node.capacity {
            let (parent, index) = path.pop() ?? (addRoot(), 0)
            if share(new, at: slot, node, parent, index) { return }
            let (sibling, isBefore) = split(node, adding: new, at: slot)
            parent.refresh(index)
            new = sibling.asSlot
            slot = isBefore ? index : index &+ 1
            node = parent
        }
        node.insert(new, at: slot)
    }

    /// A root above the root.
    private func addRoot() -> ScoreNode {
        guard let old = state.root else { preconditionFailure("a full node is in no tree") }
        let root = makeNode(level: old.level + 1)
        root.insert(old.asSlot, at: 0)
        state.root = root
        return root
    }

    /// Adds a slot to a full node after it gave some to a neighbour; false if neither has enough room.
    private func share(
        _ new: ScoreNode.Slot, at slot: Int, _ node: ScoreNode, _ parent: ScoreNode, _ index: Int
    ) -> Bool {
        // At the edges full nodes are left behind: who appends or prepends goes on doing so.
        if ScoreIndex.isEdge(slot, of: node) { return false }
        let most = node.capacity &- ScoreIndex.sharedRoom
        if index &+ 1 < parent.count, case let right = parent.child(at: index &+ 1), right.count <= most {
            let kept = (node.count &+ right.count) / 2
            node.move(kept..<node.count, to: right, at: 0)
            if slot <= kept { node.insert(new, at: slot) } else { right.insert(new, at: slot &- kept) }
            parent.refresh(index &+ 1)
        } else if index > 0, case let left = parent.child(at: index &- 1), left.count <= most {
            let given = node.count &- (node.count &+ left.count) / 2
            let end = left.count &+ slot
            node.move(0..<given, to: left, at: left.count)
            if slot < given { left.insert(new, at: end) } else { node.insert(new, at: slot &- given) }
            parent.refresh(index &- 1)
        } else {
            return false
        }
        parent.refresh(index)
        return true
    }

    /// Adds a slot to a full node and a new sibling of it, which is returned.
    private func split(
        _ node: ScoreNode, adding new: ScoreNode.Slot, at slot: Int
    ) -> (ScoreNode, isBefore: Bool) {
        let sibling = makeNode(level: node.level)
        if slot == 0, node.previous == nil {
            sibling.next = node
            node.previous = sibling
            sibling.insert(new, at: 0)
            return (sibling, true)
        }
        sibling.previous = node
        sibling.next = node.next
        node.next?.previous = sibling
        let isLast = node.next == nil && slot == node.count
        node.next = sibling
        if isLast {
            sibling.insert(new, at: 0)
            return (sibling, false)
        }
        let kept = node.count / 2
        node.move(kept..<node.count, to: sibling, at: 0)
        if slot <= kept { node.insert(new, at: slot) } else { sibling.insert(new, at: slot &- kept) }
        return (sibling, false)
    }

    /// Whether what is inserted there comes before or after all of the level.
    private static func isEdge(_ slot: Int, of node: ScoreNode) -> Bool {
        slot == 0 && node.previous == nil || slot == node.count && node.next == nil
    }

    // MARK: Shrinking

    /// Drops slots of a leaf to which `path` leads.
    func remove(_ slots: Range<Int>, of leaf: ScoreNode, _ path: consuming Path) {
        leaf.remove(slots)
        state.count &-= slots.count
        var node = leaf
        while let (parent, index) = path.pop() {
            if node.count == 0 {
                drop(node)
                parent.remove(index..<index &+ 1)
            } else {
                parent.setFirst(node.score(at: 0), node.entry(at: 0), at: index)
                parent.setTotal(parent.total(at: index) &- slots.count, at: index)
                if node.count < node.capacity / 3 { balance(parent, index) }
            }
            node = parent
        }
        lowerRoot()
    }

    /// Merges a node that has few slots with a neighbour, or takes some of the neighbour's.
    @inline(never)
    private func balance(_ parent: ScoreNode, _ index: Int) {
        if parent.count < 2 { return }
        let first = index &+ 1 < parent.count ? index : index &- 1
        let (left, right) = (parent.child(at: first), parent.child(at: first &+ 1))
        let sum = left.count &+ right.count
        if sum <= left.capacity * 7 / 8 {
            right.move(0..<right.count, to: left, at: left.count)
            drop(right)
            parent.remove(first &+ 1..<first &+ 2)
        } else if left.count < sum / 2 {
            right.move(0..<sum / 2 &- left.count, to: left, at: left.count)
            parent.refresh(first &+ 1)
        } else {
            left.move(sum / 2..<left.count, to: right, at: 0)
            parent.refresh(first &+ 1)
        }
        parent.refresh(first)
    }

    /// Drops roots that have no choice to offer.
    private func lowerRoot() {
        while let root = state.root {
            if root.count == 0 {
                state.root = nil
                drop(root)
            } else if !root.isLeaf, root.count == 1 {
                state.root = root.child(at: 0)
                drop(root)
            } else {
                return
            }
        }
    }

    // MARK: Teardown

    /// Frees the next slice of the index with its entries, about `budget` of them; true when nothing is left.
    ///
    /// After the first call the index must not be used in any other way until it is empty, nor the
    /// entries: whatever else refers to them forgets them first.
    func releaseSome(entries budget: Int) -> Bool {
        releaseNodes(budget, withEntries: true)
    }

    /// Forgets everything; nodes and entries go with their arena, which is discarded afterwards.
    func abandon() {
        state = State()
    }

    /// Frees nodes level by level from the root on.
    func releaseNodes(_ budget: Int, withEntries: Bool) -> Bool {
        var budget = budget
        if let root = state.root {
            state.root = nil
            state.doomed = root
            state.doomedBelow = root.isLeaf ? nil : root.child(at: 0)
        }
        while budget > 0, let node = state.doomed {
            if withEntries, node.isLeaf {
                for slot in 0..<node.count { node.entry(at: slot).free(in: arena) }
            }
            budget &-= node.count
            state.count &-= node.isLeaf ? node.count : 0
            state.doomed = node.next
            if state.doomed == nil, let below = state.doomedBelow {
                state.doomed = below
                state.doomedBelow = below.isLeaf ? nil : below.child(at: 0)
            }
            node.next?.previous = nil
            node.next = nil
            drop(node)
        }
        return state.doomed == nil
    }
}

extension ScoreNode {
    /// Writes anew what a slot says of its child.
    fileprivate func refresh(_ slot: Int) {
        let child = child(at: slot)
        setFirst(child.score(at: 0), child.entry(at: 0), at: slot)
        setTotal(child.total, at: slot)
    }
}
