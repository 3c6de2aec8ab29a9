import MiniRedis
import TestSupport
import Testing

/// Clients that wait for entries of streams, alone and in groups.
@Suite(.timeLimit(.minutes(10))) struct StreamWaitingTests {
    /// Sends a command that waits, and returns when the server knows that it does.
    private func block(_ client: TestClient, seenBy other: TestClient, _ words: String...) throws {
        let count = try waiting(other)
        try client.send(TestClient.encode(words.map { Array($0.utf8) }))
        #expect(try other.waitUntil { try waiting($0) == count + 1 })
    }

    private func waiting(_ client: TestClient) throws -> Int {
        let info = try client.command("INFO", "clients").string ?? ""
        let line = info.split(separator: "\r\n").first { $0.hasPrefix("blocked_clients:") }
        return line.flatMap { Int($0.dropFirst("blocked_clients:".count)) } ?? -1
    }

    private func entries(_ key: String, _ id: String) -> Reply {
        .array([
            .array([.text(key), .array([.array([.text(id), .array([.text("f"), .text("v")])])])])
        ])
    }

    @Test func everyReaderGetsWhatIsAdded() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let readers = try (0..<3).map { _ in try server.connect() }
            try adder.command("XADD", "s", "1-1", "f", "v")
            try block(readers[0], seenBy: adder, "XREAD", "BLOCK", "0", "STREAMS", "t", "s", "$", "$")
            try block(readers[1], seenBy: adder, "XREAD", "BLOCK", "0", "STREAMS", "s", "1-1")
            // A reader that is behind is served at once.
            #expect(try readers[2].command("XREAD", "BLOCK", "0", "STREAMS", "s", "0") == entries("s", "1-1"))
            try adder.command("XADD", "s", "2-1", "f", "v")
            #expect(try readers[0].receive() == entries("s", "2-1"))
            #expect(try readers[1].receive() == entries("s", "2-1"))
            #expect(try readers[2].command("XREAD", "BLOCK", "1", "STREAMS", "s", "$") == .null)
            #expect(try waiting(adder) == 0)
        }
    }

    @Test func aDeletedStreamLeavesReadersAlone() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let reader = try server.connect()
            try adder.command("XADD", "s", "1-1", "f", "v")
            try block(reader, seenBy: adder, "XREAD", "BLOCK", "0", "STREAMS", "s", "$")
            try adder.command("DEL", "s")
            try adder.command("SET", "s", "text")
            try adder.command("DEL", "s")
            // Smaller than what was the end when the reader began to wait.
            try adder.command("XADD", "s", "1-0", "f", "v")
            #expect(try waiting(adder) == 1)
            try adder.command("XADD", "s", "1-2", "f", "v")
            #expect(try reader.receive() == entries("s", "1-2"))
        }
    }

    @Test func oneConsumerGetsAnEntry() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let readers = try (0..<2).map { _ in try server.connect() }
            try adder.command("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
            for (reader, name) in zip(readers, ["a", "b"]) {
                try block(
                    reader, seenBy: adder, "XREADGROUP", "GROUP", "g", name, "BLOCK", "0", "STREAMS", "s", ">"
                )
            }
            try adder.command("XADD", "s", "1-1", "f", "v")
            #expect(try readers[0].receive() == entries("s", "1-1"))
            #expect(try waiting(adder) == 1)
            try adder.command("XADD", "s", "2-1", "f", "v")
            #expect(try readers[1].receive() == entries("s", "2-1"))
            // History never waits.
            #expect(
                try readers[0].command("XREADGROUP", "GROUP", "g", "a", "BLOCK", "0", "STREAMS", "s", "0")
                    == entries("s", "1-1"))
        }
    }

    @Test func theEndOfAGroupEndsTheWait() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let reader = try server.connect()
            let ends: [([String], String)] = [
                (["XGROUP", "DESTROY", "s", "g"], "-NOGROUP"), (["DEL", "s"], "-NOGROUP"),
                (["SET", "s", "x"], "-WRONGTYPE"), (["FLUSHALL"], "-NOGROUP"),
                (["PEXPIRE", "s", "1"], "-NOGROUP"),
            ]
            for (words, error) in ends {
                try adder.command("DEL", "s")
                try adder.command("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
                try block(
                    reader, seenBy: adder, "XREADGROUP", "GROUP", "g", "a", "BLOCK", "0", "STREAMS", "s", ">")
                try adder.command(words.map { Array($0.utf8) })
                guard case .error(let text) = try reader.receive() else {
                    Issue.record("\(words) does not end the wait")
                    return
                }
                #expect("-\(text)".hasPrefix(error), "\(words)")
            }
        }
    }

    // MARK: Claiming

    /// A claimed entry: how long it was idle, and how often it was delivered.
    private func claimed(_ id: String, idle: Int64, deliveries: Int64) -> Reply {
        .array([
            .array([
                .text("s"),
                .array([
                    .array([
                        .text(id), .array([.text("f"), .text("v")]), .integer(idle), .integer(deliveries),
                    ])
                ]),
            ])
        ])
    }

    /// Runs `body` with a client and two more, beside a stream with a group and a clock that stands still.
    private func withGroup(
        _ body: (RedisManualClock, TestClient, [TestClient]) async throws -> Void
    ) async throws {
        let clock = RedisManualClock(unixMilliseconds: 1_750_000_000_000)
        try await withRedisServer(clock: clock) { server in
            let client = try TestClient(adopting: server.connect())
            try client.command("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
            let readers = [
                try TestClient(adopting: server.connect()), try TestClient(adopting: server.connect()),
            ]
            try await body(clock, client, readers)
        }
    }

    private func claim(_ client: TestClient, seenBy other: TestClient, _ name: String, idle: Int) throws {
        try block(
            client, seenBy: other, "XREADGROUP", "GROUP", "g", name, "COUNT", "1", "BLOCK", "0", "CLAIM",
            "\(idle)",
            "STREAMS", "s", ">")
    }

    /// Adds an entry and has it delivered at once, so that nobody else gets it.
    private func deliver(_ client: TestClient, _ id: String) throws {
        try client.command("MULTI")
        try client.command("XADD", "s", id, "f", "v")
        try client.command("XREADGROUP", "GROUP", "g", "owner", "STREAMS", "s", ">")
        try client.command("EXEC")
    }

    @Test func whatIsPendingForLongEnoughIsClaimed() async throws {
        try await withGroup { (clock, client, readers) in
            try deliver(client, "1-1")
            await clock.advance(by: .milliseconds(30))
            try claim(readers[0], seenBy: client, "a", idle: 100)
            try claim(readers[1], seenBy: client, "b", idle: 100)
            await clock.advance(by: .milliseconds(69))
            #expect(try waiting(client) == 2)
            await clock.advance(by: .milliseconds(1))
            // The first one's clock for this entry begins anew.
            #expect(try readers[0].receive() == claimed("1-1", idle: 100, deliveries: 1))
            await clock.advance(by: .milliseconds(99))
            #expect(try waiting(client) == 1)
            await clock.advance(by: .milliseconds(1))
            #expect(try readers[1].receive() == claimed("1-1", idle: 100, deliveries: 2))
        }
    }

    @Test func whatIsDeliveredMeanwhileIsClaimedToo() async throws {
        try await withGroup { (clock, client, readers) in
            try claim(readers[0], seenBy: client, "a", idle: 50)
            await clock.advance(by: .milliseconds(500))
            try deliver(client, "1-1")
            try deliver(client, "2-1")
            // What is acknowledged or deleted is nothing to claim.
            try client.command("XACK", "s", "g", "1-1")
            await clock.advance(by: .milliseconds(20))
            try deliver(client, "3-1")
            try client.command("XDEL", "s", "2-1")
            await clock.advance(by: .milliseconds(49))
            #expect(try waiting(client) == 1)
            await clock.advance(by: .milliseconds(1))
            #expect(try readers[0].receive() == claimed("3-1", idle: 50, deliveries: 1))
            // A new entry is had as well, as ever.
            try claim(readers[0], seenBy: client, "a", idle: 1_000_000)
            try client.command("XADD", "s", "4-1", "f", "v")
            #expect(try readers[0].receive() == claimed("4-1", idle: 0, deliveries: 0))
        }
    }

    @Test func whatIsPendingEarlierThanExpectedIsClaimed() async throws {
        try await withGroup { (clock, client, readers) in
            try client.command("XADD", "s", "1-1", "f", "v")
            try client.command("XGROUP", "SETID", "s", "g", "$")
            try claim(readers[0], seenBy: client, "a", idle: 50)
            // Nothing is added to the stream, but something becomes pending.
            try client.command("XGROUP", "SETID", "s", "g", "0")
            try client.command("XREADGROUP", "GROUP", "g", "owner", "STREAMS", "s", ">")
            try claim(readers[1], seenBy: client, "b", idle: 90)
            await clock.advance(by: .milliseconds(50))
            #expect(try readers[0].receive() == claimed("1-1", idle: 50, deliveries: 1))
            await clock.advance(by: .milliseconds(10))
            try client.command("XCLAIM", "s", "g", "owner", "0", "1-1", "IDLE", "89", "RETRYCOUNT", "7")
            #expect(try waiting(client) == 1)
            try client.command("XCLAIM", "s", "g", "owner", "0", "1-1", "IDLE", "91", "JUSTID")
            #expect(try readers[1].receive() == claimed("1-1", idle: 91, deliveries: 7))
        }
    }

    @Test func claimingWaitsForTheEndOfAPause() async throws {
        try await withGroup { (clock, client, readers) in
            try deliver(client, "1-1")
            try claim(readers[0], seenBy: client, "a", idle: 50)
            try client.command("CLIENT", "PAUSE", "80", "WRITE")
            await clock.advance(by: .milliseconds(79))
            #expect(try waiting(client) == 1)
            await clock.advance(by: .milliseconds(1))
            #expect(try readers[0].receive() == claimed("1-1", idle: 80, deliveries: 1))
            try claim(readers[0], seenBy: client, "a", idle: 50)
            try client.command("CLIENT", "PAUSE", "1000000", "WRITE")
            await clock.advance(by: .milliseconds(60))
            #expect(try waiting(client) == 1)
            try client.command("CLIENT", "UNPAUSE")
            #expect(try readers[0].receive() == claimed("1-1", idle: 60, deliveries: 2))
        }
    }

    /// XSETID can bring back an ID that was trimmed away, and with it what is pending under it.
    @Test func anEntryThatIsAddedAgainIsClaimed() async throws {
        try await withGroup { (clock, client, readers) in
            try deliver(client, "1-1")
            try deliver(client, "2-1")
            try client.command("XACK", "s", "g", "1-1")
            try client.command("XTRIM", "s", "MAXLEN", "0")
            await clock.advance(by: .milliseconds(60))
            try claim(readers[0], seenBy: client, "a", idle: 50)
            try client.command("XSETID", "s", "1-1")
            try client.command("XADD", "s", "2-1", "f", "v")
            #expect(try readers[0].receive() == claimed("2-1", idle: 60, deliveries: 1))
        }
    }

    @Test func unblocking() async throws {
        try await withServer { server in
            let other = try server.connect()
            let reader = try server.connect()
            guard case .integer(let id) = try reader.command("CLIENT", "ID") else { return }
            try block(reader, seenBy: other, "XREAD", "BLOCK", "0", "STREAMS", "s", "$")
            try other.command("CLIENT", "UNBLOCK", String(id))
            #expect(try reader.receive() == .null)
            try block(reader, seenBy: other, "XREAD", "BLOCK", "0", "STREAMS", "s", "$")
            try other.command("CLIENT", "UNBLOCK", String(id), "ERROR")
            #expect(try reader.receive() == .error("UNBLOCKED client unblocked via CLIENT UNBLOCK"))
        }
    }
}
