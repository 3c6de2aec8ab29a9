import Testing

@testable import Engine

/// What hash commands tell replicas and subscribers.
@Suite struct HashEffectTests {
    typealias Case = StringEffectTests.Case

    private func run(_ test: Case) -> EngineRunner {
        let runner = EngineRunner()
        for words in test.before { runner.run(words.map { Array($0.utf8) }) }
        runner.run(test.command.split(separator: " ").map { Array($0.utf8) })
        return runner
    }

    /// The clock of the runner stands at 1,000,000 milliseconds.
    @Test(arguments: [
        Case([], "HSET h a 1 b 2", ["HSET h a 1 b 2"], ["new h", "hset h"]),
        Case(["HSET h a 1"], "HSET h a 1", ["HSET h a 1"], ["hset h"]),
        Case(["HSET h a 1"], "HSETNX h a 2", [], []),
        Case(["HSET h a 1"], "HSETNX h b 2", ["HSETNX h b 2"], ["hset h"]),
        Case(["HSET h a 1 b 2"], "HDEL h a x", ["HDEL h a x"], ["hdel h"]),
        Case(["HSET h a 1"], "HDEL h a", ["HDEL h a"], ["hdel h", "del h"]),
        Case(["HSET h a 1"], "HDEL h x", [], []),
        Case([], "HINCRBY h a 5", ["HINCRBY h a 5"], ["new h", "hincrby h"]),
        Case(["HSET h a 1"], "HINCRBYFLOAT h a 0.5", ["HSET h a 1.5"], ["hincrbyfloat h"]),
        Case(
            ["HSET h a 1", "HPEXPIRE h 50 FIELDS 1 a"], "HINCRBYFLOAT h a 0.5",
            ["HSET h a 1.5", "HPEXPIREAT h 1000050 FIELDS 1 a"], ["hincrbyfloat h"]),
        Case(
            ["HSET h a 1 b 2"], "HEXPIRE h 10 NX FIELDS 3 a x b", ["HPEXPIREAT h 1010000 NX FIELDS 2 a b"],
            ["hexpire h"]),
        Case(
            ["HSET h a 1 b 2 c 3"], "HPEXPIREAT h 5 FIELDS 2 a b", ["HDEL h a", "HDEL h b"], ["hdel h"]),
        Case(["HSET h a 1"], "HEXPIREAT h 0 FIELDS 1 a", ["HDEL h a"], ["hdel h", "del h"]),
        Case(["HSET h a 1"], "HEXPIRE h 10 XX FIELDS 1 a", [], []),
        Case(["HSET h a 1"], "HPERSIST h FIELDS 1 a", [], []),
        Case(
            ["HSET h a 1", "HEXPIRE h 10 FIELDS 1 a"], "HPERSIST h FIELDS 1 a", ["HPERSIST h FIELDS 1 a"],
            ["hpersist h"]),
        Case(["HSET h a 1 b 2"], "HGETDEL h FIELDS 2 a x", ["HDEL h a x"], ["hdel h"]),
        Case(["HSET h a 1"], "HGETEX h FIELDS 1 a", [], []),
        Case(
            ["HSET h a 1"], "HGETEX h EX 10 FIELDS 2 a x", ["HPEXPIREAT h 1010000 FIELDS 2 a x"],
            ["hexpire h"]),
        Case(["HSET h a 1"], "HGETEX h PXAT 5 FIELDS 1 a", ["HDEL h a"], ["hdel h", "del h"]),
        Case(["HSET h a 1"], "HGETEX h PERSIST FIELDS 1 a", [], []),
        Case(
            [], "HSETEX h FNX EX 10 FIELDS 1 a 1", ["HSETEX h FNX PXAT 1010000 FIELDS 1 a 1"],
            ["new h", "hset h", "hexpire h"]),
        Case(["HSET h a 1"], "HSETEX h FNX FIELDS 2 b 1 a 2", [], []),
        Case(
            ["HSET h b 1"], "HSETEX h PXAT 5 FIELDS 1 a 1", ["HDEL h a"], ["hset h", "hdel h"]),
        Case(["HSET h a 1"], "HRANDFIELD h 5", [], []),
    ])
    func tells(_ test: Case) {
        let runner = run(test)
        #expect(runner.propagated == test.propagated)
        #expect(runner.events == test.events)
    }

    /// A field that is due goes with whoever looks, and others are told before the look's own effects.
    @Test(arguments: [
        (
            "HGET h a", ["HDEL h a"], ["hexpired h"]
        ), ("HLEN h", ["HDEL h a"], ["hexpired h"]),
        ("HSET h c 1", ["HDEL h a", "HSET h c 1"], ["hexpired h", "hset h"]),
        ("HDEL h a b", ["HDEL h a", "HDEL h a b"], ["hexpired h", "hdel h", "del h"]),
    ])
    func dueFieldsGoFirst(_ command: String, _ propagated: [String], _ events: [String]) {
        let runner = EngineRunner()
        runner.run("HSET", "h", "a", "1", "b", "2")
        runner.run("HPEXPIRE", "h", "10", "FIELDS", "1", "a")
        runner.now += 10
        #expect(runner.run("HEXISTS", "h", "a") == ":1\r\n")
        runner.now += 1
        runner.run(command.split(separator: " ").map { Array($0.utf8) })
        #expect(runner.propagated == propagated)
        #expect(runner.events == events)
    }

    @Test func theLastDueFieldTakesTheKeyAlong() {
        let runner = EngineRunner()
        runner.run("HSET", "h", "a", "1", "b", "2")
        runner.run("HPEXPIRE", "h", "10", "FIELDS", "2", "a", "b")
        runner.now += 11
        #expect(runner.run("HGETALL", "h") == "*0\r\n")
        // Of equal deadlines the younger comes first in a listpack, as in Redis.
        #expect(runner.propagated == ["HDEL h b", "HDEL h a"])
        #expect(runner.events == ["hexpired h", "del h"])
        #expect(runner.run("EXISTS", "h") == ":0\r\n")
        #expect(runner.dataset.keyspaces[0].scheduledHashes == 0)
        #expect(runner.dataset.statistics.expiredFields == 2)
    }

    /// While the server is paused, due fields look gone and stay.
    @Test func dueFieldsStayWhilePaused() {
        for padding in ["x", String(repeating: "x", count: 100)] {
            let runner = EngineRunner()
            runner.run("HSET", "h", "a", "1", "b", padding)
            runner.run("HPEXPIRE", "h", "10", "FIELDS", "1", "a")
            runner.now += 11
            runner.keepsDueKeys = true
            #expect(runner.run("HLEN", "h") == ":1\r\n")
            #expect(runner.run("HGET", "h", "a") == "$-1\r\n")
            #expect(runner.run("HKEYS", "h") == "*1\r\n$1\r\nb\r\n")
            #expect(runner.run("HRANDFIELD", "h") == "$1\r\nb\r\n")
            #expect(runner.run("HRANDFIELD", "h", "9") == "*1\r\n$1\r\nb\r\n")
            #expect(runner.run("HSCAN", "h", "0", "NOVALUES") == "*2\r\n$1\r\n0\r\n*1\r\n$1\r\nb\r\n")
            #expect(runner.run("HTTL", "h", "FIELDS", "1", "a") == "*1\r\n:-2\r\n")
            #expect(runner.propagated.isEmpty)
            #expect(runner.dataset.keyspaces[0].scheduledHashes == 1)
        }
    }

    /// What one dataset tells makes the same of another, whatever time it is there.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func replayMakesTheSame(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let (source, copy) = (CommandRunner(), CommandRunner())
        source.dataset.effects.interest = .commands
        for dataset in [source.dataset, copy.dataset] { dataset.settings.collections.hashEntries = 12 }
        func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
        for _ in 0..<3000 {
            let (key, field) = ("k\(pick(3))", "f\(pick(20))")
            let time = "\(pick(60))"
            let commands = [
                ["HSET", key, field, "\(pick(1000))", "f\(pick(20))", "v"], ["HDEL", key, field],
                ["HINCRBY", key, field, "3"], ["HINCRBYFLOAT", key, field, "0.25"],
                ["HPEXPIRE", key, time, ["NX", "XX", "GT", "LT"][pick(4)], "FIELDS", "2", field, "f1"],
                ["HPEXPIRE", key, time, "FIELDS", "1", field], ["HPERSIST", key, "FIELDS", "1", field],
                ["HSETEX", key, "PX", time, "FIELDS", "1", field, "x"],
                ["HSETEX", key, "KEEPTTL", "FIELDS", "1", field, "y"],
                ["HGETEX", key, "PX", time, "FIELDS", "2", field, "f2"],
                ["HGETDEL", key, "FIELDS", "1", field],
                ["HGETALL", key], ["COPY", key, "k\(pick(3))", "REPLACE"], ["HSETNX", key, field, "n"],
            ]
            source.run(commands[pick(commands.count)].map { Array($0.utf8) })
            source.now += Int64(pick(4))
            if pick(10) == 0 { _ = source.dataset.expire(now: source.now, most: .max) }
        }
        _ = source.dataset.expire(now: source.now, most: .max)
        copy.replay(source.dataset.effects.commands)
        #expect(source.dataset.digest == copy.dataset.digest)
        #expect(source.dataset.firstDeadline == copy.dataset.firstDeadline)
        #expect(source.dataset.keyspaces[0].count > 0)
    }
}
