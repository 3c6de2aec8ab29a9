import Testing

@testable import Engine

@Suite struct ScanTests {
    /// The cursor and the keys of a SCAN's reply.
    private func scan(_ runner: CommandRunner, _ words: String...) -> (cursor: String, keys: [String]) {
        let lines = runner.run((["SCAN"] + words).map { Array($0.utf8) }).split(separator: "\r\n").map(
            String.init)
        guard lines.count > 3, lines[0] == "*2" else { return (lines.first ?? "", []) }
        return (lines[2], stride(from: 5, to: lines.count, by: 2).map { lines[$0] })
    }

    /// Keys that are there all the time are seen, whatever else comes and goes meanwhile.
    @Test(arguments: [1, 2, 3] as [UInt64], [1, 10, 100])
    func seesEveryStayingKey(seed: UInt64, count: Int) {
        var random = SeededGenerator(seed: seed)
        let runner = CommandRunner(seed: seed)
        for number in 0..<300 { runner.run("SET", "stay:\(number)", "v") }
        var seen: Set<String> = []
        var cursor = "0"
        var total = 0
        repeat {
            let page = scan(runner, cursor, "COUNT", "\(count)")
            cursor = page.cursor
            seen.formUnion(page.keys)
            // The table grows to many times its size, and shrinks again.
            let growing = seen.count < 150
            for _ in 0..<count * 4 {
                let key = "other:\(Int.random(in: 0..<3000, using: &random))"
                _ = growing ? runner.run("SET", key, "v") : runner.run("DEL", key)
            }
            total += 1
        } while cursor != "0" && total < 20_000
        #expect(cursor == "0")
        #expect(seen.filter { $0.hasPrefix("stay:") }.count == 300)
    }

    @Test func countBoundsTheWork() {
        let runner = CommandRunner()
        for number in 0..<5000 { runner.run("SET", "key:\(number)", "v") }
        let page = scan(runner, "0", "COUNT", "50", "MATCH", "nothing")
        #expect(page.keys.isEmpty)
        #expect(page.cursor != "0")
        #expect(scan(runner, "0", "COUNT", "50").keys.count < 50 + 30)
        #expect(scan(runner, "0", "COUNT", "9223372036854775807").keys.count == 5000)
    }

    @Test func dueKeysAreLeftOutAndDeleted() {
        let runner = CommandRunner()
        runner.run("SET", "a", "v", "PX", "10")
        runner.run("SET", "b", "v")
        runner.now += 11
        runner.dataset.effects.notified = [.expired]
        #expect(scan(runner, "0", "TYPE", "list").keys.isEmpty)
        #expect(runner.dataset.keyspaces[0].count == 2)
        #expect(scan(runner, "0").keys == ["b"])
        #expect(runner.dataset.keyspaces[0].count == 1)
        #expect(runner.dataset.effects.events.map(\.key) == [Array("a".utf8)])
    }

    @Test func filters() {
        let runner = CommandRunner()
        for number in 0..<20 { runner.run("SET", "k\(number)", "v") }
        #expect(
            Set(scan(runner, "0", "MATCH", "k1?", "COUNT", "1000").keys) == Set((10..<20).map { "k\($0)" }))
        #expect(scan(runner, "0", "type", "STRING", "COUNT", "1000").keys.count == 20)
        #expect(scan(runner, "0", "TYPE", "zset", "COUNT", "1000").keys.isEmpty)
        #expect(runner.run("SCAN", "0", "TYPE", "what") == "-ERR unknown type name 'what'\r\n")
        #expect(runner.run("SCAN", "0", "TYPE", "a\r\n\0b") == "-ERR unknown type name 'a  '\r\n")
    }

    @Test(arguments: [
        (["x"], "-ERR invalid cursor\r\n"), ([""], "-ERR invalid cursor\r\n"),
        (["18446744073709551616"], "-ERR invalid cursor\r\n"), (["-1"], "-ERR invalid cursor\r\n"),
        (["0", "COUNT", "0"], "-ERR syntax error\r\n"), (["0", "COUNT"], "-ERR syntax error\r\n"),
        (["0", "COUNT", "x"], "-ERR value is not an integer or out of range\r\n"),
        (["0", "NOVALUES"], "-ERR NOVALUES option can only be used in HSCAN\r\n"),
        (["18446744073709551615"], "*2\r\n$1\r\n0\r\n*0\r\n"),
    ])
    func errors(words: [String], reply: String) {
        let runner = CommandRunner()
        #expect(runner.run((["SCAN"] + words).map { Array($0.utf8) }) == reply)
    }

    @Test(arguments: [
        ("0", 0), ("18446744073709551615", UInt64.max), (" 7", 7), ("+7", 7), ("007", 7), ("-01", UInt64.max),
        ("7\0x", 7),
    ])
    func cursorsAreReadAsCDoes(text: String, cursor: UInt64) {
        #expect(ScanCursor.parse(Array(text.utf8).raw) == cursor)
    }
}
