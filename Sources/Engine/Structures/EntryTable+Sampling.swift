/// Looking at some entries, as cheaply as can be.
extension EntryTable {
    /// Visits the entries of buckets from a random one on until there were at least `count`, or all.
    ///
    /// Neighbouring buckets are neighbours in memory, and which keys share one is as good as random: their
    /// hashes are secret. An entry after a gap in the filling is a little more likely than others.
    @inline(__always)
    func sample(_ count: Int, using random: inout some RandomNumberGenerator, _ body: (Entry) -> Void) {
        let buckets = state.bucketCount
        if state.count == 0 { return }
        var index = Int.random(in: 0..<buckets, using: &random)
        var seen = 0
        for _ in 0..<buckets where seen < count {
            visit(bucket(at: index)) {
                body($0)
                seen &+= 1
            }
            index &+= 1
            if index == buckets { index = 0 }
        }
    }
}
