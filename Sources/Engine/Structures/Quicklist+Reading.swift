/// Reading elements; nodes that are compressed stay so.
extension Quicklist {
    /// Calls `body` with `count` elements from that number on, as long as it answers true.
    ///
    /// Backwards, the element with that number is the first and lower ones follow.
    @inline(__always)
    func visit(
        from index: Int = 0, count: Int = .max, backwards: Bool = false, _ body: (PackedElement) -> Bool
    ) {
        guard index >= 0, index < self.count, count > 0 else { return }
        var left = count
        var (path, number) = locate(index)
        while true {
            let goesOn = read(path) { node in
                QuicklistNode.visit(node, from: number, left: &left, backwards: backwards, body)
            }
            guard goesOn, let next = backwards ? self.path(before: path) : self.path(after: path) else {
                return
            }
            path = next
            number = backwards ? -1 : 0
        }
    }

    /// Calls `body` with the element of this number; nil if there is none.
    func withElement<R>(at index: Int, _ body: (PackedElement) -> R) -> R? {
        guard index >= 0, index < count else { return nil }
        let (path, number) = locate(index)
        return read(path) { node in node.element(number: number).map(body) }
    }

    /// Calls `body` with the number of each element that is equal to a text, as long as it answers true.
    ///
    /// At most `most` elements are looked at, from the first on, or backwards from the last.
    func visitMatches(of text: RawSpan, backwards: Bool = false, most: Int = .max, _ body: (Int) -> Bool) {
        // The text is the caller's for the whole call.
        let sought = unsafe PackedElement(packing: text)
        var index = backwards ? count - 1 : 0
        visit(from: index, count: most, backwards: backwards) { element in
            if element.equals(sought), !body(index) { return false }
            index += backwards ? -1 : 1
            return true
        }
    }

    /// The number of the first element that is equal to a text.
    func firstIndex(of text: RawSpan) -> Int? {
        var found: Int?
        visitMatches(of: text) { index in
            found = index
            return false
        }
        return found
    }

    /// Calls `body` with the bytes of each node, a listpack or else a single plain element, for snapshots.
    func visitNodes(_ body: (_ contents: RawSpan, _ isPlain: Bool) -> Void) {
        visitPaths { path in read(path) { node in body(node.contents, node.isPlain) } }
    }

    /// The listpack of a list that has just one node, unless that is plain.
    var onlyListpack: Listpack? {
        guard nodeCount == 1 else { return nil }
        let node = node(firstPath)
        return node.isPlain ? nil : node.listpack
    }

    /// Stops if the list is not as it should be; for tests.
    func checkInvariants() {
        var (elements, nodes, bytes) = (0, 0, 0)
        for segment in 0..<state.segments.count {
            let row = state.segments[segment]
            precondition(
                row.nodes.count > 0 && row.nodes.count <= QuicklistSegment.largestNodeCount, "segment")
            bytes += row.nodes.memoryUse
            var (elementsHere, bytesHere) = (0, 0)
            for slot in 0..<row.nodes.count {
                let path = QuicklistPath(segment: segment, slot: slot)
                check(path)
                elementsHere += node(path).count
                bytesHere += node(path).memoryUse
            }
            precondition(elementsHere == row.elementCount, "elements of a segment")
            precondition(bytesHere == row.blockByteCount, "bytes of a segment")
            elements += elementsHere
            bytes += bytesHere
            nodes += row.nodes.count
        }
        precondition(elements == count && nodes == nodeCount && bytes == state.byteCount, "sums")
    }

    private func check(_ path: QuicklistPath) {
        precondition(!node(path).isCompressed || isInMiddle(path), "compressed")
        read(path) { node in
            precondition(node.count > 0, "empty node")
            precondition(node.byteCount == node.contents.byteCount, "size of a node")
            if node.isPlain { return precondition(node.count == 1, "plain node") }
            node.listpack.checkInvariants()
            precondition(node.listpack.count == node.count, "elements of a node")
        }
    }
}

extension QuicklistNode {
    /// The part of `Quicklist.visit` that is inside one node; whether it is to go on.
    @inline(__always)
    fileprivate static func visit(
        _ node: QuicklistNode, from number: Int, left: inout Int, backwards: Bool,
        _ body: (PackedElement) -> Bool
    ) -> Bool {
        if node.isPlain {
            left &-= 1
            return body(node.plainElement) && left > 0
        }
        return node.listpack.visit(from: number, left: &left, backwards: backwards, body)
    }
}
