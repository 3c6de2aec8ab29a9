import Testing

@testable import Engine

/// What commands on sorted sets tell others: events in order, and words that repeat the change.
@Suite struct SortedSetEffectTests {
    private func told(_ words: String..., after setup: [[String]] = []) -> (
        events: [String], commands: [String]
    ) {
        let runner = CommandRunner()
        for words in setup { _ = runner.run(words.map { Array($0.utf8) }) }
        let effects = runner.dataset.effects
        effects.clear()
        effects.interest = [.commands]
        effects.notified = EventClasses.all.union([.newKey, .overwritten, .typeChanged])
        _ = runner.run(words.map { Array($0.utf8) })
        return (
            effects.events.map { $0.kind.name.description },
            effects.commands.map { command in
                command.arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            }
        )
    }

    private let three = [["ZADD", "z", "1", "a", "2", "b", "3", "c"]]

    @Test func additions() {
        #expect(told("ZADD", "z", "1", "a").events == ["new", "zadd"])
        #expect(told("ZADD", "z", "1", "a", after: three) == ([], []))
        #expect(told("ZADD", "z", "5", "a", after: three) == (["zadd"], ["ZADD z 5 a"]))
        #expect(told("ZINCRBY", "z", "5", "a", after: three) == (["zincr"], ["ZINCRBY z 5 a"]))
        #expect(told("ZADD", "z", "INCR", "0", "a", after: three) == ([], []))
    }

    @Test func removals() {
        #expect(told("ZREM", "z", "a", after: three) == (["zrem"], ["ZREM z a"]))
        #expect(told("ZREM", "z", "a", "b", "c", after: three).events == ["zrem", "del"])
        #expect(told("ZREM", "z", "x", after: three) == ([], []))
        #expect(told("ZPOPMAX", "z", after: three) == (["zpopmax"], ["ZPOPMAX z"]))
        #expect(told("ZPOPMIN", "z", "5", after: three) == (["zpopmin", "del"], ["ZPOPMIN z 5"]))
        #expect(told("ZMPOP", "2", "y", "z", "MIN", after: three) == (["zpopmin"], ["ZPOPMIN z 1"]))
        #expect(
            told("ZMPOP", "1", "z", "MAX", "COUNT", "9", after: three)
                == (["zpopmax", "del"], ["ZPOPMAX z 3"]))
        #expect(
            told("ZREMRANGEBYSCORE", "z", "2", "2", after: three)
                == (["zremrangebyscore"], ["ZREMRANGEBYSCORE z 2 2"]))
        #expect(told("ZREMRANGEBYRANK", "z", "0", "-1", after: three).events == ["zremrangebyrank", "del"])
        #expect(told("ZREMRANGEBYLEX", "z", "-", "+", after: three).events == ["zremrangebylex", "del"])
    }

    @Test func storing() {
        #expect(
            told("ZRANGESTORE", "d", "z", "0", "0", after: three)
                == (["new", "zrangestore"], ["ZRANGESTORE d z 0 0"]))
        #expect(told("ZUNIONSTORE", "z", "1", "z", after: three).events == ["overwritten", "zunionstore"])
        #expect(told("ZINTERSTORE", "z", "1", "none", after: three).events == ["del"])
        #expect(told("ZDIFFSTORE", "none", "1", "other", after: three) == ([], []))
    }
}
