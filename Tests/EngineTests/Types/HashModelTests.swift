import RESP
import Testing

@testable import Engine

/// Hashes in all encodings, with deadlines of fields, against plain dictionaries.
@Suite struct HashModelTests {
    /// What a hash should hold.
    private struct Field: Equatable {
        var value: String
        var deadline: Int64?
    }

    /// Drives the commands and the model side by side.
    private final class Subject {
        let runner = EngineRunner()
        var model: [String: [String: Field]] = [:]
        var random: SeededGenerator
        static let keys = ["a", "b", "c"]

        init(seed: UInt64) {
            random = SeededGenerator(seed: seed)
            runner.dataset.settings.collections.hashEntries = [4, 16, 512][Int(seed % 3)]
            runner.dataset.settings.collections.hashValue = 12
            for key in Self.keys { model[key] = [:] }
        }

        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

        func key() -> String { Self.keys[pick(Self.keys.count)] }

        func field() -> String { pick(8) == 0 ? "a rather long field \(pick(3))" : "f\(pick(30))" }

        func value() -> String {
            switch pick(12) {
            case 0: String(repeating: "x", count: 200 + pick(120))
            case 1: "a value of some length \(pick(9))"
            case 2: ""
            default: "\(pick(100_000))"
            }
        }

        /// Runs a command and checks its reply.
        func run(_ words: [String], _ expected: String) {
            let reply = String(decoding: runner.run(words.map { Array($0.utf8) }), as: UTF8.self)
            #expect(reply == expected, "\(words.joined(separator: " "))")
        }

        /// Forgets what is due.
        func settle() {
            for key in Self.keys {
                model[key] = model[key]?.filter { ($0.value.deadline ?? .max) >= runner.now }
            }
        }

        func fields(_ key: String) -> [String: Field] { model[key] ?? [:] }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6] as [UInt64])
    func agreesWithDictionaries(seed: UInt64) {
        let subject = Subject(seed: seed)
        for step in 0..<structureSteps(4000) {
            change(subject)
            if step % 20 == 0 { check(subject) }
        }
        check(subject)
        subject.run(["FLUSHALL"], "+OK\r\n")
        while !subject.runner.dataset.discarded.releaseSome(blocks: 1000) {}
        #expect(subject.runner.dataset.elements.bytesInUse == 0)
    }

    private func change(_ subject: Subject) {
        let (key, field) = (subject.key(), subject.field())
        let present = subject.fields(key)[field] != nil
        switch subject.pick(16) {
        case 0...4:
            let value = subject.value()
            subject.run(["HSET", key, field, value], ":\(present ? 0 : 1)\r\n")
            subject.model[key]?[field] = Field(value: value)
        case 5, 6:
            subject.run(["HDEL", key, field], ":\(present ? 1 : 0)\r\n")
            subject.model[key]?[field] = nil
        case 7:
            let old = subject.fields(key)[field].map { Int($0.value) } ?? 0
            let reply = old.map { ":\($0 + 7)\r\n" } ?? "-ERR hash value is not an integer\r\n"
            subject.run(["HINCRBY", key, field, "7"], reply)
            if let old {
                subject.model[key]?[field, default: Field(value: "")].value = "\(old + 7)"
            }
        case 8, 9, 10:
            let deadline = subject.runner.now + Int64(subject.pick(40)) - 2
            let isPast = deadline <= subject.runner.now
            let answer = present ? (isPast ? 2 : 1) : -2
            subject.run(["HPEXPIREAT", key, "\(deadline)", "FIELDS", "1", field], "*1\r\n:\(answer)\r\n")
            subject.model[key]?[field]?.deadline = deadline
            if isPast { subject.model[key]?[field] = nil }
        case 11:
            let answer = subject.fields(key)[field].map { $0.deadline == nil ? -1 : 1 } ?? -2
            subject.run(["HPERSIST", key, "FIELDS", "1", field], "*1\r\n:\(answer)\r\n")
            subject.model[key]?[field]?.deadline = nil
        case 12:
            let value = subject.value()
            let deadline = subject.runner.now + Int64(subject.pick(30)) + 1
            subject.run(
                ["HSETEX", key, "PXAT", "\(deadline)", "FIELDS", "1", field, value], ":1\r\n")
            subject.model[key]?[field] = Field(value: value, deadline: deadline)
        case 13: move(subject, key)
        default: advance(subject)
        }
    }

    /// Lets time pass; now and then the server's own expiry runs.
    private func advance(_ subject: Subject) {
        subject.runner.now += Int64(subject.pick(5))
        subject.settle()
        guard subject.pick(2) == 0 else { return }
        while !subject.runner.dataset.expire(now: subject.runner.now, most: 3) {}
        let scheduled = subject.model.values.filter { $0.values.contains { $0.deadline != nil } }
        #expect(subject.runner.dataset.keyspaces[0].scheduledHashes == scheduled.count)
        let earliest = subject.model.values.flatMap(\.values).compactMap(\.deadline).min()
        #expect(subject.runner.dataset.firstDeadline == earliest)
    }

    /// Gives a hash another key.
    private func move(_ subject: Subject, _ key: String) {
        let other = subject.key()
        guard other != key, !subject.fields(key).isEmpty else { return }
        switch subject.pick(4) {
        case 0:
            subject.run(["RENAME", key, other], "+OK\r\n")
            subject.model[other] = subject.model[key]
            subject.model[key] = [:]
        case 1:
            subject.run(["COPY", key, other, "REPLACE"], ":1\r\n")
            subject.model[other] = subject.model[key]
        case 2:
            subject.run(["SET", key, "a string"], "+OK\r\n")
            subject.run(["DEL", key], ":1\r\n")
            subject.model[key] = [:]
        default:
            guard subject.fields(other).isEmpty else { return }
            subject.run(["MOVE", key, "1"], ":1\r\n")
            subject.run(["SWAPDB", "0", "1"], "+OK\r\n")
            subject.run(["SWAPDB", "0", "1"], "+OK\r\n")
            subject.run(["FLUSHALL"], "+OK\r\n")
            for key in Subject.keys { subject.model[key] = [:] }
        }
    }

    private func check(_ subject: Subject) {
        for key in Subject.keys {
            let fields = subject.fields(key)
            subject.run(["HLEN", key], ":\(fields.count)\r\n")
            for (field, content) in fields {
                subject.run(["HGET", key, field], "$\(content.value.utf8.count)\r\n\(content.value)\r\n")
                subject.run(
                    ["HPEXPIRETIME", key, "FIELDS", "1", field], "*1\r\n:\(content.deadline ?? -1)\r\n")
            }
            let reply = subject.runner.run("HKEYS", key).split(separator: "\r\n").dropFirst()
            let names = reply.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
            #expect(names.sorted() == fields.keys.sorted())
        }
        let keyspace = subject.runner.dataset.keyspaces[0]
        var bytes = 0
        keyspace.table.forEach { if $0.kind.holdsObject { bytes += $0.outsideMemoryUse } }
        #expect(keyspace.arena.objectBytes == bytes)
    }
}
