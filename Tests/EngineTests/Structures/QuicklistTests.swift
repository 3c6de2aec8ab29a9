import Testing

@testable import Engine

extension Quicklist {
    fileprivate func texts(from index: Int = 0, count: Int = .max, backwards: Bool = false) -> [[UInt8]] {
        var texts: [[UInt8]] = []
        visit(from: index, count: count, backwards: backwards) { element in
            texts.append(element.text)
            return true
        }
        return texts
    }

    fileprivate func matches(_ text: [UInt8], backwards: Bool = false, most: Int = .max) -> [Int] {
        var found: [Int] = []
        visitMatches(of: text.raw, backwards: backwards, most: most) { index in
            found.append(index)
            return true
        }
        return found
    }

    fileprivate var compressedCount: Int {
        var count = 0
        visitPaths { count += node($0).isCompressed ? 1 : 0 }
        return count
    }
}

/// A quicklist, and what should be in it.
private final class Subject {
    let arena = Arena()
    let list: Quicklist
    var model: [[UInt8]] = []
    var generator: SeededGenerator

    init(_ settings: QuicklistSettings, seed: UInt64) {
        list = Quicklist(settings, in: arena)
        generator = SeededGenerator(seed: seed)
    }

    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    func text() -> [UInt8] {
        switch number(0...9) {
        case 0...3: generator.elementText()
        case 4: [UInt8](repeating: UInt8(number(97...100)), count: number(1...400))
        case 5 where number(0...30) == 0: generator.bytes(number(4000...9000))
        default: Array("element:\(number(0...20))".utf8)
        }
    }

    func step(growing: Bool) {
        let roll = number(0...99)
        if model.isEmpty || roll < (growing ? 60 : 30) { return add() }
        if roll < (growing ? 75 : 50) {
            let (at, text) = (number(0...model.count - 1), text())
            model[at] = text
            return list.replace(at: at, with: text.raw)
        }
        if roll < 96 { return removeSome() }
        let text = model[number(0...model.count - 1)]
        let (most, backwards) = (roll == 96 ? .max : number(1...5), roll % 2 == 0)
        let places = model.indices.filter { model[$0] == text }
        let chosen = backwards ? Array(places.suffix(most)) : Array(places.prefix(most))
        for place in chosen.reversed() { model.remove(at: place) }
        verify(list.removeAll(equalTo: text.raw, most: most, backwards: backwards) == chosen.count)
    }

    private func add() {
        let text = text()
        switch number(0...3) {
        case 0:
            list.append(text.raw)
            model.append(text)
        case 1:
            list.prepend(text.raw)
            model.insert(text, at: 0)
        default:
            guard !model.isEmpty else { return }
            let at = number(0...model.count - 1)
            if number(0...1) == 0 {
                list.insert(text.raw, before: at)
                model.insert(text, at: at)
            } else {
                list.insert(text.raw, after: at)
                model.insert(text, at: at + 1)
            }
        }
    }

    private func removeSome() {
        switch number(0...5) {
        case 0, 1:
            list.removeFirst()
            model.removeFirst()
        case 2, 3:
            list.removeLast()
            model.removeLast()
        default:
            let at = number(0...model.count - 1)
            let count = number(0...9) == 0 ? number(0...model.count) : number(0...10)
            list.remove(from: at, count: count)
            model.removeSubrange(at..<min(at + count, model.count))
        }
    }

    func agrees() -> Bool {
        list.checkInvariants()
        guard list.count == model.count, list.texts() == model, list.isEmpty == model.isEmpty,
            list.first?.text == model.first, list.last?.text == model.last
        else { return false }
        if model.isEmpty { return true }
        let at = number(0...model.count - 1)
        let count = number(1...model.count)
        let text = model[at]
        let places = model.indices.filter { model[$0] == text }
        return list.withElement(at: at, \.text) == text && list.withElement(at: model.count, \.text) == nil
            && list.texts(from: at, count: count) == Array(model[at...].prefix(count))
            && list.texts(from: at, count: count, backwards: true)
                == Array(model[...at].reversed().prefix(count))
            && list.matches(text) == places && list.firstIndex(of: text.raw) == places.first
            && list.matches(text, backwards: true, most: count)
                == places.filter { $0 >= model.count - count }.reversed()
    }
}

@Suite struct QuicklistTests {
    private static let variants: [QuicklistSettings] = [
        QuicklistSettings(), QuicklistSettings(limit: -1, compressDepth: 1), QuicklistSettings(limit: 1),
        QuicklistSettings(limit: 3, compressDepth: 2, plainThreshold: 30),
        QuicklistSettings(limit: 16, compressDepth: 1),
        QuicklistSettings(limit: -5, plainThreshold: 300), QuicklistSettings(limit: 4, compressDepth: 100),
    ]

    @Test(arguments: 0..<7)
    func agreesWithArray(variant: Int) {
        let subject = Subject(Self.variants[variant], seed: UInt64(variant + 1))
        for step in 0..<structureSteps(2500) {
            subject.step(growing: step / 500 % 2 == 0)
            if step % 25 == 0, !subject.agrees() {
                Issue.record("step \(step)")
                return
            }
        }
        verify(subject.agrees())
        let copy = subject.list.copy() as? Quicklist
        copy?.checkInvariants()
        #expect(copy?.texts() == subject.model)
        subject.list.removeAll()
        #expect(subject.list.isEmpty && copy?.texts() == subject.model)
    }

    /// So many nodes that segments are split, joined and found from both ends.
    @Test(arguments: [0, 1])
    func manyNodes(depth: Int) {
        let subject = Subject(QuicklistSettings(limit: 1, compressDepth: depth), seed: 8)
        for number in 0..<1500 {
            let text = Array("\(number)".utf8)
            if number % 2 == 0 {
                subject.list.append(text.raw)
                subject.model.append(text)
            } else {
                let at = subject.number(0...subject.model.count - 1)
                subject.list.insert(text.raw, before: at)
                subject.model.insert(text, at: at)
            }
        }
        verify(subject.agrees())
        #expect(subject.list.nodeCount == 1500)
        while subject.model.count > 20 {
            let at = subject.number(0...subject.model.count - 1)
            subject.list.remove(from: at, count: 10)
            subject.model.removeSubrange(at..<min(at + 10, subject.model.count))
            if subject.model.count % 16 == 0 { verify(subject.agrees()) }
        }
        verify(subject.agrees())
        #expect(subject.list.state.segments.count <= 2)
    }

    @Test func middleIsCompressedAndEndsAreNot() {
        let arena = Arena()
        let list = Quicklist(QuicklistSettings(limit: -1, compressDepth: 2), in: arena)
        let plain = Quicklist(QuicklistSettings(limit: -1), in: arena)
        for number in 0..<2000 {
            let text = Array("a text that repeats itself, number \(number)".utf8)
            number % 2 == 0 ? list.append(text.raw) : list.prepend(text.raw)
            number % 2 == 0 ? plain.append(text.raw) : plain.prepend(text.raw)
        }
        list.checkInvariants()
        #expect(list.nodeCount > 10 && list.compressedCount == list.nodeCount - 4)
        #expect(list.memoryUse < plain.memoryUse / 2)
        #expect(list.texts() == plain.texts())
        // Reading leaves them as they are, and so does writing.
        list.replace(at: 1000, with: Array("another".utf8).raw)
        list.insert(Array("a third".utf8).raw, before: 900)
        list.checkInvariants()
        #expect(list.compressedCount == list.nodeCount - 4)
        while list.nodeCount > 4 { list.removeFirst() }
        #expect(list.compressedCount == 0)
    }

    @Test func nodesAreFilledAsInRedis() {
        let list = Quicklist(in: Arena())
        let text = [UInt8](repeating: 120, count: 16)
        for _ in 0..<1000 { list.append(text.raw) }
        // A node takes elements while its bytes and 24 more are within 8192: 454 of 18 bytes each.
        #expect(list.nodeCount == 3 && list.node(list.firstPath).count == 454)
        list.append([UInt8](repeating: 1, count: 8193).raw)
        #expect(list.node(list.lastPath).isPlain && list.onlyListpack == nil)
        // The memory is what is in it and a hundredth.
        for _ in 0..<100_000 { list.append(text.raw) }
        #expect(list.memoryUse < 101_000 * 1836 / 100 + 8193)
    }

    @Test func becomesAListpackAgain() throws {
        let arena = Arena()
        var pack = Listpack(in: arena)
        for number in 0..<10 { pack.append(PackedElement(Int64(number)), in: arena) }
        let list = Quicklist(adopting: pack, QuicklistSettings(limit: 8), in: arena)
        list.append([97].raw)
        #expect(list.nodeCount == 2 && list.onlyListpack == nil && list.takeOnlyListpack() == nil)
        list.removeLast()
        let taken = try #require(list.takeOnlyListpack())
        #expect(taken.texts == (0..<10).map { Array("\($0)".utf8) } && list.isEmpty)
        taken.free(in: arena)
        list.append(adopting: Listpack(in: arena))
        #expect(list.isEmpty && arena.bytesInUse == 0)
    }

    @Test(arguments: [
        (-2, 8192, 100_000, true), (-2, 8193, 1, false), (-1, 4097, 1, false), (-5, 65_536, 1, true),
        (128, 8192, 128, true), (128, 100, 129, false), (128, 8193, 1, false), (0, 10, 1, true),
        (0, 10, 2, false),
    ])
    func limits(limit: Int, byteCount: Int, count: Int, fits: Bool) {
        let settings = QuicklistSettings(limit: limit)
        #expect(settings.isExceeded(byteCount: byteCount, count: count) == !fits)
    }

    @Test func shrinkingListsWaitForHalf() {
        let (bytes, counts) = (QuicklistSettings(limit: -2), QuicklistSettings(limit: 10))
        #expect(bytes.fitsListpack(byteCount: 8192, count: 1, shrinking: false))
        #expect(!bytes.fitsListpack(byteCount: 8192, count: 1, shrinking: true))
        #expect(bytes.fitsListpack(byteCount: 4096, count: 1, shrinking: true))
        #expect(!counts.fitsListpack(byteCount: 1, count: 6, shrinking: true))
        #expect(counts.fitsListpack(byteCount: 100_000, count: 5, shrinking: true))
    }

    @Test func releasesInSlices() {
        let arena = Arena()
        let list = Quicklist(in: arena)
        for number in 0..<20_000 { list.append(Array("element number \(number)".utf8).raw) }
        list.append([UInt8](repeating: 7, count: 1 << 20).raw)
        let cost = list.releaseCost
        #expect(cost > list.nodeCount && list.first?.count == 16)
        var slices = 1
        var memory = list.memoryUse
        while !list.releaseSome(blocks: 16) {
            list.checkInvariants()
            #expect(list.memoryUse < memory)
            memory = list.memoryUse
            slices += 1
        }
        #expect(slices > 15 && list.isEmpty && arena.bytesInUse == 0)
    }

    @Test func digestIsOfElements() {
        let arena = Arena()
        var digests: [String] = []
        for settings in [
            QuicklistSettings(), QuicklistSettings(limit: 2, compressDepth: 1, plainThreshold: 3),
        ] {
            let list = Quicklist(settings, in: arena)
            for number in 0..<50 { list.append(Array("\(number * 7)".utf8).raw) }
            var digest = DatasetDigest()
            list.mix(into: &digest)
            digests.append(digest.text)
            list.removeFirst()
            list.mix(into: &digest)
            #expect(digest.text != digests[0])
        }
        #expect(digests[0] == digests[1])
    }

    @Test func nodesForSnapshots() {
        let arena = Arena()
        let list = Quicklist(QuicklistSettings(limit: 4, compressDepth: 1, plainThreshold: 200), in: arena)
        for number in 0..<40 { list.append([UInt8](repeating: 65, count: number == 20 ? 200 : 30).raw) }
        let read = Quicklist(list.settings, in: arena)
        list.visitNodes { bytes, isPlain in
            if isPlain { return read.append(plain: bytes) }
            guard let pack = Listpack(validating: bytes, in: arena) else {
                Issue.record("node")
                return
            }
            read.append(adopting: pack)
        }
        read.checkInvariants()
        #expect(read.texts() == list.texts() && read.nodeCount == list.nodeCount)
    }
}
