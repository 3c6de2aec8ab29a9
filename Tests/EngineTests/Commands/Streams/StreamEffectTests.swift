import Testing

@testable import Engine

/// What commands on streams tell others: events in order, and words that repeat the change.
@Suite struct StreamEffectTests {
    private func told(_ words: String..., after setup: [[String]] = []) -> (
        events: [String], commands: [String]
    ) {
        let runner = CommandRunner(now: 5000)
        for words in setup { _ = runner.run(words.map { Array($0.utf8) }) }
        let effects = runner.dataset.effects
        effects.clear()
        effects.interest = [.commands]
        effects.notified = EventClasses.all.union([.newKey])
        _ = runner.run(words.map { Array($0.utf8) })
        return (
            effects.events.map { $0.kind.name.description },
            effects.commands.map { command in
                command.arguments.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
            }
        )
    }

    private let three = (1...3).map { ["XADD", "s", "\($0)-1", "f", "v"] }
    private var group: [[String]] { three + [["XGROUP", "CREATE", "s", "g", "0"]] }
    private var read: [[String]] {
        group + [["XREADGROUP", "GROUP", "g", "c", "COUNT", "2", "STREAMS", "s", ">"]]
    }

    @Test func additions() {
        #expect(told("XADD", "s", "*", "f", "v") == (["new", "xadd"], ["XADD s 5000-0 f v"]))
        #expect(told("XADD", "s", "7-*", "f", "v", after: three) == (["xadd"], ["XADD s 7-0 f v"]))
        #expect(told("XADD", "s", "7-1", "f", "v", after: three) == (["xadd"], ["XADD s 7-1 f v"]))
        #expect(told("XADD", "s", "1-1", "f", "v", after: three) == ([], []))
        #expect(told("XADD", "s", "NOMKSTREAM", "*", "f", "v") == ([], []))
        #expect(
            told("XADD", "s", "MAXLEN", "2", "*", "f", "v", after: three)
                == (["xadd", "xtrim"], ["XADD s MAXLEN 2 5000-0 f v"]))
        #expect(
            told("XADD", "s", "MAXLEN", "~", "2", "LIMIT", "9", "8-1", "f", "v", after: three)
                == (["xadd"], ["XADD s MAXLEN = 4 LIMIT 9 8-1 f v"]))
        #expect(
            told("XADD", "s", "MINID", "~", "3", "8-1", "f", "v", after: three)
                == (["xadd"], ["XADD s MINID = 1-1 8-1 f v"]))
    }

    @Test func removals() {
        #expect(told("XDEL", "s", "1-1", "9-9", after: three) == (["xdel"], ["XDEL s 1-1 9-9"]))
        #expect(told("XDEL", "s", "9-9", after: three) == ([], []))
        #expect(told("XTRIM", "s", "MAXLEN", "1", after: three) == (["xtrim"], ["XTRIM s MAXLEN 1"]))
        #expect(told("XTRIM", "s", "MAXLEN", "~", "0", after: three) == (["xtrim"], ["XTRIM s MAXLEN = 0"]))
        #expect(told("XTRIM", "s", "MAXLEN", "~", "1", after: three) == ([], []))
        #expect(told("XDELEX", "s", "IDS", "1", "1-1", after: three) == (["xdel"], ["XDELEX s IDS 1 1-1"]))
        #expect(told("XSETID", "s", "9-9", after: three) == (["xsetid"], ["XSETID s 9-9"]))
        #expect(
            told("XACKDEL", "s", "g", "IDS", "1", "1-1", after: read) == (["xdel"], ["XACKDEL s g IDS 1 1-1"])
        )
    }

    @Test func groups() {
        #expect(
            told("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
                == (["new", "xgroup-create"], ["XGROUP CREATE s g $ MKSTREAM"]))
        #expect(told("XGROUP", "CREATE", "s", "h", "0", after: group).events == ["xgroup-create"])
        #expect(told("XGROUP", "SETID", "s", "g", "0", after: group).events == ["xgroup-setid"])
        #expect(
            told("XGROUP", "CREATECONSUMER", "s", "g", "c", after: group).events == ["xgroup-createconsumer"])
        #expect(told("XGROUP", "CREATECONSUMER", "s", "g", "c", after: read) == ([], []))
        #expect(told("XGROUP", "DELCONSUMER", "s", "g", "c", after: read).events == ["xgroup-delconsumer"])
        #expect(told("XGROUP", "DESTROY", "s", "g", after: read).events == ["xgroup-destroy"])
        #expect(told("XACK", "s", "g", "1-1", "7-7", after: read) == ([], ["XACK s g 1-1 7-7"]))
    }

    @Test func deliveriesAreToldAsClaims() {
        let claim = "TIME 5000 RETRYCOUNT 1 FORCE JUSTID LASTID"
        #expect(
            told("XREADGROUP", "GROUP", "g", "c", "COUNT", "2", "STREAMS", "s", ">", after: group)
                == (
                    ["xgroup-createconsumer"],
                    [
                        "XCLAIM s g c 0 1-1 \(claim) 1-1", "XCLAIM s g c 0 2-1 \(claim) 2-1",
                        "XGROUP SETID s g 2-1 ENTRIESREAD 2",
                    ]
                ))
        #expect(
            told("XREADGROUP", "GROUP", "g", "d", "NOACK", "STREAMS", "s", ">", after: read)
                == (
                    ["xgroup-createconsumer"],
                    ["XGROUP CREATECONSUMER s g d", "XGROUP SETID s g 3-1 ENTRIESREAD 3"]
                ))
        #expect(told("XREADGROUP", "GROUP", "g", "c", "STREAMS", "s", "0", after: read) == ([], []))
        #expect(
            told("XCLAIM", "s", "g", "d", "0", "1-1", "IDLE", "1000", after: read).commands
                == ["XCLAIM s g d 0 1-1 TIME 4000 RETRYCOUNT 2 FORCE JUSTID LASTID 2-1"])
        #expect(
            told("XAUTOCLAIM", "s", "g", "d", "0", "0", "COUNT", "1", after: read).commands
                == ["XCLAIM s g d 0 1-1 TIME 5000 RETRYCOUNT 2 FORCE JUSTID LASTID 2-1"])
        // What is gone from the stream goes from what is pending.
        #expect(
            told("XCLAIM", "s", "g", "d", "0", "1-1", after: read + [["XDEL", "s", "1-1"]]).commands
                == ["XCLAIM s g c 0 1-1 \(claim) 2-1"])
    }

    /// Random use of groups, told to a second dataset, makes the same there.
    @Test(arguments: [1, 2, 3] as [UInt64]) func replayedCommandsMakeTheSameGroups(seed: UInt64) {
        let runner = CommandRunner(seed: seed)
        let copy = CommandRunner(seed: seed + 9)
        runner.dataset.effects.interest = [.commands]
        runner.dataset.settings.collections.streamNodeEntries = 10
        copy.dataset.settings.collections.streamNodeEntries = 10
        var random = SeededGenerator(seed: seed)
        func pick(_ choices: String...) -> String {
            choices[Int.random(in: 0..<choices.count, using: &random)]
        }
        func id() -> String { "\(Int.random(in: 1...60, using: &random))-0" }
        var policy: String { pick("KEEPREF", "DELREF", "ACKED") }
        for step in 0..<4000 {
            let group = pick("g", "h")
            let consumer = pick("a", "b", "c")
            let words: [String] =
                switch Int.random(in: 0..<14, using: &random) {
                case 0...3: ["XADD", "s", "\(step / 60 + 1)-*", "f", pick("1", "long value")]
                case 4:
                    [
                        "XADD", "s", pick("MAXLEN", "MAXLEN"), "~", "20", policy, "\(step / 60 + 1)-*", "f",
                        "v",
                    ]
                case 5: ["XTRIM", "s", "MINID", "~", id(), policy]
                case 6:
                    [
                        "XGROUP", pick("CREATE", "CREATE", "SETID", "DELCONSUMER"), "s", group,
                        pick("0", "$", "a"),
                    ]
                case 7, 8:
                    [
                        "XREADGROUP", "GROUP", group, consumer, "COUNT", "5", "CLAIM", pick("20", "100"),
                        "STREAMS", "s", ">",
                    ]
                case 9: ["XREADGROUP", "GROUP", group, consumer, "COUNT", "3", "NOACK", "STREAMS", "s", ">"]
                case 10: ["XACK", "s", group, id(), id(), id()]
                case 11: ["XAUTOCLAIM", "s", group, consumer, pick("0", "30"), "0", "COUNT", "3"]
                case 12: [pick("XDELEX", "XDELEX"), "s", policy, "IDS", "2", id(), id()]
                default: ["XACKDEL", "s", group, policy, "IDS", "2", id(), id()]
                }
            runner.now += 3
            copy.now = runner.now
            runner.run(words.map { Array($0.utf8) })
            copy.replay(runner.dataset.effects.commands)
            runner.dataset.effects.clear()
            if step % 100 == 99 { compare(runner, copy, "seed \(seed), step \(step)") }
        }
    }

    private func compare(_ one: CommandRunner, _ other: CommandRunner, _ place: String) {
        for command in [["XRANGE", "s", "-", "+"], ["XINFO", "STREAM", "s"]] {
            let words = command.map { Array($0.utf8) }
            #expect(one.run(words) == other.run(words), "\(place)")
        }
        for group in ["g", "h"] {
            #expect(
                one.run("XPENDING", "s", group, "-", "+", "10000")
                    == other.run("XPENDING", "s", group, "-", "+", "10000"), "\(place)")
        }
        #expect(
            one.run("XINFO", "GROUPS", "s").filter { !$0.isNumber }
                == other.run("XINFO", "GROUPS", "s").filter { !$0.isNumber })
    }
}
