@testable import MiniRedis
import TestSupport
import Testing

/// MONITOR through the wire.
@Suite struct MonitorTests {
    /// What follows the time in the next line: the database, then the words.
    private func line(_ monitor: TestClient) throws -> String {
        let text = try monitor.receive().string ?? ""
        let parts = text.split(separator: " ", maxSplits: 2)
        guard parts.count == 3, parts[0].split(separator: ".").last?.count == 6 else { return text }
        return "\(parts[1].dropFirst()) \(parts[2].split(separator: "] ", maxSplits: 1).last ?? "")"
    }

    private func monitor(_ server: TestServer) throws -> TestClient {
        let client = try server.connect()
        #expect(try client.command("MONITOR") == .ok)
        return client
    }

    @Test func everyRequestIsShownOnce() async throws {
        try await withServer { server in
            let monitor = try monitor(server)
            let client = try server.connect()
            try client.command("SET", "a \"b\"\\", "\n\r\t\u{7}\u{8}\u{1}é")
            try client.command("GET")
            try client.command("nosuch")
            try client.command("CONFIG", "GET", "port")
            try client.command("INCR", "a \"b\"\\")
            try client.command("SELECT", "3")
            try client.command("AUTH", "me", "secret")
            #expect(try line(monitor) == #"0 "SET" "a \"b\"\\" "\n\r\t\a\b\x01\xc3\xa9""#)
            #expect(try line(monitor) == #"0 "INCR" "a \"b\"\\""#)
            #expect(try line(monitor) == #"3 "SELECT" "3""#)
            #expect(try line(monitor) == #"3 "AUTH" "(redacted)" "(redacted)""#)
        }
    }

    @Test func bigStringsAreShownWhole() async throws {
        try await withServer { server in
            let monitor = try monitor(server)
            let client = try server.connect()
            let big = String(repeating: "x", count: 100_000)
            try client.command("SET", "k", big)
            try client.command("HSET", "h", "f", big)
            #expect(try line(monitor) == "0 \"SET\" \"k\" \"\(big)\"")
            #expect(try line(monitor) == "0 \"HSET\" \"h\" \"f\" \"\(big)\"")
            #expect(try client.command("GET", "k") == .text(big))
        }
    }

    @Test func transactionsAreShownAsTheyRun() async throws {
        try await withServer { server in
            let monitor = try monitor(server)
            let client = try server.connect()
            for words in [["MULTI"], ["SET", "k", "v"], ["EXEC"], ["MULTI"], ["SET", "k"], ["EXEC"]] {
                try client.command(words.map { Array($0.utf8) })
            }
            let expected = [#"0 "MULTI""#, #"0 "SET" "k" "v""#, #"0 "EXEC""#, #"0 "MULTI""#, #"0 "EXEC""#]
            for text in expected { #expect(try line(monitor) == text) }
        }
    }

    @Test func waitingRequestsAreShownBeforeTheyWait() async throws {
        try await withServer { server in
            let monitor = try monitor(server)
            let waiting = try server.connect()
            try waiting.send(TestClient.encode(["BLPOP", "list", "0"].map { Array($0.utf8) }))
            #expect(try line(monitor) == #"0 "BLPOP" "list" "0""#)
            let client = try server.connect()
            try client.command("RPUSH", "list", "a")
            try client.command("RPUSH", "list", "b")
            #expect(try waiting.receive() == .array([.text("list"), .text("a")]))
            #expect(try line(monitor) == #"0 "RPUSH" "list" "a""#)
            #expect(try line(monitor) == #"0 "RPUSH" "list" "b""#)
        }
    }

    @Test func itsOwnRequestsFollowTheirReplies() async throws {
        try await withServer { server in
            let monitor = try monitor(server)
            #expect(try monitor.command("SET", "k", "v") == .ok)
            #expect(try line(monitor) == #"0 "SET" "k" "v""#)
            // Once is enough, and not answered again.
            try monitor.send("MONITOR\r\nECHO hi\r\n")
            #expect(try monitor.receive() == .text("hi"))
            #expect(try line(monitor) == #"0 "ECHO" "hi""#)
            #expect(try monitor.clientLines("CLIENT", "INFO").first?["flags"] == "O")
        }
    }

    @Test func resetEndsIt() async throws {
        try await withServer { server in
            let monitor = try monitor(server)
            #expect(try monitor.command("RESET") == .simple("RESET"))
            try server.connect().command("SET", "k", "v")
            #expect(try monitor.command("PING") == .simple("PONG"))
            #expect(try monitor.command("GET", "k") == .text("v"))
        }
    }

    @Test func whoLeavesIsForgotten() async throws {
        try await withServer { server in
            try monitor(server).shutdownSending()
            let client = try server.connect()
            let isAlone = try client.waitUntil { try $0.clientLines("CLIENT", "LIST").count == 1 }
            #expect(isAlone)
            #expect(try client.command("SET", "k", "v") == .ok)
        }
    }

    @Test func itIsRefusedInATransaction() async throws {
        try await expectScript(
            """
            MULTI -> OK
            MONITOR -> QUEUED
            EXEC -> [-ERR MONITOR isn't allowed for DENY BLOCKING client]
            """)
    }
}
