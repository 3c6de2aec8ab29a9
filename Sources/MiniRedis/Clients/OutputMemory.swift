/// The bytes that Redis would have allocated for output which a client has not read yet.
///
/// `client-output-buffer-limit` speaks of these, so they decide which clients go. Redis keeps the first
/// 16 KiB in the client itself, which does not count, and the rest in a list of blocks: what comes in
/// small pieces fills blocks of at least 16 KiB one after the other, a bulk string longer than that gets
/// one of its own. An allocation is rounded up to a size class of jemalloc, with which Redis is usually
/// built, and counts as a whole.
enum OutputMemory {
    /// Bytes in the client itself.
    static let ownBytes = 16 << 10
    /// The head of a block, which is a part of its allocation.
    private static let blockHead = 16
    /// What is counted beside each allocation: the block's head and the list's node.
    private static let overhead = 40
    /// What a block for small pieces holds.
    private static let blockRoom = sizeClass(ownBytes + blockHead) - blockHead

    /// What `held` bytes of output count for; the last `bulk` of them were one bulk string, if so many.
    static func bytes(held: Int, bulk: Int = 0) -> Int {
        let listed = held - ownBytes
        guard listed > 0 else { return 0 }
        let bulk = min(bulk, listed)
        guard bulk >= ownBytes else { return small(listed) }
        return small(listed - bulk) + sizeClass(bulk + blockHead) - blockHead + overhead
    }

    /// So few bytes never count for `limit`, so that nobody has to ask.
    static func harmless(below limit: Int) -> Int {
        // Rounding adds a quarter at most, and little more than a block.
        max(ownBytes, (limit - (64 << 10)) / 2)
    }

    private static func small(_ count: Int) -> Int {
        (count + blockRoom - 1) / blockRoom * (blockRoom + overhead)
    }

    /// The allocation that jemalloc makes for more than 16 KiB: classes lie a quarter of a power of two apart.
    private static func sizeClass(_ count: Int) -> Int {
        let step = 1 << (Int.bitWidth - 3 - (count - 1).leadingZeroBitCount)
        return (count + step - 1) / step * step
    }
}
