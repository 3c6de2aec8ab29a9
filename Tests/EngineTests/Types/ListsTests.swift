import Testing

@testable import Engine

/// Lists in all encodings under random commands, against Swift's own arrays.
@Suite struct ListsTests {
    /// One list, changed by commands, with what it should hold.
    private final class Subject {
        let runner = CommandRunner()
        var model: [[UInt8]] = []
        var random: SeededGenerator
        /// What texts are made of: short lists change encodings at few elements, long ones have many nodes.
        let longest: Int

        init(seed: UInt64, _ limits: CollectionLimits, longest: Int) {
            random = SeededGenerator(seed: seed)
            runner.dataset.settings.collections = limits
            self.longest = longest
        }

        var keyspace: Keyspace { runner.dataset.keyspaces[0] }

        var entry: Entry? { keyspace.locate(Array("l".utf8).raw).entry }

        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }

        func text() -> [UInt8] {
            switch number(0...9) {
            case 0...4: Array("\(number(-9...9))".utf8)
            case 5: [UInt8](repeating: UInt8(number(97...99)), count: number(0...longest))
            default: Array("e\(number(0...9))".utf8)
            }
        }

        func run(_ words: [UInt8]...) -> String { runner.run(words) }

        func run(_ name: String, _ words: [UInt8]...) -> String {
            runner.run([Array(name.utf8), Array("l".utf8)] + words)
        }

        func bulk(_ text: [UInt8]?) -> String {
            text.map { "$\($0.count)\r\n\(String(decoding: $0, as: UTF8.self))\r\n" } ?? "$-1\r\n"
        }

        func array(_ texts: some Collection<[UInt8]>) -> String {
            "*\(texts.count)\r\n" + texts.map(bulk).joined()
        }

        /// A random command; its reply and what it should be.
        func step(growing: Bool) -> (is: String, should: String) {
            switch number(0...19) {
            case 0...(growing ? 9 : 3): push()
            case 10, 11: pop()
            case 12: trim()
            case 13: remove()
            case 14: insert()
            case 15: replace()
            case 16: rotate()
            case 17: position()
            default: growing ? push() : pop()
            }
        }

        private func push() -> (String, String) {
            let texts = (0..<number(1...4)).map { _ in text() }
            let isLeft = number(0...1) == 0
            for text in texts { model.insert(text, at: isLeft ? 0 : model.count) }
            let words = [Array((isLeft ? "LPUSH" : "RPUSH").utf8), Array("l".utf8)] + texts
            return (runner.run(words), ":\(model.count)\r\n")
        }

        private func pop() -> (String, String) {
            let isLeft = number(0...1) == 0
            let name = isLeft ? "LPOP" : "RPOP"
            if number(0...2) > 0 {
                let popped = isLeft ? model.first : model.last
                if popped != nil { model.remove(at: isLeft ? 0 : model.count - 1) }
                return (run(name), bulk(popped))
            }
            let count = number(1...12)
            let popped = isLeft ? Array(model.prefix(count)) : model.suffix(count).reversed()
            isLeft ? model.removeFirst(popped.count) : model.removeLast(popped.count)
            return (run(name, Array("\(count)".utf8)), popped.isEmpty ? "*-1\r\n" : array(popped))
        }

        private func trim() -> (String, String) {
            let (left, right) = (number(0...5), number(0...5))
            let kept = model.dropFirst(left).dropLast(right)
            model = Array(kept)
            return (run("LTRIM", Array("\(left)".utf8), Array("\(-1 - right)".utf8)), "+OK\r\n")
        }

        private func remove() -> (String, String) {
            let (text, count) = (text(), number(-3...3))
            let places = model.indices.filter { model[$0] == text }
            let chosen =
                count == 0 ? places : count > 0 ? Array(places.prefix(count)) : places.suffix(-count)
            for place in chosen.reversed() { model.remove(at: place) }
            return (run("LREM", Array("\(count)".utf8), text), ":\(chosen.count)\r\n")
        }

        private func insert() -> (String, String) {
            let (pivot, text, isAfter) = (text(), text(), number(0...1) == 0)
            let place = model.firstIndex(of: pivot)
            if let place { model.insert(text, at: isAfter ? place + 1 : place) }
            let expected = place != nil ? model.count : model.isEmpty ? 0 : -1
            return (
                run("LINSERT", Array((isAfter ? "AFTER" : "BEFORE").utf8), pivot, text), ":\(expected)\r\n"
            )
        }

        private func replace() -> (String, String) {
            let (index, text) = (number(-model.count - 1...model.count), text())
            let place = index < 0 ? model.count + index : index
            let reply = run("LSET", Array("\(index)".utf8), text)
            if model.isEmpty { return (reply, "-ERR no such key\r\n") }
            guard model.indices.contains(place) else { return (reply, "-ERR index out of range\r\n") }
            model[place] = text
            return (reply, "+OK\r\n")
        }

        private func rotate() -> (String, String) {
            let (isFromLeft, isToLeft) = (number(0...1) == 0, number(0...1) == 0)
            let reply = run(
                "LMOVE", Array("l".utf8), Array((isFromLeft ? "LEFT" : "RIGHT").utf8),
                Array((isToLeft ? "LEFT" : "RIGHT").utf8))
            if model.isEmpty { return (reply, "$-1\r\n") }
            let moved = isFromLeft ? model.removeFirst() : model.removeLast()
            model.insert(moved, at: isToLeft ? 0 : model.count)
            return (reply, bulk(moved))
        }

        private func position() -> (String, String) {
            let (text, rank) = (text(), number(1...3) * (number(0...1) * 2 - 1))
            var places = model.indices.filter { model[$0] == text }
            if rank < 0 { places.reverse() }
            let found = places.count >= abs(rank) ? ":\(places[abs(rank) - 1])\r\n" : "$-1\r\n"
            return (run("LPOS", text, Array("RANK".utf8), Array("\(rank)".utf8)), found)
        }

        /// Whether the whole list and some of it can be read, and whether it is kept as it should be.
        func isSound() -> Bool {
            guard run("LRANGE", [48], [45, 49]) == array(model), run("LLEN") == ":\(model.count)\r\n" else {
                return false
            }
            let (start, stop) = (number(-5...model.count), number(-5...model.count))
            let range = model.indices.clamped(
                to: (start < 0 ? max(model.count + start, 0) : start)..<Int.max)
            let last = min(stop < 0 ? model.count + stop : stop, model.count - 1)
            let part = range.filter { $0 <= last }.map { model[$0] }
            let reply = run("LRANGE", Array("\(start)".utf8), Array("\(stop)".utf8))
            return reply == array(part) && isKeptWell()
        }

        private func isKeptWell() -> Bool {
            keyspace.table.checkInvariants()
            guard let entry else { return model.isEmpty && keyspace.arena.objectBytes == 0 }
            let limits = runner.dataset.settings.collections.list
            switch ListValue(entry) {
            case .packed(let listpack):
                listpack.checkInvariants()
                return keyspace.arena.objectBytes == 0
                    && !limits.isExceeded(byteCount: listpack.byteCount - 8, count: listpack.count)
            case .nodes(let list):
                list.checkInvariants()
                return keyspace.arena.objectBytes == list.memoryUse
                    && entry.outsideMemoryUse == list.memoryUse
            }
        }
    }

    private static func limits(_ seed: UInt64) -> CollectionLimits {
        var limits = CollectionLimits()
        limits.listNode = [-2, 4, 1, 9, -1][Int(seed % 5)]
        limits.listCompressDepth = Int(seed / 5 % 3)
        limits.listPlainElement = seed % 7 == 3 ? 20 : 0
        return limits
    }

    @Test(arguments: 0..<15 as Range<UInt64>)
    func behavesLikeAModel(_ seed: UInt64) {
        let limits = Self.limits(seed)
        let subject = Subject(seed: seed, limits, longest: limits.listNode < 0 ? 3000 : 200)
        subject.runner.run("SET", "other", "1")
        let bytesBefore = subject.keyspace.arena.bytesInUse
        var encodings: Set<String> = []
        for step in 0..<structureSteps(3000) {
            // Grows and shrinks in turns, down to nothing.
            let (reply, expected) = subject.step(growing: step / 500 % 2 == 0)
            guard reply == expected else {
                Issue.record("step \(step): \(reply), not \(expected)")
                return
            }
            if let entry = subject.entry { encodings.insert(entry.kind.encoding.description) }
            if step % 50 == 0 || subject.model.count < 3 {
                let isSound = subject.isSound()
                #expect(isSound, "step \(step)")
            }
        }
        #expect(encodings == ["listpack", "quicklist"])
        _ = subject.run(Array("DEL".utf8), Array("l".utf8))
        while !subject.runner.dataset.discarded.releaseSome(blocks: 1000) {}
        #expect(subject.keyspace.arena.objectBytes == 0)
        #expect(subject.keyspace.arena.bytesInUse == bytesBefore)
        #expect(subject.runner.dataset.elements.bytesInUse == 0)
    }

    /// What is cut off a long list is gone at once for clients, and freed in slices, to the last byte.
    @Test(arguments: [
        "LTRIM l -3 -1", "LTRIM l 0 2", "LTRIM l 20000 20002", "LPOP l 59997", "RPOP l 59997",
        "LMPOP 1 l LEFT COUNT 59997", "DEL l",
    ])
    func cutOffElementsAreFreedInSlices(command: String) {
        let runner = CommandRunner()
        let elements = (0..<60_000).map { Array("element:\($0)".utf8) }
        runner.run([Array("RPUSH".utf8), Array("l".utf8)] + elements)
        let before = runner.dataset.elements.bytesInUse
        runner.run(command.split(separator: " ").map { Array($0.utf8) })
        // Both ends are cut off one by one.
        #expect(runner.dataset.discarded.count == (command == "LTRIM l 20000 20002" ? 2 : 1))
        #expect(runner.dataset.elements.bytesInUse > before * 9 / 10)
        #expect(runner.run("LLEN", "l") == (command == "DEL l" ? ":0\r\n" : ":3\r\n"))
        var slices = 0
        while !runner.dataset.discarded.releaseSome(blocks: 10) { slices += 1 }
        #expect(slices > 5)
        #expect(runner.dataset.elements.bytesInUse < 20_000)
    }

    /// As above, where an element is so long that it has a node of its own, and where many are equal.
    @Test func longAndEqualElementsAreFreedInSlices() {
        let runner = CommandRunner()
        let long = [UInt8](repeating: 120, count: 1 << 20)
        runner.run([Array("RPUSH".utf8), Array("l".utf8), long, [97]])
        #expect(runner.run("LPOP", "l").utf8.count > 1 << 20)
        #expect(runner.dataset.discarded.count == 1)
        let equal = [[UInt8]](repeating: Array("equal".utf8), count: 100_000)
        runner.run([Array("LPUSH".utf8), Array("l".utf8)] + equal)
        #expect(runner.run("LREM", "l", "0", "equal") == ":100000\r\n")
        #expect(runner.dataset.discarded.count == 2)
        while !runner.dataset.discarded.releaseSome(blocks: 400) {}
        #expect(runner.dataset.elements.bytesInUse < 20_000)
        #expect(runner.run("LRANGE", "l", "0", "-1") == "*1\r\n$1\r\na\r\n")
    }
}
