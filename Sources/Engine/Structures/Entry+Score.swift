/// Entries as members of a sorted set: the key is the member, the number's 64 bits are the score's.
extension Entry {
    /// A new entry with a score.
    @inline(__always)
    static func make(member: borrowing RawSpan, score: Double, in arena: Arena) -> Entry {
        make(key: member, integer: Int64(bitPattern: score.bitPattern), in: arena)
    }

    /// The score of an entry that was made with one.
    ///
    /// While a `ScoreIndex` has the entry only the index may set it.
    var score: Double {
        @inline(__always) get { Double(bitPattern: UInt64(bitPattern: integer)) }
        @inline(__always) nonmutating set { integer = Int64(bitPattern: newValue.bitPattern) }
    }

    /// Whether the entry comes before another in a sorted set.
    func precedes(_ other: Entry) -> Bool {
        let (left, right) = (score, other.score)
        return left != right ? left < right : Bytes.order(key, other.key) < 0
    }
}
