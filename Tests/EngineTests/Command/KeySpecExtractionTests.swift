import RESP
import TestSupport
import Testing

@testable import Engine

/// Finding the keys of requests by their specs.
@Suite struct KeySpecExtractionTests {
    @Test func plainRanges() {
        #expect(positions([.one(1, .readOnly)], "GET k") == [1])
        #expect(positions([.all(.readOnly)], "DEL a b c") == [1, 2, 3])
        #expect(positions([.all(step: 2, .overwrite)], "MSET a 1 b 2") == [1, 3])
        #expect(
            positions([KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), .readOnly)], "BLPOP a b 0")
                == [1, 2])
        let firstHalf = KeySpec(.keyword("STREAMS", from: 1), .range(last: -1, step: 1, limit: 2), .readOnly)
        #expect(positions([firstHalf], "XREAD COUNT 2 STREAMS a b 0 0") == [4, 5])
        #expect(positions([.one(2, .readOnly)], "OBJECT") == nil)
    }

    @Test func counts() {
        let union: [KeySpec] = [.one(1, .overwrite), .counted(at: 2, .readOnly)]
        #expect(positions(union, "ZUNIONSTORE t 2 a b WEIGHTS 1 2") == [1, 3, 4])
        for bad in ["0", "-1", "3", "x", "1443677133621497600", "9223372036854775807"] {
            #expect(positions(union, "ZUNIONSTORE t \(bad) a b") == nil, "\(bad)")
        }
        #expect(positions([.counted(at: 1, step: 2, .overwrite)], "MSETEX 2 a 1 b 2 NX") == [2, 4])
        #expect(positions([.counted(at: 2, .readOnly)], "EVAL script") == nil)
    }

    @Test func wordsInFront() {
        let forwards = KeySpec(.keyword("KEYS", from: 2), .range(last: -1, step: 1, limit: 0), .readWrite)
        #expect(positions([forwards], "MIGRATE h keys a b") == [3, 4])
        #expect(positions([forwards], "MIGRATE h p") == [])
        let backwards = KeySpec(.keyword("STORE", from: -2), .range(last: 0, step: 1, limit: 0), .overwrite)
        #expect(positions([backwards], "GEORADIUS k 1 2 STORE s") == [5])
        #expect(positions([backwards], "GEORADIUS STORE k") == [])
    }

    @Test func unknownAndIncompleteSpecsGiveNothing() {
        #expect(positions([KeySpec(.unknown, .unknown, .readOnly)], "SORT k") == nil)
        #expect(positions([.one(1, [.readOnly, .incomplete])], "SORT k") == nil)
        #expect(positions([.one(1, .notKey)], "SPUBLISH channel") == [])
    }

    @Test func legacyRanges() {
        #expect(info([.one(1, .readOnly), .one(2, .overwrite)]).legacyKeyRange == (1, 2, 1))
        #expect(!info([.one(1, .readOnly), .one(2, .overwrite)]).movesKeys)
        #expect(info([.one(2, .readOnly), .all(from: 3, .readOnly)]).legacyKeyRange == (2, -1, 1))
        #expect(info([.all(step: 2, .overwrite)]).legacyKeyRange == (1, -1, 2))
        #expect(info([.one(1, .overwrite), .counted(at: 2, .readOnly)]).legacyKeyRange == (1, 1, 1))
        #expect(info([.one(1, .overwrite), .counted(at: 2, .readOnly)]).movesKeys)
        #expect(info([.counted(at: 2, .readOnly)]).legacyKeyRange == (0, 0, 0))
        #expect(info([]).legacyKeyRange == (0, 0, 0))
        #expect(!info([]).movesKeys)
        #expect(info([.one(1, [.readOnly, .incomplete])]).movesKeys)
        #expect(info([.one(1, .readOnly), .one(3, .readOnly)]).movesKeys)
    }

    @Test func flagsMayDependOnTheArguments() throws {
        let set = try #require(DataCommands.all.first { $0.info.name.description == "set" }).info
        #expect(keys(set, "SET k v") == [KeyReference(1, [.overwrite, .update])])
        #expect(keys(set, "SET k v EX 3 get") == [KeyReference(1, [.readWrite, .access, .update])])
        #expect(keys(set, "SET k GET") == [KeyReference(1, [.overwrite, .update])])
    }

    /// Whatever the specs and however absurd the request, every key is one of the arguments.
    @Test func neverOutOfBounds() {
        let numbers = [-3, -2, -1, 0, 1, 2, 3]
        var specs: [KeySpec] = []
        for a in numbers {
            for b in numbers {
                specs.append(KeySpec(.index(a), .range(last: b, step: 1, limit: 0), .readOnly))
                specs.append(KeySpec(.index(1), .range(last: -1, step: a, limit: b), .readOnly))
                specs.append(KeySpec(.keyword("K", from: a), .range(last: b, step: 2, limit: 2), .readOnly))
                specs.append(
                    KeySpec(.index(max(a, 1)), .number(index: max(b, 0), first: 1, step: 1), .readOnly))
            }
        }
        for request in ["C", "C K", "C 1", "C 2 3 K 5", "C K K K 9 1"] {
            let count = request.split(separator: " ").count
            for spec in specs {
                for position in positions([spec], request) ?? [] { #expect((1..<count).contains(position)) }
            }
        }
    }

    private func info(_ specs: [KeySpec]) -> CommandInfo {
        CommandInfo("test", arity: -1, keys: specs, group: .generic, since: "1.0.0", summary: "")
    }

    private func positions(_ specs: [KeySpec], _ request: String) -> [Int]? {
        keys(info(specs), request)?.map(\.position)
    }

    private func keys(_ info: CommandInfo, _ request: String) -> [KeyReference]? {
        var reader = RequestReader()
        reader.receive("\(request)\r\n".utf8)
        return info.keys(of: reader.frame(0))
    }
}
