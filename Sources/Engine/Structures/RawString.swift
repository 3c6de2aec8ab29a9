import Glibc
import RESP

/// A byte string in a block of its own, for values too long for their entry; it can grow.
@safe final class RawString: Value {
    /// From this length on, growth adds this much and no longer doubles.
    static let largestPreallocation = 1 << 20

    private var base: UnsafeMutableRawPointer?
    private(set) var count: Int
    private(set) var capacity: Int

    /// A copy of some bytes, with no room to spare.
    init(_ bytes: borrowing RawSpan) {
        count = bytes.byteCount
        capacity = bytes.byteCount
        // A new block of this size.
        unsafe base = RawString.reallocate(nil, bytes.byteCount)
        super.init()
        // The block was made for these bytes.
        if let base = unsafe base { unsafe Bytes.copy(bytes, to: base) }
    }

    /// Zeros; a long block becomes resident only where it is written.
    init(zeros count: Int) {
        self.count = count
        capacity = count
        // `calloc` is the only way to have zeros without writing them.
        unsafe base = count == 0 ? nil : calloc(count, 1)
        super.init()
        // As above.
        if unsafe count > 0 && base == nil { RawString.outOfMemory(count) }
    }

    /// An empty string with room for so many bytes.
    init(room: Int) {
        count = 0
        capacity = room
        // A new block of this size.
        unsafe base = RawString.reallocate(nil, room)
        super.init()
    }

    /// Takes over a block that `malloc` returned, all of whose `count` bytes are the string's.
    @unsafe
    init(adopting block: UnsafeMutableRawPointer, count: Int) {
        // The caller gives the block away.
        unsafe base = block
        self.count = count
        capacity = count
        super.init()
    }

    /// A string of these bytes, whose memory is the block's if there is one, which holds them.
    static func holding(_ bytes: RawSpan, adopting block: BulkBlock?) -> RawString {
        // The block hands its memory over: `malloc`ed and exactly as long as the string.
        guard let block, let memory = unsafe block.take() else { return RawString(bytes) }
        return unsafe RawString(adopting: memory, count: block.count)
    }

    deinit {
        // Nobody can reach the block any more.
        unsafe Glibc.free(base)
    }

    override var memoryUse: Int {
        // `malloc` adds eight bytes to a block and rounds to 16; the object has four words and a header.
        capacity == 0 ? 48 : 48 + (capacity + 8 + 15) & ~15
    }

    override func copy() -> Value { RawString(bytes) }

    override var copyCost: Int { count / 256 }

    override func beginCopy() -> Value? { RawString(room: count) }

    /// An element is a block of 256 bytes.
    override func copySome(_ elements: Int, from next: inout Int, to copy: Value) -> Bool {
        guard let copy = copy as? RawString else { return false }
        let end = min(next + min(elements, copyCost + 1) * 256, count)
        copy.append(bytes.extracting(next..<end))
        next = end
        return next < count
    }

    override var releaseCost: Int { capacity >> RawString.systemPageBits + 1 }

    override func releaseSome(blocks budget: Int) -> Bool {
        // A long block is a mapping of its own: cutting off its end gives just those pages back.
        let pages = min(max(budget, 1), capacity >> RawString.systemPageBits)
        let left = capacity - pages << RawString.systemPageBits
        if left <= RawString.freedAtOnce { return true }
        count = min(count, left)
        // The block keeps its first `left` bytes, and with them all that still count.
        unsafe base = RawString.reallocate(base, left)
        capacity = left
        return false
    }

    /// The system's pages have 4 KiB; an estimate is all that is needed.
    private static let systemPageBits = 12
    /// A block of this size is freed in a few microseconds.
    private static let freedAtOnce = 128 << 10

    /// The string's bytes.
    var bytes: RawSpan {
        @_lifetime(borrow self) get {
            // The block has at least `count` bytes and stays where it is while it is only read.
            let buffer = unsafe UnsafeRawBufferPointer(start: base, count: count)
            // As above.
            return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
        }
    }

    /// Lends the bytes for writing in place.
    @inline(__always)
    func mutate<R>(_ body: (inout MutableRawSpan) -> R) -> R {
        // The block has at least `count` bytes, and the span does not leave `body`.
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: base, count: count)
        // As above.
        var span = unsafe MutableRawSpan(_unsafeBytes: buffer)
        return body(&span)
    }

    /// Adds bytes to the end, with room for as many more; they must not be this string's own.
    func append(_ bytes: borrowing RawSpan) {
        let old = count
        reserve(old + bytes.byteCount)
        count = old + bytes.byteCount
        // `reserve` has made the room.
        if let base = unsafe base { unsafe Bytes.copy(bytes, to: base + old) }
    }

    /// Lengthens the string with zeros if it has fewer than `count` bytes.
    func ensureCount(_ count: Int) {
        let old = self.count
        if count <= old { return }
        reserve(count)
        self.count = count
        // `reserve` has made the room.
        if let base = unsafe base { unsafe memset(base + old, 0, count - old) }
    }

    /// Cuts the string off after `count` bytes; the room stays.
    func truncate(to count: Int) {
        self.count = min(self.count, max(0, count))
    }

    /// Gives back the room to spare.
    func shrinkToFit() {
        if capacity == count { return }
        // The block is moved to one of this size; nobody holds the old address.
        unsafe base = RawString.reallocate(base, count)
        capacity = count
    }

    /// Makes room for `needed` bytes by the rule of Redis's strings: twice as much up to 1 MiB, then
    /// 1 MiB more.
    private func reserve(_ needed: Int) {
        if needed <= capacity { return }
        capacity = needed + min(needed, RawString.largestPreallocation)
        // As in `shrinkToFit`.
        unsafe base = RawString.reallocate(base, capacity)
    }

    /// A block of this size with the old one's bytes; none for size 0.
    private static func reallocate(
        _ block: UnsafeMutableRawPointer?, _ size: Int
    ) -> UnsafeMutableRawPointer? {
        if size == 0 {
            // The caller gives the old block up.
            unsafe Glibc.free(block)
            return nil
        }
        // As above.
        guard let new = unsafe realloc(block, size) else { outOfMemory(size) }
        // The new block.
        return unsafe new
    }

    private static func outOfMemory(_ size: Int) -> Never {
        fatalError("out of memory: no block of \(size) bytes for a string")
    }
}
