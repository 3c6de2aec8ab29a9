import Testing

@testable import Engine

/// A sort in slices against the standard library's, and as stable.
@Suite struct SlicedSortTests {
    private struct Item: Equatable, BitwiseCopyable {
        let key: Int
        let place: Int
    }

    @Test(arguments: [0, 1, 2, 1023, 1024, 1025, 2048, 3000, 5000, 10_000])
    func sortsStably(count: Int) {
        var random = SeededGenerator(seed: UInt64(count) + 1)
        for budget in [1, 7, 1024, 1 << 20] where budget > 1 || count < 3000 {
            let items = (0..<count).map {
                Item(key: Int.random(in: 0..<max(count / 3, 1), using: &random), place: $0)
            }
            var sort = SlicedSort(items)
            var turns = 0
            while sort.advance(budget, { $0.key < $1.key }) { turns += 1 }
            let expected = items.sorted { $0.key != $1.key ? $0.key < $1.key : $0.place < $1.place }
            #expect(sort.items == expected)
            #expect(turns >= count / 1024 - 1)
            // It has come to its end.
            #expect(!sort.advance(budget) { $0.key < $1.key })
            #expect(sort.items == expected)
        }
    }
}
