/// Visiting entries: all of them, in slices with a cursor, or one at random.
extension EntryTable {
    /// Calls `body` with each entry of a chain; it must not change the table.
    @inline(__always)
    func visit(_ first: Bucket, _ body: (Entry) -> Void) {
        var reading: Bucket? = first
        while let bucket = reading {
            for slot in 0..<bucket.filled { body(bucket.entry(at: slot)) }
            reading = bucket.next
        }
    }

    /// Calls `body` with each entry; it must not change the table.
    @inline(__always)
    func forEach(_ body: (Entry) -> Void) {
        for index in 0..<state.bucketCount { visit(bucket(at: index), body) }
    }

    /// Visits the entries of one bucket and returns where to go on; 0 is the start, and the end.
    ///
    /// Whoever starts with 0 and goes on until 0 comes back sees each entry that is in the table all
    /// the time at least once, however the table grows and shrinks meanwhile. A bucket of level l
    /// holds the hashes whose bit-reversal lies in an interval of 2^(64-l) numbers, and these
    /// intervals cover all numbers at any time. The cursor is the reversed start of what is left:
    /// the bucket there is visited whole, and the next cursor is the reversed end of its interval.
    /// `visit` must not change the table.
    @inline(__always)
    func scan(_ cursor: UInt64, _ body: (Entry) -> Void) -> UInt64 {
        if state.bucketCount == 0 { return 0 }
        visit(bucket(of: cursor), body)
        let level = UInt64(truncatingIfNeeded: level(of: cursor))
        if level == 0 { return 0 }
        let position = EntryTable.bitReversed(cursor)
        let end = ((position &>> (64 &- level)) &+ 1) &<< (64 &- level)
        return EntryTable.bitReversed(end)
    }

    /// An entry picked with almost the same probability for each; nil if there is none.
    ///
    /// Takes a random bucket and accepts it in proportion to the entries that it has, up to
    /// 16; an entry that shares its bucket with more is a little less likely.
    func random(using generator: inout some RandomNumberGenerator) -> Entry? {
        if state.count == 0 { return nil }
        let tickets = 16
        // With at least three entries a bucket, a try fails in at most 5 of 6 cases.
        for _ in 0..<128 {
            let index = Int.random(in: 0..<state.bucketCount, using: &generator)
            let ticket = Int.random(in: 0..<tickets, using: &generator)
            let first = bucket(at: index)
            let count = chainCount(first)
            if ticket < count || state.bucketCount == 1 {
                let pick =
                    count > tickets || state.bucketCount == 1
                    ? Int.random(in: 0..<count, using: &generator) : ticket
                return entry(at: pick, of: first)
            }
        }
        // Practically never: then the next entry from a random place on.
        let start = Int.random(in: 0..<state.bucketCount, using: &generator)
        for step in 0..<state.bucketCount {
            let first = bucket(at: (start + step) % state.bucketCount)
            if first.filled > 0 { return first.entry(at: 0) }
        }
        return nil
    }

    /// How many entries a chain has.
    @inline(__always)
    func chainCount(_ first: Bucket) -> Int {
        var count = 0
        var bucket = first
        while let next = bucket.next {
            count &+= Bucket.slotCount
            bucket = next
        }
        return count &+ bucket.filled
    }

    /// The entry with this number in a chain that has more than so many.
    private func entry(at number: Int, of first: Bucket) -> Entry {
        var number = number
        var bucket = first
        while number >= Bucket.slotCount, let next = bucket.next {
            number -= Bucket.slotCount
            bucket = next
        }
        return bucket.entry(at: number)
    }

    /// The bits of a word from last to first.
    @inline(__always)
    static func bitReversed(_ word: UInt64) -> UInt64 {
        var word = word.byteSwapped
        word = word &>> 4 & 0x0f0f_0f0f_0f0f_0f0f | (word & 0x0f0f_0f0f_0f0f_0f0f) &<< 4
        word = word &>> 2 & 0x3333_3333_3333_3333 | (word & 0x3333_3333_3333_3333) &<< 2
        return word &>> 1 & 0x5555_5555_5555_5555 | (word & 0x5555_5555_5555_5555) &<< 1
    }

    // MARK: Insight

    /// What DEBUG HTSTATS tells about the table.
    struct Statistics: Equatable, Sendable {
        var entries = 0
        var buckets = 0
        var overflowBuckets = 0
        var emptyBuckets = 0
        /// The most entries that share a bucket.
        var longestChain = 0
        var memoryUse = 0
    }

    /// Looks at every bucket: not for the hot path.
    func statistics() -> Statistics {
        var result = Statistics()
        result.entries = count
        result.buckets = bucketCount
        result.overflowBuckets = state.overflowCount
        result.memoryUse = memoryUse
        for index in 0..<state.bucketCount {
            let length = chainCount(bucket(at: index))
            if length == 0 { result.emptyBuckets += 1 }
            result.longestChain = max(result.longestChain, length)
        }
        return result
    }

    /// Stops if the table is not as it should be; for tests.
    func checkInvariants() {
        var total = 0
        var overflow = 0
        for index in 0..<state.bucketCount {
            var reading: Bucket? = bucket(at: index)
            var isFirst = true
            while let bucket = reading {
                let filled = bucket.filled
                precondition(
                    Bucket.matches(bucket.tags, 0).nonzeroBitCount == 8 - filled, "a hole in a bucket")
                precondition(bucket.next == nil || filled == Bucket.slotCount, "a hole in a chain")
                precondition(isFirst || filled > 0, "an empty overflow bucket")
                for slot in 0..<filled { checkSlot(slot, of: bucket, index: index) }
                total += filled
                overflow += isFirst ? 0 : 1
                isFirst = false
                reading = bucket.next
            }
        }
        precondition(total == count, "count")
        precondition(overflow == state.overflowCount, "overflow count")
        precondition(count <= max(1, bucketCount) * EntryTable.growLoad, "too full")
        precondition(count * 2 >= (bucketCount - 1) * EntryTable.shrinkLoadHalves, "too empty")
    }

    private func checkSlot(_ slot: Int, of bucket: Bucket, index: Int) {
        let entry = bucket.entry(at: slot)
        let hash = key.hash(entry.key)
        precondition(bucket.tag(at: slot) == Bucket.tag(of: hash), "tag")
        let level = level(of: hash)
        precondition(Int(hash & (1 << UInt64(level) - 1)) == index, "an entry in a foreign bucket")
        precondition(bucket.word(at: slot) & 15 == EntryTable.spareBits(of: hash, level: level), "spare bits")
    }
}
