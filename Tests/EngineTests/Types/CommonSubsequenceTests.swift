import Testing

@testable import Engine

/// The longest common subsequence against the textbook's table.
@Suite struct CommonSubsequenceTests {
    private func naiveLength(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var table = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices {
            for j in b.indices {
                table[i + 1][j + 1] = a[i] == b[j] ? table[i][j] + 1 : max(table[i][j + 1], table[i + 1][j])
            }
        }
        return table[a.count][b.count]
    }

    private func isSubsequence(_ part: [UInt8], of whole: [UInt8]) -> Bool {
        var rest = whole[...]
        for byte in part {
            guard let index = rest.firstIndex(of: byte) else { return false }
            rest = rest[(index + 1)...]
        }
        return true
    }

    @Test(arguments: 0..<100)
    func findsOneOfTheLongest(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func text() -> [UInt8] {
            (0..<Int.random(in: 0...40, using: &random)).map { _ in UInt8.random(in: 97...99, using: &random)
            }
        }
        let a = text()
        let b = text()
        // The arrays live as long as the test.
        let result = unsafe CommonSubsequence(a.span.bytes, b.span.bytes)
        let length = naiveLength(a, b)
        #expect(result.length == length)
        // As above.
        #expect(unsafe CommonSubsequence(a.span.bytes, b.span.bytes, traces: false).length == length)
        // As above.
        let matches = unsafe result.matches(a.span.bytes, b.span.bytes)
        // As above.
        let bytes = unsafe CommonSubsequence.bytes(matches, of: a.span.bytes)
        #expect(bytes.count == length)
        #expect(isSubsequence(bytes, of: a) && isSubsequence(bytes, of: b))
        // In several turns it comes to the same.
        var sliced = CommonSubsequence(columns: b.count, traces: true)
        // As above.
        while unsafe sliced.advance(Int.random(in: 1...50, using: &random), a.span.bytes, b.span.bytes) {}
        // As above.
        #expect(unsafe sliced.matches(a.span.bytes, b.span.bytes) == matches)
        var before: CommonSubsequence.Match?
        for match in matches {
            #expect(
                a[match.first..<match.first + match.count] == b[match.second..<match.second + match.count])
            if let before {
                #expect(
                    match.first + match.count <= before.first && match.second + match.count <= before.second)
            }
            before = match
        }
    }
}
