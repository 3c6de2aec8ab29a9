import MiniRedis
import TestSupport
import Testing

/// Clients that wait in a command: who is served, when, and what else ends a wait.
@Suite(.timeLimit(.minutes(10))) struct BlockingTests {
    private static let nothing = Reply.null

    /// Sends a command that waits, and returns when the server knows that it does.
    private func block(_ client: TestClient, seenBy other: TestClient, _ words: String...) throws {
        let count = try waiting(other)
        try client.send(TestClient.encode(words.map { Array($0.utf8) }))
        #expect(try other.waitUntil { try waiting($0) == count + 1 })
    }

    /// How many clients wait, as INFO tells.
    private func waiting(_ client: TestClient) throws -> Int { try client.figure("blocked_clients") }

    private func popped(_ key: String, _ member: String, _ score: String) -> Reply {
        .array([.text(key), .text(member), .text(score)])
    }

    @Test func clientsAreServedInTheOrderOfTheirArrival() async throws {
        try await withServer { server in
            let pusher = try server.connect()
            let clients = try (0..<5).map { _ in try server.connect() }
            for client in clients { try block(client, seenBy: pusher, "BZPOPMIN", "other", "k", "0") }
            #expect(try pusher.figure("total_blocking_keys") == 2)
            #expect(try pusher.command("ZADD", "k", "1", "a", "2", "b", "3", "c") == .integer(3))
            for (client, member) in zip(clients, [("a", "1"), ("b", "2"), ("c", "3")]) {
                #expect(try client.receive() == popped("k", member.0, member.1))
            }
            #expect(try pusher.command("EXISTS", "k") == .integer(0))
            #expect(clients[3].isSilent(for: 5))
            // Who was passed over keeps its place.
            try pusher.command("ZADD", "other", "4", "d")
            #expect(try clients[3].receive() == popped("other", "d", "4"))
            #expect(try waiting(pusher) == 1)
        }
    }

    @Test func theFirstOfItsKeysServes() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("ZADD", "b", "1", "m")
            try client.command("ZADD", "c", "1", "n")
            #expect(try client.command("BZPOPMAX", "a", "b", "c", "0") == popped("b", "m", "1"))
            #expect(
                try client.command("BZMPOP", "0", "2", "b", "c", "MIN", "COUNT", "9")
                    == .array([.text("c"), .array([.array([.text("n"), .text("1")])])]))
            #expect(try client.command("BZPOPMIN", "b", "c", "0.001") == Self.nothing)
        }
    }

    @Test func whatFollowsInThePipelineWaitsToo() async throws {
        try await withServer { server in
            let pusher = try server.connect()
            let client = try server.connect()
            try client.send(pipeline(["PING"], ["BZPOPMIN", "k", "0"], ["ZCARD", "k"], ["PING"]))
            #expect(try client.receive() == .simple("PONG"))
            #expect(try pusher.waitUntil { try waiting($0) == 1 })
            #expect(client.isSilent(for: 5))
            try pusher.command("ZADD", "k", "1", "a", "2", "b")
            #expect(try client.receive() == popped("k", "a", "1"))
            #expect(try client.receive() == .integer(1))
            #expect(try client.receive() == .simple("PONG"))
        }
    }

    @Test func servingHappensAtOnceAfterTheCommand() async throws {
        try await withServer { server in
            let pusher = try server.connect()
            let client = try server.connect()
            try block(client, seenBy: pusher, "BZPOPMIN", "k", "0")
            // The next command of the same batch finds the key gone.
            try pusher.send(pipeline(["ZADD", "k", "1", "a"], ["EXISTS", "k"], ["INFO", "commandstats"]))
            #expect(try pusher.receive() == .integer(1))
            #expect(try pusher.receive() == .integer(0))
            let statistics = try pusher.receive().string ?? ""
            #expect(statistics.contains("cmdstat_bzpopmin:calls=1,"))
            #expect(try client.receive() == popped("k", "a", "1"))
        }
    }

    @Test func timeRunsOutForEachByItself() async throws {
        let clock = RedisManualClock(unixMilliseconds: 1_750_000_000_000)
        try await withRedisServer(clock: clock) { server in
            let other = try TestClient(adopting: server.connect())
            let short = try TestClient(adopting: server.connect())
            let long = try TestClient(adopting: server.connect())
            try block(short, seenBy: other, "BZPOPMIN", "k", "0.5")
            try block(long, seenBy: other, "BZMPOP", "100", "1", "k", "MAX")
            #expect(try other.figure("clients_in_timeout_table") == 2)
            await clock.advance(by: .milliseconds(499))
            #expect(short.isSilent(for: 10))
            await clock.advance(by: .milliseconds(1))
            #expect(try short.receive() == Self.nothing)
            #expect(long.isSilent(for: 10))
            await clock.advance(by: .seconds(100))
            #expect(try long.receive() == Self.nothing)
            #expect(try waiting(other) == 0)
            #expect(try short.command("PING") == .simple("PONG"))
        }
    }

    @Test func aRealWaitEndsInTime() async throws {
        try await withServer { server in
            let client = try server.connect()
            let start = ContinuousClock.now
            #expect(try client.command("BZPOPMIN", "k", "0.03") == Self.nothing)
            #expect(ContinuousClock.now - start >= .milliseconds(29))
        }
    }

    @Test(arguments: [
        ("x", "ERR timeout is not a float or out of range"), ("-1", "ERR timeout is negative"),
        ("-1e-9", nil), ("inf", "ERR timeout is out of range"), ("1e17", "ERR timeout is out of range"),
        ("nan", "ERR timeout is not a float or out of range"),
        ("9223372036854775", "ERR timeout is out of range"),
    ])
    func timeoutsAreCheckedFirst(_ timeout: String, _ error: String?) async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("ZADD", "k", "1", "a")
            let reply = try client.command("BZPOPMIN", "k", timeout)
            #expect(reply == error.map { .error($0) } ?? popped("k", "a", "1"))
        }
    }

    @Test func unblockEndsAWait() async throws {
        try await withServer { server in
            let other = try server.connect()
            let client = try server.connect()
            let id = try client.id()
            #expect(try other.command("CLIENT", "UNBLOCK", id) == .integer(0))
            try block(client, seenBy: other, "BZPOPMIN", "k", "0")
            #expect(try other.clientLines("CLIENT", "LIST", "ID", id).first?["flags"] == "b")
            #expect(try other.command("CLIENT", "UNBLOCK", id) == .integer(1))
            #expect(try client.receive() == Self.nothing)
            #expect(try other.command("CLIENT", "UNBLOCK", id) == .integer(0))
            try block(client, seenBy: other, "BZPOPMIN", "k", "0")
            #expect(try other.command("CLIENT", "UNBLOCK", id, "error") == .integer(1))
            #expect(try client.receive() == .error("UNBLOCKED client unblocked via CLIENT UNBLOCK"))
            #expect(try other.clientLines("CLIENT", "LIST", "ID", id).first?["flags"] == "N")
        }
    }

    @Test func whoGoesAwayIsForgottenAtOnce() async throws {
        try await withServer { server in
            let other = try server.connect()
            for end in 0..<3 {
                let client = try server.connect()
                let id = try client.id()
                try block(client, seenBy: other, "BZPOPMIN", "k", "0")
                switch end {
                case 0: client.shutdownSending()
                case 1: try other.command("CLIENT", "KILL", "ID", id)
                default: try client.send(pipeline(["PING"])); client.shutdownSending()
                }
                #expect(try other.waitUntil { try waiting($0) == 0 })
                #expect(try other.figure("total_blocking_keys") == 0)
            }
            try other.command("ZADD", "k", "1", "a")
            #expect(try other.command("ZCARD", "k") == .integer(1))
        }
    }

    @Test func aKeyMayComeByAnyCommand() async throws {
        try await withServer { server in
            let other = try server.connect()
            let client = try server.connect()
            let makers: [[[String]]] = [
                [["ZADD", "q", "1", "m"], ["RENAME", "q", "k"]],
                [["ZADD", "q", "1", "m"], ["COPY", "q", "k"], ["DEL", "q"]],
                [["SELECT", "1"], ["ZADD", "k", "1", "m"], ["MOVE", "k", "0"], ["SELECT", "0"]],
                [["SELECT", "1"], ["ZADD", "k", "1", "m"], ["SWAPDB", "1", "0"], ["SELECT", "0"]],
                [["ZADD", "q", "1", "m"], ["ZUNIONSTORE", "k", "1", "q"], ["DEL", "q"]],
                [["SET", "k", "text"], ["DEL", "k"], ["ZINCRBY", "k", "1", "m"]],
                [["SADD", "k", "member"], ["FLUSHALL"], ["ZADD", "k", "1", "m"]],
            ]
            for commands in makers {
                try block(client, seenBy: other, "BZPOPMIN", "k", "0")
                for words in commands { try other.command(words.map { Array($0.utf8) }) }
                #expect(try client.receive() == popped("k", "m", "1"), "\(commands)")
                try other.command("FLUSHALL")
            }
        }
    }

    @Test func messagesComeThroughAndTheReplyAfterThem() async throws {
        try await withServer { server in
            let other = try server.connect()
            let client = try server.connect()
            try client.command("HELLO", "3")
            try client.command("SUBSCRIBE", "news")
            try block(client, seenBy: other, "BZPOPMIN", "k", "0")
            for index in 0..<3 {
                try other.command("PUBLISH", "news", "\(index)")
                #expect(try client.receive() == .push([.text("message"), .text("news"), .text("\(index)")]))
            }
            #expect(try waiting(other) == 1)
            try other.command("ZADD", "k", "1", "a")
            #expect(try client.receive() == .array([.text("k"), .text("a"), .double("1")]))
        }
    }

    @Test func anUnwantedReplyIsDropped() async throws {
        try await withServer { server in
            let other = try server.connect()
            let client = try server.connect()
            try client.send(pipeline(["CLIENT", "REPLY", "SKIP"], ["BZPOPMIN", "k", "0"], ["PING"]))
            #expect(try other.waitUntil { try waiting($0) == 1 })
            try other.command("ZADD", "k", "1", "a")
            #expect(try client.receive() == .simple("PONG"))
            #expect(try other.command("EXISTS", "k") == .integer(0))
        }
    }

    @Test func manyWaitAndEachIsServedOnce() async throws {
        try await withServer { server in
            let pusher = try server.connect()
            let clients = try (0..<300).map { _ in try server.connect() }
            for client in clients { try client.send(pipeline(["BZPOPMIN", "a", "b", "0"])) }
            #expect(try pusher.waitUntil { try waiting($0) == 300 })
            for index in 0..<300 where index % 3 == 0 { clients[index].shutdownSending() }
            #expect(try pusher.waitUntil { try waiting($0) == 200 })
            for index in 0..<200 {
                try pusher.command("ZADD", index % 2 == 0 ? "a" : "b", "\(index)", "m\(index)")
            }
            var served: Set<String> = []
            for index in 0..<300 where index % 3 != 0 {
                served.insert(try clients[index].receive().elements[1].string ?? "")
            }
            #expect(served.count == 200)
            #expect(try waiting(pusher) == 0)
            #expect(try pusher.command("DBSIZE") == .integer(0))
        }
    }
}
