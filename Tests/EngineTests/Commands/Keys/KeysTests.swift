import Testing

@testable import Engine

@Suite struct KeysTests {
    private func sorted(_ reply: String) -> [String] {
        reply.split(separator: "\r\n").filter { !$0.hasPrefix("$") && !$0.hasPrefix("*") }.map(String.init)
            .sorted()
    }

    @Test func keysMatchPatterns() {
        let runner = CommandRunner()
        for key in ["foo", "far", "bar", "f*o"] { runner.run("SET", key, "v") }
        runner.run("SET", "fue", "v", "PX", "5")
        runner.now += 6
        #expect(sorted(runner.run("KEYS", "f*")) == ["f*o", "far", "foo"])
        #expect(sorted(runner.run("KEYS", "?ar")) == ["bar", "far"])
        #expect(sorted(runner.run("KEYS", "f\\*o")) == ["f*o"])
        #expect(runner.run("KEYS", "foo") == "*1\r\n$3\r\nfoo\r\n")
        #expect(runner.run("KEYS", "fue") == "*0\r\n")
        #expect(runner.run("KEYS", "none*") == "*0\r\n")
        #expect(sorted(runner.run("KEYS", "*")).count == 4)
        // It looks, and deletes nothing.
        #expect(runner.run("DBSIZE") == ":5\r\n")
    }

    @Test func patternsMayHaveAThousandStars() {
        let runner = CommandRunner()
        runner.run("SET", String(repeating: "a", count: 2000), "v")
        #expect(runner.run("KEYS", String(repeating: "*?", count: 1000)).hasPrefix("*1\r\n"))
        #expect(runner.run("KEYS", String(repeating: "*?", count: 1001)) == "*0\r\n")
        #expect(runner.run("KEYS", String(repeating: "*", count: 3000)).hasPrefix("*1\r\n"))
    }

    @Test func randomKeyIsNearlyUniformAndNeverDue() {
        let runner = CommandRunner()
        #expect(runner.run("RANDOMKEY") == "$-1\r\n")
        for number in 0..<40 { runner.run("SET", "k\(number)", "v") }
        for number in 0..<500 { runner.run("SET", "due\(number)", "v", "PX", "5") }
        runner.now += 6
        var counts: [String: Int] = [:]
        for _ in 0..<8000 { counts[runner.run("RANDOMKEY"), default: 0] += 1 }
        #expect(counts.count == 40)
        #expect(counts.values.allSatisfy { (120...300).contains($0) })
    }

    @Test func randomKeyFindsTheOneThatLives() {
        let runner = CommandRunner()
        for number in 0..<3000 { runner.run("SET", "due\(number)", "v", "PX", "5") }
        runner.run("SET", "live", "v")
        runner.now += 6
        #expect(runner.run("RANDOMKEY") == "$4\r\nlive\r\n")
        #expect(runner.run("DEL", "live") == ":1\r\n")
        #expect(runner.run("RANDOMKEY") == "$-1\r\n")
    }

    @Test func lookingCountsButLeavesClocks() {
        let runner = CommandRunner()
        runner.run("SET", "k", "v")
        runner.now += 50_000
        for command in ["EXISTS k", "TYPE k", "TTL k", "PTTL k", "OBJECT ENCODING k", "OBJECT REFCOUNT k"] {
            runner.run(command.split(separator: " ").map { Array($0.utf8) })
        }
        #expect(runner.dataset.statistics.hits == 6)
        #expect(runner.run("OBJECT", "IDLETIME", "k") == ":50\r\n")
        #expect(runner.run("TOUCH", "k", "missing", "k") == ":2\r\n")
        #expect(runner.run("OBJECT", "IDLETIME", "k") == ":0\r\n")
        runner.dataset.effects.notified = [.keyMiss]
        runner.run("EXISTS", "missing")
        runner.run("OBJECT", "ENCODING", "missing")
        #expect(runner.dataset.effects.events.count == 1)
    }

    @Test func objectTellsEncodingAndUse() {
        let runner = CommandRunner()
        runner.run("MSET", "i", "12", "big", "10000", "e", "text", "r", String(repeating: "x", count: 45))
        #expect(runner.run("OBJECT", "ENCODING", "i") == "$3\r\nint\r\n")
        #expect(runner.run("OBJECT", "ENCODING", "e") == "$6\r\nembstr\r\n")
        #expect(runner.run("OBJECT", "ENCODING", "r") == "$3\r\nraw\r\n")
        #expect(runner.run("OBJECT", "REFCOUNT", "i") == ":2147483647\r\n")
        #expect(runner.run("OBJECT", "REFCOUNT", "big") == ":1\r\n")
        #expect(runner.run("OBJECT", "FREQ", "i").hasPrefix("-ERR An LFU maxmemory policy is not selected"))
        #expect(runner.run("OBJECT", "FREQ", "missing") == "$-1\r\n")
        runner.dataset.settings.countsFrequency = true
        runner.run("SET", "new", "v")
        #expect(runner.run("OBJECT", "FREQ", "new") == ":5\r\n")
        #expect(runner.run("OBJECT", "IDLETIME", "new").hasPrefix("-ERR An LFU maxmemory policy is selected"))
        #expect(runner.run("OBJECT", "HELP").hasPrefix("*11\r\n+OBJECT <subcommand> "))
    }

    @Test func swapAndFlush() {
        let runner = CommandRunner()
        runner.run("SET", "a", "1", "PX", "5")
        runner.dataset.effects.interest = [.keys, .commands]
        #expect(runner.run("SWAPDB", "0", "3") == "+OK\r\n")
        #expect(runner.run("EXISTS", "a") == ":0\r\n")
        runner.database = 3
        #expect(runner.run("GET", "a") == "$1\r\n1\r\n")
        #expect(runner.run("FLUSHDB", "sync") == "+OK\r\n")
        #expect(runner.run("FLUSHALL") == "+OK\r\n")
        #expect(runner.run("FLUSHALL", "x") == "-ERR syntax error\r\n")
        #expect(runner.dataset.effects.sweeps == [.swapped(0, 3)] + ([3, 0, 1, 2, 3].map { .flushed($0) }))
        // Flushing what is empty is told all the same.
        #expect(runner.dataset.effects.commands.map(\.arguments.count) == [3, 2, 1])
        #expect(runner.run("SWAPDB", "x", "1") == "-ERR invalid first DB index\r\n")
        #expect(runner.run("SWAPDB", "1", "x") == "-ERR invalid second DB index\r\n")
        #expect(runner.run("SWAPDB", "1", "4") == "-ERR DB index is out of range\r\n")
        #expect(runner.dataset.firstDeadline == nil)
    }
}
