import Glibc

/// A hash set of entries by their keys that grows and shrinks one bucket at a time.
///
/// Linear hashing: with `2^L < bucketCount <= 2^(L+1)`, a hash belongs to the bucket of its low
/// L + 1 bits if that exists, else to that of its low L bits. Adding a bucket splits exactly one
/// other, removing one merges it into exactly one other, so there is no rehashing phase, no second
/// table and no stall, and about six entries share a bucket at any time. Buckets live in segments
/// that double in size and are never moved; large segments are mapped and become resident only as
/// far as buckets exist.
///
/// The table does not own its entries. It must go before its arena does; store it in a `let`.
@safe struct EntryTable: ~Copyable {
    /// Above so many entries a bucket, on average, one is split.
    static var growLoad: Int { @inline(__always) get { 6 } }
    /// If one bucket less would still have fewer than so many halves of an entry each, one is merged
    /// away: far enough from growing that a count that goes up and down does not split and merge all
    /// the time.
    static var shrinkLoadHalves: Int { @inline(__always) get { 9 } }

    @safe struct State {
        /// For each segment the address that its bucket 0 would have.
        var bases: UnsafeMutablePointer<UInt>
        /// `2^(L+1) - 1`, and 0 with a single bucket.
        var mask: UInt64 = 0
        var bucketCount = 0
        var count = 0
        var overflowCount = 0
        /// Takes what `touch` reads, so that the compiler does not leave the reading out.
        var touched: UInt64 = 0
    }

    let arena: Arena
    /// The secret that the hashes of all callers come from.
    let key: SipKey
    private let statePointer: UnsafeMutablePointer<State>

    /// An empty table, which has no buckets yet.
    init(arena: Arena, key: SipKey) {
        self.arena = arena
        self.key = key
        let size = MemoryLayout<State>.stride + EntryTable.inlineSegments * MemoryLayout<UInt>.stride
        // Freed by `deinit`.
        guard let block = unsafe malloc(size) else { fatalError("out of memory: no hash table") }
        // The block has room for the state and the bases of the first segments.
        let bases = unsafe (block + MemoryLayout<State>.stride).bindMemory(
            to: UInt.self, capacity: EntryTable.inlineSegments)
        // As above.
        unsafe statePointer = block.bindMemory(to: State.self, capacity: 1)
        // As above.
        unsafe statePointer.initialize(to: State(bases: bases))
    }

    deinit {
        releaseBuckets()
        // Nobody can reach the table any more.
        unsafe Glibc.free(statePointer)
    }

    var state: State {
        @inline(__always) _read {
            // Lives as long as the table does.
            yield unsafe statePointer.pointee
        }
        @inline(__always) nonmutating _modify {
            // Lives as long as the table does.
            yield unsafe &statePointer.pointee
        }
    }

    /// The bases of the first segments, in the same block as the state.
    var inlineBases: UnsafeMutablePointer<UInt> {
        // The block goes on after the state.
        let start = unsafe UnsafeMutableRawPointer(statePointer) + MemoryLayout<State>.stride
        // `init` has bound this part of the block.
        return unsafe start.assumingMemoryBound(to: UInt.self)
    }

    /// Whether the bases have outgrown the block of the state.
    var hasOwnBases: Bool {
        // Only the addresses are compared.
        unsafe state.bases != inlineBases
    }

    /// How many entries the table has.
    var count: Int { @inline(__always) get { state.count } }

    /// How many buckets the table has, not counting those that a chain overflows into.
    var bucketCount: Int { @inline(__always) get { state.bucketCount } }

    /// The bytes of the table itself, without its entries, those in its arena included.
    var memoryUse: Int {
        bucketBytes + headBytes
    }

    /// The bytes of the buckets.
    var bucketBytes: Int { (state.bucketCount + state.overflowCount) * Bucket.byteCount }

    /// The bytes of the state and the bases.
    private var headBytes: Int {
        let bases = hasOwnBases ? EntryTable.largestSegmentCount : EntryTable.inlineSegments
        return MemoryLayout<State>.stride + bases * MemoryLayout<UInt>.stride
    }

    /// The bytes that the table occupies outside its arena.
    var ownBytes: Int { segmentBytes + headBytes }

    /// The hash that all functions of this table want for a key.
    @inline(__always)
    func hash(_ key: borrowing RawSpan) -> UInt64 {
        self.key.hash(key)
    }

    // MARK: Finding

    /// The entry with this key.
    @inline(__always)
    func find(key: borrowing RawSpan, hash: UInt64) -> Entry? {
        if state.bucketCount == 0 { return nil }
        var bucket = self.bucket(of: hash)
        let tag = Bucket.tag(of: hash)
        while true {
            var matches = Bucket.matches(bucket.tags, tag)
            while matches != 0 {
                let entry = bucket.entry(at: matches.trailingZeroBitCount &>> 3)
                if entry.keyEquals(key) { return entry }
                matches &= matches &- 1
            }
            guard let next = bucket.next else { return nil }
            bucket = next
        }
    }

    /// Reads the bucket of a hash, to have it in the processor's cache when it is needed.
    ///
    /// Who looks up several keys touches all of them first: then the memory's latency is paid once
    /// and not for each key. `touchEntry` in a second round does the same for the entries.
    @inline(__always)
    func touch(_ hash: UInt64) {
        if state.bucketCount > 0 { state.touched ^= bucket(of: hash).tags }
    }

    /// Reads the first entry that a hash may belong to, as long as it is in the first bucket.
    @inline(__always)
    func touchEntry(_ hash: UInt64) {
        if state.bucketCount == 0 { return }
        let bucket = self.bucket(of: hash)
        let matches = Bucket.matches(bucket.tags, Bucket.tag(of: hash))
        if matches == 0 { return }
        state.touched ^= UInt64(bucket.entry(at: matches.trailingZeroBitCount &>> 3).tagByte)
    }

    /// The bucket that a hash belongs to.
    @inline(__always)
    func bucket(of hash: UInt64) -> Bucket {
        let mask = state.mask
        let index = Int(truncatingIfNeeded: hash & mask)
        let half = Int(truncatingIfNeeded: hash & mask &>> 1)
        return bucket(at: index < state.bucketCount ? index : half)
    }

    /// The bucket with this index, which must be below `bucketCount`.
    @inline(__always)
    func bucket(at index: Int) -> Bucket {
        let segment = EntryTable.segment(of: index)
        // The segment of an existing bucket exists, and its base is biased so that this is inside.
        return unsafe Bucket(address: state.bases[segment] &+ UInt(bitPattern: index) &* 64)
    }

    /// Segment 0 holds bucket 0, segment k the buckets from 2^(k-1) to 2^k - 1.
    @inline(__always)
    static func segment(of index: Int) -> Int {
        63 ^ (index &* 2 &+ 1).leadingZeroBitCount
    }

    /// How many low bits of its hash decide that a hash belongs where it does: L or L + 1.
    @inline(__always)
    func level(of hash: UInt64) -> Int {
        let half = state.mask &>> 1
        let buddy = Int(truncatingIfNeeded: hash & half) &+ Int(truncatingIfNeeded: half) &+ 1
        return half.nonzeroBitCount &+ (buddy < state.bucketCount ? 1 : 0)
    }

    // MARK: Changing

    /// Adds an entry whose key the table does not have.
    @inline(__always)
    func insert(_ entry: Entry, hash: UInt64) {
        if state.bucketCount == 0 { addFirstBucket() }
        let bits = EntryTable.spareBits(of: hash, level: level(of: hash))
        append(Bucket.word(entry, bits: bits), tag: Bucket.tag(of: hash), to: bucket(of: hash))
        state.count &+= 1
        if state.count > state.bucketCount &* EntryTable.growLoad { split() }
    }

    /// Takes an entry of the table out of it; the entry itself stays.
    func remove(_ entry: Entry, hash: UInt64) {
        guard let (bucket, slot) = place(of: entry, hash: hash) else {
            preconditionFailure("the table does not have this entry")
        }
        fill(slot, of: bucket, first: self.bucket(of: hash))
        state.count &-= 1
        if state.count &* 2 < (state.bucketCount &- 1) &* EntryTable.shrinkLoadHalves { merge() }
    }

    /// Puts an entry in the place of another with the same key; the other one is not looked at.
    func replace(_ old: Entry, with new: Entry, hash: UInt64) {
        guard let (bucket, slot) = place(of: old, hash: hash) else {
            preconditionFailure("the table does not have this entry")
        }
        bucket.setWord(Bucket.word(new, bits: bucket.word(at: slot) & 15), at: slot)
    }

    /// The four bits of a hash that a slot keeps in a bucket of some level.
    @inline(__always)
    static func spareBits(of hash: UInt64, level: Int) -> UInt64 {
        hash &>> UInt64(truncatingIfNeeded: level & ~3) & 15
    }

    /// Where an entry is.
    @inline(__always)
    private func place(of entry: Entry, hash: UInt64) -> (Bucket, Int)? {
        if state.bucketCount == 0 { return nil }
        var bucket = self.bucket(of: hash)
        let tag = Bucket.tag(of: hash)
        while true {
            var matches = Bucket.matches(bucket.tags, tag)
            while matches != 0 {
                let slot = matches.trailingZeroBitCount &>> 3
                if bucket.entry(at: slot) == entry { return (bucket, slot) }
                matches &= matches &- 1
            }
            guard let next = bucket.next else { return nil }
            bucket = next
        }
    }
}
