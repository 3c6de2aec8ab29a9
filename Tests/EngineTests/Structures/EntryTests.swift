import Testing

@testable import Engine

/// What an entry should hold.
private enum Content: Equatable {
    case integer(Int64)
    case bytes([UInt8], raw: Bool)
    case object(Int)
}

private struct Model {
    var key: [UInt8]
    var content: Content
    var hasDeadline: Bool
    var clock: UInt32 = 0
    var position: UInt32 = 0
}

private final class Subject {
    let arena = Arena()
    let census = Census()
    var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }

    func content() -> Content {
        switch number(0...2) {
        case 0: .integer(Int64(bitPattern: generator.next()))
        case 1:
            .bytes(
                generator.bytes(number(0...(Bool.random(using: &generator) ? 30 : 255))),
                raw: number(0...1) == 0)
        default: .object(number(0...1000))
        }
    }

    func make(_ model: Model) -> Entry {
        switch model.content {
        case .integer(let value):
            Entry.make(
                key: model.key.raw, integer: value, hasDeadline: model.hasDeadline, clock: model.clock,
                in: arena)
        case .bytes(let bytes, let raw):
            Entry.make(
                key: model.key.raw, embedding: bytes.raw, kind: raw ? .raw : .embedded,
                hasDeadline: model.hasDeadline, clock: model.clock, in: arena)
        case .object(let number):
            Entry.make(
                key: model.key.raw, object: CountedValue(census, number: number), kind: .rawObject,
                hasDeadline: model.hasDeadline, clock: model.clock, in: arena)
        }
    }

    func replace(_ entry: Entry, _ content: Content) -> Entry {
        switch content {
        case .integer(let value): entry.replaceValue(integer: value, in: arena)
        case .bytes(let bytes, let raw):
            entry.replaceValue(embedding: bytes.raw, kind: raw ? .raw : .embedded, in: arena)
        case .object(let number):
            entry.replaceValue(object: CountedValue(census, number: number), kind: .rawObject, in: arena)
        }
    }

    func matches(_ entry: Entry, _ model: Model) -> Bool {
        let common =
            entry.keyEquals(model.key.raw) && [UInt8](copying: entry.key) == model.key
            && entry.accessClock == model.clock && entry.hasDeadline == model.hasDeadline
            && (!model.hasDeadline || entry.deadlinePosition == model.position)
        guard common else { return false }
        switch model.content {
        case .integer(let value):
            return entry.kind == .int && entry.integer == value
        case .bytes(let bytes, let raw):
            return entry.kind == (raw ? .raw : .embedded) && [UInt8](copying: entry.embedded) == bytes
        case .object(let number):
            return entry.kind == .rawObject && (entry.object as? CountedValue)?.number == number
        }
    }
}

@Suite struct EntryTests {
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func reshapingKeepsTheRest(seed: UInt64) {
        let subject = Subject(seed: seed)
        var live: [(Entry, Model)] = []
        for step in 0..<structureSteps(10_000) {
            if live.count < 100 {
                let long = subject.number(0...9) == 0
                var model = Model(
                    key: subject.generator.bytes(subject.number(0...(long ? 3000 : 40))),
                    content: subject.content(), hasDeadline: subject.number(0...1) == 0)
                model.clock = UInt32(subject.number(0...0xff_ffff))
                let entry = subject.make(model)
                if model.hasDeadline { entry.deadlinePosition = 0 }
                live.append((entry, model))
            }
            let index = subject.number(0...live.count - 1)
            var (entry, model) = live[index]
            mutate(&entry, &model, subject)
            live[index] = (entry, model)
            if !subject.matches(entry, model) { Issue.record("step \(step): \(model)") }
            if subject.number(0...4) == 0 {
                let (entry, model) = live.remove(at: subject.number(0...live.count - 1))
                if !subject.matches(entry, model) { Issue.record("overwritten, step \(step)") }
                entry.free(in: subject.arena)
            }
            let objects = live.count { if case .object = $0.1.content { true } else { false } }
            if subject.census.alive != objects || subject.arena.objectCount != objects {
                Issue.record("objects, step \(step)")
            }
        }
        #expect(subject.arena.bytesInUse == live.reduce(0) { $0 + $1.0.allocatedSize })
        for (entry, model) in live {
            #expect(subject.matches(entry, model))
            entry.free(in: subject.arena)
        }
        #expect(subject.census.alive == 0)
        #expect(subject.arena.bytesInUse == 0)
    }

    private func mutate(_ entry: inout Entry, _ model: inout Model, _ subject: Subject) {
        switch subject.number(0...5) {
        case 0, 1:
            model.content = subject.content()
            entry = subject.replace(entry, model.content)
        case 2:
            model.hasDeadline.toggle()
            entry = entry.setHasDeadline(model.hasDeadline, in: subject.arena)
            #expect(entry == entry.setHasDeadline(model.hasDeadline, in: subject.arena))
            model.position = UInt32(truncatingIfNeeded: subject.generator.next())
            if model.hasDeadline { entry.deadlinePosition = model.position }
        case 3:
            model.clock = UInt32(subject.number(0...0xff_ffff))
            entry.accessClock = model.clock | 0xff00_0000
        case 4:
            guard case .bytes(var bytes, _) = model.content else { return }
            let count = subject.number(0...255)
            bytes = bytes.prefix(count) + [UInt8](repeating: 0, count: max(0, count - bytes.count))
            model.content = .bytes(bytes, raw: true)
            entry = entry.resizeEmbedded(to: count, in: subject.arena)
        default:
            mutateInPlace(entry, &model, subject)
        }
    }

    private func mutateInPlace(_ entry: Entry, _ model: inout Model, _ subject: Subject) {
        switch model.content {
        case .integer:
            let value = Int64(bitPattern: subject.generator.next())
            model.content = .integer(value)
            entry.integer = value
        case .bytes(var bytes, let raw):
            for index in bytes.indices { bytes[index] ^= 0x55 }
            model.content = .bytes(bytes, raw: raw)
            entry.mutateEmbedded { span in
                for index in 0..<span.byteCount {
                    // The index is inside, and a byte is a byte.
                    let byte = unsafe span.unsafeLoad(fromByteOffset: index, as: UInt8.self)
                    span.storeBytes(of: byte ^ 0x55, toByteOffset: index, as: UInt8.self)
                }
            }
        case .object:
            model.content = .object(subject.number(0...1000))
            if case .object(let number) = model.content {
                let value = CountedValue(subject.census, number: number)
                #expect(entry.replaceValue(object: value, kind: entry.kind, in: subject.arena) == entry)
                #expect(entry.withObject { ($0 as? CountedValue)?.number } == number)
            }
        }
    }

    @Test func targetCaseFillsItsClass() {
        let arena = Arena()
        let key = Array("key:0000000:123456".utf8)
        let value = [UInt8](repeating: 120, count: 16)
        #expect(key.count == 18)
        let entry = Entry.make(key: key.raw, embedding: value.raw, in: arena)
        #expect(entry.size == 40)
        #expect(entry.allocatedSize == 40)
        #expect(entry.setHasDeadline(true, in: arena).allocatedSize == 48)
    }

    @Test func keysDifferInEveryByte() {
        let arena = Arena()
        for count in [0, 1, 2, 3, 4, 5, 7, 8, 9, 15, 16, 17, 18, 24, 31, 255, 256, 300] {
            let key = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            let entry = Entry.make(key: key.raw, integer: 1, hasDeadline: true, in: arena)
            #expect(entry.keyCount == count)
            if !entry.keyEquals(key.raw) { Issue.record("count \(count)") }
            if entry.keyEquals((key + [0]).raw) { Issue.record("count \(count) and one more") }
            for index in 0..<count {
                var other = key
                other[index] ^= 0x80
                if entry.keyEquals(other.raw) { Issue.record("count \(count), index \(index)") }
            }
            entry.free(in: arena)
        }
    }

    @Test func kindsAndRelabelling() {
        #expect(!Kind.int.holdsObject && !Kind.raw.holdsObject && Kind.rawObject.holdsObject)
        #expect(!Kind.int.holdsBytes && Kind.embedded.holdsBytes && Kind.raw.holdsBytes)
        #expect(Kind(rawValue: Kind.last).holdsObject)
        let arena = Arena()
        let census = Census()
        let key = Array("k".utf8)
        let entry = Entry.make(
            key: key.raw, object: CountedValue(census), kind: Kind(rawValue: 31), hasDeadline: true, in: arena
        )
        #expect(entry.kind.rawValue == 31 && entry.hasDeadline && entry.keyCount == 1)
        entry.relabel(.rawObject)
        #expect(entry.kind == .rawObject && entry.hasDeadline)
        entry.free(in: arena)
        #expect(census.alive == 0)
    }
}
