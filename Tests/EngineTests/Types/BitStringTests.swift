import Testing

@testable import Engine

/// Bits counted, found, read and written, against an array with one element a bit.
@Suite struct BitStringTests {
    private func bits(_ bytes: [UInt8]) -> [Bool] {
        bytes.flatMap { byte in (0..<8).map { byte >> (7 - $0) & 1 == 1 } }
    }

    /// Bytes that are mostly all set or all clear, so that long runs occur.
    private func runs(_ count: Int, _ random: inout SeededGenerator) -> [UInt8] {
        let mostly: UInt8 = Bool.random(using: &random) ? 0 : 0xff
        return (0..<count).map { _ in
            Int.random(in: 0..<40, using: &random) == 0 ? UInt8.random(in: 0...255, using: &random) : mostly
        }
    }

    private func randomRange(_ count: Int, _ random: inout SeededGenerator) -> Range<Int> {
        let a = Int.random(in: 0...count, using: &random)
        let b = Int.random(in: 0...count, using: &random)
        return min(a, b)..<max(a, b)
    }

    @Test(arguments: 0..<60)
    func countsAndFindsWhatTheModelDoes(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let count = Int.random(in: 0...(seed % 3 == 0 ? 2000 : 40), using: &random)
        let bytes = seed % 2 == 0 ? random.bytes(count) : runs(count, &random)
        let model = bits(bytes)
        for _ in 0..<50 {
            let range = randomRange(count * 8, &random)
            // The array lives as long as the test.
            let string = unsafe BitString(bytes.span.bytes)
            #expect(string.countSet(range) == model[range].count { $0 })
            #expect(string.first(true, in: range) == model[range].firstIndex(of: true))
            #expect(string.first(false, in: range) == model[range].firstIndex(of: false))
        }
        // As above.
        let string = unsafe BitString(bytes.span.bytes)
        #expect(string.countSet(0..<model.count) == model.count { $0 })
        for position in 0..<model.count + 20 {
            #expect(string[position] == (position < model.count && model[position]))
        }
    }

    @Test(arguments: 0..<20)
    func readsAndWritesFields(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var bytes = random.bytes(24)
        for _ in 0..<200 {
            let width = Int.random(in: 1...64, using: &random)
            let position = Int.random(in: 0...24 * 8 - width, using: &random)
            let value = UInt64.random(in: 0...UInt64.max, using: &random) >> UInt64(64 - width)
            var model = bits(bytes)
            for index in 0..<width { model[position + index] = value >> UInt64(width - 1 - index) & 1 == 1 }
            var span = bytes.mutableSpan
            // Any bytes are valid in the array.
            var raw = unsafe span.mutableBytes
            raw.setField(at: position, width: width, to: value)
            #expect(bits(bytes) == model)
            // The array lives as long as the test.
            #expect(unsafe BitString(bytes.span.bytes).field(at: position, width: width) == value)
        }
    }

    @Test func fieldsBehindTheEndAreZero() {
        let bytes: [UInt8] = [0xff]
        // The array lives as long as the test.
        let string = unsafe BitString(bytes.span.bytes)
        #expect(string.field(at: 4, width: 8) == 0xf0)
        #expect(string.field(at: 1, width: 64) == 0xfe00_0000_0000_0000)
        #expect(string.field(at: 800, width: 64) == 0)
    }
}
