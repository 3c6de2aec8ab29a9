/// Removing many elements; whole nodes are handed over, to be freed in slices if they are many.
extension Quicklist {
    /// Removes `count` elements from that number on, or as many as there are.
    func remove(from index: Int, count: Int) {
        guard index >= 0, index < self.count, count > 0 else { return }
        var left = min(count, self.count - index)
        let start = locate(index)
        var (path, number) = (Optional(start.path), start.number)
        var rest = Remainder(of: self)
        while left > 0, let current = path {
            let segmentSize = state.segments[current.segment].elementCount
            if number == 0, current.slot == 0, left >= segmentSize {
                rest.add(takeSegment(current.segment))
                path = current.segment < state.segments.count ? current : nil
                left -= segmentSize
                continue
            }
            let size = node(current).count
            if number == 0, left >= size {
                let taken = takeNode(at: current)
                rest.add(taken.node)
                path = taken.next
                left -= size
                continue
            }
            let removed = min(left, size - number)
            mutate(current) { list in
                if let index = list.index(number: number) {
                    list.remove(at: index, count: removed, in: arena)
                }
            }
            left -= removed
            path = self.path(after: current)
            number = 0
        }
        rest.drop()
        settle()
        joinSegments(near: min(start.path.segment, state.segments.count - 1))
    }

    /// Removes the first `most` elements that are equal to a text, or the last ones; returns how many.
    func removeAll(equalTo text: RawSpan, most: Int = .max, backwards: Bool = false) -> Int {
        // The text is the caller's for the whole call.
        let sought = unsafe PackedElement(packing: text)
        var removed = 0
        var matches: [Int] = []
        var rest = Remainder(of: self)
        var path: QuicklistPath? = isEmpty ? nil : backwards ? lastPath : firstPath
        while let current = path, removed < most {
            matches.removeAll(keepingCapacity: true)
            read(current) { node in node.collect(sought, into: &matches) }
            matches.keep(most - removed, backwards: backwards)
            removed += matches.count
            let before = self.path(before: current)
            if matches.count == node(current).count {
                let taken = takeNode(at: current)
                rest.add(taken.node)
                path = backwards ? before : taken.next
                continue
            }
            if !matches.isEmpty { mutate(current) { $0.remove(at: matches, in: arena) } }
            path = backwards ? before : self.path(after: current)
        }
        if removed > 0 {
            rest.drop()
            settle()
            for segment in (0..<state.segments.count).reversed() { joinSegments(near: segment) }
        }
        return removed
    }

    /// Nodes that a list has let go of, which are freed together: at once, or in slices if they are many.
    struct Remainder {
        private let settings: QuicklistSettings
        private let arena: Arena
        private var nodes: Quicklist?

        init(of list: Quicklist) {
            settings = list.settings
            arena = list.arena
        }

        private mutating func collected() -> Quicklist {
            if let nodes { return nodes }
            let list = Quicklist(settings, in: arena)
            nodes = list
            return list
        }

        mutating func add(_ segment: QuicklistSegment) { collected().append(segment) }

        mutating func add(_ node: QuicklistNode) {
            let list = collected()
            list.insert(node, at: list.endPath)
        }

        /// Frees the nodes, or has it done.
        mutating func drop() {
            // Given away, as what others refer to as well is not freed in slices.
            if let nodes = nodes.take() { DroppedValues.drop(consume nodes, into: arena.dropped) }
        }
    }
}

extension Listpack {
    /// Removes the first `most` elements that are equal to a text, or the last ones; returns how many.
    mutating func removeAll(equalTo text: RawSpan, most: Int, backwards: Bool, in arena: Arena) -> Int {
        // The text is the caller's for the whole call.
        let sought = unsafe PackedElement(packing: text)
        var matches: [Int] = []
        collect(sought, into: &matches)
        matches.keep(most, backwards: backwards)
        remove(at: matches, in: arena)
        return matches.count
    }

    /// Adds the offsets of all elements with this text.
    fileprivate func collect(_ sought: PackedElement, into matches: inout [Int]) {
        var from = start
        while from < end, let found = find(sought, from: from) {
            matches.append(found)
            from = index(after: found)
        }
    }
}

extension QuicklistNode {
    /// Adds the places of all elements with this text; the offsets of a listpack, or 0.
    fileprivate func collect(_ sought: PackedElement, into matches: inout [Int]) {
        guard isPlain else { return listpack.collect(sought, into: &matches) }
        if plainElement.equals(sought) { matches.append(0) }
    }
}

extension [Int] {
    /// Forgets all but the first `most`, or the last ones.
    fileprivate mutating func keep(_ most: Int, backwards: Bool) {
        guard count > most else { return }
        if backwards { removeFirst(count - most) } else { removeLast(count - most) }
    }
}
