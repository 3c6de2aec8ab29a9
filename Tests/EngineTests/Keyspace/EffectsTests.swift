import RESP
import TestSupport
import Testing

@testable import Engine

@Suite struct EffectsTests {
    private let key = Array("key".utf8)

    /// Ends a command of these words, as the dispatcher does.
    private func end(_ effects: Effects, _ words: [String], before: UInt64, database: Int = 0) {
        var reader = RequestReader()
        reader.receive(words: words.map { Array($0.utf8) })
        effects.endCommand(reader.frame(0), before: before, in: database)
    }

    private func words(_ effects: Effects) -> [String] {
        effects.commands.map { command in
            "\(command.database): "
                + command.arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
        }
    }

    @Test func nothingIsRecordedForNobody() {
        let effects = Effects()
        effects.changed(key.raw, .set, in: 0)
        effects.notify(key.raw, .keymiss, in: 0)
        effects.propagate(in: 0) {
            Issue.record("nobody listens")
            return []
        }
        effects.deleted(key.raw, .expired, in: 0, as: "DEL")
        end(effects, ["set", "key", "1"], before: 0)
        #expect(effects.isEmpty)
        #expect(effects.changes == 1)
    }

    @Test func eventsAreFilteredByClass() {
        let effects = Effects()
        effects.notified = [.string, .keyMiss]
        effects.changed(key.raw, .set, in: 2)
        effects.changed(key.raw, .del, in: 2)
        effects.notify(key.raw, .keymiss, in: 3)
        #expect(effects.events.map { "\($0.kind.name) \($0.database)" } == ["set 2", "keymiss 3"])
        #expect(effects.events.allSatisfy { $0.key == key })
        #expect(effects.changes == 2)
        #expect(effects.keys.isEmpty)
        effects.clear()
        #expect(effects.isEmpty)
    }

    @Test func changedKeysAreTold() {
        let effects = Effects()
        effects.interest = .keys
        effects.changed(key.raw, .set, in: 1)
        effects.notify(key.raw, .keymiss, in: 1)
        #expect(effects.keys == [Effects.Key(database: 1, key: key)])
        #expect(effects.events.isEmpty)
    }

    @Test func commandsAreTheirOwnWordsUnlessTheySayOtherwise() {
        let effects = Effects()
        effects.interest = .commands
        end(effects, ["get", "key"], before: effects.changes)
        #expect(effects.commands.isEmpty)

        var before = effects.changes
        effects.changed(key.raw, .set, in: 1)
        end(effects, ["set", "key", "1"], before: before, database: 1)
        #expect(words(effects) == ["1: set key 1"])
        effects.clear()

        before = effects.changes
        effects.changed(key.raw, .expire, in: 0)
        effects.propagate(in: 0) { [Array("PEXPIREAT".utf8), key, Array("5".utf8)] }
        end(effects, ["expire", "key", "1"], before: before)
        #expect(words(effects) == ["0: PEXPIREAT key 5"])
        effects.clear()

        before = effects.changes
        effects.changed(key.raw, .set, in: 0)
        effects.doNotPropagate()
        end(effects, ["set", "key", "1"], before: before)
        #expect(effects.commands.isEmpty)

        // What one command said holds for it alone.
        before = effects.changes
        effects.flushed(0, count: 3)
        end(effects, ["flushall"], before: before)
        #expect(words(effects) == ["0: flushall"])
    }

    @Test func keyspacesAreToldAsAWhole() {
        let effects = Effects()
        effects.flushed(0, count: 3)
        effects.swapped(0, 1)
        #expect(effects.changes == 4)
        #expect(effects.sweeps.isEmpty)
        effects.interest = .keys
        effects.flushed(5, count: 0)
        effects.swapped(0, 1)
        #expect(effects.sweeps.count == 2)
        #expect(!effects.isEmpty)
        effects.clear()
        #expect(effects.isEmpty)
    }

    @Test func deletionsOfTheServerComeFirst() {
        let effects = Effects()
        effects.interest = .commands
        let before = effects.changes
        effects.deleted(key.raw, .expired, in: 0, as: "DEL")
        // A command that only reads does not become a writer by that.
        #expect(effects.changes == before)
        effects.changed(key.raw, .set, in: 0)
        end(effects, ["set", "key", "1"], before: before)
        #expect(words(effects) == ["0: DEL key", "0: set key 1"])
    }
}
