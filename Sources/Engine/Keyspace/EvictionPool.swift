import RESP

/// The best candidates for eviction among the keys that were sampled lately.
///
/// A sample of five keys seldom has one of the least used. Those that came close stay here and compete with
/// the next samples, so that with few looks the choice comes near to what a full order would give (Redis's
/// approximated LRU). Keys are copied, as nobody tells of their end: whoever takes a candidate looks whether it
/// is still what it was.
struct EvictionPool {
    /// A key, and how much it deserves to go.
    struct Candidate: Equatable {
        let score: UInt32
        let database: Int
        let key: [UInt8]
    }

    /// As many as in Redis; more find hardly any better key.
    static let capacity = 16

    /// By score, the best last.
    private(set) var candidates: [Candidate] = []

    init() { candidates.reserveCapacity(Self.capacity) }

    /// Whether a key of this score would be taken in.
    @inline(__always)
    func wants(_ score: UInt32) -> Bool {
        candidates.count < Self.capacity || score > candidates[0].score
    }

    /// Takes a key in, in the place of the worst candidate if the pool is full; one that it has already gets
    /// the new score.
    mutating func offer(_ key: RawSpan, in database: Int, score: UInt32) {
        guard wants(score) else { return }
        if let known = candidates.firstIndex(where: { $0.database == database && key.equals($0.key) }) {
            if candidates[known].score == score { return }
            candidates.remove(at: known)
        } else if candidates.count == Self.capacity {
            candidates.removeFirst()
        }
        let place = candidates.firstIndex { $0.score >= score } ?? candidates.count
        candidates.insert(Candidate(score: score, database: database, key: [UInt8](key)), at: place)
    }

    /// Takes the best candidate out.
    mutating func takeBest() -> Candidate? { candidates.popLast() }

    /// Forgets all, as another rule holds.
    mutating func removeAll() { candidates.removeAll(keepingCapacity: true) }
}

extension RawSpan {
    /// Whether these are the array's bytes.
    fileprivate func equals(_ array: [UInt8]) -> Bool {
        if byteCount != array.count { return false }
        // The array lives until the comparison is over.
        return unsafe Bytes.equal(self, array.span.bytes, count: byteCount)
    }
}
