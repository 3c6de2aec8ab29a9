import Testing

@testable import RESP

/// Input that nobody would send: it may be refused, but never trap, and pieces never matter.
@Suite struct RequestGarbageTests {
    private static let seeds = (0..<60).map(UInt64.init)

    private func check(_ input: [UInt8], _ random: inout SeededGenerator, _ seed: UInt64) {
        var limits = RequestLimits()
        limits.bulkLength = 1 << 17
        let whole = Feeder.read([input], limits)
        var pieces: [[UInt8]] = []
        var rest = input[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...200, using: &random))
            pieces.append(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        #expect(Feeder.read(pieces, limits) == whole, "seed \(seed)")
        limits.authenticated = false
        #expect(Feeder.read(pieces, limits).frames.count <= whole.frames.count, "seed \(seed)")
    }

    @Test(arguments: seeds) func randomBytes(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<20 { check(random.bytes(Int.random(in: 0...800, using: &random)), &random, seed) }
    }

    /// Bytes that mean something to the parser meet in every order.
    @Test(arguments: seeds) func randomSyntax(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let pieces = [
            "*", "$", "\r\n", "\r", "\n", "0", "1", "2", "-1", "9", "\"", "'", "\\", "\\x4", " ", "\0", "a",
            "*1\r\n$", "*2\r\n$1\r\n",
        ]
        for _ in 0..<20 {
            let count = Int.random(in: 0...120, using: &random)
            let text = (0..<count).map { _ in pieces.randomElement(using: &random) ?? "" }.joined()
            check([UInt8](text), &random, seed)
        }
    }

    /// Good input with a few bytes changed, lost or doubled.
    @Test(arguments: seeds) func damagedFrames(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<5 {
            var input = (0..<10).flatMap { _ in
                let words = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                    random.bytes(Int.random(in: 0...30, using: &random))
                }
                return encoded(words)
            }
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let index = Int.random(in: input.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: input[index] = UInt8.random(in: 0...255, using: &random)
                case 1: input.remove(at: index)
                default: input.insert(input[index], at: index)
                }
            }
            check(input, &random, seed)
        }
    }
}
