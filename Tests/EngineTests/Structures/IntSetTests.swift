import Testing

@testable import Engine

extension IntSet {
    fileprivate var members: [Int64] { (0..<count).map { self[$0] } }
}

@Suite struct IntSetTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func agreesWithSet(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let arena = Arena()
        for _ in 0..<6 {
            var set = IntSet(in: arena)
            var model: Set<Int64> = []
            // The widths come one after the other.
            for range in [-200...200, -40_000...40_000, -3_000_000_000...3_000_000_000]
                as [ClosedRange<Int64>]
            {
                for step in 0..<structureSteps(400) {
                    let number = Int64.random(in: range, using: &generator)
                    switch Int.random(in: 0..<5, using: &generator) {
                    case 0...1: verify(set.insert(number, in: arena) == model.insert(number).inserted)
                    case 2: verify(set.remove(number, in: arena) == (model.remove(number) != nil))
                    case 3:
                        guard let number = model.randomElement(using: &generator) else { continue }
                        verify(set.contains(number) && !set.insert(number, in: arena))
                        model.remove(number)
                        set.remove(at: set.position(of: number).position, in: arena)
                    default: #expect(set.contains(number) == model.contains(number))
                    }
                    if step % 20 == 0 {
                        set.checkInvariants()
                        #expect(set.members == model.sorted())
                    }
                }
            }
            #expect(set.members == model.sorted())
            #expect(arena.bytesInUse == Arena.splicedSize(set.byteCount))
            let copy = set.copy(in: arena)
            set.free(in: arena)
            #expect(copy.members == model.sorted())
            copy.free(in: arena)
        }
        #expect(arena.bytesInUse == 0)
    }

    /// The bytes that Redis writes for the same sets.
    @Test func formatIsRediss() {
        let arena = Arena()
        var set = IntSet(in: arena)
        for number in [3, 1, -5, 2] as [Int64] { verify(set.insert(number, in: arena)) }
        let narrow = [UInt8](copying: set.bytes)
        #expect(narrow == [2, 0, 0, 0, 4, 0, 0, 0, 0xfb, 0xff, 1, 0, 2, 0, 3, 0])
        verify(set.insert(100_000, in: arena))
        let middle = [UInt8](copying: set.bytes)
        #expect(middle.prefix(12) == [4, 0, 0, 0, 5, 0, 0, 0, 0xfb, 0xff, 0xff, 0xff])
        verify(set.insert(-1 << 40, in: arena))
        #expect(set.width == 8 && set.members == [-1 << 40, -5, 1, 2, 3, 100_000])
        // Widths do not shrink.
        verify(set.remove(-1 << 40, in: arena) && set.width == 8)
        set.remove(at: 1, count: 100, in: arena)
        #expect(set.members == [-5] && !set.isEmpty)
    }

    @Test(arguments: [Int64.min, -32_769, -32_768, -1, 0, 32_767, 32_768, 1 << 31, .max])
    func edgesOfWidths(number: Int64) {
        let arena = Arena()
        var set = IntSet(in: arena)
        verify(!set.contains(number) && !set.remove(number, in: arena))
        verify(set.insert(number, in: arena) && set.contains(number))
        verify(set.insert(7, in: arena) && set.members == [number, 7].sorted())
        #expect(!set.contains(number &+ 1) && !set.contains(number &- 1))
    }

    @Test func wrongBytesAreRefused() {
        let arena = Arena()
        let good: [UInt8] = [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 2, 0]
        verify(IntSet(validating: good.raw, in: arena)?.members == [1, 2])
        let used = arena.bytesInUse
        let bad: [[UInt8]] = [
            [], [2, 0, 0, 0], [3, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 0], Array(good.dropLast()),
            good + [0],
            [2, 0, 0, 0, 2, 0, 0, 0, 2, 0, 1, 0], [2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 1, 0],
            [8, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0, 0, 0, 0, 0],
        ]
        for bytes in bad { verify(IntSet(validating: bytes.raw, in: arena) == nil) }
        #expect(arena.bytesInUse == used)
    }
}
