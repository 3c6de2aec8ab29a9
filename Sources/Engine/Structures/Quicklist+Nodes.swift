/// Some neighbouring nodes of a quicklist.
struct QuicklistSegment: BitwiseCopyable {
    /// More nodes are two segments: adding one in the middle moves half of 2 KiB at most.
    static var largestNodeCount: Int { @inline(__always) get { 128 } }

    var nodes = Deck<QuicklistNode>()
    /// The elements of all nodes.
    var elementCount = 0
    /// The bytes of all nodes' blocks.
    var blockByteCount = 0
}

/// Which node of a quicklist is meant, until nodes come or go.
struct QuicklistPath: Equatable, BitwiseCopyable {
    var segment: Int
    var slot: Int
}

/// The row of nodes.
///
/// Every change of a node goes through `change`, `insert(_:at:)` and `takeNode(at:)`, which keep the sums.
extension Quicklist {
    var firstPath: QuicklistPath { @inline(__always) get { QuicklistPath(segment: 0, slot: 0) } }

    /// The last node of a list that is not empty.
    var lastPath: QuicklistPath {
        @inline(__always) get {
            let segment = state.segments.count &- 1
            return QuicklistPath(segment: segment, slot: state.segments[segment].nodes.count &- 1)
        }
    }

    /// Behind the last node.
    var endPath: QuicklistPath {
        let segment = state.segments.count - 1
        return segment < 0
            ? firstPath : QuicklistPath(segment: segment, slot: state.segments[segment].nodes.count)
    }

    @inline(__always)
    func node(_ path: QuicklistPath) -> QuicklistNode { state.segments[path.segment].nodes[path.slot] }

    /// The node behind another, if there is one.
    func path(after path: QuicklistPath) -> QuicklistPath? {
        if path.slot + 1 < state.segments[path.segment].nodes.count {
            return QuicklistPath(segment: path.segment, slot: path.slot + 1)
        }
        return path.segment + 1 < state.segments.count
            ? QuicklistPath(segment: path.segment + 1, slot: 0) : nil
    }

    /// The node in front of another, if there is one.
    func path(before path: QuicklistPath) -> QuicklistPath? {
        if path.slot > 0 { return QuicklistPath(segment: path.segment, slot: path.slot - 1) }
        if path.segment == 0 { return nil }
        return QuicklistPath(
            segment: path.segment - 1, slot: state.segments[path.segment - 1].nodes.count - 1)
    }

    /// Calls `body` for every node from the first to the last.
    func visitPaths(_ body: (QuicklistPath) -> Void) {
        var path: QuicklistPath? = isEmpty ? nil : firstPath
        while let current = path {
            body(current)
            path = self.path(after: current)
        }
    }

    /// The node with the element of this number, which there is, and the element's number in the node.
    func locate(_ index: Int) -> (path: QuicklistPath, number: Int) {
        precondition(index >= 0 && index < count)
        return index * 2 < count ? locate(fromFirst: index) : locate(fromLast: count - 1 - index)
    }

    private func locate(fromFirst distance: Int) -> (path: QuicklistPath, number: Int) {
        var left = distance
        var path = firstPath
        while left >= state.segments[path.segment].elementCount {
            left -= state.segments[path.segment].elementCount
            path.segment += 1
        }
        let nodes = state.segments[path.segment].nodes
        while left >= nodes[path.slot].count {
            left -= nodes[path.slot].count
            path.slot += 1
        }
        return (path, left)
    }

    private func locate(fromLast distance: Int) -> (path: QuicklistPath, number: Int) {
        var left = distance
        var path = QuicklistPath(segment: state.segments.count - 1, slot: 0)
        while left >= state.segments[path.segment].elementCount {
            left -= state.segments[path.segment].elementCount
            path.segment -= 1
        }
        let nodes = state.segments[path.segment].nodes
        path.slot = nodes.count - 1
        while left >= nodes[path.slot].count {
            left -= nodes[path.slot].count
            path.slot -= 1
        }
        return (path, nodes[path.slot].count - 1 - left)
    }

    // MARK: Changing

    /// Lets `body` change a node.
    @inline(__always)
    func change<R>(_ path: QuicklistPath, _ body: (inout QuicklistNode) -> R) -> R {
        let before = node(path)
        var after = before
        let memory = before.memoryUse
        let result = body(&after)
        state.segments[path.segment].nodes[path.slot] = after
        let growth = after.memoryUse &- memory
        if growth != 0 {
            state.segments[path.segment].blockByteCount &+= growth
            state.byteCount &+= growth
        }
        let difference = after.count &- before.count
        if difference != 0 {
            state.segments[path.segment].elementCount &+= difference
            state.count &+= difference
        }
        return result
    }

    /// Puts a node in front of that at `path`, or behind the last; returns where it is.
    @discardableResult
    func insert(_ node: QuicklistNode, at path: QuicklistPath) -> QuicklistPath {
        let path = makeRoom(at: path)
        changeRow(path.segment) { $0.insert(node, at: path.slot, in: arena) }
        let memory = node.memoryUse
        state.segments[path.segment].elementCount += node.count
        state.segments[path.segment].blockByteCount += memory
        state.count += node.count
        state.nodeCount += 1
        state.byteCount += memory
        return path
    }

    /// Takes a node out of the list; returns where the one behind it is now, if there is one.
    @discardableResult
    func takeNode(at path: QuicklistPath) -> (node: QuicklistNode, next: QuicklistPath?) {
        let next = self.path(after: path)
        let node = changeRow(path.segment) { $0.remove(at: path.slot, in: arena) }
        let memory = node.memoryUse
        state.segments[path.segment].elementCount -= node.count
        state.segments[path.segment].blockByteCount -= memory
        state.count -= node.count
        state.nodeCount -= 1
        state.byteCount -= memory
        let isGone = state.segments[path.segment].nodes.count == 0
        if isGone { state.segments.remove(at: path.segment, in: arena) }
        guard let next else { return (node, nil) }
        if next.segment == path.segment { return (node, path) }
        return (node, QuicklistPath(segment: path.segment + (isGone ? 0 : 1), slot: 0))
    }

    /// Frees a node with its elements; returns where the one behind it is now, if there is one.
    @discardableResult
    func removeNode(at path: QuicklistPath) -> QuicklistPath? {
        let taken = takeNode(at: path)
        if taken.node.isPlain, taken.node.memoryUse > Self.freedAtOnce {
            var rest = Remainder(of: self)
            rest.add(taken.node)
            rest.drop()
        } else {
            taken.node.free(in: arena)
        }
        return taken.next
    }

    /// A block of so many bytes is freed in some ten microseconds.
    private static var freedAtOnce: Int { 256 << 10 }

    /// Takes a whole segment out of the list.
    func takeSegment(_ index: Int) -> QuicklistSegment {
        let segment = state.segments.remove(at: index, in: arena)
        state.count -= segment.elementCount
        state.nodeCount -= segment.nodes.count
        state.byteCount -= segment.blockByteCount + segment.nodes.memoryUse
        return segment
    }

    /// Adds a segment of another list of the same arena behind the last.
    func append(_ segment: QuicklistSegment) {
        state.segments.insert(segment, at: state.segments.count, in: arena)
        state.count += segment.elementCount
        state.nodeCount += segment.nodes.count
        state.byteCount += segment.blockByteCount + segment.nodes.memoryUse
    }

    @discardableResult
    private func changeRow<R>(_ segment: Int, _ body: (inout Deck<QuicklistNode>) -> R) -> R {
        let before = state.segments[segment].nodes.memoryUse
        let result = body(&state.segments[segment].nodes)
        state.byteCount += state.segments[segment].nodes.memoryUse - before
        return result
    }

    // MARK: Segments

    /// Sees to it that the segment of a path has room; returns the path of the same place afterwards.
    private func makeRoom(at path: QuicklistPath) -> QuicklistPath {
        let segments = state.segments.count
        if segments == 0 {
            state.segments.insert(QuicklistSegment(), at: 0, in: arena)
            return path
        }
        let nodeCount = state.segments[path.segment].nodes.count
        if nodeCount < QuicklistSegment.largestNodeCount { return path }
        // At the ends full segments stay full.
        if path.segment == segments - 1, path.slot == nodeCount {
            state.segments.insert(QuicklistSegment(), at: segments, in: arena)
            return QuicklistPath(segment: segments, slot: 0)
        }
        if path.segment == 0, path.slot == 0 {
            state.segments.insert(QuicklistSegment(), at: 0, in: arena)
            return path
        }
        let half = nodeCount / 2
        state.segments.insert(QuicklistSegment(), at: path.segment + 1, in: arena)
        moveNodes(from: path.segment, half..<nodeCount, to: path.segment + 1)
        return path.slot <= half ? path : QuicklistPath(segment: path.segment + 1, slot: path.slot - half)
    }

    /// Joins a segment that has become short with one beside it.
    func joinSegments(near segment: Int) {
        for left in [segment, segment - 1] where left >= 0 && left + 1 < state.segments.count {
            let count = state.segments[left + 1].nodes.count
            guard state.segments[left].nodes.count + count <= QuicklistSegment.largestNodeCount / 2 else {
                continue
            }
            moveNodes(from: left + 1, 0..<count, to: left)
            state.segments.remove(at: left + 1, in: arena)
        }
    }

    /// Moves nodes to the end of another segment.
    private func moveNodes(from source: Int, _ slots: Range<Int>, to target: Int) {
        for _ in slots {
            let node = changeRow(source) { $0.remove(at: slots.lowerBound, in: arena) }
            changeRow(target) { $0.insert(node, at: $0.count, in: arena) }
            let memory = node.memoryUse
            state.segments[source].elementCount -= node.count
            state.segments[target].elementCount += node.count
            state.segments[source].blockByteCount -= memory
            state.segments[target].blockByteCount += memory
        }
    }
}
