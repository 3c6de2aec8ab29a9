import Testing

@testable import Engine

/// Sorting against the standard library's, whatever part of the result is wanted.
@Suite struct SortedElementsTests {
    @Test(arguments: [1, 2, 3] as [UInt64]) func numbers(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for count in [0, 1, 5, 100, 1000] {
            let elements = (0..<count).map { _ in Int64.random(in: -50...50, using: &random) }
            let weights = elements.map { _ in Double(Int.random(in: 0..<20, using: &random)) }
            let pairs = zip(weights, elements).sorted {
                $0.0 != $1.0
                    ? $0.0 < $1.0 : "\($0.1)".utf8.lexicographicallyPrecedes("\($1.1)".utf8)
            }
            for descending in [false, true] {
                let expected = (descending ? pairs.reversed() : pairs).map(\.1)
                for _ in 0..<20 {
                    let start = Int.random(in: 0...count, using: &random)
                    let range = start..<min(count, start + Int.random(in: 0...count / 3 + 1, using: &random))
                    var items = zip(weights, elements).map {
                        SortedElements.Number(weight: $0, element: PackedElement($1))
                    }
                    let found = SortedElements.sort(&items, descending: descending, range: range)
                    #expect(found.map(\.integer) == expected[range].map { $0 })
                }
            }
        }
    }

    @Test func textsEndAtAZeroByteUnlessTheyAreStored() {
        let texts = ["b", "a\0b", "a\0a", "a", "", "aaaaaaaab", "aaaaaaaaa", "10", "9"].map { Array($0.utf8) }
        func sorted(descending: Bool, wholly: Bool) -> [String] {
            // The arrays live as long as the elements are used.
            var items = texts.map { text in
                let element = unsafe PackedElement(text.span.bytes)
                return SortedElements.Text(element, by: element, wholly: wholly)
            }
            return SortedElements.sort(
                &items, descending: descending, wholly: wholly, range: 0..<texts.count
            ).map { String(decoding: $0.copy, as: UTF8.self) }
        }
        let wholly = ["", "10", "9", "a", "a\0a", "a\0b", "aaaaaaaaa", "aaaaaaaab", "b"]
        #expect(sorted(descending: false, wholly: true) == wholly)
        #expect(sorted(descending: true, wholly: true) == wholly.reversed())
        #expect(
            sorted(descending: false, wholly: false)
                == ["", "10", "9", "a\0b", "a\0a", "a", "aaaaaaaaa", "aaaaaaaab", "b"])
        #expect(
            sorted(descending: true, wholly: false)
                == ["b", "aaaaaaaab", "aaaaaaaaa", "a\0b", "a\0a", "a", "9", "10", ""])
    }

    @Test func whatHasNoTextComesFirst() {
        let element = PackedElement(1)
        var items = [
            SortedElements.Text(PackedElement(3), by: element, wholly: false),
            SortedElements.Text(PackedElement(1), by: nil, wholly: false),
            SortedElements.Text(PackedElement(2), by: nil, wholly: false),
        ]
        let found = SortedElements.sort(&items, descending: false, wholly: false, range: 0..<3)
        #expect(found.map(\.integer) == [1, 2, 3])
    }
}
