/// One node of a quicklist: a listpack, or a single long element, as it is or compressed.
///
///     listpack    its own format
///     plain       UInt64 how many bytes, and the bytes
///     compressed  UInt32 how many bytes compressed, UInt32 and before that, and the compressed bytes
///
/// A record of two words on a block in an `Arena`, which the list owns.
@safe struct QuicklistNode: BitwiseCopyable {
    /// What is shorter is not compressed.
    private static var leastCompressed: Int { 48 }
    /// Compression is to spare more bytes than this.
    private static var leastSpared: Int { 8 }
    private static var headerByteCount: Int { 8 }

    private var block: UnsafeMutableRawPointer
    private var count32: UInt32
    let isPlain: Bool
    private(set) var isCompressed = false

    /// Takes over a listpack.
    @inline(__always)
    init(_ list: Listpack) {
        // The listpack's block is the node's from now on.
        unsafe block = unsafe list.pointer
        count32 = UInt32(truncatingIfNeeded: list.count)
        isPlain = false
    }

    /// A copy of a long element.
    init(plain bytes: RawSpan, in arena: Arena) {
        let size = QuicklistNode.headerByteCount + bytes.byteCount
        // A new block of this size.
        unsafe block = unsafe arena.allocate(size)
        // As above.
        unsafe block.storeBytes(of: UInt64(bytes.byteCount), as: UInt64.self)
        // As above.
        unsafe Bytes.copy(bytes, to: block + QuicklistNode.headerByteCount)
        count32 = 1
        isPlain = true
    }

    /// How many elements the node has.
    var count: Int { @inline(__always) get { Int(count32) } }

    /// The bytes of the listpack or of the single element, without compression.
    var byteCount: Int {
        @inline(__always) get {
            if isCompressed { return Int(load(4, UInt32.self)) }
            return isPlain ? Int(load(0, UInt64.self)) : Int(load(0, UInt32.self))
        }
    }

    /// The bytes that the block takes from memory.
    var memoryUse: Int {
        @inline(__always) get {
            isPlain || isCompressed ? Arena.cost(blockSize) : Arena.splicedCost(byteCount)
        }
    }

    /// The size of a block that is no listpack's.
    private var blockSize: Int {
        QuicklistNode.headerByteCount + (isCompressed ? Int(load(0, UInt32.self)) : byteCount)
    }

    /// The listpack of a node that is neither plain nor compressed.
    var listpack: Listpack {
        @inline(__always) get {
            assert(!isPlain && !isCompressed)
            // The block is a listpack's.
            return unsafe Listpack(pointer: block)
        }
    }

    /// The element of a plain node that is not compressed.
    var plainElement: PackedElement {
        assert(isPlain && !isCompressed)
        // The block has this many bytes behind its first eight.
        return unsafe PackedElement(start: block + QuicklistNode.headerByteCount, count: byteCount)
    }

    /// The listpack's or the element's bytes; the node is not compressed.
    var contents: RawSpan {
        @_lifetime(borrow self) get {
            assert(!isCompressed)
            return span(isPlain ? QuicklistNode.headerByteCount : 0, byteCount)
        }
    }

    /// The element with this number, or from the end if it is negative; the node is not compressed.
    func element(number: Int) -> PackedElement? { isPlain ? plainElement : listpack.element(number: number) }

    /// Lets `body` change the node's listpack.
    @inline(__always)
    mutating func mutate<R>(_ body: (inout Listpack) -> R) -> R {
        var list = listpack
        defer {
            // The listpack may have moved.
            unsafe block = unsafe list.pointer
            count32 = UInt32(truncatingIfNeeded: list.count)
        }
        return body(&list)
    }

    /// Gives the block back.
    func free(in arena: Arena) {
        if isPlain || isCompressed {
            // The block has the size it was allocated with, and the caller gives the node up.
            unsafe arena.deallocate(block, blockSize)
        } else {
            listpack.free(in: arena)
        }
    }

    /// A node of its own with the same contents.
    func copy(in arena: Arena) -> QuicklistNode {
        if !isPlain, !isCompressed { return QuicklistNode(listpack.copy(in: arena)) }
        var copy = self
        // A new block of the same size.
        unsafe copy.block = unsafe arena.allocate(blockSize)
        // As above.
        unsafe copy.block.copyMemory(from: block, byteCount: blockSize)
        return copy
    }

    // MARK: Compression

    /// Compresses the contents if that spares enough.
    mutating func compress(in arena: Arena) {
        let size = byteCount
        guard !isCompressed, size >= QuicklistNode.leastCompressed, size <= Int(UInt32.max) else { return }
        let header = QuicklistNode.headerByteCount
        let most = size - QuicklistNode.leastSpared - 1
        // A block for the time of this call.
        let draft = unsafe arena.allocate(header + most)
        // As above; it is `header` bytes longer than the buffer.
        defer { unsafe arena.deallocate(draft, header + most) }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: draft + header, count: most)
        // As above.
        guard let count = unsafe LZF.compress(contents, into: buffer) else { return }
        // As above.
        unsafe draft.storeBytes(of: UInt32(count), as: UInt32.self)
        // As above.
        unsafe draft.storeBytes(of: UInt32(size), toByteOffset: 4, as: UInt32.self)
        // A new block, just as long as what is copied.
        let compressed = unsafe arena.allocate(header + count)
        // As above.
        unsafe compressed.copyMemory(from: draft, byteCount: header + count)
        free(in: arena)
        // As above.
        unsafe block = unsafe compressed
        isCompressed = true
    }

    /// Undoes compression.
    mutating func decompress(in arena: Arena) {
        if !isCompressed { return }
        let plain = decompressed(in: arena)
        free(in: arena)
        self = plain
    }

    /// A node of its own with the same contents, not compressed.
    func decompressed(in arena: Arena) -> QuicklistNode {
        assert(isCompressed)
        let (size, header) = (byteCount, isPlain ? QuicklistNode.headerByteCount : 0)
        var node = self
        // A new block with room for the contents.
        unsafe node.block = unsafe isPlain ? arena.allocate(header + size) : arena.allocateSpliced(size)
        // As above.
        if isPlain { unsafe node.block.storeBytes(of: UInt64(size), as: UInt64.self) }
        let buffer = unsafe UnsafeMutableRawBufferPointer(start: node.block + header, count: size)
        let packed = span(QuicklistNode.headerByteCount, Int(load(0, UInt32.self)))
        // The node has compressed these bytes itself.
        guard unsafe LZF.decompress(packed, into: buffer) else {
            preconditionFailure("a compressed node does not decompress")
        }
        node.isCompressed = false
        return node
    }

    /// Cuts so many of the system's pages off the end of a long element that nobody uses any more.
    ///
    /// Returns how many, none if the element is short.
    mutating func shorten(pages budget: Int, in arena: Arena) -> Int {
        guard isPlain, !isCompressed else { return 0 }
        let pages = min(budget, byteCount >> QuicklistNode.systemPageBits)
        let size = byteCount - pages << QuicklistNode.systemPageBits
        guard pages > 0, size > QuicklistNode.freedAtOnce else { return 0 }
        let header = QuicklistNode.headerByteCount
        // Both sizes are large ones, and the block keeps its first bytes.
        unsafe block = unsafe arena.reallocateLarge(block, from: blockSize, to: header + size)
        // As above.
        unsafe block.storeBytes(of: UInt64(size), as: UInt64.self)
        return pages
    }

    private static var systemPageBits: Int { 12 }
    /// A block of this size is freed in a few microseconds.
    private static var freedAtOnce: Int { 128 << 10 }

    // MARK: Memory

    @inline(__always)
    private func load<T: BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T {
        // Every kind of block has the fields that it is asked for.
        unsafe block.loadUnaligned(fromByteOffset: offset, as: type)
    }

    @_lifetime(borrow self) @inline(__always)
    private func span(_ offset: Int, _ count: Int) -> RawSpan {
        // The caller keeps the block in place while it uses the span, which lies inside.
        let bytes = unsafe UnsafeRawBufferPointer(start: block + offset, count: count)
        // As above.
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
}
