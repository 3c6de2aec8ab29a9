import Glibc
import RESP

/// Some neighbouring entries of a stream in one listpack, laid out as in Redis.
///
///     live  deleted  fieldCount  field … 0                      the master entry
///     flags  ms  seq  value …                        count      an entry with the master's fields
///     flags  ms  seq  fieldCount  field  value …     count      any other entry
///
/// `ms` and `seq` are differences to the node's ID, that of its first entry ever; `count` tells how many
/// elements the entry has before it. A deleted entry stays until the node goes, and only its flags say so.
///
/// A handle on a block of an `Arena`, which the stream owns. The last node of a stream has room for more.
@safe struct StreamNode: Identified {
    let id: StreamID
    private var block: UnsafeMutableRawPointer
    private var capacity32: UInt32
    private var live32: UInt32

    /// Flags of entries.
    static var deletedFlag: Int64 { @inline(__always) get { 1 } }
    static var sameFieldsFlag: Int64 { @inline(__always) get { 2 } }

    /// The first room of a node; small streams are to be small.
    private static var leastCapacity: Int { 128 }
    /// A number takes at most nine bytes and one that tells so.
    private static var longestNumber: Int { @inline(__always) get { 10 } }
    /// The header of a text and what tells its length, five bytes each at most.
    private static var longestFrame: Int { @inline(__always) get { 10 } }

    /// How many entries are not deleted.
    var liveCount: Int { @inline(__always) get { Int(live32) } }

    /// The bytes that the block takes from memory.
    var memoryUse: Int { @inline(__always) get { Arena.cost(Int(capacity32)) } }

    /// The node's elements, to be read.
    var listpack: Listpack {
        // The block holds a listpack.
        @inline(__always) get { unsafe Listpack(pointer: block) }
    }

    /// How many entries are deleted.
    var deletedCount: Int { number(at: deletedOffset) }

    // MARK: The master entry

    @inline(__always)
    private var deletedOffset: Int { listpack.index(after: Listpack.headerByteCount) }

    /// Where the number of the master's fields stands.
    @inline(__always)
    private var fieldCountOffset: Int { listpack.index(after: deletedOffset) }

    /// How many fields the master has, and where the first is.
    var masterFields: (count: Int, start: Int) {
        @inline(__always) get {
            let offset = fieldCountOffset
            return (number(at: offset), listpack.index(after: offset))
        }
    }

    /// The number of an element that is one.
    @inline(__always)
    func number(at offset: Int) -> Int {
        Int(truncatingIfNeeded: listpack.element(at: offset).integer ?? 0)
    }

    // MARK: Making

    /// A node without any elements yet, and with room for so many bytes.
    init(_ id: StreamID, room: Int, in arena: Arena) {
        self.id = id
        let capacity = Arena.roundedSize(max(room, Self.leastCapacity))
        // A new block, of which the header is written here.
        unsafe block = unsafe arena.allocate(capacity)
        capacity32 = UInt32(truncatingIfNeeded: capacity)
        live32 = 0
        listpack.byteCount = Listpack.headerByteCount + 1
        listpack.storedCount = 0
    }

    /// Takes over a block with a listpack of this layout, and as large as the listpack.
    init(_ id: StreamID, adopting list: Listpack) {
        self.id = id
        // The block is the node's from now on.
        unsafe block = unsafe list.pointer
        capacity32 = UInt32(truncatingIfNeeded: Arena.splicedSize(list.byteCount))
        live32 = 0
        live32 = UInt32(truncatingIfNeeded: number(at: Listpack.headerByteCount))
    }

    /// Gives the block back.
    func free(in arena: Arena) {
        // The block has the size it was allocated with, and the caller gives the node up.
        unsafe arena.deallocate(block, Int(capacity32))
    }

    /// A node of its own with the same entries and no room for more.
    func copy(in arena: Arena) -> StreamNode { StreamNode(id, adopting: listpack.copy(in: arena)) }

    // MARK: Adding

    /// Whether another entry would be too much for the node.
    @inline(__always)
    func isFull(for textBytes: Int, _ limits: CollectionLimits) -> Bool {
        let given = limits.streamNodeBytes
        let most = given <= 0 || given > Listpack.largestByteCount ? Listpack.largestByteCount : given
        if listpack.byteCount + textBytes >= most { return true }
        if limits.streamNodeEntries <= 0 { return false }
        return liveCount + deletedCount >= limits.streamNodeEntries
    }

    /// Counts an entry that is about to be written, and makes room for it: for so many texts of so many bytes.
    @inline(__always)
    mutating func beginEntry(texts: Int, textBytes: Int, in arena: Arena) {
        reserve(Self.room(texts: texts, textBytes: textBytes), in: arena)
        setNumber(liveCount + 1, at: Listpack.headerByteCount, in: arena)
        live32 &+= 1
    }

    /// Counts the first entry, which has been written.
    mutating func countFirst() { live32 = 1 }

    /// What an entry may take at most; the fields of a master entry are texts too.
    @inline(__always)
    static func room(texts: Int, textBytes: Int) -> Int {
        textBytes &+ texts &* longestFrame &+ 8 &* longestNumber &+ Listpack.headerByteCount &+ 1
    }

    /// Gives back what the node has room for beyond its entries.
    mutating func trimRoom(in arena: Arena) {
        let size = listpack.byteCount
        let capacity = Arena.roundedSize(size)
        if capacity < Int(capacity32) { move(to: capacity, in: arena) }
    }

    /// Elements written one behind the other at the end of a listpack that has room for them.
    struct Writer {
        private let list: Listpack
        private var offset: Int
        private var count = 0

        @inline(__always)
        init(_ list: Listpack, at offset: Int) {
            self.list = list
            self.offset = offset
        }

        @inline(__always)
        mutating func write(_ number: Int64) { put(PackedElement(number)) }

        @inline(__always)
        mutating func write(_ text: RawSpan) {
            // The argument stays where it is while the command runs.
            put(unsafe PackedElement(packing: text))
        }

        @inline(__always)
        private mutating func put(_ element: PackedElement) {
            offset &+= list.write(element, at: offset)
            count &+= 1
        }

        @inline(__always)
        func finish() {
            list.store(UInt8.max, at: offset)
            list.byteCount = offset &+ 1
            list.adjustCount(by: count)
        }
    }

    // MARK: Deleting

    /// Marks an entry as deleted that is not; `countDeleted` is to follow.
    @inline(__always)
    func mark(_ entry: StreamEntry) {
        assert(!entry.isDeleted)
        // Flags are small numbers, whose form has one length.
        _ = listpack.write(PackedElement(entry.flags | Self.deletedFlag), at: entry.offset)
    }

    /// Notes that so many entries have been marked as deleted.
    mutating func countDeleted(_ count: Int, in arena: Arena) {
        assert(count <= liveCount)
        setCounts(live: liveCount - count, deleted: deletedCount + count, in: arena)
    }

    private mutating func setCounts(live: Int, deleted: Int, in arena: Arena) {
        setNumber(live, at: Listpack.headerByteCount, in: arena)
        setNumber(deleted, at: deletedOffset, in: arena)
        live32 = UInt32(truncatingIfNeeded: live)
    }

    // MARK: Room

    /// Writes a number in the place of another, which may move all that follows by some bytes.
    @inline(__always)
    private mutating func setNumber(_ number: Int, at offset: Int, in arena: Arena) {
        let element = PackedElement(Int64(number))
        let (old, new) = (listpack.extent(at: offset), Listpack.extent(of: element))
        if old != new { resize(at: offset, from: old, to: new, in: arena) }
        _ = listpack.write(element, at: offset)
    }

    private mutating func resize(at offset: Int, from old: Int, to new: Int, in arena: Arena) {
        reserve(Self.longestNumber, in: arena)
        let size = listpack.byteCount
        // Both ranges lie inside the block.
        unsafe memmove(block + offset + new, block + offset + old, size - offset - old)
        listpack.byteCount = size - old + new
    }

    /// Makes room for so many bytes more.
    @inline(__always)
    private mutating func reserve(_ more: Int, in arena: Arena) {
        let needed = listpack.byteCount &+ more
        if needed > Int(capacity32) { grow(to: needed, in: arena) }
    }

    @inline(never)
    private mutating func grow(to needed: Int, in arena: Arena) {
        // Doubling, up to the usual limit of a node; what is larger holds long texts.
        let doubled = Int(capacity32) * 2
        let wanted = doubled <= 4096 ? max(needed, doubled) : needed + needed / 8
        move(to: Arena.roundedSize(wanted), in: arena)
    }

    private mutating func move(to capacity: Int, in arena: Arena) {
        let size = listpack.byteCount
        // A new block with room for all bytes.
        let moved = unsafe arena.allocate(capacity)
        // As above.
        unsafe moved.copyMemory(from: block, byteCount: size)
        free(in: arena)
        // As above.
        unsafe block = unsafe moved
        capacity32 = UInt32(truncatingIfNeeded: capacity)
    }
}
