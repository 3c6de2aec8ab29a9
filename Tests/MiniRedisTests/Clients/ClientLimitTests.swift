@testable import MiniRedis
import TestSupport
import Testing

/// The limits that clients run into: their number, idleness, input and output.
@Suite struct ClientLimitTests {
    @Test func maxclientsRefusesOneMore() async throws {
        try await withServer({ $0.maxClients = 2 }) { server in
            let first = try server.connect()
            let second = try server.connect()
            try first.command("PING")
            try second.command("PING")
            #expect(
                try String(decoding: server.connect().receiveUntilClosed(), as: UTF8.self)
                    == "-ERR max number of clients reached\r\n")
            try first.command("QUIT")
            #expect(try second.waitUntil { try $0.clientLines("CLIENT", "LIST").count == 1 })
            #expect(try server.connect().command("PING") == .simple("PONG"))
        }
    }

    @Test func idleClientsAreClosedButNotSubscribers() async throws {
        try await withServer({ $0.timeout = 1 }) { server in
            let idle = try server.connect()
            let follower = try server.connect()
            try idle.command("PING")
            try follower.command("SUBSCRIBE", "c")
            #expect(try idle.receiveUntilClosed().isEmpty)
            #expect(try server.connect().command("PUBLISH", "c", "m") == .integer(1))
        }
    }

    @Test func tooMuchInputCloses() async throws {
        try await withServer({ $0.queryBufferLimit = 1 << 20 }) { server in
            let client = try server.connect()
            try client.send("*2\r\n$4\r\nECHO\r\n$2000000\r\n")
            let chunk = [UInt8](repeating: 120, count: 1 << 16)
            var isOpen = true
            for _ in 0..<30 where isOpen { isOpen = (try? client.send(chunk)) != nil }
            #expect(try client.receiveUntilClosed().isEmpty)
        }
    }

    @Test func tooMuchOutputCloses() async throws {
        try await withServer({ $0.outputLimits.normal.hard = 100_000 }) { server in
            let client = try server.connect()
            try client.command("SET", "k", String(repeating: "x", count: 60_000))
            #expect(try client.command("GET", "k").string?.utf8.count == 60_000)
            try client.send(pipeline(["GET", "k"], ["GET", "k"], ["SET", "after", "v"]))
            #expect(try client.receiveUntilClosed().isEmpty)
            #expect(try server.connect().command("GET", "after") == .null)
        }
    }

    /// Redis counts what does not fit into the client's own 16 KiB.
    @Test func littleOutputCountsForNothing() async throws {
        try await withServer({ $0.outputLimits.normal = OutputLimit(hard: 10, soft: 5, softSeconds: 1) }) {
            server in
            let client = try server.connect()
            try client.command("SET", "k", String(repeating: "x", count: 16_000))
            #expect(try client.command("GET", "k").string?.utf8.count == 16_000)
            try client.command("APPEND", "k", String(repeating: "x", count: 500))
            try client.send(pipeline(["GET", "k"]))
            #expect(try client.receiveUntilClosed().isEmpty)
            let stats = try server.connect().info("stats")
            #expect(stats["client_output_buffer_limit_disconnections"] == "1")
        }
    }

    @Test func anIdleClientGivesBackItsBuffers() async throws {
        try await withServer { server in
            let asking = try server.connect()
            let client = try server.connect()
            let id = try client.id()
            try client.command("SET", "k", String(repeating: "x", count: 20_000))
            try client.command("GET", "k")
            func line() throws -> [String: String]? {
                try asking.clientLines("CLIENT", "LIST", "ID", id).first
            }
            #expect(try asking.waitUntilIdle { try line()?["rbs"] == "0" && line()?["qbuf-free"] == "0" })
            #expect(try client.command("GET", "k").string?.utf8.count == 20_000)
        }
    }
}

extension TestClient {
    /// Asks every ten milliseconds, for ten seconds at most.
    func waitUntilIdle(_ isExpected: () throws -> Bool) throws -> Bool {
        for _ in 0..<1000 {
            if try isExpected() { return true }
            _ = isSilent(for: 10)
        }
        return false
    }
}
