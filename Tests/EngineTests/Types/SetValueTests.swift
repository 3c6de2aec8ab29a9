import RESP
import Testing

@testable import Engine

/// Sets in all encodings under random operations, against Swift's own sets.
@Suite struct SetValueTests {
    /// One set, changed as commands change it, with what it should hold.
    private struct Subject {
        let dataset = Dataset(databases: 1, seed: (1, 2))
        var limits = CollectionLimits()
        var model: Set<[UInt8]> = []
        var slot: KeySlot
        let key = Array("key".utf8)

        init() {
            // The arrays here and below live as long as their spans are used.
            let key = key
            slot = KeySlot(hash: unsafe dataset.keyspaces[0].hash(key.span.bytes), entry: nil)
        }

        var keyspace: Keyspace { dataset.keyspaces[0] }

        mutating func insert(_ member: [UInt8]) -> Bool {
            // As in `init`.
            let element = unsafe PackedElement(packing: member.span.bytes)
            var set =
                slot.entry.map(SetValue.init) ?? SetValue(for: element, expecting: 1, in: keyspace, limits)
            let isNew = set.insert(element, in: keyspace, limits)
            let (keyspace, key) = (keyspace, key)
            // As in `init`.
            unsafe keyspace.put(set, at: &slot, key: key.span.bytes)
            return isNew
        }

        mutating func remove(_ member: [UInt8]) -> Bool {
            guard let entry = slot.entry else { return false }
            var set = SetValue(entry)
            // As in `init`.
            guard set.remove(unsafe PackedElement(packing: member.span.bytes), in: keyspace) else {
                return false
            }
            let (keyspace, key) = (keyspace, key)
            // As in `init`.
            unsafe keyspace.put(set, at: &slot, key: key.span.bytes)
            if entry.isEmptyCollection { keyspace.remove(&slot) }
            return true
        }

        func contains(_ member: [UInt8]) -> Bool {
            guard let entry = slot.entry else { return false }
            // As in `init`.
            return SetValue(entry).contains(unsafe PackedElement(packing: member.span.bytes))
        }

        var members: [[UInt8]] {
            var found: [[UInt8]] = []
            if let entry = slot.entry {
                SetValue(entry).forEach { member in
                    found.append(member.copy)
                    return true
                }
            }
            return found
        }

        func checkInvariants() {
            keyspace.table.checkInvariants()
            guard let entry = slot.entry else { return }
            switch SetValue(entry) {
            case .integers(let set):
                set.checkInvariants()
                precondition(set.count <= limits.setIntegers)
            case .packed(let listpack):
                listpack.checkInvariants()
                precondition(listpack.count <= limits.setEntries)
                precondition(model.allSatisfy { $0.count <= limits.setValue })
            case .table(let table): table.table.checkInvariants()
            }
        }
    }

    private static func member(using random: inout SeededGenerator, range: Int) -> [UInt8] {
        let number = Int.random(in: 0..<range, using: &random)
        return switch Int.random(in: 0..<40, using: &random) {
        case 0: Array("m\(number)".utf8)
        case 1: Array(String(repeating: "l", count: number % 90).utf8)
        case 2: Array("\(Int64.max - Int64(number))".utf8)
        default: Array("\(number - range / 2)".utf8)
        }
    }

    @Test(arguments: 0..<12 as Range<UInt64>)
    func behavesLikeAModel(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var subject = Subject()
        if seed % 3 == 1 {
            subject.limits.setIntegers = 20
            subject.limits.setEntries = 10
        }
        let range = [12, 200, 3000][Int(seed % 3)]
        for step in 0..<structureSteps(6000) {
            let member = Self.member(using: &random, range: range)
            // Grows and shrinks in turns, down to nothing.
            if Int.random(in: 0..<10, using: &random) < (step / 1000 % 2 == 0 ? 7 : 2) {
                let isNew = subject.insert(member)
                #expect(isNew == subject.model.insert(member).inserted)
            } else {
                let wasThere = subject.remove(member)
                #expect(wasThere == (subject.model.remove(member) != nil))
            }
            #expect(subject.contains(member) == subject.model.contains(member))
            if step % 500 == 0 || subject.model.count < 3 {
                subject.checkInvariants()
                let members = subject.members
                #expect(members.count == subject.model.count && Set(members) == subject.model)
            }
        }
        for member in subject.model {
            let wasThere = subject.remove(member)
            #expect(wasThere)
        }
        #expect(subject.slot.entry == nil)
        #expect(subject.keyspace.arena.objectBytes == 0)
        #expect(subject.dataset.elements.bytesInUse == 0)
    }

    /// A table of many members that nobody uses any more is freed in slices, to the last byte.
    @Test func aBigSetIsFreedInSlices() {
        var subject = Subject()
        for number in 0..<20_000 { _ = subject.insert(Array("member:\(number)".utf8)) }
        #expect(subject.dataset.elements.bytesInUse > 20_000 * 16)
        subject.keyspace.remove(&subject.slot)
        var slices = 0
        while !subject.dataset.discarded.releaseSome(blocks: 400) { slices += 1 }
        #expect(slices > 20)
        #expect(subject.dataset.elements.bytesInUse == 0)
    }

    /// What a set says it occupies is what its arena has handed out, but for the heads of table and object.
    @Test func memoryIsTold() {
        var subject = Subject()
        for number in 0..<5000 { _ = subject.insert(Array("member:\(number)".utf8)) }
        guard let entry = subject.slot.entry else { return }
        let inUse = subject.dataset.elements.bytesInUse
        #expect(entry.outsideMemoryUse > inUse)
        #expect(entry.outsideMemoryUse < inUse + 80_000)
        #expect(subject.keyspace.arena.objectBytes == entry.outsideMemoryUse)
        for number in 0..<4990 { _ = subject.remove(Array("member:\(number)".utf8)) }
        #expect(subject.keyspace.arena.objectBytes == entry.outsideMemoryUse)
    }
}
