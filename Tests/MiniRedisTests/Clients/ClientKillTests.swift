import MiniRedis
import TestSupport
import Testing

/// CLIENT KILL ends clients whatever they are doing.
@Suite struct ClientKillTests {
    @Test func oneselfAfterTheReply() async throws {
        try await withServer { server in
            let client = try server.connect()
            let id = try client.id()
            #expect(try client.command("CLIENT", "KILL", "ID", id) == .integer(0))
            try client.send(pipeline(["CLIENT", "KILL", "ID", id, "SKIPME", "no"], ["SET", "k", "v"]))
            #expect(try String(decoding: client.receiveUntilClosed(), as: UTF8.self) == ":1\r\n")
            #expect(try server.connect().command("GET", "k") == .null)
        }
    }

    @Test func oneselfByAddress() async throws {
        try await withServer { server in
            let client = try server.connect()
            let address = try client.clientLines("CLIENT", "INFO").first?["addr"] ?? ""
            #expect(try client.command("CLIENT", "KILL", address) == .ok)
            #expect(try client.receiveUntilClosed().isEmpty)
        }
    }

    @Test func idleStalledPausedAndSubscribedOnesAreGoneAtOnce() async throws {
        try await withServer { server in
            let killer = try server.connect()
            let idle = try server.connect()
            let stalled = try server.connect()
            let paused = try server.connect()
            let follower = try server.connect()
            try killer.command("SET", "big", String(repeating: "x", count: 8 << 20))
            let stalledID = try stalled.id()
            let pausedID = try paused.id()
            try idle.command("PING")
            try follower.command("SUBSCRIBE", "c")
            try stalled.send(pipeline(["GET", "big"], ["GET", "big"]))
            #expect(
                try killer.waitUntil {
                    try $0.clientLines("CLIENT", "LIST", "ID", stalledID).first?["events"] == "rw"
                })
            try killer.command("CLIENT", "PAUSE", "60000", "WRITE")
            try paused.send(pipeline(["SET", "late", "v"]))
            #expect(
                try killer.waitUntil {
                    try $0.clientLines("CLIENT", "LIST", "ID", pausedID).first?["flags"] == "b"
                })
            #expect(try killer.command("CLIENT", "KILL", "SKIPME", "yes") == .integer(4))
            #expect(try killer.clientLines("CLIENT", "LIST").count == 1)
            #expect(try killer.command("PUBSUB", "NUMSUB", "c") == .array([.text("c"), .integer(0)]))
            #expect(try idle.receiveUntilClosed().isEmpty)
            #expect(try paused.receiveUntilClosed().isEmpty)
            #expect(try follower.receiveUntilClosed().isEmpty)
            #expect(try stalled.receiveUntilClosed().count < 16 << 20)
            try killer.command("CLIENT", "UNPAUSE")
            #expect(try killer.command("GET", "late") == .null)
        }
    }

    @Test func inTheMiddleOfABatch() async throws {
        try await withServer { server in
            let killer = try server.connect()
            let victim = try server.connect()
            let id = try victim.id()
            // More than is run before the next look at other clients.
            try victim.send(Array(repeating: pipeline(["INCR", "counter"]), count: 200_000).flatMap { $0 })
            #expect(try killer.command("CLIENT", "KILL", "ID", id) == .integer(1))
            let after = try killer.command("GET", "counter")
            _ = try victim.receiveUntilClosed()
            #expect(try killer.command("GET", "counter") == after)
        }
    }
}
