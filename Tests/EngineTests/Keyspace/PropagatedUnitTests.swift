@testable import Engine
import Testing

/// What many commands of one unit are to others.
@Suite struct PropagatedUnitTests {
    private func told(_ prepare: (Effects) -> Void) -> [String] {
        let effects = Dataset(databases: 1, seed: (1, 2)).effects
        effects.interest = .commands
        prepare(effects)
        var all: [String] = []
        effects.forEachPropagated { database, words in
            let text = words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            all.append("\(database.map(String.init) ?? "-") \(text)")
        }
        return all
    }

    @Test func severalCommandsAreATransaction() {
        #expect(told { _ in } == [])
        #expect(told { $0.propagate(in: 0) { [[65]] } } == ["0 A"])
        #expect(
            told { effects in
                effects.propagate(in: 0) { [[65]] }
                effects.propagate(in: 1) { [[66], [67]] }
            } == ["- MULTI", "0 A", "1 B C", "- EXEC"])
    }

    @Test func whatWasOnlyMetTogetherIsNone() {
        #expect(
            told { effects in
                effects.propagate(in: 0) { [[65]] }
                effects.propagate(in: 1) { [[66]] }
                effects.isLoose = true
            } == ["0 A", "1 B"])
    }
}
