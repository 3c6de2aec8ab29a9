import Testing

@testable import Engine

/// A table and what should be in it: keys made from numbers, each with its entry.
private final class Subject {
    let arena = Arena()
    let table: EntryTable
    var model: [Int: Entry] = [:]

    init() {
        table = EntryTable(arena: arena, key: testKey)
    }

    static func key(_ number: Int) -> [UInt8] { Array("key:\(number)".utf8) }

    func add(_ number: Int) {
        let key = Subject.key(number)
        let hash = table.hash(key.raw)
        let entry = Entry.make(key: key.raw, integer: Int64(number), in: arena)
        table.insert(entry, hash: hash)
        model[number] = entry
    }

    func find(_ number: Int) -> Entry? {
        let key = Subject.key(number)
        return table.find(key: key.raw, hash: table.hash(key.raw))
    }

    func drop(_ number: Int) {
        guard let entry = model.removeValue(forKey: number) else { return }
        table.remove(entry, hash: table.hash(entry.key))
        entry.free(in: arena)
    }

    func move(_ number: Int) {
        guard let old = model[number] else { return }
        let hash = table.hash(old.key)
        let new = Entry.make(key: old.key, integer: old.integer, in: arena)
        table.replace(old, with: new, hash: hash)
        old.free(in: arena)
        model[number] = new
    }
}

@Suite struct EntryTableTests {
    @Test(arguments: [1, 2, 3] as [UInt64])
    func agreesWithDictionary(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let subject = Subject()
        for step in 0..<structureSteps(40_000) {
            // The number of keys swings between many and few.
            let growing = step / 5000 % 2 == 0
            let number = Int.random(in: 0..<8000, using: &generator)
            let roll = Int.random(in: 0..<10, using: &generator)
            if roll == 0 {
                subject.move(number)
            } else if (roll < 8) == growing {
                if subject.model[number] == nil { subject.add(number) }
            } else {
                subject.drop(number)
            }
            let probe = Int.random(in: 0..<8000, using: &generator)
            if subject.find(probe) != subject.model[probe] { Issue.record("\(probe) at step \(step)") }
            if step % 100 == 0 || subject.table.count < 50 { subject.table.checkInvariants() }
            if subject.table.count != subject.model.count { Issue.record("count at step \(step)") }
        }
    }

    @Test func growsAndShrinksToNothing() {
        let subject = Subject()
        #expect(subject.find(1) == nil)
        #expect(subject.table.scan(0) { _ in } == 0)
        for number in 0..<200_000 {
            subject.add(number)
            if number.nonzeroBitCount <= 2 { subject.table.checkInvariants() }
        }
        #expect(subject.table.count == 200_000)
        #expect((33_000...34_000).contains(subject.table.bucketCount))
        #expect(subject.table.memoryUse < 15 * 200_000)
        for number in 0..<200_000 {
            if subject.find(number)?.integer != Int64(number) { Issue.record("lost \(number)") }
            if subject.find(-number - 1) != nil { Issue.record("found what is not there") }
        }
        for number in 0..<200_000 {
            subject.drop(number)
            if (200_000 - number).nonzeroBitCount <= 2 { subject.table.checkInvariants() }
        }
        #expect(subject.table.count == 0)
        #expect(subject.table.bucketCount == 1)
        #expect(subject.table.statistics().longestChain == 0)
        #expect(subject.arena.bytesInUse <= 64)
    }

    @Test func isSmallAgainWhenEmptied() {
        let subject = Subject()
        subject.add(0)
        let small = subject.table.memoryUse
        for _ in 0..<3 {
            for number in 1..<200 { subject.add(number) }
            #expect(subject.table.memoryUse > 20 * small)
            for number in 1..<200 { subject.drop(number) }
            subject.table.checkInvariants()
            #expect(subject.table.memoryUse == small)
            #expect(subject.find(0) != nil)
        }
    }

    @Test func staysSmallWhenSmall() {
        let subject = Subject()
        #expect(subject.table.memoryUse < 128)
        #expect(subject.arena.bytesInUse == 0)
        subject.add(1)
        #expect(subject.arena.bytesInUse == 64 + 24)
    }

    /// Elements that are there all the time are seen, whatever comes and goes between the calls.
    @Test(arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
    func scanSeesWhatStays(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let subject = Subject()
        let stable = Int.random(in: 0..<500, using: &generator)
        for number in 0..<stable { subject.add(number) }
        for number in 10_000..<(seed % 2 == 0 ? 14_000 : 10_001) { subject.add(number) }
        // Odd seeds grow during the scan, even ones shrink; every third round goes back and forth.
        for round in 0..<20 {
            var seen: Set<Int64> = []
            var cursor: UInt64 = 0
            var calls = 0
            repeat {
                cursor = subject.table.scan(cursor) { seen.insert($0.integer) }
                calls += 1
                for _ in 0..<Int.random(in: 0..<8, using: &generator) {
                    let number = 10_000 + Int.random(in: 0..<4000, using: &generator)
                    let add = round % 3 == 0 ? calls / 100 % 2 == 0 : seed % 2 == 1
                    if add {
                        if subject.model[number] == nil { subject.add(number) }
                    } else {
                        subject.drop(number)
                    }
                }
                if calls > 100_000 { Issue.record("the scan does not end") }
            } while cursor != 0 && calls <= 100_000
            for number in 0..<stable where !seen.contains(Int64(number)) {
                Issue.record("round \(round) missed \(number)")
            }
            subject.table.checkInvariants()
        }
    }

    @Test func scanOfUnchangedTableSeesEachOnce() {
        let subject = Subject()
        for count in [1, 2, 6, 7, 13, 100, 777, 4096] {
            while subject.table.count < count { subject.add(subject.table.count) }
            var seen: [Int64: Int] = [:]
            var cursor: UInt64 = 0
            var calls = 0
            repeat {
                cursor = subject.table.scan(cursor) { seen[$0.integer, default: 0] += 1 }
                calls += 1
            } while cursor != 0
            #expect(calls == subject.table.bucketCount)
            #expect(seen.count == count)
            #expect(seen.values.allSatisfy { $0 == 1 })
        }
    }

    @Test func forEachVisitsAll() {
        let subject = Subject()
        for number in 0..<1000 { subject.add(number) }
        var sum: Int64 = 0
        subject.table.forEach { sum += $0.integer }
        #expect(sum == 499_500)
    }

    @Test(arguments: [21, 22] as [UInt64])
    func randomIsNearlyUniform(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let subject = Subject()
        #expect(subject.table.random(using: &generator) == nil)
        let count = seed == 21 ? 5 : 300
        for number in 0..<count { subject.add(number) }
        var picks = [Int](repeating: 0, count: count)
        for _ in 0..<count * 1000 {
            guard let entry = subject.table.random(using: &generator) else {
                Issue.record("nothing picked")
                return
            }
            picks[Int(entry.integer)] += 1
        }
        #expect(picks.allSatisfy { (800...1200).contains($0) })
    }

    @Test func chainsGrowAndShrinkWithEqualHashes() {
        // Entries may be inserted with a forged hash as long as no split looks at their keys, which
        // happens first when the ninth bucket comes.
        let arena = Arena()
        let table = EntryTable(arena: arena, key: testKey)
        let entries = (0..<48).map { number in
            Entry.make(key: Subject.key(number).raw, integer: Int64(number), in: arena)
        }
        let hash: UInt64 = 0x4242_4242_4242_4242
        for entry in entries { table.insert(entry, hash: hash) }
        #expect(table.statistics().longestChain == 48)
        #expect(table.statistics().overflowBuckets == 5)
        for (number, entry) in entries.enumerated() {
            #expect(table.find(key: Subject.key(number).raw, hash: hash) == entry)
        }
        for (number, entry) in entries.enumerated() where number % 2 == 0 { table.remove(entry, hash: hash) }
        #expect(table.statistics().longestChain == 24)
        #expect(table.statistics().overflowBuckets == 2)
        for (number, entry) in entries.enumerated() {
            let found = table.find(key: Subject.key(number).raw, hash: hash)
            #expect(found == (number % 2 == 0 ? nil : entry))
        }
    }

    @Test func matchesAreExact() {
        #expect(Bucket.matches(0x0001_0101_0002_0301, 1) == 0x0080_8080_0000_0080)
        #expect(Bucket.matches(0x0101_0101_0101_0100, 0) == 0x80)
        #expect(Bucket.matches(0xff80_7f00_ff80_7f00, 0x80) == 0x0080_0000_0080_0000)
        #expect(Bucket.tag(of: 0x00ff_ffff_ffff_ffff) == 1)
        #expect(EntryTable.bitReversed(1) == 1 << 63)
        #expect(EntryTable.bitReversed(0x8000_0000_0000_0003) == 0xc000_0000_0000_0001)
    }

    @Test(arguments: [false, true])
    func abandoningReleasesObjects(withObjects: Bool) {
        let census = Census()
        let arena = Arena()
        do {
            let table = EntryTable(arena: arena, key: testKey)
            for number in 0..<100_000 {
                let key = Subject.key(number)
                let entry =
                    withObjects && number % 3 == 0
                    ? Entry.make(
                        key: key.raw, object: CountedValue(census), kind: .rawObject, in: arena)
                    : Entry.make(key: key.raw, integer: 1, in: arena)
                table.insert(entry, hash: table.hash(key.raw))
            }
            #expect(census.alive == (withObjects ? 33_334 : 0))
            var slices = 1
            while !table.abandonSome(buckets: 1024) { slices += 1 }
            #expect(slices >= 16)
            #expect(census.alive == 0)
        }
        arena.discardAll()
        while !arena.releaseSome(pages: 8) {}
        #expect(arena.bytesReserved == 0)
    }
}
