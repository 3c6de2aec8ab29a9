import Testing

@testable import Engine

@Suite struct ExpireTests {
    private let start: Int64 = 1_700_000_000_000

    /// Deadline before (nil: none), condition, seconds; whether it is set.
    @Test(
        arguments: [
            (nil, "", 100, true), (100, "", 50, true), (nil, "NX", 100, true), (100, "NX", 200, false),
            (nil, "XX", 100, false), (100, "XX", 200, true), (nil, "GT", 100, false), (100, "GT", 100, false),
            (100, "GT", 101, true), (nil, "LT", 100, true), (100, "LT", 100, false), (100, "LT", 99, true),
            (nil, "XX GT", 100, false), (100, "XX GT", 200, true), (nil, "LT XX", 100, false),
            (100, "LT XX", 50, true), (100, "xx xx", 7, true), (nil, "nx NX", 7, true),
        ] as [(Int?, String, Int, Bool)])
    func conditions(before: Int?, condition: String, seconds: Int, isSet: Bool) {
        let runner = CommandRunner(now: start)
        runner.run("SET", "k", "v")
        if let before { runner.run("EXPIRE", "k", "\(before)") }
        let words = ["EXPIRE", "k", "\(seconds)"] + condition.split(separator: " ").map(String.init)
        #expect(runner.run(words.map { Array($0.utf8) }) == (isSet ? ":1\r\n" : ":0\r\n"))
        #expect(runner.run("TTL", "k") == ":\(isSet ? seconds : before ?? -1)\r\n")
    }

    @Test(arguments: [
        ("EXPIRE k 1 NX XX", "-ERR NX and XX, GT or LT options at the same time are not compatible\r\n"),
        ("EXPIRE k 1 GT NX", "-ERR NX and XX, GT or LT options at the same time are not compatible\r\n"),
        ("EXPIRE k 1 LT GT", "-ERR GT and LT options at the same time are not compatible\r\n"),
        ("EXPIRE k 1 YY", "-ERR Unsupported option YY\r\n"),
        ("EXPIRE k x YY", "-ERR Unsupported option YY\r\n"),
        ("EXPIRE k x", "-ERR value is not an integer or out of range\r\n"),
        ("EXPIRE k 9223372036854775807", "-ERR invalid expire time in 'expire' command\r\n"),
        ("EXPIRE missing 9223372036854775", "-ERR invalid expire time in 'expire' command\r\n"),
        ("PEXPIRE k 9223372036854770000", "-ERR invalid expire time in 'pexpire' command\r\n"),
        ("EXPIREAT k -9223372036854775808", "-ERR invalid expire time in 'expireat' command\r\n"),
        ("PEXPIREAT k 9223372036854770000", ":1\r\n"), ("PEXPIREAT k -9223372036854775808", ":1\r\n"),
        ("EXPIRE missing 10", ":0\r\n"),
    ])
    func bounds(command: String, reply: String) {
        let runner = CommandRunner(now: start)
        runner.run("SET", "k", "v")
        #expect(runner.run(command.split(separator: " ").map { Array($0.utf8) }) == reply)
    }

    @Test func aPastDeadlineDeletes() {
        let runner = CommandRunner(now: start)
        runner.dataset.effects.notified = [.generic, .expired]
        for command in ["EXPIRE k 0", "PEXPIRE k -1", "EXPIREAT k 1", "PEXPIREAT k \(start)"] {
            runner.run("SET", "k", "v")
            #expect(runner.run(command.split(separator: " ").map { Array($0.utf8) }) == ":1\r\n")
            #expect(runner.run("EXISTS", "k") == ":0\r\n")
            #expect(runner.dataset.effects.events.map(\.kind.name.description) == ["del"])
            runner.dataset.effects.clear()
        }
    }

    @Test func timesAreRounded() {
        let runner = CommandRunner(now: start)
        runner.run("SET", "k", "v")
        runner.run("PEXPIRE", "k", "1499")
        #expect(runner.run("TTL", "k") == ":1\r\n")
        #expect(runner.run("PTTL", "k") == ":1499\r\n")
        runner.run("PEXPIRE", "k", "1500")
        #expect(runner.run("TTL", "k") == ":2\r\n")
        #expect(runner.run("EXPIRETIME", "k") == ":1700000002\r\n")
        #expect(runner.run("PEXPIRETIME", "k") == ":1700000001500\r\n")
        // At its very deadline a key is still there.
        runner.now += 1500
        #expect(runner.run("PTTL", "k") == ":0\r\n")
        runner.now += 1
        #expect(runner.run("PTTL", "k") == ":-2\r\n")
    }

    @Test func persistTakesTheDeadlineAway() {
        let runner = CommandRunner(now: start)
        runner.run("SET", "k", "v", "EX", "5")
        #expect(runner.run("PERSIST", "k") == ":1\r\n")
        #expect(runner.run("PERSIST", "k") == ":0\r\n")
        #expect(runner.run("TTL", "k") == ":-1\r\n")
        #expect(runner.run("PERSIST", "missing") == ":0\r\n")
    }
}
