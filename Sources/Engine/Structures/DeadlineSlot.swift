/// A deadline and its entry in 12 bytes, as `DeadlineIndex` keeps them.
///
///     0   48 bits   the deadline; with the top bit set, the address of a block that holds it
///     6   48 bits   the entry's address
///
/// 47 bits of milliseconds reach to the year 6429. Deadlines beyond, and those before the epoch, are
/// in no hurry to be fast: such a one has a block of eight bytes in the arena.
@safe struct DeadlineSlot: BitwiseCopyable {
    static var byteCount: Int { @inline(__always) get { 12 } }

    private static var farFlag: UInt64 { @inline(__always) get { 1 &<< 47 } }
    private static var mask: UInt64 { @inline(__always) get { 1 &<< 48 &- 1 } }

    /// The deadline's 48 bits.
    private let stamp: UInt64
    let entry: Entry

    /// A new slot; one that is not used any more has to be released.
    @inline(__always)
    init(_ deadline: Int64, _ entry: Entry, in arena: Arena) {
        self.entry = entry
        let bits = UInt64(bitPattern: deadline)
        stamp = bits < DeadlineSlot.farFlag ? bits : DeadlineSlot.far(deadline, in: arena)
    }

    /// Reads the 12 bytes at an address.
    @unsafe @inline(__always)
    init(at address: UnsafeMutableRawPointer) {
        // The caller passes the address of a slot that `store` has written.
        let low = unsafe address.loadUnaligned(as: UInt64.self)
        // As above; the last eight of the twelve bytes.
        let high = unsafe address.loadUnaligned(fromByteOffset: 4, as: UInt64.self)
        stamp = low & DeadlineSlot.mask
        // Written from an entry's address, which is below 2^47.
        entry = unsafe Entry(
            pointer: UnsafeMutableRawPointer(bitPattern: UInt(high &>> 16)).unsafelyUnwrapped)
    }

    /// Writes the 12 bytes.
    @unsafe @inline(__always)
    func store(at address: UnsafeMutableRawPointer) {
        // Only the address of the entry is used.
        let bits = unsafe UInt64(UInt(bitPattern: entry.pointer))
        // The caller passes the address of a slot.
        unsafe address.storeBytes(of: stamp | bits &<< 48, as: UInt64.self)
        // As above.
        unsafe address.storeBytes(
            of: UInt32(truncatingIfNeeded: bits &>> 16), toByteOffset: 8, as: UInt32.self)
    }

    /// Writes another entry into a slot; the deadline stays.
    @unsafe @inline(__always)
    static func setEntry(_ entry: Entry, at address: UnsafeMutableRawPointer) {
        // Only the address of the entry is used.
        let bits = unsafe UInt64(UInt(bitPattern: entry.pointer))
        // The caller passes the address of a slot.
        unsafe address.storeBytes(of: UInt16(truncatingIfNeeded: bits), toByteOffset: 6, as: UInt16.self)
        // As above.
        unsafe address.storeBytes(
            of: UInt32(truncatingIfNeeded: bits &>> 16), toByteOffset: 8, as: UInt32.self)
    }

    /// Milliseconds, on whatever clock the index's user has.
    var deadline: Int64 {
        @inline(__always) get {
            stamp < DeadlineSlot.farFlag ? Int64(bitPattern: stamp) : farDeadline
        }
    }

    /// Gives back what the slot has outside itself.
    @inline(__always)
    func release(in arena: Arena) {
        if stamp >= DeadlineSlot.farFlag { releaseBlock(in: arena) }
    }

    // MARK: Far deadlines

    @inline(never)
    private static func far(_ deadline: Int64, in arena: Arena) -> UInt64 {
        // A new block of eight bytes.
        let block = unsafe arena.allocate(8)
        // As above.
        unsafe block.storeBytes(of: deadline, as: Int64.self)
        return UInt64(UInt(bitPattern: block)) | farFlag
    }

    @unsafe
    private var block: UnsafeMutableRawPointer {
        // Made by `far` from the address of a block, which is never zero.
        unsafe UnsafeMutableRawPointer(bitPattern: UInt(stamp & ~DeadlineSlot.farFlag)).unsafelyUnwrapped
    }

    @inline(never)
    private var farDeadline: Int64 {
        // The block lives as long as the slot is not released.
        unsafe block.load(as: Int64.self)
    }

    @inline(never)
    private func releaseBlock(in arena: Arena) {
        // Made by `far`, and the slot is not used any more.
        unsafe arena.deallocate(block, 8)
    }
}
