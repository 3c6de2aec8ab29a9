import Testing

@testable import Engine

/// Streams, driven by commands, against arrays of entries.
@Suite struct StreamTests {
    /// What a stream should hold.
    private struct Model {
        struct Entry: Equatable {
            var id: StreamID
            var texts: [String]
        }

        var entries: [Entry] = []
        /// By group what is pending, with its consumer and how often it was delivered.
        var pending: [String: [StreamID: (consumer: String, count: Int)]] = [:]
        var lastRead: [String: StreamID] = [:]
        var last = StreamID.zero
    }

    private let texts = [
        "a", "b", "", "1", "-5", "127", "128", "4095", "-4096", "70000", "9223372036854775807",
        String(repeating: "x", count: 63), String(repeating: "y", count: 64),
        String(repeating: "z", count: 700),
        String(repeating: "w", count: 4100),
    ]

    private func stream(_ runner: CommandRunner) -> Stream? {
        let key = Array("s".utf8)
        return runner.dataset.keyspaces[0].locate(key.raw).entry?.stream
    }

    private func entries(_ stream: Stream, backwards: Bool = false) -> [Model.Entry] {
        var all: [Model.Entry] = []
        let add: (StreamEntry, StreamNode) -> Bool = { entry, node in
            var texts: [String] = []
            node.forEachField(of: entry) { field, value in
                for each in [field, value] { texts.append(String(decoding: each.copy, as: UTF8.self)) }
            }
            all.append(Model.Entry(id: entry.id, texts: texts))
            return true
        }
        if backwards {
            stream.forEachReversed(from: .zero, through: .largest, add)
        } else {
            stream.forEach(from: .zero, through: .largest, add)
        }
        return all
    }

    private func text(_ id: StreamID) -> String { String(decoding: id.text, as: UTF8.self) }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64]) func behavesAsItsModel(seed: UInt64) {
        let runner = CommandRunner(seed: seed)
        runner.dataset.settings.collections.streamNodeEntries = [100, 3, 0, 200, 5, 100][Int(seed) - 1]
        runner.dataset.settings.collections.streamNodeBytes = [4096, 300, 2000, 0, 4096, 128][Int(seed) - 1]
        var random = SeededGenerator(seed: seed)
        var model = Model()
        func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
        for group in ["g", "h"] {
            runner.run("XGROUP", "CREATE", "s", group, "0", "MKSTREAM")
            (model.pending[group], model.lastRead[group]) = ([:], .zero)
        }
        for step in 0..<structureSteps(6000) {
            let group = number(0...1) == 0 ? "g" : "h"
            let consumer = "c\(number(0...3))"
            switch number(0...19) {
            case 0...8:
                let wide = number(0...200) == 0
                let id =
                    wide
                    ? StreamID(
                        milliseconds: model.last.milliseconds + UInt64(number(1...1 << 40)), sequence: 3)
                    : StreamID(
                        milliseconds: model.last.milliseconds + UInt64(number(0...1)),
                        sequence: model.last.sequence + UInt64(number(1...300)))
                let fields = number(0...3) > 0 ? 1 : number(1...3)
                let words = (0..<fields * 2).map { texts[$0 % 2 == 0 ? $0 : number(0...texts.count - 1)] }
                #expect(
                    runner.run((["XADD", "s", text(id)] + words).map { Array($0.utf8) }).contains(text(id)))
                model.last = id
                model.entries.append(Model.Entry(id: id, texts: words))
            case 9, 10:
                guard !model.entries.isEmpty else { continue }
                let at = number(0...3) == 0 ? 0 : number(0...model.entries.count - 1)
                let id = model.entries.remove(at: at).id
                #expect(runner.run("XDEL", "s", text(id), text(id)) == ":1\r\n")
            case 11 where number(0...3) == 0:
                let most = number(0...400)
                let gone = max(model.entries.count - most, 0)
                #expect(runner.run("XTRIM", "s", "MAXLEN", String(most)) == ":\(gone)\r\n")
                model.entries.removeFirst(gone)
            case 12 where number(0...3) == 0:
                guard let id = model.entries.randomElement(using: &random)?.id else { continue }
                let gone = model.entries.count { $0.id < id }
                #expect(runner.run("XTRIM", "s", "MINID", text(id)) == ":\(gone)\r\n")
                model.entries.removeFirst(gone)
            case 13, 14:
                let most = number(1...20)
                let read = model.lastRead[group] ?? .zero
                let new = model.entries.filter { $0.id > read }.prefix(most)
                runner.run("XREADGROUP", "GROUP", group, consumer, "COUNT", String(most), "STREAMS", "s", ">")
                for entry in new { model.pending[group]?[entry.id] = (consumer, 1) }
                if let last = new.last { model.lastRead[group] = last.id }
            case 15, 16:
                guard let id = model.pending[group]?.keys.sorted().randomElement(using: &random) else {
                    continue
                }
                #expect(runner.run("XACK", "s", group, text(id), "0-0") == ":1\r\n")
                model.pending[group]?[id] = nil
            case 17:
                guard let id = model.pending[group]?.keys.sorted().randomElement(using: &random) else {
                    continue
                }
                runner.run("XCLAIM", "s", group, consumer, "0", text(id))
                if model.entries.contains(where: { $0.id == id }) {
                    model.pending[group]?[id]?.consumer = consumer
                    model.pending[group]?[id]?.count += 1
                } else {
                    model.pending[group]?[id] = nil
                }
            case 18 where number(0...20) == 0:
                runner.run("XGROUP", "DELCONSUMER", "s", group, consumer)
                model.pending[group] = model.pending[group]?.filter { $0.value.consumer != consumer }
            case 19 where number(0...20) == 0:
                runner.run("COPY", "s", "t", "REPLACE")
                runner.run("RENAME", "t", "s")
            default: break
            }
            if step % 50 == 0 { check(runner, model, "seed \(seed), step \(step)") }
        }
        check(runner, model, "seed \(seed), end")
        runner.run("DEL", "s")
        while !runner.dataset.discarded.releaseSome(blocks: 10) {}
        #expect(runner.dataset.elements.bytesInUse == 0)
    }

    private func check(_ runner: CommandRunner, _ model: Model, _ place: String) {
        guard let stream = stream(runner) else {
            Issue.record("no stream at \(place)")
            return
        }
        stream.checkInvariants()
        #expect(entries(stream) == model.entries, "\(place)")
        #expect(entries(stream, backwards: true) == model.entries.reversed(), "\(place)")
        for entry in model.entries.prefix(3) + model.entries.suffix(3) {
            #expect(stream.find(entry.id)?.entry.id == entry.id)
        }
        for group in stream.groups {
            let expected = model.pending[String(decoding: group.name, as: UTF8.self)] ?? [:]
            #expect(group.pending.count == expected.count, "\(place)")
            group.pending.forEach { entry in
                let wanted = expected[entry.id]
                #expect(
                    group.consumer(of: entry).map { String(decoding: $0.name, as: UTF8.self) }
                        == wanted?.consumer)
                #expect(Int(entry.deliveryCount) == wanted?.count, "\(place)")
                return true
            }
        }
    }

    @Test func nodesEndWhereRedissDo() {
        let runner = CommandRunner()
        for number in 1...250 { runner.run("XADD", "s", "\(number)-1", "f", "v") }
        #expect(stream(runner)?.state.nodes.count == 3)
        runner.dataset.settings.collections.streamNodeBytes = 600
        for number in 251...300 { runner.run("XADD", "s", "\(number)-1", "f", "v") }
        // The open node is over the limit already; one of the new ones holds what fits in 600 bytes.
        #expect(stream(runner)?.state.nodes.count == 4)
        for number in 1...4 {
            runner.run("XADD", "t", "\(number)-1", "f", String(repeating: "x", count: 150))
        }
        let key = Array("t".utf8)
        #expect(runner.dataset.keyspaces[0].locate(key.raw).entry?.stream.state.nodes.count == 2)
    }

    /// The tree of two keys that part in their last byte: the bytes that they share, a branch and two leaves.
    @Test func nodesOfARadixTreeAreCounted() {
        func count(_ ids: [(UInt64, UInt64)]) -> Int {
            let arena = Arena()
            let stream = Stream(in: arena)
            for (high, low) in ids {
                var list = Listpack(in: arena)
                list.append(PackedElement(0), in: arena)
                stream.append(StreamNode(StreamID(milliseconds: high, sequence: low), adopting: list))
            }
            return stream.radixTreeNodeCount
        }
        #expect(count([]) == 1)
        #expect(count([(1, 1)]) == 2)
        #expect(count([(1, 1), (1, 2)]) == 4)
        #expect(count([(1, 1), (2, 1)]) == 6)
        #expect(count([(1, 1), (1, 2), (1, 3)]) == 5)
        #expect(count([(1, 1), (1, 2), (1, 256)]) == 7)
        #expect(count([(1, 1), (1 << 56, 1)]) == 5)
    }

    @Test func aCopyIsItsOwn() {
        let runner = CommandRunner()
        for number in 1...300 { runner.run("XADD", "s", "\(number)-1", "f", "v") }
        runner.run("XGROUP", "CREATE", "s", "g", "0")
        runner.run("XREADGROUP", "GROUP", "g", "c", "COUNT", "40", "STREAMS", "s", ">")
        runner.run("COPY", "s", "t")
        runner.run("XADD", "s", "999-1", "f", "v")
        runner.run("XACK", "s", "g", "1-1")
        runner.run("XGROUP", "DELCONSUMER", "s", "g", "c")
        #expect(runner.run("XLEN", "t") == ":300\r\n")
        #expect(runner.run("XPENDING", "t", "g").hasPrefix("*4\r\n:40\r\n"))
        runner.run("XADD", "t", "400-1", "f", "v")
        #expect(runner.run("XREVRANGE", "t", "+", "-", "COUNT", "1").contains("400-1"))
    }
}
