import Testing

@testable import Engine

/// Hashes of which more fields are due than one command deletes: what is left looks gone to all of them.
@Suite struct DueFieldTests {
    /// A hash with fields `0` to `count - 1` that have been due for some time, the last thousand of them
    /// after the others, and perhaps `a`, which is not.
    private func runner(due count: Int, andAnother: Bool = false) -> EngineRunner {
        let runner = EngineRunner()
        for start in stride(from: 0, to: count, by: 1000) {
            let fields = start..<min(start + 1000, count)
            let head = ["HSETEX", "h", "PX", start + 1000 < count ? "10" : "20", "FIELDS", "\(fields.count)"]
            runner.run((head + fields.flatMap { ["\($0)", "7"] }).map { Array($0.utf8) })
        }
        if andAnother { runner.run("HSET", "h", "a", "1") }
        runner.now += 30
        return runner
    }

    /// Runs commands of which none may delete more due fields than this.
    private func expectReplies(_ runner: EngineRunner, _ steps: [(command: String, reply: String)]) {
        for (command, reply) in steps {
            let before = runner.dataset.statistics.expiredFields
            let words = command.split(separator: " ").map { Array($0.utf8) }
            let answer = String(decoding: runner.run(words), as: UTF8.self)
            #expect(answer.replacing("\r\n", with: " ") == reply + " ", "\(command)")
            let deleted = runner.dataset.statistics.expiredFields - before
            #expect(deleted <= 300, "\(command) deleted \(deleted)")
        }
    }

    @Test func whatIsDueLooksGoneToWriters() {
        let runner = runner(due: 200_000, andAnother: true)
        let last = (199_000..<199_040).map(String.init)
        expectReplies(
            runner,
            [
                ("HLEN h", ":1"), ("HGETALL h", "*2 $1 a $1 1"),
                ("HSET h \(last[0]) x", ":1"), ("HTTL h FIELDS 1 \(last[0])", "*1 :-1"), ("HLEN h", ":2"),
                ("HSET h \(last[0]) y \(last[1]) z", ":1"), ("HSETNX h \(last[2]) x", ":1"),
                ("HMSET h \(last[3]) x", "+OK"), ("HLEN h", ":5"),
                ("HINCRBY h \(last[4]) 5", ":5"), ("HTTL h FIELDS 1 \(last[4])", "*1 :-1"),
                ("HINCRBYFLOAT h \(last[5]) 0.5", "$3 0.5"), ("HTTL h FIELDS 1 \(last[5])", "*1 :-1"),
                ("HDEL h \(last[6]) a", ":1"), ("HDEL h \(last[6])", ":0"),
                ("HEXPIRE h 100 FIELDS 2 \(last[7]) \(last[5])", "*2 :-2 :1"),
                ("HEXPIRE h 0 FIELDS 1 \(last[8])", "*1 :-2"),
                ("HPERSIST h FIELDS 2 \(last[9]) \(last[5])", "*2 :-2 :1"),
                ("HGETDEL h FIELDS 2 \(last[10]) \(last[5])", "*2 $-1 $3 0.5"),
                ("HGETEX h FIELDS 1 \(last[11])", "*1 $-1"),
                ("HGETEX h EX 100 FIELDS 1 \(last[12])", "*1 $-1"),
                ("HGETEX h PERSIST FIELDS 1 \(last[13])", "*1 $-1"),
                ("HSETEX h FXX FIELDS 2 \(last[14]) x \(last[0]) x", ":0"),
                ("HSETEX h FNX FIELDS 1 \(last[15]) x", ":1"),
                ("HSETEX h FNX FIELDS 1 \(last[15]) x", ":0"),
                ("HSETEX h KEEPTTL FIELDS 1 \(last[16]) x", ":1"),
                ("HTTL h FIELDS 1 \(last[16])", "*1 :-1"),
                ("HSETEX h EX 100 FIELDS 1 \(last[17]) x", ":1"),
                ("HTTL h FIELDS 1 \(last[17])", "*1 :100"),
                ("HLEN h", ":8"), ("HSTRLEN h \(last[18])", ":0"),
            ])
        let fields = runner.run("HRANDFIELD", "h", "1000")
        #expect(fields.hasPrefix("*8\r\n"))
        // Far more were due than all of these commands could delete.
        #expect(runner.dataset.statistics.expiredFields < 20_000)
        while !runner.dataset.expire(now: runner.now, most: 1000) {}
        #expect(runner.run("HLEN", "h") == ":8\r\n")
        #expect(runner.dataset.statistics.expiredFields == 200_000)
    }

    @Test func aDueFieldThatIsNamedIsToldAsGone() {
        let runner = runner(due: 3000, andAnother: true)
        runner.run("HINCRBY", "h", "2999", "1")
        #expect(runner.propagated.suffix(2) == ["HDEL h 2999", "HINCRBY h 2999 1"])
        #expect(runner.events == ["hexpired h", "hincrby h"])
    }

    @Test(arguments: ["HSET h a 1", "HSETNX h a 1", "HINCRBY h a 1", "HSETEX h NX FIELDS 1 a 1"])
    func aHashOfDueFieldsIsNoKey(_ command: String) {
        let runner = runner(due: 3000)
        runner.run("PEXPIRE", "h", "1000000")
        runner.run(command.split(separator: " ").map { Array($0.utf8) })
        #expect(runner.propagated == ["DEL h", command])
        #expect(runner.events.prefix(3) == ["hexpired h", "del h", "new h"])
        #expect(runner.dataset.statistics.expiredFields == 3000)
        #expect(runner.run("HLEN", "h") == ":1\r\n")
        #expect(runner.run("PTTL", "h") == ":-1\r\n")
        #expect(runner.dataset.keyspaces[0].scheduledHashes == 0)
    }

    @Test(arguments: ["HDEL h 0", "HSETEX h XX FIELDS 1 a 1", "HGET h a", "HLEN h", "HRANDFIELD h"])
    func aHashOfDueFieldsIsNotFound(_ command: String) {
        let runner = runner(due: 3000)
        runner.run(command.split(separator: " ").map { Array($0.utf8) })
        #expect(runner.propagated == ["DEL h"])
        #expect(runner.events.prefix(2) == ["hexpired h", "del h"])
        #expect(runner.run("EXISTS", "h") == ":0\r\n")
    }

    @Test(arguments: [
        "HDEL h a", "HGETDEL h FIELDS 1 a", "HEXPIREAT h 0 FIELDS 1 a", "HGETEX h PXAT 5 FIELDS 1 a",
    ])
    func theKeyGoesWithTheLastFieldThatIsNotDue(_ command: String) {
        let runner = runner(due: 3000, andAnother: true)
        runner.run(command.split(separator: " ").map { Array($0.utf8) })
        #expect(runner.events == ["hexpired h", "hdel h", "hexpired h", "del h"])
        #expect(runner.propagated.contains("DEL h"))
        #expect(runner.run("EXISTS", "h") == ":0\r\n")
        #expect(runner.dataset.keyspaces[0].scheduledHashes == 0)
    }
}
