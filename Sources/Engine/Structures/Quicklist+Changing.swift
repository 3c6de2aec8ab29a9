/// Changes at any place; they fill, split and merge nodes as Redis does.
extension Quicklist {
    /// Adds a listpack of the same arena as the last node; one without elements is freed.
    func append(adopting list: Listpack) {
        if list.isEmpty { return list.free(in: arena) }
        insert(QuicklistNode(list), at: endPath)
        settle()
    }

    /// Adds a text as a plain node behind the last, however long it is; for snapshots.
    func append(plain text: RawSpan) {
        insert(QuicklistNode(plain: text, in: arena), at: endPath)
        settle()
    }

    /// Gives the only node's listpack away, and is empty then; nil without a change if there is none.
    func takeOnlyListpack() -> Listpack? {
        guard let list = onlyListpack else { return nil }
        takeNode(at: firstPath)
        return list
    }

    /// Adds a text in front of the element with this number, which there is.
    func insert(_ text: RawSpan, before index: Int) {
        insert(text, at: index, after: false)
    }

    /// Adds a text behind the element with this number, which there is.
    func insert(_ text: RawSpan, after index: Int) {
        insert(text, at: index, after: true)
    }

    private func insert(_ text: RawSpan, at index: Int, after: Bool) {
        let (path, number) = locate(index)
        let node = node(path)
        let size = text.byteCount
        let place = after ? number + 1 : number
        if admits(path, size) {
            return mutate(path) { list in
                let index = place == node.count ? list.end : list.index(number: place) ?? list.end
                list.insert(text, at: index, in: arena)
            }
        }
        let isAtEdge = after ? place == node.count : place == 0
        if !isAtEdge { return insert(text, splitting: path, at: place, after: after) }
        let neighbour = after ? self.path(after: path) : self.path(before: path)
        if let neighbour, admits(neighbour, size) {
            return mutate(neighbour) { list in
                list.insert(text, at: after ? list.start : list.end, in: arena)
            }
        }
        let target = QuicklistPath(segment: path.segment, slot: path.slot + (after ? 1 : 0))
        settle(insert(makeNode(text), at: target))
    }

    /// Adds a text in the middle of a node that has no room for it.
    private func insert(_ text: RawSpan, splitting path: QuicklistPath, at place: Int, after: Bool) {
        let right = split(path, at: place)
        if settings.isLarge(text.byteCount) {
            // The long element comes between both parts.
            return settle(insert(makeNode(text), at: right))
        }
        let left = self.path(before: right) ?? right
        change(after ? right : left) { node in
            node.mutate { after ? $0.prepend(text, in: arena) : $0.append(text, in: arena) }
        }
        // Redis merges around the part that the text was not added to.
        let merged = merge(around: after ? left : right)
        settle(merged)
        joinSegments(near: merged.segment)
    }

    /// Puts a text in the place of the element with this number, which there is.
    func replace(at index: Int, with text: RawSpan) {
        let (path, number) = locate(index)
        let node = node(path)
        let isLarge = settings.isLarge(text.byteCount)
        switch (node.isPlain, isLarge) {
        case (false, false):
            mutate(path) { list in
                if let index = list.index(number: number) { list.replace(at: index, with: text, in: arena) }
            }
        case (true, true):
            change(path) { node in
                node.free(in: arena)
                node = makeNode(text)
            }
            settle(path)
        case (true, false):
            insert(text, after: index)
            removeNode(at: locate(index).path)
            settle()
        case (false, true):
            replaceWithPlain(path, number, text)
        }
    }

    /// Puts a long text in the place of an element of a listpack, which is split there.
    private func replaceWithPlain(_ path: QuicklistPath, _ number: Int, _ text: RawSpan) {
        decompress(path)
        let count = node(path).count
        if number == 0 {
            if count == 1 { return settle(insert(makeNode(text), at: removeNode(at: path) ?? endPath)) }
            change(path) { node in node.mutate { list in _ = list.remove(at: list.start, in: arena) } }
            return settle(insert(makeNode(text), at: path))
        }
        let after = QuicklistPath(segment: path.segment, slot: path.slot + 1)
        let plain = insert(makeNode(text), at: number < count - 1 ? split(path, at: number + 1) : after)
        if let old = self.path(before: plain) {
            change(old) { node in
                node.mutate { list in _ = list.remove(at: list.index(before: list.end), in: arena) }
            }
        }
        settle(merge(around: plain))
    }

    // MARK: Nodes

    /// A node with a single element.
    func makeNode(_ text: RawSpan) -> QuicklistNode {
        if settings.isLarge(text.byteCount) { return QuicklistNode(plain: text, in: arena) }
        var list = Listpack(in: arena)
        list.append(text, in: arena)
        return QuicklistNode(list)
    }

    /// Whether a node takes an element of so many bytes.
    @inline(__always)
    func admits(_ path: QuicklistPath, _ size: Int) -> Bool {
        let node = node(path)
        if node.isPlain || settings.isLarge(size) { return false }
        // The element's header and length are counted for eight bytes, as in Redis.
        return !settings.isExceeded(byteCount: node.byteCount &+ size &+ 8, count: node.count &+ 1)
    }

    /// Cuts a node in two, neither of which is compressed; returns where the second is.
    private func split(_ path: QuicklistPath, at place: Int) -> QuicklistPath {
        decompress(path)
        let tail = change(path) { node in
            node.mutate { list in list.split(at: list.index(number: place) ?? list.end, in: arena) }
        }
        return insert(QuicklistNode(tail), at: QuicklistPath(segment: path.segment, slot: path.slot + 1))
    }

    /// Merges nodes around one that was made by splitting, and returns where that is now: its two
    /// neighbours on each side with each other, and then it with what is beside it.
    private func merge(around path: QuicklistPath) -> QuicklistPath {
        var center = path
        if let next = self.path(after: center) { _ = merge(next) }
        if let before = self.path(before: center), let first = self.path(before: before), merge(first) {
            center = self.path(after: first) ?? first
        }
        if let before = self.path(before: center), merge(before) { center = before }
        _ = merge(center)
        return center
    }

    /// Merges a node with the one behind it, if both fit in one; its place stays.
    private func merge(_ path: QuicklistPath) -> Bool {
        guard let next = self.path(after: path) else { return false }
        let (left, right) = (node(path), node(next))
        if left.isPlain || right.isPlain { return false }
        let size = left.byteCount + right.byteCount - Listpack.headerByteCount - 1
        if settings.isExceeded(byteCount: size, count: left.count + right.count) { return false }
        decompress(path)
        decompress(next)
        let taken = takeNode(at: next).node
        change(path) { node in node.mutate { $0.append(contentsOf: taken.listpack, in: arena) } }
        taken.free(in: arena)
        return true
    }
}
