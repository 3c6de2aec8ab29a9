/// A node of a `ScoreIndex`: a row of slots in the order of their entries, kept column by column.
///
///     0   UInt32   how many slots are used
///     4   UInt32   level: 0 is a leaf
///     8   address of the next node of the level, or 0
///     16  address of the one before, or 0
///     32  the scores, then the entries; an inner node goes on with children and their totals
///
/// In a leaf a slot is an entry. In an inner node it is a child, and the entry is the first of all that lie
/// below the child. Every column is as long as the node has room for and eight bytes wide.
@safe struct ScoreNode: Equatable, BitwiseCopyable {
    /// Sixteen lines, of which the scores fill eight in a leaf and four in an inner node.
    static var byteCount: Int { @inline(__always) get { 1024 } }
    static var headerByteCount: Int { @inline(__always) get { 32 } }
    static var leafCapacity: Int { @inline(__always) get { 62 } }
    static var innerCapacity: Int { @inline(__always) get { 31 } }

    /// What a slot holds; a leaf's has no child, and counts as one.
    struct Slot: BitwiseCopyable {
        var score: Double
        var entry: Entry
        var child: ScoreNode?
        var total = 1
    }

    private let pointer: UnsafeMutableRawPointer

    @unsafe @inline(__always)
    init(pointer: UnsafeMutableRawPointer) {
        // The caller passes a block of `byteCount` bytes.
        unsafe self.pointer = unsafe pointer
    }

    /// A new node without slots, whose neighbours are to be set.
    static func make(level: Int, in arena: Arena) -> ScoreNode {
        // A new block of this size.
        let node = unsafe ScoreNode(pointer: arena.allocate(byteCount))
        node.store(UInt32(0), at: 0)
        node.store(UInt32(truncatingIfNeeded: level), at: 4)
        node.next = nil
        node.previous = nil
        return node
    }

    /// Gives the block back; neighbours and parent have forgotten it.
    func free(in arena: Arena) {
        // Made by `make`, and the caller gives the handle up.
        unsafe arena.deallocate(pointer, ScoreNode.byteCount)
    }

    @inline(__always)
    static func == (left: ScoreNode, right: ScoreNode) -> Bool {
        // Only the addresses are compared.
        unsafe left.pointer == right.pointer
    }

    // MARK: Header

    /// How many slots are used.
    var count: Int {
        @inline(__always) get { Int(load(0, UInt32.self)) }
        @inline(__always) nonmutating set { store(UInt32(truncatingIfNeeded: newValue), at: 0) }
    }

    /// The distance from the leaves.
    var level: Int { @inline(__always) get { Int(load(4, UInt32.self)) } }

    var isLeaf: Bool { @inline(__always) get { level == 0 } }

    /// How many slots there can be.
    var capacity: Int {
        @inline(__always) get { isLeaf ? ScoreNode.leafCapacity : ScoreNode.innerCapacity }
    }

    /// The neighbour with what comes after.
    var next: ScoreNode? {
        @inline(__always) get { load(8, ScoreNode?.self) }
        @inline(__always) nonmutating set { store(newValue, at: 8) }
    }

    /// The neighbour with what comes before.
    var previous: ScoreNode? {
        @inline(__always) get { load(16, ScoreNode?.self) }
        @inline(__always) nonmutating set { store(newValue, at: 16) }
    }

    // MARK: Slots

    @inline(__always)
    func score(at slot: Int) -> Double { load(offset(0, slot), Double.self) }

    @inline(__always)
    func entry(at slot: Int) -> Entry { load(offset(1, slot), Entry.self) }

    @inline(__always)
    func setFirst(_ score: Double, _ entry: Entry, at slot: Int) {
        store(score, at: offset(0, slot))
        store(entry, at: offset(1, slot))
    }

    /// What lies below a slot of an inner node.
    @inline(__always)
    func child(at slot: Int) -> ScoreNode {
        assert(!isLeaf)
        return load(offset(2, slot), ScoreNode.self)
    }

    /// How many entries lie below a slot of an inner node.
    @inline(__always)
    func total(at slot: Int) -> Int {
        assert(!isLeaf)
        return load(offset(3, slot), Int.self)
    }

    @inline(__always)
    func setTotal(_ total: Int, at slot: Int) {
        assert(!isLeaf)
        store(total, at: offset(3, slot))
    }

    /// How many entries the slots of a range stand for.
    func total(of slots: Range<Int>) -> Int {
        if isLeaf { return slots.count }
        var sum = 0
        var slot = slots.lowerBound
        while slot < slots.upperBound {
            sum &+= total(at: slot)
            slot &+= 1
        }
        return sum
    }

    /// How many entries lie in the node or below.
    var total: Int { total(of: 0..<count) }

    /// The slot by which a parent refers to this node, which has at least one.
    var asSlot: Slot { Slot(score: score(at: 0), entry: entry(at: 0), child: self, total: total) }

    // MARK: Changing

    /// Puts a slot before another or at the end; there must be room.
    func insert(_ new: Slot, at slot: Int) {
        shift(from: slot, by: 1)
        setFirst(new.score, new.entry, at: slot)
        if let child = new.child {
            store(child, at: offset(2, slot))
            store(new.total, at: offset(3, slot))
        }
    }

    /// Drops the slots of a range.
    func remove(_ slots: Range<Int>) {
        shift(from: slots.upperBound, by: -slots.count)
    }

    /// Moves slots to another node of the level, before its slot `target` or to its end.
    func move(_ slots: Range<Int>, to other: ScoreNode, at target: Int) {
        assert(other.level == level && other.count + slots.count <= capacity)
        other.shift(from: target, by: slots.count)
        for column in 0..<columnCount {
            // Both ranges lie inside their node's column.
            unsafe (other.pointer + offset(column, target)).copyMemory(
                from: pointer + offset(column, slots.lowerBound), byteCount: slots.count &* 8)
        }
        remove(slots)
    }

    /// Moves the slots from `slot` to the end, over others or leaving a gap.
    private func shift(from slot: Int, by distance: Int) {
        let moving = count &- slot
        assert(moving >= 0 && slot + distance >= 0 && count + distance <= capacity)
        if moving > 0 {
            for column in 0..<columnCount {
                // Both ranges lie inside the column; the copy minds that they overlap.
                unsafe (pointer + offset(column, slot &+ distance)).copyMemory(
                    from: pointer + offset(column, slot), byteCount: moving &* 8)
            }
        }
        count &+= distance
    }

    // MARK: Memory

    @inline(__always)
    private var columnCount: Int { isLeaf ? 2 : 4 }

    /// Where a column has its field of a slot.
    @inline(__always)
    private func offset(_ column: Int, _ slot: Int) -> Int {
        assert(slot >= 0 && slot <= capacity)
        return ScoreNode.headerByteCount &+ (column &* capacity &+ slot) &* 8
    }

    @inline(__always)
    private func load<T: BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T {
        // Offsets come from the layout above, and every field is aligned in it.
        unsafe pointer.load(fromByteOffset: offset, as: type)
    }

    @inline(__always)
    private func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
        // As in `load`.
        unsafe pointer.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }
}

/// Searching in a node.
extension ScoreNode {
    /// How many slots come before a score: those with a lower one, and with `orEqual` those with this one.
    ///
    /// Looks at the last score of each line and then at one line, without a branch that depends on what
    /// is found: to guess wrong half of the time, and to wait for one line before the next, would be slower.
    @inline(__always)
    func slots(below score: Double, orEqual: Bool) -> Int {
        let count = count
        var start = 0
        var last = 7
        while last < count {
            start &+= isBelow(last, score, orEqual) &* 8
            last &+= 8
        }
        let end = min(start &+ 8, count)
        var slots = start
        var slot = start
        while slot < end {
            slots &+= isBelow(slot, score, orEqual)
            slot &+= 1
        }
        return slots
    }

    /// 1 if a slot comes before a score, else 0.
    @inline(__always)
    private func isBelow(_ slot: Int, _ score: Double, _ orEqual: Bool) -> Int {
        let other = self.score(at: slot)
        return (orEqual ? other <= score : other < score) ? 1 : 0
    }

    /// How many slots come before a member, as far as members alone decide.
    @inline(__always)
    func slots(below member: borrowing RawSpan, orEqual: Bool) -> Int {
        slots(in: 0..<count, below: member, orEqual: orEqual)
    }

    /// How many slots come before a member with this score, or with `orEqual` are it.
    @inline(__always)
    func slots(below score: Double, _ member: borrowing RawSpan, orEqual: Bool) -> Int {
        let start = slots(below: score, orEqual: false)
        // Few scores are shared, and few of these by many.
        if start == count || self.score(at: start) != score { return start }
        let isShared = start &+ 1 < count && self.score(at: start &+ 1) == score
        let end = isShared ? slots(below: score, orEqual: true) : start &+ 1
        return slots(in: start..<end, below: member, orEqual: orEqual)
    }

    private func slots(in range: Range<Int>, below member: borrowing RawSpan, orEqual: Bool) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low &+ high) &>> 1
            let order = Bytes.order(entry(at: middle).key, member)
            if order < 0 || orEqual && order == 0 { low = middle &+ 1 } else { high = middle }
        }
        return low
    }

    /// The slot below which the entry with this number lies, counted inside the node, and its number there.
    @inline(__always)
    func slot(ofRank rank: Int) -> (slot: Int, rest: Int) {
        if isLeaf { return (rank, 0) }
        var rest = rank
        var slot = 0
        while true {
            let total = total(at: slot)
            if rest < total || slot &+ 1 == count { return (slot, rest) }
            rest &-= total
            slot &+= 1
        }
    }
}
