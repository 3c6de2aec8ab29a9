/// Whole numbers in ascending order in a single block, in the byte format of Redis's intset.
///
///     0   UInt32   the width of every number: 2, 4 or 8 bytes, which never shrinks
///     4   UInt32   how many there are
///     8   the numbers, little-endian
///
/// A handle of one address. It does not own the block: whoever keeps it frees it in the same arena, and
/// after a change, which may move the block, uses no older copy.
@safe struct IntSet: BitwiseCopyable {
    static var headerByteCount: Int { @inline(__always) get { 8 } }

    private(set) var pointer: UnsafeMutableRawPointer

    /// The handle of a set that lies here.
    @unsafe @inline(__always)
    init(pointer: UnsafeMutableRawPointer) {
        // The caller passes the address of such a block.
        unsafe self.pointer = unsafe pointer
    }

    /// A set without members.
    init(in arena: Arena) {
        // A new block, all of whose bytes are written.
        unsafe pointer = unsafe arena.allocateSpliced(IntSet.headerByteCount)
        width = 2
        count = 0
    }

    /// Gives the block back.
    func free(in arena: Arena) {
        // The block was allocated for as many bytes as it holds, and the caller gives the handle up.
        unsafe arena.deallocateSpliced(pointer, byteCount)
    }

    /// The same members in a block of an arena, perhaps another one.
    func copy(in arena: Arena) -> IntSet {
        var copy = self
        let byteCount = byteCount
        // A new block with room for all bytes.
        unsafe copy.pointer = unsafe arena.allocateSpliced(byteCount)
        // As above.
        unsafe copy.pointer.copyMemory(from: pointer, byteCount: byteCount)
        return copy
    }

    /// How many bytes each number takes.
    private(set) var width: Int {
        @inline(__always) get { Int(load(0, UInt32.self)) }
        @inline(__always) nonmutating set { store(UInt32(truncatingIfNeeded: newValue), at: 0) }
    }

    /// How many members there are.
    private(set) var count: Int {
        @inline(__always) get { Int(load(4, UInt32.self)) }
        @inline(__always) nonmutating set { store(UInt32(truncatingIfNeeded: newValue), at: 4) }
    }

    var isEmpty: Bool { count == 0 }

    /// All bytes of the format.
    var byteCount: Int { @inline(__always) get { IntSet.headerByteCount &+ count &* width } }

    /// The bytes that the block takes from memory.
    var memoryUse: Int { Arena.splicedCost(byteCount) }

    /// All bytes of the format, as snapshots keep them.
    var bytes: RawSpan {
        @_lifetime(borrow self) get {
            // The block has as many bytes as it says, and the caller keeps it in place meanwhile.
            let buffer = unsafe UnsafeRawBufferPointer(start: pointer, count: byteCount)
            // As above.
            return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
        }
    }

    /// The member at a position from 0 to before `count`; members ascend.
    @inline(__always)
    subscript(position: Int) -> Int64 {
        precondition(position >= 0 && position < count)
        return member(position, width)
    }

    // MARK: Looking

    /// Whether the number is a member.
    @inline(__always)
    func contains(_ number: Int64) -> Bool {
        if IntSet.width(for: number) > width { return false }
        return position(of: number).isMember
    }

    /// Where the number is, or where it would have to be inserted.
    @inline(__always)
    func position(of number: Int64) -> (position: Int, isMember: Bool) {
        switch width {
        case 2: search(number, Int16.self)
        case 4: search(number, Int32.self)
        default: search(number, Int64.self)
        }
    }

    /// Halves the range without a branch that depends on the numbers.
    @inline(__always)
    private func search<Number: FixedWidthInteger & BitwiseCopyable>(
        _ number: Int64, _ type: Number.Type
    ) -> (position: Int, isMember: Bool) {
        let stride = MemoryLayout<Number>.size
        var base = 0
        var left = count
        if left == 0 { return (0, false) }
        while left > 1 {
            let half = left &>> 1
            let middle = load(IntSet.headerByteCount &+ (base &+ half) &* stride, Number.self)
            base = Int64(truncatingIfNeeded: middle) <= number ? base &+ half : base
            left &-= half
        }
        let found = Int64(truncatingIfNeeded: load(IntSet.headerByteCount &+ base &* stride, Number.self))
        return (found < number ? base &+ 1 : base, found == number)
    }

    // MARK: Changing

    /// Adds a number; false if it is a member already.
    mutating func insert(_ number: Int64, in arena: Arena) -> Bool {
        let needed = IntSet.width(for: number)
        if needed > width {
            widen(to: needed, in: arena)
            // It is beyond all that the narrower members could be.
            splice(at: number < 0 ? 0 : count, from: 0, to: 1, in: arena)
            setMember(number < 0 ? 0 : count &- 1, number)
            return true
        }
        let (position, isMember) = position(of: number)
        if isMember { return false }
        splice(at: position, from: 0, to: 1, in: arena)
        setMember(position, number)
        return true
    }

    /// Removes a number; false if it is no member.
    mutating func remove(_ number: Int64, in arena: Arena) -> Bool {
        let (position, isMember) = position(of: number)
        if isMember { remove(at: position, in: arena) }
        return isMember
    }

    /// Removes the member at a position, and up to `count` in all.
    mutating func remove(at position: Int, count: Int = 1, in arena: Arena) {
        precondition(position >= 0 && count >= 0 && position <= self.count)
        splice(at: position, from: min(count, self.count - position), to: 0, in: arena)
    }

    private mutating func splice(at position: Int, from old: Int, to new: Int, in arena: Arena) {
        let width = width
        let offset = IntSet.headerByteCount &+ position &* width
        // The block holds `byteCount` bytes, and was allocated for them.
        unsafe pointer = unsafe arena.splice(
            pointer, size: byteCount, at: offset, old: old &* width, new: new &* width)
        count &+= new &- old
    }

    /// Gives every member more bytes, from the last on, so that none is overwritten before it is read.
    private mutating func widen(to newWidth: Int, in arena: Arena) {
        let (oldWidth, count, size) = (width, count, byteCount)
        // As in `splice`.
        unsafe pointer = unsafe arena.splice(
            pointer, size: size, at: size, old: 0, new: count &* (newWidth &- oldWidth))
        width = newWidth
        for position in stride(from: count - 1, through: 0, by: -1) {
            setMember(position, member(position, oldWidth))
        }
    }

    // MARK: Members

    /// The bytes that a number needs.
    @inline(__always)
    private static func width(for number: Int64) -> Int {
        if Int64(Int16(truncatingIfNeeded: number)) == number { return 2 }
        return Int64(Int32(truncatingIfNeeded: number)) == number ? 4 : 8
    }

    @inline(__always)
    private func member(_ position: Int, _ width: Int) -> Int64 {
        let offset = IntSet.headerByteCount &+ position &* width
        switch width {
        case 2: return Int64(load(offset, Int16.self))
        case 4: return Int64(load(offset, Int32.self))
        default: return load(offset, Int64.self)
        }
    }

    @inline(__always)
    private func setMember(_ position: Int, _ number: Int64) {
        let width = width
        let offset = IntSet.headerByteCount &+ position &* width
        switch width {
        case 2: store(Int16(truncatingIfNeeded: number), at: offset)
        case 4: store(Int32(truncatingIfNeeded: number), at: offset)
        default: store(number, at: offset)
        }
    }

    @inline(__always)
    private func load<T: BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T {
        // Offsets come from the format, which the block holds completely.
        unsafe pointer.loadUnaligned(fromByteOffset: offset, as: type)
    }

    @inline(__always)
    private func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
        // As in `load`.
        unsafe pointer.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }
}

/// Sets from elsewhere, whose bytes may be anything.
extension IntSet {
    /// A copy of bytes that came from outside; nil unless they are a set with ascending members.
    init?(validating bytes: RawSpan, in arena: Arena) {
        let size = bytes.byteCount
        guard size >= IntSet.headerByteCount else { return nil }
        // A new block with room for all bytes; it is given back if they are not right.
        unsafe pointer = unsafe arena.allocateSpliced(size)
        // As above.
        unsafe Bytes.copy(bytes, to: pointer)
        guard [2, 4, 8].contains(width), size == byteCount, isAscending else {
            // As above.
            unsafe arena.deallocateSpliced(pointer, size)
            return nil
        }
    }

    private var isAscending: Bool {
        let (count, width) = (count, width)
        return count < 2 || (1..<count).allSatisfy { member($0 - 1, width) < member($0, width) }
    }

    /// Stops if the set is not as it should be; for tests.
    func checkInvariants() {
        precondition([2, 4, 8].contains(width), "width")
        precondition(isAscending, "order")
    }
}
