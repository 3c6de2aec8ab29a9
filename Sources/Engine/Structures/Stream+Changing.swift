import RESP

/// Deleting entries, and what the rest looks like.
extension Stream {
    /// Deletes an entry; false if there is none with this ID.
    ///
    /// `settleFirst` makes up for the first ID, once after one or more deletions.
    func delete(_ id: StreamID) -> Bool {
        guard let (entry, path) = find(id) else { return false }
        if state.nodes[path].liveCount == 1 {
            removeNode(at: path)
        } else {
            let arena = arena
            change(path) { node in
                node.mark(entry)
                node.countDeleted(1, in: arena)
            }
            state.count -= 1
        }
        return true
    }

    /// Notes which entry is the first after some were deleted.
    func settleFirst() {
        state.firstID = state.count == 0 ? .zero : firstEntryID() ?? .zero
    }

    /// How many nodes and branches a radix tree of the nodes' IDs has, as Redis keeps them.
    ///
    /// Counted from what each ID has in common with the next: a branch where two part, a stretch of bytes
    /// between two branches if it is not empty, and a leaf for each ID.
    var radixTreeNodeCount: Int {
        if state.nodes.isEmpty { return 1 }
        // The depths of the branches above the current leaf.
        var branches: [Int] = []
        var total = 0
        var previous: StreamID?
        func close(to depth: Int) {
            // What hangs below `depth` is complete: each has its stretch of bytes from the branch above it.
            var below = 16
            while let last = branches.last, last > depth {
                total += below - last > 1 ? 1 : 0
                branches.removeLast()
                total += 1
                below = last
            }
            total += below - depth > 1 ? 1 : 0
            if branches.last != depth { branches.append(depth) }
        }
        state.nodes.forEach { node in
            if let previous { close(to: previous.commonBytes(node.id)) }
            total += 1
            previous = node.id
            return true
        }
        var below = 16
        while let last = branches.popLast() {
            total += below - last > 1 ? 1 : 0
            total += 1
            below = last
        }
        return total + (below > 0 ? 1 : 0)
    }
}
