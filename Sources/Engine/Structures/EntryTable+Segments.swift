import Glibc

/// The memory of buckets. What lies beyond the last bucket is zero in every segment.
extension EntryTable {
    /// So many segments (8 buckets) need no block of their own for their bases.
    static var inlineSegments: Int { 4 }
    /// 2^46 buckets: more than there are addresses.
    static var largestSegmentCount: Int { 48 }
    /// Segments up to this size come from the arena, then from `malloc`.
    private static var mappedSegment: Int { 65536 }
    /// Mapped segments are given back in pieces of so many buckets (64 KiB) as the table shrinks.
    private static var pieceBuckets: Int { 1024 }

    private static func byteCount(ofSegment segment: Int) -> Int {
        Bucket.byteCount << max(0, segment - 1)
    }

    private static func firstBucket(ofSegment segment: Int) -> Int {
        segment == 0 ? 0 : 1 << (segment - 1)
    }

    /// The bytes of the segments outside the arena: those from `malloc` whole, of the mapped ones what
    /// buckets are in.
    var segmentBytes: Int {
        if state.bucketCount == 0 { return 0 }
        let last = EntryTable.segment(of: state.bucketCount - 1)
        var sum = 0
        for segment in 0...last {
            let byteCount = EntryTable.byteCount(ofSegment: segment)
            if byteCount <= Arena.largestBlock { continue }
            let buckets = state.bucketCount - EntryTable.firstBucket(ofSegment: segment)
            sum +=
                byteCount < EntryTable.mappedSegment
                ? byteCount : min(byteCount, buckets * Bucket.byteCount)
        }
        return sum
    }

    /// Makes bucket 0, when the first entry comes.
    @inline(never)
    func addFirstBucket() {
        addSegment(0)
        state.bucketCount = 1
        state.mask = 0
    }

    /// Makes a segment, zeroed; none of its buckets exists yet.
    func addSegment(_ segment: Int) {
        if segment == EntryTable.inlineSegments && !hasOwnBases { growBases() }
        let byteCount = EntryTable.byteCount(ofSegment: segment)
        let bias = UInt(EntryTable.firstBucket(ofSegment: segment) * Bucket.byteCount)
        // The new memory is as long as the segment; there are bases for every possible segment.
        unsafe state.bases[segment] = UInt(bitPattern: allocate(byteCount)) &- bias
    }

    /// Gives back what is not needed any more after the bucket with this index went, the last one.
    func dropMemory(from index: Int) {
        let segment = EntryTable.segment(of: index)
        let first = EntryTable.firstBucket(ofSegment: segment)
        if index == first {
            freeSegment(segment)
            if segment == EntryTable.inlineSegments { shrinkBases() }
            return
        }
        let byteCount = EntryTable.byteCount(ofSegment: segment)
        if byteCount >= EntryTable.mappedSegment, index % EntryTable.pieceBuckets == 0 {
            // A piece of a mapped segment without a bucket.
            unsafe Mapping.clean(bucket(at: index).pointer, EntryTable.pieceBuckets * Bucket.byteCount)
        }
    }

    // MARK: Teardown

    /// Frees all buckets; the entries stay.
    func releaseBuckets() {
        if state.overflowCount > 0 {
            for index in 0..<state.bucketCount { freeChain(after: bucket(at: index)) }
        }
        if state.bucketCount > 0 {
            for segment in 0...EntryTable.segment(of: state.bucketCount - 1) { freeSegment(segment) }
        }
        // Made by `growBases`.
        if hasOwnBases { unsafe state.bases.deallocate() }
        // Back to the bases in the block of the state.
        unsafe state.bases = inlineBases
        state.bucketCount = 0
        state.count = 0
        state.mask = 0
    }

    /// Drops a slice of the table, whose arena will be discarded afterwards; true when all is gone.
    ///
    /// Releases the objects that entries refer to (unless no entry of the arena does: then no entry
    /// is even looked at) and forgets the entries and overflow buckets, which go with their arena.
    /// After the first call the table must not be used in any other way. A slice of 16384 buckets (1 MiB)
    /// without objects takes some 0.1 ms; with objects choose less, as each has to be freed.
    func abandonSome(buckets budget: Int) -> Bool {
        let old = state.bucketCount
        if old == 0 { return true }
        let new = max(0, old - budget)
        if arena.objectCount > 0 {
            for index in new..<old { visit(bucket(at: index)) { $0.abandon(in: arena) } }
        }
        dropBuckets(from: new)
        // Overflow buckets go with the arena.
        state.overflowCount = 0
        return new == 0
    }

    /// Frees a slice of the table with the entries in it, for an arena that others use too; true when all
    /// is gone.
    ///
    /// After the first call the table must not be used in any other way.
    func freeSome(buckets budget: Int) -> Bool {
        let old = state.bucketCount
        if old == 0 { return true }
        let new = max(0, old - budget)
        for index in new..<old {
            let first = bucket(at: index)
            visit(first) { $0.free(in: arena) }
            freeChain(after: first)
        }
        dropBuckets(from: new)
        return new == 0
    }

    /// Gives back the memory of the last buckets, which hold nothing that is needed any more.
    private func dropBuckets(from new: Int) {
        // From the top down to all buckets at which memory may begin.
        var index = state.bucketCount
        while true {
            index = index > EntryTable.pieceBuckets ? (index - 1) & ~(EntryTable.pieceBuckets - 1) : index - 1
            if index < new { break }
            dropMemory(from: index)
        }
        state.bucketCount = new
    }

    // MARK: Blocks

    /// Zeroed memory for a segment, aligned to cache lines.
    private func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer {
        if byteCount >= EntryTable.mappedSegment {
            // A new mapping of this size.
            return unsafe Mapping.allocate(byteCount, alignment: Page.byteCount)
        }
        if byteCount <= Arena.largestBlock {
            // A new block of this size.
            let block = unsafe arena.allocate(byteCount)
            // The block has this size.
            unsafe memset(block, 0, byteCount)
            // As above.
            return unsafe block
        }
        // A new block of this size.
        guard let block = unsafe aligned_alloc(Bucket.byteCount, byteCount) else {
            fatalError("out of memory: no \(byteCount) bytes for a hash table")
        }
        // The block has this size.
        unsafe memset(block, 0, byteCount)
        // As above.
        return unsafe block
    }

    private func freeSegment(_ segment: Int) {
        let byteCount = EntryTable.byteCount(ofSegment: segment)
        // Only the first bucket's address is used.
        let start = unsafe bucket(at: EntryTable.firstBucket(ofSegment: segment)).pointer
        if byteCount >= EntryTable.mappedSegment {
            // All three kinds of memory come from `allocate`, which decides by the same sizes.
            unsafe Mapping.free(start, byteCount)
        } else if byteCount <= Arena.largestBlock {
            // As above.
            unsafe arena.deallocate(start, byteCount)
        } else {
            // As above.
            unsafe Glibc.free(start)
        }
    }

    /// Moves the bases to a block with room for those of all segments there can be.
    private func growBases() {
        // The bases used so far, in the block of the state.
        let old = unsafe state.bases
        let bases = UnsafeMutablePointer<UInt>.allocate(capacity: EntryTable.largestSegmentCount)
        // The new block is the longer one.
        unsafe bases.initialize(repeating: 0, count: EntryTable.largestSegmentCount)
        // As above.
        for segment in 0..<EntryTable.inlineSegments { unsafe bases[segment] = old[segment] }
        // As above.
        unsafe state.bases = bases
    }

    /// Moves the bases back into the block of the state, when no other segments are left.
    private func shrinkBases() {
        // Made by `growBases`, and longer than the place that its first bases go to.
        let old = unsafe state.bases
        // As above.
        let bases = unsafe inlineBases
        // As above.
        for segment in 0..<EntryTable.inlineSegments { unsafe bases[segment] = old[segment] }
        // As above.
        unsafe state.bases = bases
        // Nobody has the address any more.
        unsafe old.deallocate()
    }
}
