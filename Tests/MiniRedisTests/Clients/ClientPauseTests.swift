import Engine
@testable import MiniRedis
import TestSupport
import Testing

/// CLIENT PAUSE: what is put off, and what ends it.
@Suite struct ClientPauseTests {
    private static let write = CommandFlags.write
    private static let publish = CommandFlags.mayReplicate
    private static let read = CommandFlags.readonly

    @Test func theLaterEndAndTheStricterModeHold() {
        var pause = ClientPause()
        #expect(!pause.isActive(100))
        pause.start(.write, until: 200, now: 100)
        #expect(pause.holdsBack(Self.write, 199) && pause.holdsBack(Self.publish, 199))
        #expect(!pause.holdsBack(Self.read, 199) && !pause.holdsBack(Self.write, 200))
        pause.start(.all, until: 150, now: 110)
        #expect(pause.end == 200 && pause.holdsBack(Self.read, 199))
        pause.start(.write, until: 300, now: 120)
        #expect(pause.end == 300 && pause.holdsBack(Self.read, 299))
        pause.start(.write, until: 500, now: 400)
        #expect(!pause.holdsBack(Self.read, 450) && pause.holdsBack(Self.write, 450))
        pause.stop()
        #expect(!pause.isActive(0) && pause.remaining(450) == nil)
    }

    @Test func writesWaitAndReadsGoOn() async throws {
        try await withServer { server in
            let steering = try server.connect()
            let writer = try server.connect()
            let id = try writer.id()
            try steering.command("SET", "k", "old")
            #expect(try steering.command("CLIENT", "PAUSE", "60000", "WRITE") == .ok)
            try writer.send(pipeline(["GET", "k"], ["SET", "k", "new"], ["GET", "k"]))
            #expect(try writer.receive() == .text("old"))
            #expect(
                try steering.waitUntil {
                    try $0.clientLines("CLIENT", "LIST", "ID", id).first?["flags"] == "b"
                })
            #expect(try steering.command("GET", "k") == .text("old"))
            #expect(writer.isSilent(for: 10))
            #expect(try steering.command("CLIENT", "UNPAUSE") == .ok)
            #expect(try writer.receive() == .ok)
            #expect(try writer.receive() == .text("new"))
            #expect(try steering.clientLines("CLIENT", "LIST", "ID", id).first?["flags"] == "N")
        }
    }

    @Test func errorsAreToldBeforeTheWait() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("CLIENT", "PAUSE", "60000", "WRITE")
            #expect(
                try client.command("SET", "k") == .error("ERR wrong number of arguments for 'set' command"))
            #expect(try client.command("CLIENT", "UNPAUSE") == .ok)
        }
    }

    @Test func aPauseEndsByItself() async throws {
        try await withServer { server in
            let client = try server.connect()
            let clock = ContinuousClock()
            let start = clock.now
            try client.command("CLIENT", "PAUSE", "30", "ALL")
            #expect(try client.command("PING") == .simple("PONG"))
            #expect(clock.now - start >= .milliseconds(29))
        }
    }

    @Test func publishingWaitsToo() async throws {
        try await withServer { server in
            let client = try server.connect()
            let publisher = try server.connect()
            let id = try publisher.id()
            try client.command("CLIENT", "PAUSE", "60000", "WRITE")
            try publisher.send(pipeline(["PUBLISH", "c", "m"]))
            #expect(
                try client.waitUntil { try $0.clientLines("CLIENT", "LIST", "ID", id).first?["flags"] == "b" }
            )
            try client.command("CLIENT", "UNPAUSE")
            #expect(try publisher.receive() == .integer(0))
        }
    }

    @Test func dueKeysOnlyLookGone() async throws {
        try await withServer {
            $0.notifyKeyspaceEvents = [.keyevent, .expired]
        } _: { server in
            let client = try server.connect()
            let follower = try server.connect()
            try follower.command("SUBSCRIBE", "__keyevent@0__:expired")
            try client.send(pipeline(["SET", "k", "v", "PX", "20"], ["CLIENT", "PAUSE", "60000", "WRITE"]))
            #expect(try client.receive() == .ok)
            #expect(try client.receive() == .ok)
            #expect(try client.waitUntil { try $0.command("GET", "k") == .null })
            #expect(follower.isSilent(for: 20))
            try client.command("CLIENT", "UNPAUSE")
            #expect(try follower.receive().elements.last == .text("k"))
        }
    }

    @Test func whoLeavesMeanwhileIsForgotten() async throws {
        try await withServer { server in
            let client = try server.connect()
            let leaving = try server.connect()
            try client.command("CLIENT", "PAUSE", "60000", "WRITE")
            try leaving.send(pipeline(["SET", "k", "v"]))
            #expect(try client.waitUntil { try $0.clientLines("CLIENT", "LIST", "FLAGS", "b").count == 1 })
            leaving.shutdownSending()
            #expect(try client.waitUntil { try $0.clientLines("CLIENT", "LIST").count == 1 })
            try client.command("CLIENT", "UNPAUSE")
            #expect(try client.command("GET", "k") == .null)
        }
    }
}
