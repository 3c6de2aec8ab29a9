/// One cache line of an `EntryTable`: up to eight entries, and a link to the chain's next bucket.
///
///     0   eight tags of a byte; 0 is an empty slot
///     8   address of the next bucket, or 0
///     16  eight words of 48 bits: an entry's address times two, with four bits of its hash below
///
/// Entries lie on multiples of 8 below 2^47, so doubling the address leaves four bits free. They
/// hold the hash bits from the bucket's level rounded down to a multiple of 4: three of four splits
/// need not look at the entries.
///
/// Slots are filled from the first on, and only the last bucket of a chain has free ones.
@safe struct Bucket: BitwiseCopyable {
    static var byteCount: Int { @inline(__always) get { 64 } }
    static var slotCount: Int { @inline(__always) get { 8 } }
    /// Repeats a tag in all eight bytes.
    static var everyByte: UInt64 { @inline(__always) get { 0x0101_0101_0101_0101 } }

    let pointer: UnsafeMutableRawPointer

    @unsafe @inline(__always)
    init(pointer: UnsafeMutableRawPointer) {
        // The caller passes 64 bytes that stay as long as the handle is used.
        unsafe self.pointer = unsafe pointer
    }

    /// A bucket at a nonzero address that the table has computed.
    @unsafe @inline(__always)
    init(address: UInt) {
        // The caller vouches for the address.
        unsafe pointer = UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
    }

    /// The tag of a hash: its top byte, but never zero.
    @inline(__always)
    static func tag(of hash: UInt64) -> UInt8 {
        let tag = UInt8(truncatingIfNeeded: hash &>> 56)
        return tag == 0 ? 1 : tag
    }

    var tags: UInt64 {
        // The first word of the 64 bytes.
        @inline(__always) get { unsafe pointer.load(as: UInt64.self) }
        // As above.
        @inline(__always) nonmutating set { unsafe pointer.storeBytes(of: newValue, as: UInt64.self) }
    }

    /// The address of the chain's next bucket, or 0.
    var link: UInt {
        // The second word of the 64 bytes.
        @inline(__always) get { unsafe pointer.load(fromByteOffset: 8, as: UInt.self) }
        @inline(__always) nonmutating set {
            // As above.
            unsafe pointer.storeBytes(of: newValue, toByteOffset: 8, as: UInt.self)
        }
    }

    /// The chain's next bucket.
    var next: Bucket? {
        @inline(__always) get {
            let link = self.link
            // Links are addresses of live buckets.
            return link == 0 ? nil : unsafe Bucket(address: link)
        }
    }

    /// How many slots are filled.
    var filled: Int {
        @inline(__always) get { 8 &- tags.leadingZeroBitCount &>> 3 }
    }

    /// Marks the slots whose tag is equal: the top bit of each such byte.
    @inline(__always)
    static func matches(_ tags: UInt64, _ tag: UInt8) -> UInt64 {
        let difference = tags ^ (UInt64(tag) &* everyByte)
        let low: UInt64 = 0x7f7f_7f7f_7f7f_7f7f
        // Exact, unlike the shorter formula that also marks a 1 above a match: slots with tag 0
        // hold no entry that one could compare.
        return ~(((difference & low) &+ low) | difference | low)
    }

    @inline(__always)
    func setTag(_ tag: UInt8, at slot: Int) {
        // `slot` is below 8.
        unsafe pointer.storeBytes(of: tag, toByteOffset: slot, as: UInt8.self)
    }

    @inline(__always)
    func tag(at slot: Int) -> UInt8 {
        // `slot` is below 8.
        unsafe pointer.load(fromByteOffset: slot, as: UInt8.self)
    }

    /// The 48 bits of a slot.
    @inline(__always)
    func word(at slot: Int) -> UInt64 {
        // The eight bytes end with the slot's six, so even the last slot's stay inside.
        unsafe pointer.loadUnaligned(fromByteOffset: 14 &+ 6 &* slot, as: UInt64.self) &>> 16
    }

    @inline(__always)
    func setWord(_ word: UInt64, at slot: Int) {
        let offset = 16 &+ 6 &* slot
        // Four and two bytes, the last of them at most the bucket's last.
        unsafe pointer.storeBytes(of: UInt32(truncatingIfNeeded: word), toByteOffset: offset, as: UInt32.self)
        let high = UInt16(truncatingIfNeeded: word &>> 32)
        // As above.
        unsafe pointer.storeBytes(of: high, toByteOffset: offset &+ 4, as: UInt16.self)
    }

    /// The entry of a filled slot.
    @inline(__always)
    func entry(at slot: Int) -> Entry {
        Bucket.entry(of: word(at: slot))
    }

    @inline(__always)
    static func word(_ entry: Entry, bits: UInt64) -> UInt64 {
        // Only the address is used.
        unsafe UInt64(UInt(bitPattern: entry.pointer)) &<< 1 | bits
    }

    @inline(__always)
    static func entry(of word: UInt64) -> Entry {
        let address = UInt(word &>> 1) & ~7
        // Words of filled slots are made from an entry's address.
        return unsafe Entry(pointer: UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped)
    }
}
