/// The longest common subsequence of two strings; of several equally long ones, the one that Redis finds.
struct CommonSubsequence {
    /// Bytes that follow each other in both strings.
    struct Match: Equatable {
        /// Where it begins in the first string.
        var first: Int
        /// Where it begins in the second string.
        var second: Int
        var count: Int
    }

    /// The matches from the end of the strings to their beginning.
    let matches: [Match]
    let length: Int

    /// Compares all pairs of bytes, and remembers one bit for each.
    init(_ a: RawSpan, _ b: RawSpan) {
        let columns = b.byteCount
        // For each pair of bytes: whether the way back goes up, to the pair with the byte before in `a`.
        var goesUp = [Bool](repeating: false, count: a.byteCount * columns)
        var lengths = [UInt32](repeating: 0, count: columns + 1)
        for row in 0..<a.byteCount {
            CommonSubsequence.advance(&lengths, a[byte: row], b) { column, up in
                goesUp[row &* columns &+ column] = up
            }
        }
        length = Int(lengths[columns])
        matches = CommonSubsequence.trace(a, b, goesUp)
    }

    /// Only the length, which needs no more memory than a row.
    static func length(_ a: RawSpan, _ b: RawSpan) -> Int {
        var lengths = [UInt32](repeating: 0, count: b.byteCount + 1)
        for row in 0..<a.byteCount { advance(&lengths, a[byte: row], b) { _, _ in } }
        return Int(lengths[b.byteCount])
    }

    /// Turns the lengths for all beginnings of `b` against some bytes of `a` into those against one more.
    @inline(__always)
    private static func advance(
        _ lengths: inout [UInt32], _ byte: UInt8, _ b: RawSpan,
        _ note: (_ column: Int, _ goesUp: Bool) -> Void
    ) {
        var diagonal: UInt32 = 0
        var left: UInt32 = 0
        for column in 0..<b.byteCount {
            let above = lengths[column &+ 1]
            let best = byte == b[byte: column] ? diagonal &+ 1 : max(above, left)
            note(column, above > left)
            diagonal = above
            left = best
            lengths[column &+ 1] = best
        }
    }

    /// Follows the way back from the ends of both strings.
    private static func trace(_ a: RawSpan, _ b: RawSpan, _ goesUp: [Bool]) -> [Match] {
        var matches: [Match] = []
        var current: Match?
        var i = a.byteCount
        var j = b.byteCount
        while i > 0, j > 0 {
            if a[byte: i &- 1] == b[byte: j &- 1] {
                i &-= 1
                j &-= 1
                current = Match(first: i, second: j, count: (current?.count ?? 0) &+ 1)
                continue
            }
            if let match = current { matches.append(match) }
            current = nil
            if goesUp[(i &- 1) &* b.byteCount &+ j &- 1] { i &-= 1 } else { j &-= 1 }
        }
        if let match = current { matches.append(match) }
        return matches
    }

    /// The subsequence itself, taken from the first string.
    func bytes(of a: RawSpan) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(length)
        for match in matches.reversed() {
            for index in match.first..<match.first + match.count { bytes.append(a[byte: index]) }
        }
        return bytes
    }
}
