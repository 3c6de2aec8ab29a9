import Glibc

/// What the arena knows about one chunk.
struct ChunkHeader: BitwiseCopyable {
    /// A bit for each page that is free and not resident.
    var cleanPages: UInt32
    /// While the chunk is dropped in slices: how many pages are still mapped.
    var mappedPages: UInt32
    var next: Chunk?
    var previous: Chunk?
    var nextRoomy: Chunk?
    var previousRoomy: Chunk?
    var isRoomy: Bool
}

/// 2 MiB of address space, aligned to its size: a page of headers and 31 pages of blocks.
///
/// Where in the first page the headers lie differs from chunk to chunk, as otherwise the headers
/// of all chunks would compete for the same few lines of the processor's caches.
@safe struct Chunk: BitwiseCopyable {
    static var byteCount: Int { @inline(__always) get { 2 << 20 } }
    static var pageCount: Int { @inline(__always) get { 32 } }
    /// All pages but the one that holds the headers.
    static var allPages: UInt32 { @inline(__always) get { 0xffff_fffe } }

    let start: UnsafeMutableRawPointer

    @unsafe @inline(__always)
    private init(start: UnsafeMutableRawPointer) {
        // The caller passes the start of a chunk.
        unsafe self.start = unsafe start
    }

    /// The chunk around an address of its blocks or headers.
    @inline(__always)
    init(containing address: UInt) {
        let start = address & ~UInt(Chunk.byteCount &- 1)
        // Addresses that reach here come from chunks, none of which starts at zero.
        unsafe self.start = UnsafeMutableRawPointer(bitPattern: start).unsafelyUnwrapped
    }

    /// Where the chunk's 32 headers of 64 bytes start.
    var headers: UnsafeMutableRawPointer {
        @inline(__always) get {
            // Only the address is used.
            let colour = unsafe Int(UInt(bitPattern: start) &>> 21) & 31
            // 32 colours of 2 KiB fill the first page.
            return unsafe start + colour &* 2048
        }
    }

    var header: ChunkHeader {
        @inline(__always) _read {
            // The first of the headers is the chunk's own, and lives as long as the chunk is mapped.
            yield unsafe headers.assumingMemoryBound(to: ChunkHeader.self).pointee
        }
        @inline(__always) nonmutating _modify {
            // As above.
            yield unsafe &headers.assumingMemoryBound(to: ChunkHeader.self).pointee
        }
    }

    /// A new chunk, all of whose pages are clean.
    static func map() -> Chunk {
        // The mapping is new and as long as a chunk.
        let chunk = unsafe Chunk(start: Mapping.allocate(byteCount, alignment: byteCount))
        // The first page is there to hold this.
        unsafe chunk.headers.initializeMemory(
            as: ChunkHeader.self,
            to: ChunkHeader(
                cleanPages: allPages, mappedPages: UInt32(pageCount), next: nil, previous: nil,
                nextRoomy: nil, previousRoomy: nil, isRoomy: false))
        return chunk
    }

    /// Gives the last `count` mapped pages back; with the first page the chunk is gone.
    func unmap(lastPages count: Int) {
        let left = Int(header.mappedPages) - count
        header.mappedPages = UInt32(left)
        // Nobody refers to these pages any more.
        unsafe Mapping.free(start + left * Page.byteCount, count * Page.byteCount)
    }
}

/// Memory taken from the system by whole pages, zero and not resident before it is touched.
enum Mapping {
    /// New zeroed memory; `alignment` is a power of two, at least the system's page.
    static func allocate(_ byteCount: Int, alignment: Int) -> UnsafeMutableRawPointer {
        // A new mapping, which only this function knows so far.
        let first = unsafe map(byteCount)
        // As above.
        if UInt(bitPattern: first) & UInt(alignment - 1) == 0 { return unsafe first }
        // As above.
        unsafe free(first, byteCount)
        // Map more than is needed and cut off both ends.
        let whole = unsafe map(byteCount + alignment)
        let misfit = Int(UInt(bitPattern: whole) & UInt(alignment - 1))
        let head = misfit == 0 ? 0 : alignment - misfit
        // Head and tail lie inside the mapping just made, around the part that is returned.
        if head > 0 { unsafe free(whole, head) }
        // As above.
        unsafe free(whole + head + byteCount, alignment - head)
        // As above.
        return unsafe whole + head
    }

    /// Returns memory, or a page-aligned part of it, to the system.
    @unsafe
    static func free(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
        // The caller gives these bytes up.
        if byteCount > 0 { _ = unsafe munmap(start, byteCount) }
    }

    /// Gives the memory's contents back but keeps its addresses: it reads as zero afterwards.
    @unsafe
    static func clean(_ start: UnsafeMutableRawPointer, _ byteCount: Int) {
        // The caller gives the contents of these bytes up.
        _ = unsafe madvise(start, byteCount, MADV_DONTNEED)
    }

    private static func map(_ byteCount: Int) -> UnsafeMutableRawPointer {
        // A new mapping overlaps nothing.
        let start = unsafe mmap(
            nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
        // MAP_FAILED is the address -1. Without memory a server of data cannot go on; Redis aborts too.
        guard let start = unsafe start, UInt(bitPattern: start) != .max else {
            fatalError("out of memory: the system refused to map \(byteCount) bytes")
        }
        // Huge pages would be zeroed 2 MiB at a time, a stall of up to a millisecond, and stay resident
        // whole; where the system does not use them anyway this changes nothing.
        _ = unsafe madvise(start, byteCount, MADV_NOHUGEPAGE)
        // The mapping just made.
        return unsafe start
    }
}
