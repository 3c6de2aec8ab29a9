import RESP
import Testing

@testable import Engine

/// Sorted sets in both encodings under random operations, against a plain array.
@Suite struct SortedSetValueTests {
    private struct Scored: Equatable {
        var member: [UInt8]
        var score: Double
    }

    /// One sorted set, changed as commands change it, with what it should hold.
    private struct Subject {
        let dataset = Dataset(databases: 1, seed: (1, 2))
        var limits = CollectionLimits()
        var model: [[UInt8]: Double] = [:]
        var slot: KeySlot
        let key = Array("key".utf8)

        init() {
            // The arrays here and below live as long as their spans are used.
            let key = key
            slot = KeySlot(hash: unsafe dataset.keyspaces[0].hash(key.span.bytes), entry: nil)
        }

        var keyspace: Keyspace { dataset.keyspaces[0] }

        var value: SortedSetValue? { slot.entry.map(SortedSetValue.init) }

        /// The model's members in order.
        var ordered: [Scored] {
            model.map { Scored(member: $0.key, score: $0.value) }.sorted {
                $0.score != $1.score
                    ? $0.score < $1.score : $0.member.lexicographicallyPrecedes($1.member)
            }
        }

        var members: [Scored] {
            var found: [Scored] = []
            if let value { value.visit(0..<value.count) { found.append(Scored(member: $0.copy, score: $1)) } }
            return found
        }

        mutating func set(_ member: [UInt8], _ score: Double, _ rule: ScoreRule = []) -> ScoreOutcome {
            var set = value ?? SortedSetValue(expecting: 1, byteCount: member.count, in: keyspace, limits)
            // As in `init`.
            let element = unsafe PackedElement(packing: member.span.bytes)
            let outcome = set.set(element, score, rule, in: keyspace, limits)
            put(set)
            return outcome
        }

        mutating func remove(_ member: [UInt8]) -> Bool {
            guard var set = value else { return false }
            // As in `init`.
            let wasThere = set.remove(unsafe PackedElement(packing: member.span.bytes), in: keyspace)
            put(set)
            return wasThere
        }

        mutating func remove(ranks: Range<Int>) {
            guard var set = value else { return }
            set.remove(ranks: ranks, in: keyspace)
            put(set)
        }

        private mutating func put(_ set: SortedSetValue) {
            let (keyspace, key) = (keyspace, key)
            // As in `init`.
            unsafe keyspace.put(set, at: &slot, key: key.span.bytes)
            if slot.entry?.isEmptyCollection == true { keyspace.remove(&slot) }
        }

        func rank(_ member: [UInt8]) -> (rank: Int, score: Double)? {
            // As in `init`.
            value?.rank(of: unsafe PackedElement(packing: member.span.bytes))
        }

        func checkInvariants() {
            keyspace.table.checkInvariants()
            switch value {
            case .packed(let listpack):
                listpack.checkInvariants()
                precondition(listpack.memberCount <= limits.sortedSetEntries)
                precondition(model.keys.allSatisfy { $0.count <= limits.sortedSetValue })
            case .table(let table):
                table.table.checkInvariants()
                table.order.checkInvariants()
                precondition(table.order.count == table.count)
            case nil: break
            }
        }
    }

    private static func member(using random: inout SeededGenerator, range: Int) -> [UInt8] {
        let number = Int.random(in: 0..<range, using: &random)
        return switch Int.random(in: 0..<40, using: &random) {
        case 0: Array("m\(number)".utf8)
        case 1: Array(String(repeating: "l", count: number % 66).utf8)
        default: Array("\(number)".utf8)
        }
    }

    private static func score(using random: inout SeededGenerator) -> Double {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: .infinity
        case 1: -.infinity
        case 2: Double.random(in: -1...1, using: &random) * 1e30
        case 3: Double.random(in: -1000...1000, using: &random)
        default: Double(Int.random(in: -5...5, using: &random))
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func behavesLikeAModel(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var subject = Subject()
        if seed % 3 == 1 { subject.limits.sortedSetEntries = 10 }
        let range = [12, 100, 2000][Int(seed % 3)]
        for step in 0..<structureSteps(4000) {
            let member = Self.member(using: &random, range: range)
            switch Int.random(in: 0..<20, using: &random) {
            case 0 where !subject.model.isEmpty:
                let start = Int.random(in: 0..<subject.model.count, using: &random)
                let ranks = start..<min(start + Int.random(in: 1...20, using: &random), subject.model.count)
                for scored in subject.ordered[ranks] { subject.model[scored.member] = nil }
                subject.remove(ranks: ranks)
            case 1...(step / 800 % 2 == 0 ? 5 : 13):
                let wasThere = subject.remove(member)
                #expect(wasThere == (subject.model.removeValue(forKey: member) != nil))
            default: change(&subject, member, using: &random)
            }
            #expect(subject.rank(member)?.score == subject.model[member])
            if step % 100 == 0 || subject.model.count < 3 { compare(subject, member) }
        }
        subject.remove(ranks: 0..<subject.model.count)
        #expect(subject.slot.entry == nil)
        #expect(subject.keyspace.arena.objectBytes == 0)
        #expect(subject.dataset.elements.bytesInUse == 0)
    }

    private func change(
        _ subject: inout Subject, _ member: [UInt8], using random: inout SeededGenerator
    ) {
        let score = Self.score(using: &random)
        let rules: [ScoreRule] = [
            [], [], [], .onlyAdds, .onlyUpdates, .onlyRaises, .onlyLowers, .increments,
        ]
        let rule = rules[Int.random(in: 0..<rules.count, using: &random)]
        let current = subject.model[member]
        let expected =
            current.map { rule.outcome(changing: $0, by: score) } ?? rule.outcome(adding: score)
        #expect(subject.set(member, score, rule) == expected)
        switch expected {
        case .added(let score), .updated(let score): subject.model[member] = score
        case .kept, .refused, .notANumber: break
        }
    }

    private func compare(_ subject: Subject, _ member: [UInt8]) {
        subject.checkInvariants()
        let ordered = subject.ordered
        #expect(subject.members == ordered)
        #expect(subject.rank(member)?.rank == ordered.firstIndex { $0.member == member })
        guard let value = subject.value else { return }
        for (low, high) in [(-2.0, 3.0), (-.infinity, 0), (1, 1), (4, 2)] {
            for excludes in [false, true] {
                let range = ScoreRange(low: low, high: high, excludesLow: excludes, excludesHigh: !excludes)
                let inside = ordered.filter { range.contains($0.score) }
                #expect(ordered[value.ranks(in: range)].elementsEqual(inside))
            }
        }
        var backwards: [Scored] = []
        let ranks = ordered.count / 3..<ordered.count
        value.visit(ranks, backwards: true) { backwards.append(Scored(member: $0.copy, score: $1)) }
        #expect(backwards == ordered[ranks].reversed())
    }

    @Test(arguments: [100, 1000])
    func membersWithOneScoreHaveRanges(_ count: Int) {
        var subject = Subject()
        for number in 0..<count {
            _ = subject.set(Array("\(number)".utf8), 0)
            subject.model[Array("\(number)".utf8)] = 0
        }
        let names = subject.model.keys.sorted { $0.lexicographicallyPrecedes($1) }
        let bounds = ["-", "+", "[5", "(5", "[500", "(x", "[", "("].map { Array($0.utf8) }
        for low in bounds {
            for high in bounds {
                // The arrays live as long as the bounds are used.
                guard let from = unsafe MemberBound(argument: low.span.bytes),
                    let to = unsafe MemberBound(argument: high.span.bytes)
                else {
                    Issue.record("no bound")
                    return
                }
                let inside = names.filter { name in
                    // As above.
                    unsafe from.admits(from: name.span.bytes) && to.admits(upTo: name.span.bytes)
                }
                let ranks = subject.value?.ranks(from: from, to: to) ?? 0..<0
                #expect(names[ranks].elementsEqual(inside), "\(low) \(high)")
            }
        }
    }

    /// What is combined from others is a table with its index in order, or a listpack if it fits.
    @Test(arguments: [3, 1000])
    func gatheredMembersAreOrdered(_ count: Int) {
        let subject = Subject()
        let table = ScoreTable(arena: subject.dataset.elements, key: subject.keyspace.sipKey)
        for number in 0..<count * 2 {
            let member = Array("\(number % count)".utf8)
            // As in `init`.
            unsafe table.gather(member.span.bytes, Double(number % 7)) { $0 + $1 }
        }
        let value = SortedSetValue(gathered: table, in: subject.keyspace, subject.limits)
        var scores: [Double] = []
        value.visit(0..<value.count) { scores.append($1) }
        #expect(scores.count == count && scores == scores.sorted())
        if case .packed = value { #expect(count == 3) } else { #expect(count == 1000) }
        value.free(in: subject.keyspace)
    }

    /// A table of many members that nobody uses any more is freed in slices, to the last byte.
    @Test func aBigSortedSetIsFreedInSlices() {
        var subject = Subject()
        for number in 0..<20_000 {
            _ = subject.set(Array("member:\(number)".utf8), Double(number * 7 % 5000))
        }
        #expect(subject.dataset.elements.bytesInUse > 20_000 * 40)
        subject.keyspace.remove(&subject.slot)
        var slices = 0
        while !subject.dataset.discarded.releaseSome(blocks: 400) { slices += 1 }
        #expect(slices > 20)
        #expect(subject.dataset.elements.bytesInUse == 0)
    }

    /// What a sorted set says it occupies is what its arena has handed out, but for the heads of table and object.
    @Test func memoryIsTold() {
        var subject = Subject()
        for number in 0..<5000 { _ = subject.set(Array("member:\(number)".utf8), Double(number)) }
        guard let entry = subject.slot.entry else { return }
        let inUse = subject.dataset.elements.bytesInUse
        #expect(entry.outsideMemoryUse > inUse)
        #expect(entry.outsideMemoryUse < inUse + 80_000)
        #expect(subject.keyspace.arena.objectBytes == entry.outsideMemoryUse)
        subject.remove(ranks: 10..<5000)
        #expect(subject.keyspace.arena.objectBytes == entry.outsideMemoryUse)
    }
}
