/// Chains of buckets: all but the last are full, and only the first may be empty.
extension EntryTable {
    /// Adds a word to the end of a chain.
    @inline(__always)
    func append(_ word: UInt64, tag: UInt8, to first: Bucket) {
        var bucket = first
        while let next = bucket.next { bucket = next }
        var slot = bucket.filled
        if slot == Bucket.slotCount {
            bucket = addOverflow(to: bucket)
            slot = 0
        }
        bucket.setTag(tag, at: slot)
        bucket.setWord(word, at: slot)
    }

    /// Moves the chain's last entry to a slot that becomes free.
    @inline(__always)
    func fill(_ slot: Int, of bucket: Bucket, first: Bucket) {
        var last = bucket
        while let next = last.next { last = next }
        let final = last.filled &- 1
        bucket.setTag(last.tag(at: final), at: slot)
        bucket.setWord(last.word(at: final), at: slot)
        last.setTag(0, at: final)
        if final == 0 { dropLastOverflow(first) }
    }

    /// Adds an empty bucket to the end of a chain.
    @inline(never)
    func addOverflow(to last: Bucket) -> Bucket {
        // A new block of 64 bytes, aligned to 64.
        let bucket = unsafe Bucket(pointer: arena.allocate(Bucket.byteCount))
        bucket.tags = 0
        bucket.link = 0
        // Only the address is used.
        last.link = unsafe UInt(bitPattern: bucket.pointer)
        state.overflowCount &+= 1
        return bucket
    }

    /// Frees the chain's last bucket, which has run empty, unless it is the first.
    @inline(never)
    private func dropLastOverflow(_ first: Bucket) {
        var previous = first
        guard var last = first.next else { return }
        while let next = last.next {
            previous = last
            last = next
        }
        freeChain(after: previous)
    }

    /// Frees all buckets of a chain that come after one of its buckets.
    @inline(__always)
    func freeChain(after bucket: Bucket) {
        var rest = bucket.next
        bucket.link = 0
        while let overflow = rest {
            rest = overflow.next
            // Allocated by `addOverflow`, and no longer linked.
            unsafe arena.deallocate(overflow.pointer, Bucket.byteCount)
            state.overflowCount &-= 1
        }
    }
}
