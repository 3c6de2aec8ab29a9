/// Elements one behind the other in a single block, in the byte format of Redis's listpack.
///
///     0   UInt32   all bytes, this header and the end included
///     4   UInt16   the elements; 65535 means that they have to be counted
///     6   elements: how the value is encoded, the value, and how long both are, to be read backwards
///     -1  UInt8    255, the end
///
/// A handle of one address. It does not own the block: whoever keeps it frees it in the same arena, and
/// after a change, which may move the block, uses no older copy. An element is named by its offset in
/// the block, from `start` to before `end`, like an index of a collection; a change keeps the offsets of
/// what lies before it.
@safe struct Listpack: BitwiseCopyable {
    static var headerByteCount: Int { @inline(__always) get { 6 } }
    /// Where the count of elements says no more than "many".
    static var uncounted: UInt16 { @inline(__always) get { .max } }
    /// No listpack is to grow beyond this; the same limit as Redis's.
    static var largestByteCount: Int { 1 << 30 }

    var pointer: UnsafeMutableRawPointer

    @unsafe @inline(__always)
    init(pointer: UnsafeMutableRawPointer) {
        // The caller passes a block with this layout.
        unsafe self.pointer = unsafe pointer
    }

    /// A listpack without elements.
    @inline(__always)
    init(in arena: Arena) {
        let byteCount = Listpack.headerByteCount &+ 1
        // A new block, of which all seven bytes are written.
        unsafe pointer = unsafe arena.allocateSpliced(byteCount)
        self.byteCount = byteCount
        storedCount = 0
        store(UInt8.max, at: byteCount &- 1)
    }

    /// Gives the block back.
    @inline(__always)
    func free(in arena: Arena) {
        // The block was allocated for as many bytes as it holds, and the caller gives the handle up.
        unsafe arena.deallocateSpliced(pointer, byteCount)
    }

    /// The same elements in a block of an arena, perhaps another one.
    func copy(in arena: Arena) -> Listpack {
        let byteCount = byteCount
        // A new block with room for all bytes.
        let copy = unsafe Listpack(pointer: arena.allocateSpliced(byteCount))
        // As above.
        unsafe copy.pointer.copyMemory(from: pointer, byteCount: byteCount)
        return copy
    }

    // MARK: Header

    /// All bytes of the format.
    var byteCount: Int {
        @inline(__always) get { Int(load(0, UInt32.self)) }
        @inline(__always) nonmutating set { store(UInt32(truncatingIfNeeded: newValue), at: 0) }
    }

    /// The count as the header has it.
    var storedCount: UInt16 {
        @inline(__always) get { load(4, UInt16.self) }
        @inline(__always) nonmutating set { store(newValue, at: 4) }
    }

    /// How many elements there are; from 65535 on they are counted one by one.
    var count: Int {
        @inline(__always) get {
            let stored = storedCount
            return stored == Listpack.uncounted ? countAll() : Int(stored)
        }
    }

    var isEmpty: Bool { @inline(__always) get { byteCount == Listpack.headerByteCount &+ 1 } }

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

    /// Whether that many bytes more keep the listpack below its limit.
    func hasRoom(for count: Int) -> Bool {
        count <= Listpack.largestByteCount && byteCount + count <= Listpack.largestByteCount
    }

    @inline(never)
    private func countAll() -> Int {
        var count = 0
        var at = start
        while at < end {
            at = index(after: at)
            count += 1
        }
        if count < Int(Listpack.uncounted) { storedCount = UInt16(count) }
        return count
    }

    /// Tells the header how many elements came or went.
    @inline(__always)
    func adjustCount(by change: Int) {
        let stored = storedCount
        if stored == Listpack.uncounted { return }
        storedCount = UInt16(truncatingIfNeeded: min(Int(stored) &+ change, Int(Listpack.uncounted)))
    }

    // MARK: Going from element to element

    /// Where the first element is, if there is one.
    var start: Int { @inline(__always) get { Listpack.headerByteCount } }

    /// Behind the last element.
    var end: Int { @inline(__always) get { byteCount &- 1 } }

    /// Where the element behind that at `index` is, or `end`.
    @inline(__always)
    func index(after index: Int) -> Int {
        assert(index >= start && index < end)
        return index &+ extent(at: index)
    }

    /// Where the element in front of `index` is, which is not `start`.
    @inline(__always)
    func index(before index: Int) -> Int {
        assert(index > start && index <= end)
        let size = backwardSize(endingAt: index)
        return index &- size &- Listpack.lengthSize(of: size)
    }

    /// Where the last element is; nil if there is none.
    var last: Int? { @inline(__always) get { isEmpty ? nil : index(before: end) } }

    /// Where the element with this number is, or from the end if it is negative, -1 being the last.
    func index(number: Int) -> Int? {
        let stored = storedCount
        var number = number
        if stored != Listpack.uncounted {
            let count = Int(stored)
            guard number < count, number >= -count else { return nil }
            // The nearer end is where to start.
            if number >= 0, number > count / 2 {
                number -= count
            } else if number < -count / 2 {
                number += count
            }
        }
        if number >= 0 { return index(start, offsetBy: number) }
        var at = end
        while number < 0 {
            if at == start { return nil }
            at = index(before: at)
            number += 1
        }
        return at
    }

    /// Where the element is that lies so many behind that at `index`; nil if there are not so many.
    @inline(__always)
    func index(_ index: Int, offsetBy distance: Int) -> Int? {
        var at = index
        var left = distance
        let end = end
        while left > 0, at < end {
            at &+= extent(at: at)
            left &-= 1
        }
        return at < end ? at : nil
    }

    // MARK: Memory

    @inline(__always)
    func load<T: BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T {
        // Offsets come from the format, which the block holds completely.
        unsafe pointer.loadUnaligned(fromByteOffset: offset, as: type)
    }

    @inline(__always)
    func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
        // As in `load`.
        unsafe pointer.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }
}
