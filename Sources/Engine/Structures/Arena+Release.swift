import Glibc

/// A block above the largest class, from `malloc`, in a list so that the arena can drop it.
@safe struct LargeBlock: BitwiseCopyable {
    /// Room for both links in front of the caller's bytes; keeps these aligned to 16.
    static var headerByteCount: Int { 16 }

    struct Links: BitwiseCopyable {
        var next: LargeBlock?
        var previous: LargeBlock?
    }

    let start: UnsafeMutableRawPointer

    @unsafe
    init(start: UnsafeMutableRawPointer) {
        // The caller passes a block that starts with room for the links.
        unsafe self.start = unsafe start
    }

    var links: Links {
        // The block starts with its links, and is live.
        get { unsafe start.load(as: Links.self) }
        // As above.
        nonmutating set { unsafe start.storeBytes(of: newValue, as: Links.self) }
    }
}

/// Large blocks, and dropping everything.
extension Arena {
    @inline(never)
    func allocateLarge(_ size: Int) -> UnsafeMutableRawPointer {
        // The new block has room for the links and for what the caller wants.
        guard let start = unsafe malloc(size + LargeBlock.headerByteCount) else {
            fatalError("out of memory: no block of \(size) bytes")
        }
        // As above.
        let block = unsafe LargeBlock(start: start)
        block.links = LargeBlock.Links(next: state.largeBlocks, previous: nil)
        state.largeBlocks?.links.previous = block
        state.largeBlocks = block
        state.bytesInUse += size
        state.largeBytes += size + LargeBlock.headerByteCount
        state.largeCount += 1
        // As above.
        return unsafe start + LargeBlock.headerByteCount
    }

    @unsafe @inline(never)
    func deallocateLarge(_ bytes: UnsafeMutableRawPointer, _ size: Int) {
        // `allocateLarge` has put the links in front of the caller's bytes.
        let block = unsafe LargeBlock(start: bytes - LargeBlock.headerByteCount)
        let links = block.links
        links.next?.links.previous = links.previous
        if let previous = links.previous {
            previous.links.next = links.next
        } else {
            state.largeBlocks = links.next
        }
        state.bytesInUse -= size
        state.largeBytes -= size + LargeBlock.headerByteCount
        state.largeCount -= 1
        // The block is not in the list any more.
        unsafe free(block.start)
    }

    /// Declares all blocks dead at once; their memory is given back by `releaseSome`.
    ///
    /// Whatever has blocks here must be gone before or never free them: tables are abandoned first
    /// (`EntryTable.abandonSome`, `DeadlineIndex.abandon`), objects with blocks of their own released.
    /// The arena can be used again at once. What was discarded before must have been released.
    func discardAll() {
        precondition(state.doomedChunks == nil && state.doomedLargeBlocks == nil)
        for sizeClass in 0..<Arena.classCount { setList(sizeClass, PageList()) }
        var fresh = State()
        fresh.doomedChunks = state.chunks
        fresh.doomedLargeBlocks = state.largeBlocks
        state = fresh
    }

    /// Gives the next slice of discarded memory back; true when nothing is left.
    ///
    /// A slice of 16 pages (1 MiB) takes some 0.1 ms.
    func releaseSome(pages budget: Int) -> Bool {
        var budget = budget
        while budget > 0, let block = state.doomedLargeBlocks {
            state.doomedLargeBlocks = block.links.next
            // The block left the list, and the arena's blocks are all dead.
            unsafe free(block.start)
            budget -= 1
        }
        while budget > 0, let chunk = state.doomedChunks {
            let count = min(budget, Int(chunk.header.mappedPages))
            if count == Int(chunk.header.mappedPages) { state.doomedChunks = chunk.header.next }
            chunk.unmap(lastPages: count)
            budget -= count
        }
        return state.doomedChunks == nil && state.doomedLargeBlocks == nil
    }
}
