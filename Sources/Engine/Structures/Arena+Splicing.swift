import Glibc

/// Blocks that grow and shrink at any place, and whose room follows from how much they hold.
///
/// Whoever keeps such a block keeps nothing but its address, as its contents tell their own size. Up to
/// `largestBlock` the room is the size class; beyond, it comes in steps of a sixteenth to an eighth, so
/// that a block to which is appended again and again is rarely moved.
extension Arena {
    /// The room that a spliced block has when it holds `size` bytes.
    @inline(__always)
    static func splicedSize(_ size: Int) -> Int {
        if size <= largestBlock { return roundedSize(size) }
        let step = 1 &<< (Int.bitWidth &- 4 &- size.leadingZeroBitCount)
        return (size &+ step &- 1) & ~(step &- 1)
    }

    /// What a block of `size` bytes takes from memory, the allocator's share included.
    @inline(__always)
    static func cost(_ size: Int) -> Int {
        // `malloc` adds eight bytes and rounds to 16.
        size <= largestBlock
            ? roundedSize(size) : (size &+ LargeBlock.headerByteCount &+ 8 &+ 15) & ~15
    }

    /// What a spliced block that holds `size` bytes takes from memory.
    @inline(__always)
    static func splicedCost(_ size: Int) -> Int { cost(splicedSize(size)) }

    /// A block that holds `size` bytes, whatever they are.
    @inline(__always)
    func allocateSpliced(_ size: Int) -> UnsafeMutableRawPointer {
        // Only the size decides.
        unsafe allocate(Arena.splicedSize(size))
    }

    /// Takes back a block that holds `size` bytes.
    @inline(__always)
    func deallocateSpliced(_ block: UnsafeMutableRawPointer, _ size: Int) {
        // The caller owns the block and told how much it holds.
        unsafe deallocate(block, Arena.splicedSize(size))
    }

    /// Puts `new` undefined bytes in the place of `old` ones at `offset` of a block that holds `size` bytes.
    ///
    /// What follows moves along, and the whole block may: the answer is where it is now.
    @unsafe @inline(__always)
    func splice(
        _ block: UnsafeMutableRawPointer, size: Int, at offset: Int, old: Int, new: Int
    ) -> UnsafeMutableRawPointer {
        assert(offset >= 0 && old >= 0 && new >= 0 && offset + old <= size)
        let newSize = size &- old &+ new
        if Arena.splicedSize(size) != Arena.splicedSize(newSize) {
            // As the caller promises, the block holds `size` bytes.
            return unsafe moveSpliced(block, size: size, at: offset, old: old, new: new)
        }
        let rest = size &- offset &- old
        // Both ranges end inside the room, which is the same for both sizes.
        if rest > 0 { unsafe memmove(block + offset + new, block + offset + old, rest) }
        // As above.
        return unsafe block
    }

    /// The part of `splice` that needs another room.
    @unsafe @inline(never)
    private func moveSpliced(
        _ block: UnsafeMutableRawPointer, size: Int, at offset: Int, old: Int, new: Int
    ) -> UnsafeMutableRawPointer {
        let newSize = size - old + new
        let rest = size - offset - old
        let (room, newRoom) = (Arena.splicedSize(size), Arena.splicedSize(newSize))
        if min(room, newRoom) > Arena.largestBlock {
            // The rest is moved while the block has the larger of both rooms.
            if newRoom < room { unsafe memmove(block + offset + new, block + offset + old, rest) }
            // As above.
            let moved = unsafe reallocateLarge(block, from: room, to: newRoom)
            // As above.
            if newRoom > room { unsafe memmove(moved + offset + new, moved + offset + old, rest) }
            // As above.
            return unsafe moved
        }
        // A new block, with room for what is copied into it.
        let moved = unsafe allocate(newRoom)
        // As above.
        unsafe memcpy(moved, block, offset)
        // As above.
        unsafe memcpy(moved + offset + new, block + offset + old, rest)
        // The caller has only the new address.
        unsafe deallocate(block, room)
        // As above.
        return unsafe moved
    }

    /// Changes the size of a block above `largestBlock` to another such size, in place if `malloc` can.
    @unsafe @inline(never)
    func reallocateLarge(
        _ bytes: UnsafeMutableRawPointer, from old: Int, to new: Int
    ) -> UnsafeMutableRawPointer {
        assert(old > Arena.largestBlock && new > Arena.largestBlock)
        // `allocateLarge` has put the links in front of the caller's bytes.
        let block = unsafe LargeBlock(start: bytes - LargeBlock.headerByteCount)
        let links = block.links
        // The block is the arena's, and its old address is used no more.
        guard let start = unsafe realloc(block.start, new + LargeBlock.headerByteCount) else {
            // As Swift's own allocations, and Redis's: strings are bounded, so the system is at its end.
            fatalError("out of memory: no block of \(new) bytes")
        }
        // As above; the links were copied with the rest.
        let moved = unsafe LargeBlock(start: start)
        links.next?.links.previous = moved
        if let previous = links.previous { previous.links.next = moved } else { state.largeBlocks = moved }
        state.bytesInUse += new - old
        state.largeBytes += new - old
        // As above.
        return unsafe start + LargeBlock.headerByteCount
    }
}
