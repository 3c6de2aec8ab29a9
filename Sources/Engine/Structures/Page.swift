/// What the arena knows about one page.
struct PageHeader: BitwiseCopyable {
    /// Offset of the first freed block, or `none`; each freed block starts with the next one's.
    var freeHead: UInt32
    /// Offset of the first byte that was never part of a block.
    var bump: UInt32
    var used: UInt32
    var capacity: UInt32
    var blockSize: UInt32
    /// When so few blocks are left the page moves to the end of its list, to run empty.
    var thinCount: UInt32
    var sizeClass: UInt32
    var isListed: Bool
    var next: Page?
    var previous: Page?

    static var none: UInt32 { @inline(__always) get { .max } }
}

/// A page of 64 KiB in a chunk: a handle on its header.
@safe struct Page: BitwiseCopyable {
    static var byteCount: Int { @inline(__always) get { 65536 } }

    private let pointer: UnsafeMutablePointer<PageHeader>

    /// The page with this number in a chunk; number 0 is the one that holds the headers.
    @inline(__always)
    init(chunk: Chunk, number: Int) {
        // The chunk's first page has room for 32 headers of 64 bytes.
        let raw = unsafe chunk.headers + number &* 64
        // As above.
        unsafe pointer = raw.assumingMemoryBound(to: PageHeader.self)
    }

    /// The page that an arena's block lies in.
    @unsafe @inline(__always)
    init(containing block: UnsafeMutableRawPointer) {
        let address = UInt(bitPattern: block)
        self.init(chunk: Chunk(containing: address), number: Int(address &>> 16) & 31)
    }

    var header: PageHeader {
        @inline(__always) _read {
            // Headers live as long as their chunk.
            yield unsafe pointer.pointee
        }
        @inline(__always) nonmutating _modify {
            // Headers live as long as their chunk.
            yield unsafe &pointer.pointee
        }
    }

    var chunk: Chunk {
        // Only the address is used.
        @inline(__always) get { unsafe Chunk(containing: UInt(bitPattern: pointer)) }
    }

    var number: Int {
        // Only the address is used.
        @inline(__always) get { unsafe Int(UInt(bitPattern: pointer) &>> 6) & 31 }
    }

    /// The first of the page's bytes.
    var start: UnsafeMutableRawPointer {
        // A chunk has 32 pages.
        @inline(__always) get { unsafe chunk.start + number &* Page.byteCount }
    }

    /// Prepares the page for blocks of one size.
    func format(sizeClass: Int, blockSize: Int) {
        let capacity = UInt32(Page.byteCount / blockSize)
        // The header's memory belongs to this page.
        unsafe pointer.initialize(
            to: PageHeader(
                freeHead: PageHeader.none, bump: 0, used: 0, capacity: capacity,
                blockSize: UInt32(blockSize), thinCount: capacity / 4, sizeClass: UInt32(sizeClass),
                isListed: false, next: nil, previous: nil))
    }

    /// A block of this page, which must have room.
    @unsafe @inline(__always)
    func takeBlock() -> UnsafeMutableRawPointer {
        header.used &+= 1
        let offset = header.freeHead
        if offset != PageHeader.none {
            // Offsets of freed blocks lie inside the page.
            let block = unsafe start + Int(offset)
            // `returnBlock` has written the next one's offset there.
            unsafe header.freeHead = block.load(as: UInt32.self)
            // As above.
            return unsafe block
        }
        // The page has room, so the block ends inside.
        let block = unsafe start + Int(header.bump)
        header.bump &+= header.blockSize
        // As above.
        return unsafe block
    }

    /// Puts a block of this page on its free list.
    @unsafe @inline(__always)
    func returnBlock(_ block: UnsafeMutableRawPointer) {
        // The caller gave the block up, and every block has eight bytes.
        unsafe block.storeBytes(of: header.freeHead, as: UInt32.self)
        header.freeHead = UInt32(truncatingIfNeeded: UInt(bitPattern: block) & 0xffff)
        header.used &-= 1
    }
}
