import Testing

@testable import Engine

/// RENAME, COPY and MOVE, with values inside and outside their entries.
@Suite struct MoveTests {
    private static let values = [
        "12", "text", String(repeating: "x", count: 200), String(repeating: "y", count: 300),
        String(repeating: "z", count: 20_000),
    ]

    private func events(_ runner: CommandRunner) -> [String] {
        defer { runner.dataset.effects.clear() }
        return runner.dataset.effects.events.map { event in
            "\(event.kind.name) \(event.database):\(String(decoding: event.key, as: UTF8.self))"
        }
    }

    @Test(arguments: values)
    func renameTakesValueAndDeadlineAlong(value: String) {
        let runner = CommandRunner()
        runner.run("SET", "a", value, "EX", "100")
        runner.run("SET", "b", "old", "EX", "7")
        let encoding = runner.run("OBJECT", "ENCODING", "a")
        runner.dataset.effects.notified = [.generic, .newKey, .overwritten, .typeChanged]
        #expect(runner.run("RENAME", "a", "b") == "+OK\r\n")
        #expect(events(runner) == ["new 0:b", "rename_from 0:a", "rename_to 0:b", "overwritten 0:b"])
        #expect(runner.run("GET", "b") == "$\(value.utf8.count)\r\n\(value)\r\n")
        #expect(runner.run("TTL", "b") == ":100\r\n")
        #expect(runner.run("OBJECT", "ENCODING", "b") == encoding)
        #expect(runner.run("EXISTS", "a") == ":0\r\n")
        #expect(runner.dataset.keyspaces[0].deadlineCount == 1)
    }

    @Test(arguments: values)
    func copiesAreIndependent(value: String) {
        let runner = CommandRunner()
        runner.run("SET", "a", value, "EX", "100")
        runner.dataset.effects.notified = [.generic, .newKey]
        #expect(runner.run("COPY", "a", "b", "DB", "2") == ":1\r\n")
        #expect(events(runner) == ["new 2:b", "copy_to 2:b"])
        runner.run("APPEND", "a", "more")
        runner.database = 2
        #expect(runner.run("GET", "b") == "$\(value.utf8.count)\r\n\(value)\r\n")
        #expect(runner.run("TTL", "b") == ":100\r\n")
        runner.run("SETRANGE", "b", "0", "!")
        runner.database = 0
        #expect(runner.run("GETRANGE", "a", "0", "0") == "$1\r\n\(value.prefix(1))\r\n")
    }

    @Test(arguments: values)
    func moveChangesTheDatabase(value: String) {
        let runner = CommandRunner()
        runner.run("SET", "a", value, "EX", "100")
        runner.dataset.effects.notified = [.generic, .newKey]
        #expect(runner.run("MOVE", "a", "1") == ":1\r\n")
        #expect(events(runner) == ["new 1:a", "move_from 0:a", "move_to 1:a"])
        #expect(runner.run("EXISTS", "a") == ":0\r\n")
        runner.run("SET", "a", "again")
        #expect(runner.run("MOVE", "a", "1") == ":0\r\n")
        runner.database = 1
        #expect(runner.run("GET", "a") == "$\(value.utf8.count)\r\n\(value)\r\n")
        #expect(runner.run("TTL", "a") == ":100\r\n")
        runner.now += 100_001
        #expect(runner.dataset.expire(now: runner.now, most: 10))
        #expect(runner.run("DBSIZE") == ":0\r\n")
    }

    @Test(arguments: [
        ("RENAME missing b", "-ERR no such key\r\n"), ("RENAME missing missing", "-ERR no such key\r\n"),
        ("RENAME a a", "+OK\r\n"), ("RENAMENX a a", ":0\r\n"), ("RENAMENX a b", ":0\r\n"),
        ("RENAMENX a c", ":1\r\n"), ("COPY a b", ":0\r\n"), ("COPY a b REPLACE", ":1\r\n"),
        ("COPY a c", ":1\r\n"), ("COPY missing c", ":0\r\n"),
        ("COPY a a", "-ERR source and destination objects are the same\r\n"), ("COPY a a DB 1", ":1\r\n"),
        ("COPY a b DB 99", "-ERR DB index is out of range\r\n"), ("COPY a b DB", "-ERR syntax error\r\n"),
        ("COPY a b DB x", "-ERR value is not an integer or out of range\r\n"),
        ("MOVE a 0", "-ERR source and destination objects are the same\r\n"),
        ("MOVE a -1", "-ERR DB index is out of range\r\n"), ("MOVE missing 1", ":0\r\n"),
        (
            "MOVE a 99999999999",
            "-ERR value is out of range, value must between -2147483648 and 2147483647\r\n"
        ),
    ])
    func edges(command: String, reply: String) {
        let runner = CommandRunner()
        runner.run("SET", "a", "1")
        runner.run("SET", "b", "2")
        #expect(runner.run(command.split(separator: " ").map { Array($0.utf8) }) == reply)
    }

    @Test func aDueTargetIsNoObstacle() {
        let runner = CommandRunner()
        runner.run("SET", "a", "1")
        runner.run("SET", "b", "2", "PX", "5")
        runner.now += 6
        #expect(runner.run("RENAMENX", "a", "b") == ":1\r\n")
        #expect(runner.run("TTL", "b") == ":-1\r\n")
    }
}
