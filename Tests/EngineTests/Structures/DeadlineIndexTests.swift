import Testing

@testable import Engine

private final class Subject {
    let arena = Arena()
    let index: DeadlineIndex
    var live: [(entry: Entry, deadline: Int64)] = []

    init() {
        index = DeadlineIndex(arena: arena)
    }

    func add(_ deadline: Int64) {
        let key = Array("key".utf8)
        let entry = Entry.make(key: key.raw, integer: deadline, hasDeadline: true, in: arena)
        index.insert(entry, deadline: deadline)
        live.append((entry, deadline))
    }

    func drop(_ number: Int) {
        let (entry, _) = live[number]
        live.swapAt(number, live.count - 1)
        live.removeLast()
        index.remove(entry)
        entry.free(in: arena)
    }
}

@Suite struct DeadlineIndexTests {
    @Test func fewDeadlinesTakeLittleRoom() {
        let subject = Subject()
        var last = subject.index.memoryUse
        for count in 1...2000 {
            subject.add(Int64(count * 7919 % 2003))
            let use = subject.index.memoryUse
            // A page of 64 KiB comes when two kilobytes do not suffice.
            if count < 150 { #expect(use < 2048 + 256) }
            #expect(use >= last)
            last = use
            if count % 97 == 0 {
                subject.index.checkInvariants()
                let before = subject.live.filter { $0.deadline < 1000 }.count
                #expect(subject.index.count(before: 1000) == before)
            }
        }
        while !subject.live.isEmpty { subject.drop(subject.live.count / 2) }
        #expect(subject.arena.bytesInUse == 0)
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func agreesWithArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let subject = Subject()
        // A narrow range makes many deadlines equal.
        let range: ClosedRange<Int64> = seed == 1 ? 0...50 : Int64.min...Int64.max
        for step in 0..<structureSteps(20_000) {
            let growing = step / 4000 % 2 == 0
            let roll = Int.random(in: 0..<10, using: &generator)
            if subject.live.isEmpty || (roll < 6) == growing && roll < 8 {
                subject.add(Int64.random(in: range, using: &generator))
            } else {
                let number = Int.random(in: 0..<subject.live.count, using: &generator)
                if roll < 8 {
                    subject.drop(number)
                } else if roll == 8 {
                    subject.live[number].deadline = Int64.random(in: range, using: &generator)
                    subject.index.update(subject.live[number].entry, deadline: subject.live[number].deadline)
                } else {
                    let old = subject.live[number].entry
                    let new = old.replaceValue(embedding: generator.bytes(step % 200).raw, in: subject.arena)
                    subject.index.entryMoved(new)
                    subject.live[number].entry = new
                }
            }
            if step % 50 == 0 { check(subject) }
        }
        check(subject)
    }

    private func check(_ subject: Subject) {
        subject.index.checkInvariants()
        #expect(subject.index.count == subject.live.count)
        #expect(subject.index.first?.deadline == subject.live.map(\.deadline).min())
        let agree = subject.live.allSatisfy { subject.index.deadline(of: $0.entry) == $0.deadline }
        #expect(agree)
    }

    @Test func yieldsInOrderAndGivesMemoryBack() {
        var generator = SeededGenerator(seed: 5)
        let subject = Subject()
        #expect(subject.index.first == nil)
        for _ in 0..<30_000 { subject.add(Int64.random(in: 0...1_000_000, using: &generator)) }
        // Five share a line of 64 bytes.
        #expect(subject.index.memoryUse < 30_000 * 13 + Page.byteCount)
        subject.index.checkInvariants()
        var yielded: [Int64] = []
        while let first = subject.index.first {
            yielded.append(first.deadline)
            subject.index.remove(first.entry)
            first.entry.free(in: subject.arena)
        }
        #expect(yielded == subject.live.map(\.deadline).sorted())
        #expect(subject.index.memoryUse < 256)
        #expect(subject.arena.bytesInUse == 0)
    }

    @Test(
        arguments: [
            ([], nil), ([5], 5), ([1, 2], 1), ([.max], .max), ([.max, .max, .max], .max),
            ([.max, 1], 1 << 62),
            ([.min, .min], .min), ([.min, .max], -1), ([-3, -4], -3),
            ([.max, .max - 1, 0], 6_148_914_691_236_517_204),
        ] as [([Int64], Int64?)])
    func meansAreRightHoweverFar(deadlines: [Int64], mean: Int64?) {
        let subject = Subject()
        for deadline in deadlines { subject.add(deadline) }
        #expect(subject.index.meanDeadline(of: 256) == mean)
    }

    /// Deadlines that do not fit in a slot are kept exactly, and cost nothing once they are gone.
    @Test func farDeadlinesAreExact() {
        let subject = Subject()
        let edge: Int64 = 1 << 47
        let deadlines = [0, 1, edge - 1, edge, edge + 1, 2 * edge, .max, .max - 1, -1, .min, -edge]
        for deadline in deadlines { subject.add(deadline) }
        check(subject)
        #expect(subject.index.first?.deadline == .min)
        // Each to each other's, so near ones become far and far ones near.
        for deadline in deadlines {
            for number in subject.live.indices {
                subject.index.update(subject.live[number].entry, deadline: deadline)
                subject.live[number].deadline = deadline
                check(subject)
            }
        }
        while !subject.live.isEmpty { subject.drop(0) }
        #expect(subject.arena.bytesInUse == 0)
    }

    @Test func abandonedPagesGoWithTheArena() {
        let subject = Subject()
        for number in 0..<10_000 { subject.add(number % 7 == 0 ? .max : Int64(number)) }
        subject.index.abandon()
        #expect(subject.index.count == 0 && subject.index.first == nil)
        subject.arena.discardAll()
        #expect(subject.arena.releaseSome(pages: .max))
        #expect(subject.arena.bytesReserved == 0)
    }
}
