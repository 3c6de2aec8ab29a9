/// Compressing the nodes in the middle, and reading them nevertheless.
extension Quicklist {
    /// Sees to it that only nodes in the middle are compressed, after nodes came or went.
    ///
    /// `changed` is a node whose neighbours and itself may be in the middle without being compressed.
    func settle(_ changed: QuicklistPath? = nil) {
        let depth = settings.compressDepth
        if depth == 0 || isEmpty { return }
        var (head, tail) = (firstPath, lastPath)
        for distance in 0...min(depth, (nodeCount - 1) / 2) {
            for path in [head, tail] { distance < depth ? decompress(path) : compress(path) }
            guard let after = path(after: head), let before = path(before: tail) else { return }
            (head, tail) = (after, before)
        }
        guard let changed else { return }
        for path in [path(before: changed), changed, path(after: changed)] {
            if let path, isInMiddle(path) { compress(path) }
        }
    }

    /// Whether so many nodes lie in front of this one and behind it that it is to be compressed.
    func isInMiddle(_ path: QuicklistPath) -> Bool {
        if settings.compressDepth == 0 || nodeCount <= settings.compressDepth * 2 { return false }
        var (before, after) = (path, path)
        for _ in 0..<settings.compressDepth {
            guard let previous = self.path(before: before), let next = self.path(after: after) else {
                return false
            }
            (before, after) = (previous, next)
        }
        return true
    }

    private func compress(_ path: QuicklistPath) {
        if !node(path).isCompressed { change(path) { $0.compress(in: arena) } }
    }

    func decompress(_ path: QuicklistPath) {
        if node(path).isCompressed { change(path) { $0.decompress(in: arena) } }
    }

    /// Lends a node that can be read: if it is compressed, a decompressed copy.
    @inline(__always)
    func read<R>(_ path: QuicklistPath, _ body: (QuicklistNode) -> R) -> R {
        let node = node(path)
        if !node.isCompressed { return body(node) }
        let copy = node.decompressed(in: arena)
        defer { copy.free(in: arena) }
        return body(copy)
    }

    /// Lets `body` change a node's listpack; a node in the middle is compressed again.
    @inline(__always)
    func mutate<R>(_ path: QuicklistPath, _ body: (inout Listpack) -> R) -> R {
        decompress(path)
        let result = change(path) { $0.mutate(body) }
        if settings.compressDepth > 0, isInMiddle(path) { compress(path) }
        return result
    }
}
