import MiniRedis
import Testing
import TestSupport

@Suite("A clock that a test moves", .timeLimit(.minutes(10)))
struct RedisManualClockTests {
    /// Some day in 2025.
    private static let start: Int64 = 1_750_000_000_000

    private static func withClock(
        _ configuration: RedisServer.Configuration = [:],
        _ body: (RedisManualClock, RedisServer, TestClient) async throws -> Void
    ) async throws {
        let clock = RedisManualClock(unixMilliseconds: start)
        try await withRedisServer(configuration: configuration, clock: clock) { server in
            try await body(clock, server, TestClient(adopting: server.connect()))
        }
    }

    @Test("keys live as long as the clock says, to the millisecond")
    func timeToLive() async throws {
        try await Self.withClock { (clock, _, client) throws in
            #expect(try client.command("SET", "k", "v", "EX", "100") == .ok)
            #expect(try client.command("PTTL", "k") == .integer(100_000))
            await clock.advance(by: .seconds(99))
            #expect(try client.command("PTTL", "k") == .integer(1000))
            await clock.advance(by: .milliseconds(1000))
            // As in Redis, a key is there up to its deadline, and gone after it.
            #expect(try client.command("GET", "k") == .text("v"))
            await clock.advance(by: .nanoseconds(1))
            #expect(try client.command("GET", "k") == .null)
            #expect(clock.unixMilliseconds == Self.start + 100_001)
        }
    }

    @Test("keys that are due are deleted and announced when the clock has been moved")
    func activeExpiry() async throws {
        try await Self.withClock(["notify-keyspace-events": "Ex"]) { (clock, server, client) throws in
            let listener = try TestClient(adopting: server.connect())
            try listener.command("PSUBSCRIBE", "*")
            for index in 0..<1000 { try client.command("SET", "k\(index)", "v", "PX", "\(index + 1)") }
            #expect(listener.isSilent(for: 0))
            await clock.advance(by: .milliseconds(501))
            #expect(try client.command("DBSIZE") == .integer(500))
            for index in 0..<500 {
                #expect(
                    try listener.receive()
                        == .array([
                            .text("pmessage"), .text("*"), .text("__keyevent@0__:expired"),
                            .text("k\(index)"),
                        ]))
            }
            #expect(listener.isSilent(for: 0))
        }
    }

    @Test("fields are gone and announced when the clock has been moved, and their hash with the last")
    func fieldsThatAreDue() async throws {
        try await Self.withClock(["notify-keyspace-events": "Egh"]) { (clock, server, client) throws in
            try client.command("HSET", "h", "f", "1", "g", "2")
            try client.command("HPEXPIRE", "h", "100", "FIELDS", "1", "f")
            try client.command("HPEXPIRE", "h", "200", "FIELDS", "1", "g")
            let listener = try TestClient(adopting: server.connect())
            try listener.command("PSUBSCRIBE", "*")
            await clock.advance(by: .milliseconds(100))
            #expect(try client.command("HGET", "h", "f") == .text("1"))
            await clock.advance(by: .milliseconds(1))
            #expect(try client.command("HGETALL", "h") == .array([.text("g"), .text("2")]))
            await clock.advance(by: .milliseconds(100))
            #expect(try client.command("EXISTS", "h") == .integer(0))
            for event in ["hexpired", "hexpired", "del"] {
                #expect(
                    try listener.receive()
                        == .array([
                            .text("pmessage"), .text("*"), .text("__keyevent@0__:\(event)"), .text("h"),
                        ]))
            }
        }
    }

    @Test("TIME, INFO and idle times go by it, and it stands still")
    func visibleTime() async throws {
        try await Self.withClock { (clock, _, client) throws in
            #expect(try client.command("TIME") == .array([.text("1750000000"), .text("0")]))
            try client.command("SET", "k", "v")
            await clock.advance(by: .milliseconds(90_250))
            #expect(try client.command("TIME") == .array([.text("1750000090"), .text("250000")]))
            #expect(try client.command("OBJECT", "IDLETIME", "k") == .integer(90))
            #expect(try client.command("INFO", "server").string?.contains("uptime_in_seconds:90") == true)
        }
    }

    @Test("paused clients go on when it has passed the pause's end")
    func pause() async throws {
        try await Self.withClock { (clock, server, client) throws in
            #expect(try client.command("CLIENT", "PAUSE", "60000") == .ok)
            let paused = try TestClient(adopting: server.connect())
            try paused.send("PING\r\n")
            #expect(paused.isSilent(for: 20))
            await clock.advance(by: .seconds(59))
            #expect(paused.isSilent(for: 20))
            await clock.advance(by: .seconds(2))
            #expect(try paused.receive() == .simple("PONG"))
        }
    }

    @Test("clients that are idle for too long by it are closed")
    func idleClients() async throws {
        try await Self.withClock(["timeout": "300"]) { (clock, _, client) throws in
            #expect(try client.command("PING") == .simple("PONG"))
            await clock.advance(by: .seconds(300))
            #expect(try client.command("PING") == .simple("PONG"))
            await clock.advance(by: .seconds(301))
            #expect(try client.receiveUntilClosed().isEmpty)
        }
    }

    @Test("the limit on memory holds while it stands still")
    func memoryLimit() async throws {
        try await Self.withClock(["maxmemory": "1mb"]) { (_, _, client) throws in
            #expect(try client.command("SET", "a", "v") == .ok)
            #expect(try client.command("SETRANGE", "big", "1500000", "v") == .integer(1_500_001))
            var answer = try client.command("SET", "a", "w")
            while answer == .ok { answer = try client.command("SET", "a", "w") }
            #expect(answer.string?.hasPrefix("OOM") == true)
        }
    }

    @Test("several servers may go by one")
    func shared() async throws {
        try await Self.withClock { (clock, _, client) throws in
            try await withRedisServer(clock: clock) { second throws in
                let other = try TestClient(adopting: second.connect())
                for each in [client, other] { try each.command("SET", "k", "v", "EX", "10") }
                await clock.advance(by: .seconds(11))
                for each in [client, other] { #expect(try each.command("DBSIZE") == .integer(0)) }
            }
            // The second has ended, and the clock goes on without it.
            await clock.advance(by: .seconds(1))
        }
    }

    @Test("moving it is over when the server that goes by it ends meanwhile")
    func endingServers() async throws {
        let clock = RedisManualClock()
        for _ in 0..<50 {
            let server = try await RedisServer.start(clock: clock)
            await withTaskGroup(of: Void.self) { group in
                group.addTask { for _ in 0..<20 { await clock.advance(by: .seconds(1)) } }
                group.addTask { await server.stop() }
            }
        }
    }

    @Test("it can be moved back, and no further than it can tell")
    func extremes() async throws {
        try await Self.withClock { (clock, _, client) throws in
            try client.command("SET", "k", "v", "EX", "10")
            await clock.advance(by: .milliseconds(-5500))
            #expect(clock.unixMilliseconds == Self.start - 5500)
            #expect(try client.command("PTTL", "k") == .integer(15_500))
            await clock.advance(by: .seconds(Int64.max))
            #expect(clock.unixMilliseconds == .max / 2)
            #expect(try client.command("SET", "k", "v", "EX", "10") != .null)
            #expect(try client.command("INFO").string?.isEmpty == false)
            await clock.advance(by: .seconds(Int64.min))
            #expect(clock.unixMilliseconds == 0)
            #expect(try client.command("SET", "k", "v", "EX", "10") == .ok)
            #expect(try client.command("PTTL", "k") == .integer(10_000))
            await RedisManualClock(unixMilliseconds: -1).advance(by: .zero)
            #expect(RedisManualClock(unixMilliseconds: -1).unixMilliseconds == 0)
        }
    }
}
