import Glibc

/// A slab allocator for the small blocks of one keyspace, which can be dropped as a whole.
///
/// Blocks of one size class share 64 KiB pages, pages are cut from 2 MiB chunks. Classes lie 8 bytes
/// apart up to 512 and 64 apart up to `largestBlock`; what is larger comes from `malloc` and is
/// kept in a list. A block carries no header: the caller knows its size. A page's header lies in the
/// first page of its chunk and is found by masking the block's address, so pages are filled to the
/// last byte and a dropped page costs nothing.
///
/// Not thread-safe. All mutable state lives behind `state`, so that no access is checked at run time.
@safe final class Arena {
    /// Blocks above this many bytes come from `malloc`: a page would hold few of them.
    static var largestBlock: Int { @inline(__always) get { 2048 } }
    /// Classes 1...64 are 8 bytes apart, 65...88 are 64 bytes apart.
    static var classCount: Int { @inline(__always) get { 89 } }
    /// Freed pages kept resident for the next need (2 MiB); more than that is given back.
    static var reservedPages: Int { @inline(__always) get { 32 } }

    struct State {
        var bytesInUse = 0
        var pagesInUse = 0
        var largeBytes = 0
        var largeCount = 0
        /// Entries in this arena that hold a reference; a drop has to visit entries only if any do.
        var objectCount = 0
        /// The bytes of the values that these entries refer to.
        var objectBytes = 0
        /// Freed pages that are still resident, linked through their headers.
        var sparePages: Page?
        var sparePageCount = 0
        var chunks: Chunk?
        /// Chunks with pages that were never used or were given back.
        var roomyChunks: Chunk?
        var doomedChunks: Chunk?
        var largeBlocks: LargeBlock?
        var doomedLargeBlocks: LargeBlock?
    }

    private let statePointer: UnsafeMutablePointer<State>
    private let lists: UnsafeMutablePointer<PageList>
    /// Takes the values that are too costly to free when an entry lets go of them.
    let dropped: DroppedValues?

    /// An empty arena; without `dropped` every value is freed at once.
    init(dropped: DroppedValues? = nil) {
        self.dropped = dropped
        // Both blocks are initialised here and live until `deinit`.
        unsafe statePointer = UnsafeMutablePointer<State>.allocate(capacity: 1)
        // As above.
        unsafe statePointer.initialize(to: State())
        // As above.
        unsafe lists = UnsafeMutablePointer<PageList>.allocate(capacity: Arena.classCount)
        // As above.
        unsafe lists.initialize(repeating: PageList(), count: Arena.classCount)
    }

    deinit {
        _ = releaseSome(pages: .max)
        discardAll()
        _ = releaseSome(pages: .max)
        // Nobody can reach the arena any more.
        unsafe lists.deallocate()
        // As above.
        unsafe statePointer.deallocate()
    }

    var state: State {
        @inline(__always) _read {
            // Lives as long as the arena does.
            yield unsafe statePointer.pointee
        }
        @inline(__always) _modify {
            // Lives as long as the arena does.
            yield unsafe &statePointer.pointee
        }
    }

    /// The bytes of all live blocks, each rounded up to its class.
    var bytesInUse: Int { state.bytesInUse }

    /// The bytes taken from the system: pages in use or kept in reserve, and large blocks.
    var bytesReserved: Int {
        (state.pagesInUse + state.sparePageCount) * Page.byteCount + state.largeBytes
    }

    /// How many live entries hold a reference.
    var objectCount: Int { state.objectCount }

    /// The bytes of all values that entries refer to, as the values tell them; a value that several
    /// entries share counts for each.
    var objectBytes: Int { state.objectBytes }

    /// Lets `body` change the size of a value that one entry of this arena refers to.
    @inline(__always)
    func resize<Object: Value, Answer>(_ value: Object, _ body: (Object) -> Answer) -> Answer {
        guard value.isCounted else { return body(value) }
        let before = value.memoryUse
        defer { state.objectBytes &+= value.memoryUse &- before }
        return body(value)
    }

    /// A block of at least `size` bytes, aligned to 8, and to 64 if `size` is a multiple of 64.
    @inline(__always)
    func allocate(_ size: Int) -> UnsafeMutableRawPointer {
        // Only the size decides: nothing is touched yet.
        if size > Arena.largestBlock { return unsafe allocateLarge(size) }
        let sizeClass = Arena.sizeClass(size)
        let page = list(sizeClass).head ?? addPage(sizeClass: sizeClass)
        // The page is listed, so it has room.
        let block = unsafe page.takeBlock()
        state.bytesInUse &+= Int(page.header.blockSize)
        if page.header.used == page.header.capacity { unlist(page) }
        // As above.
        return unsafe block
    }

    /// Takes back a block that `allocate` returned for the same size.
    @inline(__always)
    func deallocate(_ block: UnsafeMutableRawPointer, _ size: Int) {
        // The caller owns the block and told its true size.
        if size > Arena.largestBlock { return unsafe deallocateLarge(block, size) }
        // As above: the block lies in a page of this arena.
        let page = unsafe Page(containing: block)
        // As above.
        unsafe page.returnBlock(block)
        let header = page.header
        state.bytesInUse &-= Int(header.blockSize)
        if header.used == header.thinCount || header.used &+ 1 == header.capacity || header.used == 0 {
            relist(page)
        }
    }

    /// The bytes that a block for `size` bytes really has.
    @inline(__always)
    static func roundedSize(_ size: Int) -> Int {
        if size <= 512 { return max(8, (size &+ 7) & ~7) }
        return size <= largestBlock ? (size &+ 63) & ~63 : size
    }

    @inline(__always)
    static func sizeClass(_ size: Int) -> Int {
        size <= 512 ? max(1, (size &+ 7) &>> 3) : 64 &+ ((size &- 449) &>> 6)
    }

    static func blockSize(ofClass sizeClass: Int) -> Int {
        sizeClass <= 64 ? sizeClass * 8 : 512 + (sizeClass - 64) * 64
    }

    @inline(__always)
    func list(_ sizeClass: Int) -> PageList {
        // `sizeClass` is below `classCount`: it comes from a size that is at most `largestBlock`.
        unsafe lists[sizeClass]
    }

    func setList(_ sizeClass: Int, _ list: PageList) {
        // As in `list`.
        unsafe lists[sizeClass] = list
    }
}

/// The pages of one class that have room: fuller ones tend to the head, thin ones to the tail.
struct PageList: BitwiseCopyable {
    var head: Page?
    var tail: Page?
}
