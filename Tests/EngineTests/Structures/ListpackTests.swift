import RESP
import Testing

@testable import Engine

extension PackedElement {
    /// The element's text; the element is valid where this is called.
    var text: [UInt8] { withText { [UInt8](copying: $0) } }
}

extension Listpack {
    /// The texts of all elements, read forwards.
    var texts: [[UInt8]] {
        var texts: [[UInt8]] = []
        var at = start
        while at < end {
            texts.append(element(at: at).text)
            at = index(after: at)
        }
        return texts
    }
}

/// A listpack, and what should be in it.
private struct Subject {
    let arena = Arena()
    var list: Listpack
    var model: [[UInt8]] = []
    var generator: SeededGenerator

    init(seed: UInt64) {
        list = Listpack(in: arena)
        generator = SeededGenerator(seed: seed)
    }

    mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    /// The offset of an element by its number, found the slow way.
    func offset(_ number: Int) -> Int {
        var at = list.start
        for _ in 0..<number { at = list.index(after: at) }
        return at
    }

    mutating func insert(_ count: Int) {
        let at = number(0...count)
        let text = generator.elementText()
        switch number(0...3) {
        case 0:
            list.append(text.raw, in: arena)
            model.append(text)
        case 1:
            list.prepend(text.raw, in: arena)
            model.insert(text, at: 0)
        case 2:
            let other = generator.elementText()
            // The arrays outlive the call.
            let (first, second) = unsafe (PackedElement(packing: text.raw), PackedElement(packing: other.raw))
            list.insert(first, second, at: offset(at), in: arena)
            withExtendedLifetime((text, other)) {}
            model.insert(contentsOf: [text, other], at: at)
        default:
            list.insert(text.raw, at: offset(at), in: arena)
            model.insert(text, at: at)
        }
    }

    mutating func remove(_ count: Int) {
        let at = number(0...count - 1)
        switch number(0...7) {
        case 0:
            let many = number(0...count)
            let removed = list.remove(at: offset(at), count: many, in: arena)
            #expect(removed == min(many, count - at))
            model.removeSubrange(at..<min(at + many, count))
        case 1:
            let chosen = (0..<count).filter { _ in number(0...3) == 0 }
            list.remove(at: chosen.map(offset), in: arena)
            for index in chosen.reversed() { model.remove(at: index) }
        default:
            verify(list.remove(at: offset(at), in: arena) == 1)
            model.remove(at: at)
        }
    }

    mutating func step(growing: Bool) {
        let count = model.count
        let roll = number(0...9)
        if count == 0 || roll < (growing ? 6 : 3) { return insert(count) }
        if roll < 8 { return remove(count) }
        if roll == 8 {
            let (at, text) = (number(0...count - 1), generator.elementText())
            list.replace(at: offset(at), with: text.raw, in: arena)
            model[at] = text
        } else {
            splitAndJoin(number(0...count))
        }
    }

    private mutating func splitAndJoin(_ at: Int) {
        let tail = list.split(at: offset(at), in: arena)
        #expect(list.texts == Array(model[..<at]) && tail.texts == Array(model[at...]))
        if at % 2 == 0 {
            list.append(contentsOf: tail, in: arena)
        } else {
            list.insert(contentsOf: tail, from: tail.start, to: tail.end, at: list.end, in: arena)
        }
        tail.free(in: arena)
    }

    /// Whether all ways of reading agree with the model.
    mutating func agrees() -> Bool {
        list.checkInvariants()
        guard list.texts == model, list.count == model.count, list.isEmpty == model.isEmpty else {
            return false
        }
        let number = number(-model.count - 2...model.count + 1)
        let expected = number < 0 ? number + model.count : number
        let element = list.element(number: number)
        if !model.indices.contains(expected) { return element == nil && (list.last == nil) == model.isEmpty }
        let text = model[expected]
        guard let element, element.text == text, element.equals(text.raw), element.count == text.count,
            list.last.map({ list.element(at: $0).text }) == model.last
        else { return false }
        let found = model.firstIndex(of: text).map(offset)
        let even = stride(from: 0, to: model.count, by: 2).first { model[$0] == text }.map(offset)
        let sought = generator.elementText()
        return list.find(text.raw) == found && list.find(text.raw, skip: 1) == even
            && list.find(sought.raw) == model.firstIndex(of: sought).map(offset)
    }
}

extension SeededGenerator {
    /// Texts of all encodings: numbers at the edges of their widths, what looks like numbers, and bytes.
    mutating func elementText() -> [UInt8] {
        switch Int.random(in: 0..<10, using: &self) {
        case 0: return Array(String(Int64.random(in: 0...127, using: &self)).utf8)
        case 1...3:
            let edges: [Int64] = [127, 4095, 32767, 8_388_607, 2_147_483_647, .max / 2]
            let edge = edges.randomElement(
                using: &self)
            let near = (edge ?? 0) &+ Int64.random(in: -2...2, using: &self)
            return Array(String(Bool.random(using: &self) ? near : -near).utf8)
        case 4:
            let odd = ["007", "-0", "", "-", "9223372036854775808", "+1", "1.5"]
            return Array(odd[Int.random(in: odd.indices, using: &self)].utf8)
        case 5: return bytes(Int.random(in: 60...70, using: &self))
        case 6 where Int.random(in: 0..<10, using: &self) == 0:
            return bytes(Int.random(in: 4090...4100, using: &self))
        default: return bytes(Int.random(in: 0...20, using: &self))
        }
    }
}

@Suite struct ListpackTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func agreesWithArray(seed: UInt64) {
        var subject = Subject(seed: seed)
        for step in 0..<structureSteps(6000) {
            subject.step(growing: step / 200 % 2 == 0)
            if step % 8 == 0, !subject.agrees() { Issue.record("step \(step)") }
            if subject.model.count > 150 {
                subject.list.removeAll(in: subject.arena)
                subject.model = []
            }
        }
        verify(subject.agrees())
        #expect(subject.arena.bytesInUse == Arena.splicedSize(subject.list.byteCount))
        subject.list.free(in: subject.arena)
        #expect(subject.arena.bytesInUse == 0)
    }

    /// The bytes that Redis writes for the same elements.
    @Test func formatIsRediss() {
        let arena = Arena()
        var list = Listpack(in: arena)
        let texts = [
            "0", "127", "-1", "128", "-4096", "4095", "4096", "32767", "-32769", "8388607", "-8388609",
            "2147483647", "2147483648", "-9223372036854775808", "9223372036854775808", "abc", "", "007",
        ]
        for text in texts { list.append(Array(text.utf8).raw, in: arena) }
        let expected =
            "6a000000120000017f01dfff02c08002d00002cfff02f1001003f1ff7f03f2ff7fff04f2ffff7f04f3ffff7fff05"
            + "f3ffffff7f05f4000000800000000009f4000000000000008009933932323333373230333638353437373538303814"
            + "836162630480018330303704ff"
        let hex = [UInt8](copying: list.bytes).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == expected)
        #expect(list.texts == texts.map { Array($0.utf8) })
    }

    /// Lengths that are read backwards, at the edges where they need another byte.
    @Test(arguments: [1, 62, 63, 64, 125, 126, 4095, 4096, 16376, 16378, 16379, 2_097_144, 2_097_146])
    func lengthsAtEdges(count: Int) {
        let arena = Arena()
        var list = Listpack(in: arena)
        let text = [UInt8](repeating: 120, count: count)
        list.append([97].raw, in: arena)
        list.append(text.raw, in: arena)
        list.append([98].raw, in: arena)
        list.checkInvariants()
        #expect(list.element(number: -2)?.count == count)
        verify(list.find(text.raw) == list.index(number: 1))
        list.remove(at: list.start, in: arena)
        #expect(list.element(number: 0)?.text == text)
    }

    @Test func countsBeyondItsHeader() {
        let arena = Arena()
        var list = Listpack(in: arena)
        for number in 0..<65_534 { list.append(PackedElement(Int64(number & 127)), in: arena) }
        #expect(list.storedCount == 65_534 && list.count == 65_534)
        for _ in 0..<100 { list.append(PackedElement(1), in: arena) }
        #expect(list.storedCount == .max && list.count == 65_634)
        list.checkInvariants()
        #expect(list.index(number: 65_633) == list.last)
        #expect(list.index(number: -65_634) == list.start)
        #expect(list.index(number: -65_635) == nil && list.index(number: 65_634) == nil)
        // Once it was counted again the header knows.
        list.remove(at: list.start, count: 1000, in: arena)
        #expect(list.storedCount == .max && list.count == 64_634 && list.storedCount == 64_634)
        list.free(in: arena)
        #expect(arena.bytesInUse == 0)
    }

    @Test func anyBytesAreTakenOrRefused() {
        var generator = SeededGenerator(seed: 3)
        let arena = Arena()
        var accepted = 0
        for _ in 0..<structureSteps(300) {
            var list = Listpack(in: arena)
            for _ in 0..<Int.random(in: 0...6, using: &generator) {
                list.append(generator.elementText().raw, in: arena)
            }
            let good = [UInt8](copying: list.bytes)
            let copy = Listpack(validating: good.raw, in: arena)
            #expect(copy?.texts == list.texts)
            copy?.free(in: arena)
            list.free(in: arena)
            for _ in 0..<20 {
                var bad = good
                if Bool.random(using: &generator) {
                    bad.removeLast(Int.random(in: 0...bad.count, using: &generator))
                }
                for _ in 0..<2 where !bad.isEmpty {
                    bad[Int.random(in: bad.indices, using: &generator)] = UInt8.random(
                        in: 0...255, using: &generator)
                }
                // What is taken must be usable: every byte of it is read.
                guard let list = Listpack(validating: bad.raw, in: arena) else { continue }
                accepted += 1
                #expect(list.texts.count == list.count)
                list.free(in: arena)
            }
        }
        #expect(accepted > 0)
        #expect(arena.bytesInUse == 0)
    }

    @Test func oddFormsAreReadAsWhatTheyAre() {
        let arena = Arena()
        // The text "12" as a text, "a" with a header for long texts, and 5 in eight bytes.
        let elements: [UInt8] =
            [0x82, 49, 50, 3, 0xe0, 1, 97, 3, 0xf0, 1, 0, 0, 0, 98, 6, 0xf4, 5, 0, 0, 0, 0, 0, 0, 0, 9]
        let bytes = [UInt8(elements.count + 7), 0, 0, 0, 4, 0] + elements + [255]
        guard let list = Listpack(validating: bytes.raw, in: arena) else {
            Issue.record("refused")
            return
        }
        #expect(list.texts == ["12", "a", "b", "5"].map { Array($0.utf8) })
        for (number, text) in list.texts.enumerated() {
            verify(list.find(text.raw) == list.index(number: number))
            verify(list.element(number: number)?.equals(text.raw) == true)
        }
        #expect(list.element(number: 0)?.equals(12) == true)
        #expect(list.element(number: 0)?.equals(PackedElement(12)) == true)
        verify(list.find([49].raw) == nil && list.find([53, 0].raw) == nil)
    }

    @Test func numbersEqualOnlyTheirText() {
        let element = PackedElement(12)
        verify(element.equals([49, 50].raw) && element.integer == 12 && element.bytes.isEmpty)
        for text in ["012", "+12", "12 ", "1", "", "12.0", "00000000000000000000000012"] {
            verify(!element.equals(Array(text.utf8).raw))
        }
    }

    /// Appending one by one moves a long block only every so often, and its room follows from its size.
    @Test func roomGrowsInSteps() {
        var moves = 0
        for size in 1..<100_000 {
            let (room, next) = (Arena.splicedSize(size), Arena.splicedSize(size + 1))
            if room < size || next < room || size > 2048 && (room - size) * 8 > size {
                Issue.record("\(size)")
            }
            if size > 2048, next != room { moves += 1 }
        }
        #expect(moves < 50 * 2)
        #expect(Arena.splicedSize(8192) == 8192)
        let arena = Arena()
        #expect(Listpack(in: arena).hasRoom(for: 1 << 29) && !Listpack(in: arena).hasRoom(for: 1 << 30))
        #expect(!Listpack(in: arena).hasRoom(for: .max))
    }
}
