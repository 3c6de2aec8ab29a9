import Testing

@testable import Engine

/// An index and what should be in it: a sorted array.
private final class Subject {
    let arena = Arena()
    let index: ScoreIndex
    var model: [Entry] = []
    private var made = 0

    init() {
        index = ScoreIndex(arena: arena)
    }

    /// An entry whose member no other has.
    func make(_ score: Double, using generator: inout SeededGenerator) -> Entry {
        made += 1
        let prefix = (0..<Int.random(in: 0...9, using: &generator)).map { _ in UInt8(ascii: "a") }
        let member = prefix + generator.bytes(1) + Array(":\(made)".utf8)
        return Entry.make(member: member.raw, score: score, in: arena)
    }

    func place(of entry: Entry) -> Int {
        var (low, high) = (0, model.count)
        while low < high {
            let middle = (low + high) / 2
            if model[middle].precedes(entry) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func add(_ entry: Entry) {
        model.insert(entry, at: place(of: entry))
        index.insert(entry)
    }

    func drop(_ rank: Int) {
        let entry = model.remove(at: rank)
        index.remove(entry)
        entry.free(in: arena)
    }

    func update(_ rank: Int, _ score: Double) {
        let entry = model.remove(at: rank)
        index.update(entry, score: score)
        #expect(entry.score == score)
        model.insert(entry, at: place(of: entry))
    }

    func check() {
        index.checkInvariants()
        var visited: [Entry] = []
        index.visit(0..<index.count) { entry, _ in visited.append(entry) }
        #expect(visited == model)
    }
}

/// How a run of random operations chooses scores.
enum ScoreChoice: CaseIterable {
    case equal
    case few
    case many
    case ascending
    case descending

    func score(_ step: Int, using generator: inout SeededGenerator) -> Double {
        switch self {
        case .equal: 0
        case .few: Double(Int.random(in: -3...3, using: &generator)) / 2
        case .many: Double(Int.random(in: -1_000_000...1_000_000, using: &generator))
        case .ascending: Double(step)
        case .descending: Double(-step)
        }
    }
}

@Suite struct ScoreIndexTests {
    @Test(arguments: ScoreChoice.allCases, [1, 2] as [UInt64])
    func agreesWithArray(choice: ScoreChoice, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let subject = Subject()
        for step in 0..<structureSteps(10_000) {
            // The number of entries swings between few and enough for two levels of inner nodes.
            let growing = step / 2500 % 2 == 0
            let roll = Int.random(in: 0..<20, using: &generator)
            let score = choice.score(step, using: &generator)
            let rank = Int.random(in: 0..<max(subject.model.count, 1), using: &generator)
            if subject.model.isEmpty || (roll < 13) == growing && roll < 17 {
                subject.add(subject.make(score, using: &generator))
            } else if roll < 17 {
                // At the edges as often as anywhere.
                subject.drop(roll < 3 ? 0 : roll < 6 ? subject.model.count - 1 : rank)
            } else if roll < 19 {
                let near = subject.model[rank].score + Double(Int.random(in: -2...2, using: &generator)) / 4
                subject.update(rank, roll == 17 ? score : near)
            } else if roll == 19, step % 40 == 0 {
                dropRange(of: subject, rank, using: &generator)
            }
            if step % 400 == 0 || subject.model.count < 10 { subject.check() }
            if step % 2000 == 0 || subject.model.count < 4 { compareRanges(subject, using: &generator) }
        }
        subject.check()
    }

    private func dropRange(of subject: Subject, _ rank: Int, using generator: inout SeededGenerator) {
        let end = min(subject.model.count, rank + Int.random(in: 0...300, using: &generator))
        var removed: [Entry] = []
        subject.index.remove(ranks: rank..<end) { removed.append($0) }
        #expect(removed == Array(subject.model[rank..<end]))
        subject.model.removeSubrange(rank..<end)
        for entry in removed { entry.free(in: subject.arena) }
        subject.index.checkInvariants()
    }

    /// Everything that asks, against counting in the array.
    private func compareRanges(_ subject: Subject, using generator: inout SeededGenerator) {
        let model = subject.model
        #expect(
            subject.index.count == model.count && subject.index.first == model.first
                && subject.index.last == model.last)
        #expect(subject.index.position(at: -1) == nil && subject.index.position(at: model.count) == nil)
        for (rank, entry) in model.enumerated() where rank % 7 == 0 {
            #expect(subject.index.rank(of: entry) == rank)
            #expect(subject.index.position(at: rank)?.entry == entry)
            #expect(subject.index.position(at: rank)?.score == entry.score)
        }
        var scores = [0, -.infinity, .infinity, 0.25, -1]
        for _ in 0..<2 {
            if let entry = model.randomElement(using: &generator) { scores.append(entry.score) }
        }
        for low in scores {
            for high in scores {
                for flags in 0..<4 {
                    let range = ScoreRange(
                        low: low, high: high, excludesLow: flags & 1 != 0, excludesHigh: flags & 2 != 0)
                    let found = subject.index.ranks(in: range)
                    let inside = model.indices.filter { range.contains(model[$0].score) }
                    #expect(Array(found) == inside)
                    if range.isEmpty { #expect(inside.isEmpty) }
                }
            }
        }
        let start = Int.random(in: 0...model.count, using: &generator)
        let end = Int.random(in: start...model.count, using: &generator)
        var visited: [Entry] = []
        subject.index.visit(start..<end, backwards: true) { entry, score in
            if entry.score == score { visited.append(entry) }
        }
        #expect(visited == model[start..<end].reversed())
        walk(subject)
    }

    /// Goes from place to place in both directions.
    private func walk(_ subject: Subject) {
        var (forth, back) = ([Entry](), [Entry]())
        var position = subject.index.position(at: 0)
        while let here = position {
            forth.append(here.entry)
            position = here.next
        }
        position = subject.index.position(at: subject.index.count - 1)
        while let here = position {
            back.append(here.entry)
            position = here.previous
        }
        #expect(forth == subject.model && back == subject.model.reversed())
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func findsMembersBetweenBounds(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let subject = Subject()
        var bounds: [[UInt8]] = ["-", "+", "[", "(", "[aaaa", "(aaaaa"].map { Array($0.utf8) }
        for number in 0..<700 {
            let entry = subject.make(7, using: &generator)
            subject.add(entry)
            if number % 200 == 0 {
                bounds.append([UInt8(ascii: "[")] + [UInt8](copying: entry.key))
                bounds.append([UInt8(ascii: "(")] + [UInt8](copying: entry.key))
            }
        }
        for low in bounds {
            for high in bounds {
                guard let from = MemberBound(argument: low.raw), let to = MemberBound(argument: high.raw)
                else {
                    Issue.record("\(low) or \(high) is a bound")
                    return
                }
                let found = subject.index.ranks(from: from, to: to)
                var inside: [Int] = []
                for (rank, entry) in subject.model.enumerated()
                where from.admits(from: entry.key) && to.admits(upTo: entry.key) {
                    inside.append(rank)
                }
                #expect(Array(found) == inside)
            }
        }
    }

    @Test func boundsAreSpelledExactly() {
        for text in ["", "a", "--", "-a", "+a", "]a", "\0"] {
            let bytes = Array(text.utf8)
            #expect(MemberBound(argument: bytes.raw) == nil ? true : false)
        }
        let open = Array("(".utf8)
        guard let bound = MemberBound(argument: open.raw) else {
            Issue.record("the empty member is a bound")
            return
        }
        #expect(bound.isExcluded && bound.member.isEmpty && !bound.isLowest && !bound.isHighest)
    }

    @Test func infinitiesAndZerosAreInOrder() {
        var generator = SeededGenerator(seed: 1)
        let subject = Subject()
        let scores: [Double] = [
            .infinity, -.infinity, 0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
        ]
        for score in scores + scores { subject.add(subject.make(score, using: &generator)) }
        subject.check()
        #expect(subject.index.ranks(in: ScoreRange(low: 0, high: -0.0)) == 2..<6)
        #expect(subject.index.ranks(in: ScoreRange(low: -.infinity, high: .infinity)) == 0..<12)
        let finite = ScoreRange(low: -.infinity, high: .infinity, excludesLow: true, excludesHigh: true)
        #expect(subject.index.ranks(in: finite) == 2..<10)
        // A zero takes on its other sign in place.
        subject.update(2, -0.0)
        subject.update(2, 0.0)
        subject.check()
    }

    /// What comes in order leaves full leaves; what comes in any order leaves them four fifths full.
    @Test func isAsSmallAsPromised() {
        var generator = SeededGenerator(seed: 9)
        let count = 15_000
        let appended = Subject()
        for number in 0..<count {
            let entry = appended.make(Double(number), using: &generator)
            appended.model.append(entry)
            appended.index.append(entry)
        }
        appended.check()
        #expect(appended.index.memoryUse < count * 18)
        let ascending = Subject()
        let descending = Subject()
        let random = Subject()
        for number in 0..<count {
            ascending.index.insert(ascending.make(Double(number), using: &generator))
            descending.index.insert(descending.make(Double(-number), using: &generator))
            random.index.insert(random.make(Double.random(in: 0..<1, using: &generator), using: &generator))
        }
        for subject in [ascending, descending, random] { subject.index.checkInvariants() }
        #expect(ascending.index.memoryUse < count * 18)
        #expect(descending.index.memoryUse < count * 18)
        #expect(random.index.memoryUse < count * 21)
    }

    @Test(arguments: [0, 1, 62, 63, 5000, 20_000])
    func goesInSlices(count: Int) {
        var generator = SeededGenerator(seed: 4)
        let subject = Subject()
        for _ in 0..<count {
            subject.index.insert(subject.make(Double(Int.random(in: 0...99)), using: &generator))
        }
        var slices = 1
        while !subject.index.releaseSome(entries: 1000) { slices += 1 }
        #expect(slices >= count / 1100)
        #expect(subject.index.count == 0 && subject.arena.bytesInUse == 0)
        subject.index.checkInvariants()
        subject.add(subject.make(1, using: &generator))
        subject.check()
    }

    @Test func removesFromTheFrontToNothing() {
        var generator = SeededGenerator(seed: 6)
        let subject = Subject()
        for _ in 0..<6000 {
            subject.index.insert(subject.make(Double(generator.next() % 500), using: &generator))
        }
        var last = -Double.infinity
        while subject.index.count > 0 {
            subject.index.remove(ranks: 0..<Int.random(in: 1...150, using: &generator)) { entry in
                if entry.score < last { Issue.record("out of order") }
                last = entry.score
                entry.free(in: subject.arena)
            }
            subject.index.checkInvariants()
        }
        #expect(subject.arena.bytesInUse == 0)
    }

    @Test func abandonedNodesGoWithTheArena() {
        var generator = SeededGenerator(seed: 2)
        let subject = Subject()
        for number in 0..<5000 { subject.index.append(subject.make(Double(number), using: &generator)) }
        subject.index.abandon()
        #expect(subject.index.count == 0 && subject.index.first == nil)
        subject.arena.discardAll()
        #expect(subject.arena.releaseSome(pages: .max))
        #expect(subject.arena.bytesReserved == 0)
    }
}
