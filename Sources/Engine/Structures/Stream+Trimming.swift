/// What becomes of an entry that is to go while groups still refer to it.
enum ReferencePolicy: BitwiseCopyable {
    /// It goes, and the groups keep its ID as pending.
    case keep
    /// It goes, from the groups as well.
    case delete
    /// It stays unless every group has read and acknowledged it.
    case acknowledged
}

/// How far a stream is to be trimmed.
struct StreamTrim: BitwiseCopyable {
    enum Limit: BitwiseCopyable {
        /// So many entries are left.
        case count(Int)
        /// Entries with smaller IDs go.
        case id(StreamID)
    }

    var limit: Limit
    /// Whether only whole nodes go.
    var isApproximate = false
    /// How many entries go at most; 0 is no limit.
    var most = 0
    var references = ReferencePolicy.keep
}

/// Removing the oldest entries.
extension Stream {
    /// Trims the stream, and returns how many entries went.
    func trim(_ trim: StreamTrim) -> Int {
        let policy = groups.isEmpty ? .keep : trim.references
        var removed = 0
        var path = state.nodes.first
        while let current = path {
            if case .count(let limit) = trim.limit, state.count <= limit { break }
            let node = state.nodes[current]
            if trim.most > 0, removed + node.liveCount > trim.most { break }
            let isWhole =
                switch trim.limit {
                case .count(let limit): state.count - node.liveCount >= limit
                case .id(let limit): node.lastID < limit
                }
            if isWhole, policy == .keep {
                removed += node.liveCount
                path = removeNode(at: current)
                continue
            }
            if !isWhole, trim.isApproximate { break }
            let before = state.count
            path = trimNode(at: current, trim.limit, policy, isWhole: isWhole)
            removed += before - state.count
            if !isWhole, policy != .acknowledged { break }
            if !isWhole, case .id = trim.limit { break }
        }
        if removed > 0 { settleFirst() }
        return removed
    }

    /// Trims a node entry by entry; returns where the one behind it is now.
    ///
    /// As in Redis a node stays that ends with deleted entries beyond the limit, even if no other is left.
    private func trimNode(
        at path: RowPath, _ limit: StreamTrim.Limit, _ policy: ReferencePolicy, isWhole: Bool
    ) -> RowPath? {
        let node = state.nodes[path]
        let masterCount = node.masterFields.count
        var offset = node.firstOffset
        var marked = 0
        while offset < node.endOffset {
            let entry = node.entry(at: offset, masterCount: masterCount)
            offset = node.offset(after: entry)
            switch limit {
            case .count(let limit) where state.count - marked <= limit: offset = node.endOffset
            case .id(let limit) where entry.id >= limit: offset = node.endOffset
            case _ where entry.isDeleted || policy == .acknowledged && isReferenced(entry.id): break
            default:
                if policy == .delete { dropReferences(to: entry.id) }
                node.mark(entry)
                marked += 1
            }
        }
        if isWhole, marked == node.liveCount { return removeNode(at: path) }
        if marked > 0 {
            let arena = arena
            change(path) { $0.countDeleted(marked, in: arena) }
            state.count -= marked
        }
        return state.nodes.path(after: path)
    }
}
