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

    /// Whether the way back goes up from a pair of bytes, to the one with the byte before in the first string.
    ///
    /// Nothing if only the length is wanted.
    private var goesUp: [[Bool]] = []
    private let traces: Bool
    /// The lengths against the bytes of the first string so far, for all beginnings of the second.
    private var lengths: [UInt32]
    /// Which pair comes next, and what its neighbours have.
    private var row = 0
    private var column = 0
    private var edge = Edge()

    private struct Edge {
        var diagonal: UInt32 = 0
        var left: UInt32 = 0
    }

    /// Begins with a second string of so many bytes; `traces` says that more than the length is wanted.
    init(columns: Int, traces: Bool) {
        lengths = [UInt32](repeating: 0, count: columns + 1)
        self.traces = traces
    }

    /// Compares both strings at once.
    init(_ a: RawSpan, _ b: RawSpan, traces: Bool = true) {
        self.init(columns: b.byteCount, traces: traces)
        while advance(.max, a, b) {}
    }

    /// Compares so many pairs of bytes more; false if those were the last.
    ///
    /// The strings are the same each time.
    mutating func advance(_ pairs: Int, _ a: RawSpan, _ b: RawSpan) -> Bool {
        let columns = b.byteCount
        var left = pairs
        while columns > 0, row < a.byteCount, left > 0 {
            let columnsNow = column..<column + min(left, columns - column)
            if traces {
                var marks = column > 0 ? goesUp.removeLast() : [Bool](repeating: false, count: columns)
                Self.advance(&lengths, a[byte: row], b, columnsNow, &edge) { marks[$0] = $1 }
                goesUp.append(marks)
            } else {
                Self.advance(&lengths, a[byte: row], b, columnsNow, &edge) { _, _ in }
            }
            left -= columnsNow.count
            column = columnsNow.upperBound
            guard column == columns else { break }
            row += 1
            column = 0
            edge = Edge()
        }
        return columns > 0 && row < a.byteCount
    }

    /// How long the subsequence is.
    var length: Int { Int(lengths.last ?? 0) }

    /// Turns the lengths for some beginnings of `b` against some bytes of `a` into those against one more.
    @inline(__always)
    private static func advance(
        _ lengths: inout [UInt32], _ byte: UInt8, _ b: RawSpan, _ columns: Range<Int>, _ edge: inout Edge,
        _ note: (_ column: Int, _ goesUp: Bool) -> Void
    ) {
        var diagonal = edge.diagonal
        var left = edge.left
        for column in columns {
            let above = lengths[column &+ 1]
            let best = byte == b[byte: column] ? diagonal &+ 1 : max(above, left)
            note(column, above > left)
            diagonal = above
            left = best
            lengths[column &+ 1] = best
        }
        edge = Edge(diagonal: diagonal, left: left)
    }

    /// Follows the way back from the ends of both strings.
    ///
    /// Returns the matches from the end of the strings to their beginning.
    func matches(_ a: RawSpan, _ b: RawSpan) -> [Match] {
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
            if goesUp[i &- 1][j &- 1] { i &-= 1 } else { j &-= 1 }
        }
        if let match = current { matches.append(match) }
        return matches
    }

    /// The subsequence itself, taken from the first string.
    static func bytes(_ matches: [Match], of a: RawSpan) -> [UInt8] {
        var bytes: [UInt8] = []
        for match in matches.reversed() {
            for index in match.first..<match.first + match.count { bytes.append(a[byte: index]) }
        }
        return bytes
    }
}
