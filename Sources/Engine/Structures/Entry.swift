/// A key with its value and deadline, in one block of an `Arena`: a handle of eight bytes.
///
/// Layout, every field unaligned:
///
///     0  UInt32            access clock (24 bits), kind (5 bits), flags (3 bits)
///     4  UInt8 | UInt32    the key's length; four bytes with the flag `wideKey`
///        UInt32            position in the `DeadlineIndex`, with the flag `hasDeadline`
///        bytes             the key
///        8 bytes           kind `int`: the number; kinds from `firstBlock`: the address of a block in
///                          the same arena; kinds from `firstObject`: a retained reference
///        UInt8 and bytes   kinds `embedded` and `raw`
///
/// The handle does not own the entry: whoever frees it, or moves it by changing its size, sees to it
/// that no copy of the old handle is used any more.
@safe struct Entry: Equatable, BitwiseCopyable {
    /// Longer values live outside the entry: one byte tells the length.
    static var largestEmbeddedValue: Int { @inline(__always) get { 255 } }
    /// The access clock wraps around after so many bits.
    static var clockMask: UInt32 { @inline(__always) get { 0xff_ffff } }

    static var deadlineFlag: UInt8 { @inline(__always) get { 0x20 } }
    static var wideKeyFlag: UInt8 { @inline(__always) get { 0x40 } }
    static var kindMask: UInt8 { @inline(__always) get { 0x1f } }

    let pointer: UnsafeMutableRawPointer

    @unsafe @inline(__always)
    init(pointer: UnsafeMutableRawPointer) {
        // The caller passes a block with this layout.
        unsafe self.pointer = unsafe pointer
    }

    /// Whether both handles mean the same block.
    @inline(__always)
    static func == (left: Entry, right: Entry) -> Bool {
        // Only the addresses are compared.
        unsafe left.pointer == right.pointer
    }

    // MARK: Header

    /// The 24 bits of LRU time or LFU counter.
    var accessClock: UInt32 {
        @inline(__always) get { load(0, UInt32.self) & Entry.clockMask }
        @inline(__always) nonmutating set {
            store(load(0, UInt32.self) & ~Entry.clockMask | newValue & Entry.clockMask, at: 0)
        }
    }

    /// The byte that holds kind and flags.
    var tagByte: UInt8 {
        @inline(__always) get { load(3, UInt8.self) }
        @inline(__always) nonmutating set { store(newValue, at: 3) }
    }

    /// Type and encoding of the value.
    var kind: Kind {
        @inline(__always) get { Kind(rawValue: tagByte & Entry.kindMask) }
    }

    /// Changes the kind without touching the value: between `embedded` and `raw`, or among objects.
    @inline(__always)
    func relabel(_ kind: Kind) {
        assert(kind.holdsObject == self.kind.holdsObject && kind.holdsBytes == self.kind.holdsBytes)
        tagByte = tagByte & ~Entry.kindMask | kind.rawValue
    }

    /// Whether the entry has room for a position in the deadline index.
    var hasDeadline: Bool {
        @inline(__always) get { tagByte & Entry.deadlineFlag != 0 }
    }

    /// Where the deadline index keeps this entry's deadline; only with `hasDeadline`.
    var deadlinePosition: UInt32 {
        @inline(__always) get { load(lengthEnd, UInt32.self) }
        @inline(__always) nonmutating set { store(newValue, at: lengthEnd) }
    }

    // MARK: Key

    var keyCount: Int {
        @inline(__always) get {
            tagByte & Entry.wideKeyFlag == 0 ? Int(load(4, UInt8.self)) : Int(load(4, UInt32.self))
        }
    }

    var key: RawSpan {
        @_lifetime(borrow self) @inline(__always) get { span(keyOffset, keyCount) }
    }

    /// Whether the entry's key is these bytes.
    @inline(__always)
    func keyEquals(_ other: borrowing RawSpan) -> Bool {
        let count = keyCount
        if count != other.byteCount { return false }
        return Bytes.equal(key, other, count: count)
    }

    // MARK: Size

    /// The bytes that the entry's block has, rounding included; what it refers to is not counted.
    var allocatedSize: Int { Arena.roundedSize(size) }

    /// The bytes that the layout needs.
    var size: Int {
        @inline(__always) get {
            let offset = valueOffset
            return kind.holdsBytes ? offset &+ 1 &+ Int(load(offset, UInt8.self)) : offset &+ 8
        }
    }

    // MARK: Offsets

    @inline(__always)
    private var lengthEnd: Int { tagByte & Entry.wideKeyFlag == 0 ? 5 : 8 }

    /// Where the key starts: 5, and 3 more for a wide key, and 4 more with a deadline.
    @inline(__always)
    var keyOffset: Int {
        let tag = Int(tagByte)
        return 5 &+ (tag &>> 6 & 1) &* 3 &+ (tag &>> 5 & 1) &* 4
    }

    @inline(__always)
    var valueOffset: Int { keyOffset &+ keyCount }

    // MARK: Memory

    @inline(__always)
    func load<T: BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T {
        // Offsets come from the layout above, which the entry's block holds completely.
        unsafe pointer.loadUnaligned(fromByteOffset: offset, as: type)
    }

    @inline(__always)
    func store<T: BitwiseCopyable>(_ value: T, at offset: Int) {
        // As in `load`.
        unsafe pointer.storeBytes(of: value, toByteOffset: offset, as: T.self)
    }

    @_lifetime(borrow self) @inline(__always)
    func span(_ offset: Int, _ count: Int) -> RawSpan {
        // As in `load`; the caller keeps the entry in place while it uses the span.
        let bytes = unsafe UnsafeRawBufferPointer(start: pointer + offset, count: count)
        // As above.
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
}
