import MiniRedis
import TestSupport
import Testing

/// Long replies: written in slices, as of one moment, and in nobody's way.
@Suite(.timeLimit(.minutes(10))) struct SlicingTests {
    private static let count = 16_000
    /// So long that the reply fills all buffers on the way to a client that does not read.
    private static let long = String(repeating: "v", count: 1500)

    private func fill(_ client: TestClient, _ command: String, _ key: String, _ words: (Int) -> [String])
        throws
    {
        for start in stride(from: 0, to: Self.count, by: 1000) {
            let elements = (start..<start + 1000).flatMap(words)
            try client.command(([command, key] + elements).map { Array($0.utf8) })
        }
    }

    private func strings(_ reply: Reply) -> [String] { reply.elements.compactMap(\.string) }

    @Test func wholeCollectionsComeOnce() async throws {
        try await withServer { server in
            let client = try server.connect()
            try fill(client, "SADD", "s") { ["m\($0)"] }
            try fill(client, "HSET", "h") { ["f\($0)", "\($0)"] }
            try fill(client, "ZADD", "z") { ["\($0)", "m\($0)"] }
            try fill(client, "RPUSH", "l") { ["m\($0)"] }
            let members = (0..<Self.count).map { "m\($0)" }
            let fields = (0..<Self.count).map { "f\($0)" }
            #expect(Set(strings(try client.command("SMEMBERS", "s"))) == Set(members))
            #expect(strings(try client.command("HKEYS", "h")).sorted() == fields.sorted())
            #expect(
                strings(try client.command("HVALS", "h")).compactMap(Int.init).sorted()
                    == Array(0..<Self.count))
            let all = strings(try client.command("HGETALL", "h"))
            #expect(all.count == 2 * Self.count)
            #expect(stride(from: 0, to: all.count, by: 2).allSatisfy { all[$0] == "f" + all[$0 + 1] })
            #expect(strings(try client.command("ZRANGE", "z", "0", "-1")) == members)
            #expect(
                strings(try client.command("ZRANGE", "z", "5", "-6", "REV"))
                    == members.dropFirst(5).dropLast(5).reversed())
            let scored = strings(try client.command("ZRANGEBYSCORE", "z", "(9", "inf", "WITHSCORES"))
            #expect(scored.count == 2 * (Self.count - 10) && scored.prefix(2) == ["m10", "10"])
            #expect(strings(try client.command("LRANGE", "l", "0", "-1")) == members)
            #expect(
                strings(try client.command("LRANGE", "l", "-12001", "8000")) == Array(members[3999...8000]))
            // What follows in the pipeline comes behind.
            try client.send(pipeline(["SMEMBERS", "s"], ["PING"], ["HKEYS", "h"], ["ECHO", "x"]))
            #expect(try client.receive().elements.count == Self.count)
            #expect(try client.receive() == .simple("PONG"))
            #expect(try client.receive().elements.count == Self.count)
            #expect(try client.receive() == .text("x"))
        }
    }

    @Test func allKeysComeOnce() async throws {
        try await withServer { server in
            let client = try server.connect()
            for start in stride(from: 0, to: Self.count, by: 1000) {
                let pairs = (start..<start + 1000).flatMap { ["key\($0)", "v"] }
                try client.command((["MSET"] + pairs).map { Array($0.utf8) })
            }
            #expect(Set(strings(try client.command("KEYS", "*"))) == Set((0..<Self.count).map { "key\($0)" }))
            #expect(strings(try client.command("KEYS", "key?")).sorted() == (0..<10).map { "key\($0)" })
            #expect(try client.command("KEYS", "none*") == .array([]))
        }
    }

    /// A client that has asked for a hash which is far too long for it to get without reading.
    private func beginReading(_ server: TestServer, _ client: TestClient) throws -> TestClient {
        try fill(client, "HSET", "h") { ["f\($0)", Self.long] }
        let reader = try server.connect()
        try reader.send(pipeline(["HGETALL", "h"], ["PING"]))
        #expect(
            try client.waitUntil {
                try $0.command("INFO", "commandstats").string?.contains("cmdstat_hgetall") == true
            })
        return reader
    }

    @Test func othersGoOnAndWritersWaitForTheMoment() async throws {
        try await withServer { server in
            let client = try server.connect()
            let reader = try beginReading(server, client)
            #expect(try client.command("HGET", "h", "f1") == .text(Self.long))
            #expect(try client.command("SET", "other", "v") == .ok)
            // Whoever writes gets the rest of the reply written, however slowly its client reads.
            #expect(try client.command("HSET", "h", "f0", "new", "f1", "new") == .integer(0))
            #expect(try client.command("DEL", "h") == .integer(1))
            let fields = strings(try reader.receive())
            #expect(fields.count == 2 * Self.count)
            #expect(!fields.contains("new"))
            #expect(Set(fields).count == Self.count + 1)
            #expect(try reader.receive() == .simple("PONG"))
        }
    }

    @Test func flushingWaitsToo() async throws {
        try await withServer { server in
            let client = try server.connect()
            let reader = try beginReading(server, client)
            #expect(try client.command("FLUSHALL") == .ok)
            #expect(try reader.receive().elements.count == 2 * Self.count)
            #expect(try reader.receive() == .simple("PONG"))
        }
    }

    @Test func aKeyThatIsDueStaysUntilItIsRead() async throws {
        let clock = RedisManualClock(unixMilliseconds: 1_750_000_000_000)
        try await withRedisServer(clock: clock) { server in
            let client = try TestClient(adopting: server.connect())
            try fill(client, "HSET", "h") { ["f\($0)", Self.long] }
            try client.command("PEXPIRE", "h", "100")
            let reader = try TestClient(adopting: server.connect())
            try reader.send(pipeline(["HGETALL", "h"], ["EXISTS", "h"]))
            #expect(
                try client.waitUntil {
                    try $0.command("INFO", "commandstats").string?.contains("cmdstat_hgetall") == true
                })
            await clock.advance(by: .milliseconds(101))
            #expect(try client.command("HGET", "h", "f0") == .null)
            #expect(strings(try reader.receive()).count == 2 * Self.count)
            #expect(try reader.receive() == .integer(0))
            #expect(try client.waitUntil { try $0.command("DBSIZE") == .integer(0) })
        }
    }

    @Test func whoeverLeavesHoldsNobodyUp() async throws {
        try await withServer { server in
            let client = try server.connect()
            let reader = try beginReading(server, client)
            let id = try client.clientLines("CLIENT", "LIST").first { $0["cmd"] == "hgetall" }?["id"] ?? ""
            #expect(try client.command("CLIENT", "KILL", "ID", id) == .integer(1))
            #expect(try client.command("HSET", "h", "f0", "new") == .integer(0))
            _ = try? reader.receiveUntilClosed()
            #expect(try client.command("HGET", "h", "f0") == .text("new"))
        }
    }

    @Test func clientsThatWaitAreServedAfterwards() async throws {
        try await withServer { server in
            let client = try server.connect()
            let waiting = try server.connect()
            let reader = try beginReading(server, client)
            try waiting.send(pipeline(["BZPOPMIN", "z", "0"]))
            #expect(
                try client.waitUntil {
                    try $0.command("INFO", "clients").string?.contains("blocked_clients:1") == true
                })
            #expect(try client.command("ZADD", "z", "1", "m") == .integer(1))
            #expect(try reader.receive().elements.count == 2 * Self.count)
            #expect(try waiting.receive() == .array([.text("z"), .text("m"), .text("1")]))
        }
    }

    /// Who reads nothing of a long reply keeps nobody waiting but those who would change what it tells of.
    @Test func aStalledReaderHoldsUpNobodyWhoWaitsForOtherKeys() async throws {
        try await withServer { server in
            let client = try server.connect()
            let (waiting, changing) = (try server.connect(), try server.connect())
            let reader = try beginReading(server, client)
            for (index, waiter) in [waiting, changing].enumerated() {
                let words = [["BLPOP", "l", "0"], ["BLMOVE", "source", "h", "LEFT", "LEFT", "0"]][index]
                try waiter.send(pipeline(words))
                #expect(
                    try client.waitUntil {
                        try $0.command("INFO", "clients").string?.contains("blocked_clients:\(index + 1)")
                            == true
                    })
            }
            #expect(try client.command("RPUSH", "l", "a") == .integer(1))
            #expect(try waiting.receive() == .array([.text("l"), .text("a")]))
            #expect(try client.command("HLEN", "h") == .integer(Int64(Self.count)))
            // This one has to wait, and then has the rest of the reply written.
            #expect(try client.command("RPUSH", "source", "a") == .integer(1))
            guard case .error(let text) = try changing.receive() else {
                Issue.record("a list was pushed to a hash")
                return
            }
            #expect(text.hasPrefix("WRONGTYPE"))
            #expect(try reader.receive().elements.count == 2 * Self.count)
        }
    }

    /// Sets, a list and a stream with long elements, so that replies don't go without being read.
    private func fillAll(_ client: TestClient) throws {
        let long = String(repeating: "v", count: 800)
        try fill(client, "SADD", "s") { ["\(long)\($0)"] }
        try fill(client, "SADD", "t") { ["\(long)\($0 + 500)"] }
        try fill(client, "ZADD", "z") { ["\($0)", "\(long)\($0)"] }
        try fill(client, "RPUSH", "l") { ["\(long)\($0)"] }
        try client.send((0..<Self.count).flatMap { pipeline(["XADD", "x", "1-\($0 + 1)", long, long]) })
        for _ in 0..<Self.count { _ = try client.receive() }
        try client.command("SETRANGE", "big", "20000000", "end")
    }

    /// Whoever computes or writes what is long leaves others their turns, and is not disturbed by them.
    @Test func longCommandsLeaveOthersTheirTurns() async throws {
        try await withServer { server in
            let client = try server.connect()
            try fillAll(client)
            let commands = [
                ("s", ["SUNION", "s", "t"]), ("t", ["SINTER", "s", "t"]), ("s", ["SDIFF", "s", "nothing"]),
                ("z", ["ZUNION", "2", "z", "s"]), ("s", ["ZINTER", "2", "z", "s"]),
                ("z", ["ZDIFF", "2", "z", "nothing"]), ("l", ["SORT", "l", "ALPHA"]),
                ("l", ["SORT", "s", "BY", "w*", "GET", "#", "ALPHA"]), ("x", ["XRANGE", "x", "-", "+"]),
                ("x", ["XREVRANGE", "x", "+", "-"]), ("x", ["XREAD", "STREAMS", "x", "0"]),
                ("big", ["GET", "big"]),
            ]
            for (key, command) in commands {
                try client.command("CONFIG", "RESETSTAT")
                let reader = try server.connect()
                // It is not read, so it can't end before somebody else has written.
                try reader.send(pipeline(command, ["EXISTS", "new"]))
                #expect(
                    try client.waitUntil {
                        try $0.command("INFO", "commandstats").string?.contains(
                            "cmdstat_\(command[0].lowercased()):calls=1,") == true
                    })
                #expect(try client.command("EXISTS", "other") == .integer(0))
                #expect(try client.command("RENAME", key, "moved") == .ok)
                #expect(try client.command("RENAME", "moved", key) == .ok)
                let reply = try reader.receive()
                #expect(reply.elements.count >= 1 || (reply.string?.utf8.count ?? 0) == 20_000_003)
                #expect(try reader.receive() == .integer(0))
            }
        }
    }

    @Test func rangesOfALongStreamAnnounceWhatTheyHave() async throws {
        try await withServer { server in
            let client = try server.connect()
            let length = 20_000
            try client.send((1...length).map { "XADD x \($0)-1 f \($0)\r\n" }.joined())
            for _ in 0..<length { _ = try client.receive() }
            for (start, end) in [
                (1, length), (length, 1), (15_000, 14_999), (9_000, 2), (500, 500), (77, 19_311),
            ] {
                let count = max(end - start + 1, 0)
                let forward = try client.command("XRANGE", "x", "\(start)", "\(end)").elements
                #expect(forward.count == count, "\(start)...\(end)")
                let backward = try client.command("XREVRANGE", "x", "\(end)", "\(start)").elements
                #expect(backward == forward.reversed(), "\(start)...\(end)")
                let some = try client.command("XRANGE", "x", "\(start)", "\(end)", "COUNT", "19000").elements
                #expect(some == Array(forward.prefix(19_000)), "\(start)...\(end)")
            }
            #expect(try client.command("XREAD", "STREAMS", "x", "\(length)-1") == .null)
        }
    }

    @Test func storedResultsAreThereAtOnce() async throws {
        try await withServer { server in
            let client = try server.connect()
            try fillAll(client)
            let other = try server.connect()
            let commands = [
                ["SUNIONSTORE", "d", "s", "t"], ["SDIFFSTORE", "d", "s", "nothing"],
                ["ZUNIONSTORE", "d", "2", "z", "s"], ["ZINTERSTORE", "d", "2", "z", "s"],
                ["ZRANGESTORE", "d", "z", "0", "-1"], ["SORT", "l", "ALPHA", "STORE", "d"],
            ]
            for command in commands {
                try client.send(pipeline(command, ["DEL", "d"]))
                // Whatever its turn, it is before or behind: what it writes must not be mixed.
                let before = try other.command("EXISTS", "d")
                #expect(before == .integer(0) || before == .integer(1))
                #expect(try other.command("SADD", "s", "one more") == .integer(1))
                #expect(try other.command("SREM", "s", "one more") == .integer(1))
                guard case .integer(let count) = try client.receive() else {
                    Issue.record("\(command) has not answered with a number")
                    continue
                }
                #expect(
                    [Self.count, Self.count + 1, Self.count + 500, Self.count + 501].contains(Int(count)))
                #expect(try client.receive() == .integer(1))
            }
            // A transaction is done at once, and gives the same.
            try client.send(pipeline(["MULTI"], ["SUNIONSTORE", "d", "s", "t"], ["SCARD", "d"], ["EXEC"]))
            for _ in 0..<3 { _ = try client.receive() }
            #expect(
                try client.receive()
                    == .array([.integer(Int64(Self.count + 500)), .integer(Int64(Self.count + 500))]))
        }
    }

    /// Readers that follow each other leave a writer its turn: those that come later wait behind it.
    @Test func aWriterGetsItsTurnAmongReaders() async throws {
        try await withServer { server in
            let client = try server.connect()
            let first = try beginReading(server, client)
            let writer = try server.connect()
            try writer.send(pipeline(["HSET", "h", "f0", "new"]))
            // The rest of the first reply is written now.
            #expect(try writer.receive() == .integer(0))
            let second = try server.connect()
            try second.send(pipeline(["HGETALL", "h"]))
            #expect(try !first.receive().elements.compactMap(\.string).contains("new"))
            #expect(try second.receive().elements.compactMap(\.string).contains("new"))
        }
    }
}
