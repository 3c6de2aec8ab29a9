/// Growing and shrinking, a bucket at a time.
extension EntryTable {
    /// Adds a bucket, which takes its share of the one whose index lacks the new one's top bit.
    @inline(never)
    func split() {
        let new = state.bucketCount
        let level = Int.bitWidth - 1 - new.leadingZeroBitCount
        let old = new - 1 << level
        if old == 0 { addSegment(EntryTable.segment(of: new)) }
        let source = bucket(at: old)
        state.bucketCount = new + 1
        state.mask = 2 << UInt64(level) - 1
        let target = bucket(at: new)
        splitByBits(source, into: target, shift: UInt64(level & 3))
        if level & 3 == 3 {
            renewBits(of: source, level: level + 1)
            renewBits(of: target, level: level + 1)
        }
    }

    /// Splits a chain by the hash bits that its slots hold.
    @inline(__always)
    private func splitByBits(_ source: Bucket, into target: Bucket, shift: UInt64) {
        var kept = Writer(bucket: source)
        var moved = target
        var movedCount = 0
        var reading: Bucket? = source
        while let bucket = reading {
            var tags = bucket.tags
            reading = bucket.next
            var slot = 0
            while tags != 0 {
                let word = bucket.word(at: slot)
                let tag = UInt8(truncatingIfNeeded: tags)
                if word &>> shift & 1 == 0 {
                    kept.write(word, tag: tag)
                } else {
                    if movedCount == Bucket.slotCount {
                        moved = addOverflow(to: moved)
                        movedCount = 0
                    }
                    moved.setTag(tag, at: movedCount)
                    moved.setWord(word, at: movedCount)
                    movedCount &+= 1
                }
                tags &>>= 8
                slot &+= 1
            }
        }
        kept.finish()
        freeChain(after: kept.bucket)
    }

    /// Renews the bits that a chain's slots hold, from the entries' keys.
    private func renewBits(of first: Bucket, level: Int) {
        var reading: Bucket? = first
        while let bucket = reading {
            // Fetch the entries all at once: hashing them one after the other would wait for each.
            for slot in 0..<bucket.filled { state.touched ^= UInt64(bucket.entry(at: slot).tagByte) }
            for slot in 0..<bucket.filled {
                let entry = bucket.entry(at: slot)
                let bits = EntryTable.spareBits(of: key.hash(entry.key), level: level)
                bucket.setWord(Bucket.word(entry, bits: bits), at: slot)
            }
            reading = bucket.next
        }
    }

    // MARK: Merging

    /// Removes the last bucket; its entries go back to the one that it was split from.
    @inline(never)
    func merge() {
        let last = state.bucketCount - 1
        let level = Int.bitWidth - 1 - last.leadingZeroBitCount
        let low = last - 1 << level
        let source = bucket(at: last)
        let target = bucket(at: low)
        // At such levels the slots' bits have to be the four before the level; a bucket's index tells them.
        let renew = level & 3 == 3
        if renew { setBits(of: target, to: UInt64(low >> (level - 3))) }
        if renew { setBits(of: source, to: UInt64(last >> (level - 3))) }
        var end = target
        while let next = end.next { end = next }
        var reading: Bucket? = source
        while let bucket = reading {
            for slot in 0..<bucket.filled {
                append(bucket.word(at: slot), tag: bucket.tag(at: slot), to: end)
                if let next = end.next { end = next }
            }
            reading = bucket.next
        }
        freeChain(after: source)
        source.tags = 0
        state.bucketCount = last
        if low == 0 { state.mask &>>= 1 }
        dropMemory(from: last)
    }

    /// Sets the bits that a chain's slots hold.
    private func setBits(of first: Bucket, to bits: UInt64) {
        var reading: Bucket? = first
        while let bucket = reading {
            for slot in 0..<bucket.filled {
                bucket.setWord(Bucket.word(bucket.entry(at: slot), bits: bits & 15), at: slot)
            }
            reading = bucket.next
        }
    }
}

/// Writes a chain anew from its first slot on, behind a reader of the same chain.
private struct Writer {
    var bucket: Bucket
    var slot = 0

    init(bucket: Bucket) {
        self.bucket = bucket
    }

    @inline(__always)
    mutating func write(_ word: UInt64, tag: UInt8) {
        if slot == Bucket.slotCount, let next = bucket.next {
            bucket = next
            slot = 0
        }
        bucket.setTag(tag, at: slot)
        bucket.setWord(word, at: slot)
        slot &+= 1
    }

    /// Empties the slots of the last bucket that were not written.
    @inline(__always)
    func finish() {
        if slot < Bucket.slotCount { bucket.tags &= 1 &<< UInt64(truncatingIfNeeded: slot &* 8) &- 1 }
    }
}
