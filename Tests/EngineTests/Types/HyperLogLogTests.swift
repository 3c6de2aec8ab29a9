import Testing

@testable import Engine

@Suite struct HyperLogLogTests {
    private static let limit = 3000

    private func string(_ elements: [[UInt8]], limit: Int = limit) throws(CommandError) -> HyperLogLogString {
        var string = HyperLogLogString(sparseLimit: limit)
        for element in elements { try add(element, to: &string) }
        return string
    }

    private func add(_ element: [UInt8], to string: inout HyperLogLogString) throws(CommandError) {
        let bytes = RawString(element.raw)
        _ = try string.add(bytes.bytes)
    }

    private func bytes(_ elements: [[UInt8]]) throws(CommandError) -> [UInt8] {
        let raw = try string(elements).raw
        return [UInt8](copying: raw.bytes)
    }

    private func numbers(_ count: Int) -> [[UInt8]] { (0..<count).map { Array("\($0)".utf8) } }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// A dense one with these registers.
    private func merged(_ registers: HyperLogLogRegisters) throws(CommandError) -> HyperLogLogString {
        var string = HyperLogLogString(sparseLimit: Self.limit)
        try string.makeDense()
        try string.raise(to: registers)
        return string
    }

    private func merge(_ string: RawString, into all: inout HyperLogLogRegisters) throws(CommandError) {
        try all.merge(HyperLogLog(string.bytes))
    }

    private func registers(_ string: RawString) throws -> [UInt8] {
        var all = HyperLogLogRegisters()
        try merge(string, into: &all)
        return (0..<HyperLogLog.registerCount).map { all[$0] }
    }

    private func cardinality(_ string: RawString) throws -> UInt64 {
        try HyperLogLog(string.bytes).cardinality()
    }

    private func histogram(_ string: RawString) throws -> [Int] {
        let histogram = try HyperLogLog(string.bytes).denseHistogram()
        return (0..<64).map { histogram[$0] }
    }

    private func cached(_ string: RawString) throws -> UInt64? {
        try HyperLogLog(string.bytes).cachedCardinality
    }

    private func runs(_ string: RawString) throws -> String {
        try String(decoding: HyperLogLog(string.bytes).describeRuns(), as: UTF8.self)
    }

    /// Whether elements can be added and counted; a refusal has to say that the runs are corrupt.
    private func survives(_ string: inout HyperLogLogString) -> Bool {
        do {
            for element in numbers(100) { try add(element, to: &string) }
            _ = try cardinality(string.raw)
            return true
        } catch let error as CommandError {
            #expect(error.code == "INVALIDOBJ")
        } catch {
            Issue.record("another error")
        }
        return false
    }

    private func isOne(_ bytes: [UInt8]) -> Bool {
        let string = RawString(bytes.raw)
        return (try? runs(string)) != nil
    }

    // MARK: What real Redis makes of the same elements

    @Test func bytesAreThoseOfRedis() throws {
        let few = try string("abcdefg".utf8.map { [$0] }).raw
        few.mutate { HyperLogLog.invalidateCardinality(in: &$0) }
        let bytes = hex([UInt8](copying: few.bytes))
        #expect(bytes == "48594c4c010000000000000000000080466d80560c80443c84388050b184498c80426d80425a")
        let (before, estimate, text) = try (cached(few), cardinality(few), runs(few))
        #expect(before == nil && estimate == 7)
        #expect(
            text
                == "Z:1646 v:1,1 Z:5645 v:1,1 Z:1085 v:2,1 z:57 v:1,1 Z:4274 v:2,1 Z:2445 v:1,1 Z:622 v:1,1 Z:603"
        )
        let nothing = try runs(string([[]]).raw)
        #expect(nothing == "Z:5938 v:2,1 Z:10445")
    }

    @Test(
        arguments: [
            (10, 48, 10, "5f877d9d0162bfb2730496659172bc7456679d3d"),
            (100, 287, 100, "e448ecf5da41d8cbef3dfc98b83246a059f244da"),
            (1000, 1923, 1001, "4b303e06b0d6db03a3a76f2ec573cd3e169405e7"),
            (1500, 2766, 1512, "b7f0e6c86cbe9c59c281dd3c0d425adfba6079c5"),
            (10_000, 12304, 9987, "07b3e1fddaf19bb10a41329cd37b92e1bcf1e5ff"),
            (100_000, 12304, 99565, "ab6973d0a02ad01492516665fac6473e86680977"),
        ] as [(Int, Int, UInt64, String)])
    func estimatesAreThoseOfRedis(elements: Int, count: Int, estimate: UInt64, digest: String) throws {
        let raw = try string(numbers(elements)).raw
        #expect(raw.count == count)
        raw.mutate { HyperLogLog.invalidateCardinality(in: &$0) }
        let sha = SHA1.hash(raw.bytes)
        #expect(hex((0..<20).map { sha[$0] }) == digest)
        #expect(try cardinality(raw) == estimate)
        raw.mutate { HyperLogLog.setCardinality(estimate, in: &$0) }
        #expect(try cached(raw) == estimate)
    }

    @Test func registersThatNoElementCanMakeHaveTheirEstimateToo() throws {
        let full =
            Array("HYLL".utf8) + [UInt8](repeating: 0, count: 12) + [UInt8](repeating: 255, count: 12288)
        #expect(try cardinality(RawString(full.raw)) == 1 << 63)
        let empty = Array("HYLL".utf8) + [UInt8](repeating: 0, count: 12300)
        #expect(try cardinality(RawString(empty.raw)) == 0)
    }

    // MARK: Against plain registers

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func sparseRegistersAreKept(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var model = [UInt8](repeating: 0, count: HyperLogLog.registerCount)
        var string = HyperLogLogString(sparseLimit: seed == 1 ? 200 : 1_000_000)
        // A narrow band makes neighbours merge and runs split.
        let band = seed == 4 ? 0..<300 : 0..<HyperLogLog.registerCount
        for step in 0..<1500 {
            let register = Int.random(in: band, using: &generator)
            let value = UInt8.random(in: 1...(seed == 3 && step > 1000 ? 40 : 4), using: &generator)
            var cursor = HyperLogLog.SparseCursor()
            let isHigher = value > model[register]
            let isRaised = try string.raise(register, to: value, &cursor)
            #expect(isRaised == isHigher)
            model[register] = max(model[register], value)
            if step % 100 == 0 { #expect(try registers(string.raw) == model) }
        }
        #expect(try registers(string.raw) == model)
        #expect(string.isDense == (seed == 1 || seed == 3))
    }

    /// With the cursor the bytes are the same as without, whatever was there before.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func ascendingRegistersGoWhereOthersGo(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<20 {
            var one = HyperLogLogString(sparseLimit: 1_000_000)
            var other = HyperLogLogString(sparseLimit: 1_000_000)
            for round in 0..<3 {
                var cursor = HyperLogLog.SparseCursor()
                var register = Int.random(in: 0..<50, using: &generator)
                while register < HyperLogLog.registerCount {
                    let value = UInt8.random(in: 1...3, using: &generator)
                    var fresh = HyperLogLog.SparseCursor()
                    if round == 0 { cursor = fresh }
                    let change = try one.raise(register, to: value, &cursor)
                    let otherChange = try other.raise(register, to: value, &fresh)
                    #expect(otherChange == change)
                    register += Int.random(in: 1...(seed == 1 ? 3 : 60), using: &generator)
                    if register > 400, seed == 1 { break }
                }
            }
            #expect([UInt8](copying: one.raw.bytes) == [UInt8](copying: other.raw.bytes))
        }
    }

    @Test func denseRegistersAreKept() throws {
        var generator = SeededGenerator(seed: 7)
        var model = [UInt8](repeating: 0, count: HyperLogLog.registerCount)
        let raw = try merged(HyperLogLogRegisters()).raw
        for register in model.indices.shuffled(using: &generator) {
            model[register] = UInt8.random(in: 0...63, using: &generator)
            raw.mutate { HyperLogLog.setDense(register, to: model[register], in: &$0) }
        }
        for register in model.indices {
            #expect(HyperLogLog.denseRegister(register, in: raw.bytes) == model[register])
        }
        #expect(try registers(raw) == model)
        let histogram = try histogram(raw)
        #expect(histogram == (0..<64).map { value in model.count { Int($0) == value } })
    }

    @Test func bitsAreSpreadAndGathered() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<1000 {
            let word = generator.next() >> 16
            let spread = HyperLogLog.spread(word)
            for index in 0..<8 as Range<UInt64> {
                #expect(spread >> (8 * index) & 0xff == word >> (6 * index) & 63)
            }
            #expect(HyperLogLog.gather(spread) == word)
        }
    }

    @Test func mergingTakesTheHighest() throws {
        var all = HyperLogLogRegisters()
        var model = [UInt8](repeating: 0, count: HyperLogLog.registerCount)
        for (first, count) in [(0, 50), (30, 2000), (1000, 20_000), (5, 5)] {
            let part = try string((first..<first + count).map { Array("\($0)".utf8) }).raw
            let others = try registers(part)
            try merge(part, into: &all)
            for register in model.indices { model[register] = max(model[register], others[register]) }
        }
        #expect(model == (0..<HyperLogLog.registerCount).map { all[$0] })
        let whole = try string(numbers(21_000)).raw
        let estimate = try cardinality(whole)
        #expect(all.cardinality == estimate)
        let target = try merged(all).raw
        #expect([UInt8](copying: target.bytes) == [UInt8](copying: whole.bytes))
    }

    // MARK: What clients may have stored

    @Test func othersAreNoHyperLogLogs() throws {
        let good = try bytes(numbers(3))
        for count in 0..<16 {
            let short = Array(good.prefix(count))
            #expect(!isOne(short))
        }
        for (place, byte) in [(0, 0), (1, 0), (2, 0), (3, 0), (4, 2), (4, 255), (4, 0)] as [(Int, UInt8)] {
            var bad = good
            bad[place] = byte
            #expect(!isOne(bad))
        }
        let long = Array("HYLL".utf8) + [UInt8](repeating: 0, count: 12301)
        #expect(!isOne(long))
    }

    /// Runs that are too few, too many, or cut off are refused or harmless.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func corruptRunsAreHarmless(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let arena = Arena()
        var refused = 0
        for _ in 0..<400 {
            var bytes = try bytes(numbers(Int.random(in: 0..<60, using: &generator)))
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                if bytes.count > 17, Bool.random(using: &generator) {
                    bytes.removeLast(Int.random(in: 1...min(3, bytes.count - 16), using: &generator))
                } else if bytes.count > 16 {
                    bytes[Int.random(in: 16..<bytes.count, using: &generator)] = generator.bytes(1)[0]
                } else {
                    bytes += generator.bytes(5)
                }
            }
            let key: [UInt8] = [1]
            let value = Array(bytes.prefix(255))
            let entry = Entry.make(key: key.raw, embedding: value.raw, in: arena)
            var subject = try HyperLogLogString(entry, in: arena, sparseLimit: Self.limit)
            if !survives(&subject) { refused += 1 }
            _ = try runs(subject.raw)
            entry.free(in: arena)
        }
        #expect(refused > 200)
    }
}
