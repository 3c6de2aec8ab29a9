@testable import MiniRedis
import TestSupport
import Testing

/// SLOWLOG through the wire.
@Suite struct SlowLogTests {
    /// The words of all entries, the newest first.
    private func words(_ client: TestClient) throws -> [[String]] {
        try client.command("SLOWLOG", "GET", "-1").elements.map {
            $0.elements[3].elements.compactMap(\.string)
        }
    }

    /// A client of a server that logs every request, and has an empty log.
    private func withClient(_ body: @Sendable (TestServer, TestClient) throws -> Void) async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("CONFIG", "SET", "slowlog-log-slower-than", "0")
            try client.command("SLOWLOG", "RESET")
            try body(server, client)
        }
    }

    @Test func onlySlowRequestsAreLogged() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            try client.command("CONFIG", "SET", "slowlog-log-slower-than", "20000")
            try client.command("CLIENT", "SETNAME", "me")
            try client.command("PING")
            #expect(try client.command("SLOWLOG", "LEN") == .integer(0))
            try client.command("DEBUG", "SLEEP", "0.03")
            #expect(try client.command("SLOWLOG", "LEN") == .integer(1))
            let entry = try client.command("SLOWLOG", "GET").elements[0].elements
            #expect(entry.count == 6)
            #expect(entry[0] == .integer(0))
            guard case .integer(let microseconds) = entry[2] else { throw TestFailure("no duration") }
            #expect((30_000...9_000_000).contains(microseconds))
            #expect(entry[3] == .array([.text("DEBUG"), .text("SLEEP"), .text("0.03")]))
            #expect(entry[4].string?.hasPrefix("127.0.0.1:") == true)
            #expect(entry[5] == .text("me"))
            #expect(try client.command("SLOWLOG", "RESET") == .ok)
            #expect(try client.command("SLOWLOG", "GET", "-1") == .array([]))
            try client.command("CONFIG", "SET", "slowlog-log-slower-than", "-1")
            try client.command("DEBUG", "SLEEP", "0.03")
            #expect(try client.command("SLOWLOG", "LEN") == .integer(0))
        }
    }

    @Test func theLogKeepsTheNewest() async throws {
        try await withClient { _, client in
            try client.command("CONFIG", "SET", "slowlog-max-len", "3")
            for key in ["a", "b", "c", "d", "e"] { try client.command("GET", key) }
            #expect(try words(client) == [["GET", "e"], ["GET", "d"], ["GET", "c"]])
            #expect(try client.command("SLOWLOG", "GET", "2").elements.count == 2)
            #expect(try client.command("SLOWLOG", "GET", "0") == .array([]))
            try client.command("CONFIG", "SET", "slowlog-max-len", "1")
            #expect(try words(client) == [["CONFIG", "SET", "slowlog-max-len", "1"]])
            try client.command("CONFIG", "SET", "slowlog-max-len", "0")
            #expect(try client.command("SLOWLOG", "LEN") == .integer(0))
        }
    }

    @Test func longRequestsAreCut() async throws {
        try await withClient { _, client in
            let long = String(repeating: "A", count: 129)
            try client.command("SADD", "set", long)
            let many = ["SADD", "set"] + (1...31).map(String.init)
            try client.command(many.map { Array($0.utf8) })
            try client.command("SET", "k", String(repeating: "b", count: 100_000))
            let expected: [[String]] = [
                ["SET", "k", String(repeating: "b", count: 128) + "... (99872 more bytes)"],
                many.prefix(31) + ["... (2 more arguments)"],
                ["SADD", "set", String(repeating: "A", count: 128) + "... (1 more bytes)"],
            ]
            #expect(try words(client).prefix(3) == expected[...])
            #expect(try client.command("STRLEN", "k") == .integer(100_000))
        }
    }

    @Test func passwordsAreLeftOut() async throws {
        try await withClient { _, client in
            try client.command("AUTH", "secret")
            try client.command("AUTH", "me", "secret")
            try client.command("HELLO", "3", "AUTH", "me", "secret")
            try client.command("CONFIG", "SET", "requirepass", "", "masterauth", "secret", "timeout", "0")
            let hidden = "(redacted)"
            #expect(
                try words(client).prefix(4) == [
                    ["CONFIG", "SET", "requirepass", hidden, "masterauth", hidden, "timeout", "0"],
                    ["HELLO", "3", "AUTH", hidden, hidden], ["AUTH", hidden, hidden], ["AUTH", hidden],
                ])
        }
    }

    @Test func transactionsAreLoggedCommandByCommand() async throws {
        try await withClient { _, client in
            try client.command("MULTI")
            try client.command("SET", "k", "v")
            try client.command("EXEC")
            #expect(try words(client).prefix(2) == [["SET", "k", "v"], ["MULTI"]])
        }
    }

    @Test func waitingRequestsAreLoggedWhenTheyAreAnswered() async throws {
        try await withClient { server, client in
            let waiting = try server.connect()
            try waiting.send(TestClient.encode(["BLPOP", "list", "0"].map { Array($0.utf8) }))
            let waits = try client.waitUntil {
                try $0.command("INFO", "clients").string?.contains("blocked_clients:1") == true
            }
            #expect(waits)
            #expect(try !words(client).contains(["BLPOP", "list", "0"]))
            try client.command("RPUSH", "list", "a")
            #expect(try waiting.receive() == .array([.text("list"), .text("a")]))
            #expect(try words(client).count { $0 == ["BLPOP", "list", "0"] } == 1)
            #expect(try waiting.command("BLPOP", "list", "0.001") == .null)
            #expect(try words(client).contains(["BLPOP", "list", "0.001"]))
        }
    }

    @Test func wrongRequestsAreRefused() async throws {
        try await expectScript(
            """
            SLOWLOG GET -2 -> -ERR count should be greater than or equal to -1
            SLOWLOG GET x -> -ERR count should be greater than or equal to -1
            SLOWLOG GET 1 2 -> -ERR unknown subcommand or wrong number of arguments for 'GET'. Try SLOWLOG HELP.
            SLOWLOG LEN x -> -ERR wrong number of arguments for 'slowlog|len' command
            CONFIG SET slowlog-max-len -1 -> -ERR CONFIG SET failed (possibly related to argument 'slowlog-max-len') - argument must be between 0 and 9223372036854775807 inclusive
            """)
    }
}
