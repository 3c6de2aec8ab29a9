/// A record that has its place by an ID.
protocol Identified: BitwiseCopyable {
    var id: StreamID { get }
}

extension StreamID: Identified {
    var id: StreamID { @inline(__always) get { self } }
}

/// Which row of `SortedRows` is meant, until rows come or go.
struct RowPath: Equatable, BitwiseCopyable {
    var segment: Int
    var slot: Int
}

/// Small records in the order of their IDs, each ID once.
///
/// A row that is cut into segments of at most 2 KiB: adding behind the last record and removing the first
/// take the same time however many there are, finding one takes the logarithm of it. Elsewhere half a
/// segment moves, and when a segment is split or emptied, the row of segments, which has one word in 40
/// records. A handle on blocks of an arena: whoever keeps it frees it, and uses no older copy.
struct SortedRows<Row: Identified>: BitwiseCopyable {
    private var segments = Deck<Deck<Row>>()
    private(set) var count = 0
    private var rowBytes = 0

    /// As many as fit in the largest block that is no mapping of its own.
    static var largestSegment: Int {
        @inline(__always) get { 1 &<< (11 &- (MemoryLayout<Row>.stride &- 1).bitWidthUsed) }
    }

    init() {}

    var isEmpty: Bool { @inline(__always) get { count == 0 } }

    /// The bytes of all blocks.
    var memoryUse: Int { @inline(__always) get { rowBytes &+ segments.memoryUse } }

    /// The record at a path; its ID must stay.
    subscript(path: RowPath) -> Row {
        @inline(__always) _read { yield segments[path.segment][path.slot] }
        @inline(__always) nonmutating _modify { yield &segments[path.segment][path.slot] }
    }

    // MARK: Going along

    var first: RowPath? { isEmpty ? nil : RowPath(segment: 0, slot: 0) }

    var last: RowPath? {
        @inline(__always) get {
            if isEmpty { return nil }
            let segment = segments.count &- 1
            return RowPath(segment: segment, slot: segments[segment].count &- 1)
        }
    }

    @inline(__always)
    func path(after path: RowPath) -> RowPath? {
        if path.slot &+ 1 < segments[path.segment].count {
            return RowPath(segment: path.segment, slot: path.slot &+ 1)
        }
        return path.segment &+ 1 < segments.count ? RowPath(segment: path.segment &+ 1, slot: 0) : nil
    }

    @inline(__always)
    func path(before path: RowPath) -> RowPath? {
        if path.slot > 0 { return RowPath(segment: path.segment, slot: path.slot &- 1) }
        if path.segment == 0 { return nil }
        return RowPath(segment: path.segment &- 1, slot: segments[path.segment &- 1].count &- 1)
    }

    /// Calls `body` for every record, in order, until it returns false.
    func forEach(_ body: (Row) -> Bool) {
        for segment in 0..<segments.count {
            let rows = segments[segment]
            for slot in 0..<rows.count where !body(rows[slot]) { return }
        }
    }

    // MARK: Finding

    /// The first record whose ID is not below `id`.
    func firstPath(from id: StreamID) -> RowPath? {
        guard let last, self[last].id >= id else { return nil }
        var low = 0
        var high = segments.count &- 1
        while low < high {
            let middle = (low &+ high) &>> 1
            let rows = segments[middle]
            if rows[rows.count &- 1].id < id { low = middle &+ 1 } else { high = middle }
        }
        let rows = segments[low]
        var slot = 0
        var end = rows.count &- 1
        while slot < end {
            let middle = (slot &+ end) &>> 1
            if rows[middle].id < id { slot = middle &+ 1 } else { end = middle }
        }
        return RowPath(segment: low, slot: slot)
    }

    /// The last record whose ID is not above `id`.
    func lastPath(through id: StreamID) -> RowPath? {
        guard let last else { return nil }
        // The usual case: readers stay close to the end.
        if self[last].id <= id { return last }
        guard let path = firstPath(from: id) else { return last }
        return self[path].id == id ? path : self.path(before: path)
    }

    /// The record with this ID.
    @inline(__always)
    func find(_ id: StreamID) -> RowPath? {
        guard let path = firstPath(from: id), self[path].id == id else { return nil }
        return path
    }

    // MARK: Changing

    /// Adds a record; false if there is one with its ID, which stays.
    mutating func insert(_ row: Row, in arena: Arena) -> Bool {
        guard let path = firstPath(from: row.id) else {
            append(row, in: arena)
            return true
        }
        if self[path].id == row.id { return false }
        insert(row, at: path, in: arena)
        return true
    }

    /// Adds a record whose ID is above all others.
    @inline(__always)
    mutating func append(_ row: Row, in arena: Arena) {
        assert(last.map { self[$0].id < row.id } ?? true)
        var segment = segments.count &- 1
        if segment < 0 || segments[segment].count == Self.largestSegment {
            segment &+= 1
            segments.insert(Deck(), at: segment, in: arena)
        }
        change(segment) { $0.insert(row, at: $0.count, in: arena) }
        count &+= 1
    }

    private mutating func insert(_ row: Row, at path: RowPath, in arena: Arena) {
        var path = path
        if segments[path.segment].count == Self.largestSegment {
            let half = Self.largestSegment / 2
            segments.insert(Deck(), at: path.segment + 1, in: arena)
            move(from: path.segment, half..<Self.largestSegment, to: path.segment + 1, in: arena)
            if path.slot > half { path = RowPath(segment: path.segment + 1, slot: path.slot - half) }
        }
        change(path.segment) { $0.insert(row, at: path.slot, in: arena) }
        count += 1
    }

    /// Takes a record out; returns where the one behind it is now.
    @discardableResult
    mutating func remove(at path: RowPath, in arena: Arena) -> RowPath? {
        change(path.segment) { $0.remove(at: path.slot, in: arena) }
        count &-= 1
        let left = segments[path.segment].count
        if left == 0 {
            segments.remove(at: path.segment, in: arena)
            return path.segment < segments.count ? RowPath(segment: path.segment, slot: 0) : nil
        }
        if left <= Self.largestSegment / 4, let joined = join(path, in: arena) { return joined }
        if path.slot < left { return path }
        return path.segment + 1 < segments.count ? RowPath(segment: path.segment + 1, slot: 0) : nil
    }

    /// Gives back about so many blocks at the end; true when nothing is left.
    mutating func freeSome(blocks budget: Int, in arena: Arena, _ free: (Row) -> Void) -> Bool {
        var left = max(budget, 1)
        while left > 0, let last {
            free(self[last])
            remove(at: last, in: arena)
            left -= 1
        }
        return isEmpty
    }

    /// Gives back at most so many blocks of records, and one at least; true when nothing is left.
    mutating func removeSome(blocks budget: inout Int, in arena: Arena) -> Bool {
        repeat {
            if segments.count == 0 { return true }
            let last = segments.count - 1
            count -= segments[last].count
            change(last) { $0.free(in: arena) }
            segments.remove(at: last, in: arena)
            budget -= 1
        } while budget > 0
        return isEmpty
    }

    /// Gives all blocks back at once.
    mutating func removeAll(in arena: Arena) {
        for segment in 0..<segments.count { segments[segment].free(in: arena) }
        segments.free(in: arena)
        self = SortedRows()
    }

    /// How many blocks there are.
    var blockCount: Int { segments.count }

    /// The same records in blocks of their own.
    func copy(in arena: Arena, _ copyRow: (Row) -> Row) -> SortedRows {
        var copy = SortedRows()
        forEach { row in
            copy.append(copyRow(row), in: arena)
            return true
        }
        return copy
    }

    /// Joins a segment that has become short with the one behind or before it, if both are short.
    ///
    /// Returns where the record is that was behind `path`, if it has moved.
    private mutating func join(_ path: RowPath, in arena: Arena) -> RowPath? {
        for left in [path.segment, path.segment - 1] where left >= 0 && left + 1 < segments.count {
            let (before, behind) = (segments[left].count, segments[left + 1].count)
            guard before + behind <= Self.largestSegment / 2 else { continue }
            move(from: left + 1, 0..<behind, to: left, in: arena)
            segments.remove(at: left + 1, in: arena)
            let slot = left == path.segment ? path.slot : before + path.slot
            if slot < before + behind { return RowPath(segment: left, slot: slot) }
            return left + 1 < segments.count ? RowPath(segment: left + 1, slot: 0) : nil
        }
        return nil
    }

    private mutating func move(from source: Int, _ slots: Range<Int>, to target: Int, in arena: Arena) {
        for _ in slots {
            let row = change(source) { $0.remove(at: slots.lowerBound, in: arena) }
            change(target) { $0.insert(row, at: $0.count, in: arena) }
        }
    }

    @inline(__always) @discardableResult
    private mutating func change<R>(_ segment: Int, _ body: (inout Deck<Row>) -> R) -> R {
        let before = segments[segment].memoryUse
        let result = body(&segments[segment])
        rowBytes &+= segments[segment].memoryUse &- before
        return result
    }

    /// Stops if the order or a figure is wrong; for tests.
    func checkInvariants() {
        var (total, bytes) = (0, 0)
        var previous: StreamID?
        for segment in 0..<segments.count {
            let rows = segments[segment]
            precondition(rows.count > 0 && rows.count <= Self.largestSegment, "a segment's length")
            total += rows.count
            bytes += rows.memoryUse
            for slot in 0..<rows.count {
                if let previous { precondition(previous < rows[slot].id, "order") }
                previous = rows[slot].id
            }
        }
        precondition(total == count, "count")
        precondition(bytes == rowBytes, "bytes")
    }
}

extension Int {
    /// How many bits the number needs.
    fileprivate var bitWidthUsed: Int { Int.bitWidth - leadingZeroBitCount }
}
