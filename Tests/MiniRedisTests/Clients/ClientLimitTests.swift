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

    /// It closes the silent client, and not the one whose request is on the way all the while.
    @Test func aSlowRequestIsNoIdleness() async throws {
        try await withServer({ $0.timeout = 1 }) { server in
            let slow = try server.connect()
            try slow.command("PING")
            let idle = try server.connect()
            try idle.command("PING")
            let end = ContinuousClock.now + .seconds(60)
            var sent = 0
            try slow.send("*2\r\n$4\r\nECHO\r\n$100000\r\n")
            while idle.isSilent(for: 50), ContinuousClock.now < end {
                try slow.send("x")
                sent += 1
            }
            #expect(try idle.receiveUntilClosed().isEmpty)
            // The next sweep would have found it idle too.
            let other = try server.connect()
            try other.command("PING")
            while other.isSilent(for: 50), ContinuousClock.now < end {
                try slow.send("x")
                sent += 1
            }
            try slow.send([UInt8](repeating: UInt8(ascii: "x"), count: 100_000 - sent) + [13, 10])
            #expect(try slow.receive().string?.utf8.count == 100_000)
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

    /// The bytes at which Redis 7.0.15 closes: the least limit that lets such a reply pass, less one.
    @Test(arguments: [
        (["GET", "16376"], 20_504), (["GET", "36000"], 20_504), (["GET", "40000"], 24_600),
        (["GET", "60000"], 49_176), (["GET", "100000"], 98_328), (["GET", "200000"], 196_632),
        (["MGET"] + Array(repeating: "10000", count: 8), 82_016),
    ])
    func outputCountsAsRedisAllocatesIt(request: [String], memory: Int) async throws {
        try await withServer { server in
            let asking = try server.connect()
            for count in request.dropFirst() {
                try asking.command("SET", count, String(repeating: "x", count: Int(count) ?? 0))
            }
            for (limit, closes) in [(memory + 1, false), (memory, true), (1, true)] {
                try asking.command("CONFIG", "SET", "client-output-buffer-limit", "normal \(limit) 0 0")
                let client = try server.connect()
                try client.send(pipeline(request, ["QUIT"]))
                let bytes = try client.receiveUntilClosed()
                #expect(bytes.isEmpty == closes, "\(limit)")
            }
        }
    }

    /// What fits in the client's own 16 KiB never counts.
    @Test func littleOutputIsFree() async throws {
        try await withServer({ $0.outputLimits.normal = OutputLimit(hard: 1, soft: 1) }) { server in
            let client = try server.connect()
            try client.command("SET", "k", String(repeating: "x", count: 16_384 - 10))
            #expect(try client.command("GET", "k").string?.utf8.count == 16_374)
            try client.command("APPEND", "k", "xx")
            try client.send(pipeline(["GET", "k"]))
            #expect(try client.receiveUntilClosed().isEmpty)
        }
    }

    @Test func aSubscriberIsClosedByOneMessageTooLong() async throws {
        try await withServer({ $0.outputLimits.pubsub = OutputLimit(hard: 24_600) }) { server in
            let publisher = try server.connect()
            for (count, closes) in [(16_000, false), (36_000, false), (40_000, true)] {
                let follower = try server.connect()
                try follower.command("SUBSCRIBE", "c")
                try publisher.command("PUBLISH", "c", String(repeating: "x", count: count))
                if closes {
                    #expect(try follower.receiveUntilClosed().isEmpty)
                } else {
                    #expect(try follower.receive().elements.last?.string?.utf8.count == count)
                }
            }
        }
    }

    @Test func outputMemoryIsBlocks() {
        #expect(OutputMemory.bytes(held: 16_384) == 0)
        #expect(OutputMemory.bytes(held: 16_385) == 20_504)
        #expect(OutputMemory.bytes(held: 16_384 + 20_464) == 20_504)
        #expect(OutputMemory.bytes(held: 16_384 + 20_465) == 41_008)
        #expect(OutputMemory.bytes(held: 64_800) == 61_512)
        #expect(OutputMemory.bytes(held: 1_000_011, bulk: 1_000_011) == 1_048_600)
        // Who asks only beyond `harmless` misses nothing.
        for limit in [1, 16_384, 20_504, 100_000, 128 << 10, 200_000, 1 << 20, 1 << 30] {
            let held = OutputMemory.harmless(below: limit)
            #expect(held >= OutputMemory.ownBytes)
            for bulk in [0, held / 2, held] { #expect(OutputMemory.bytes(held: held, bulk: bulk) < limit) }
        }
    }

    @Test func softLimitsCountWholeSeconds() {
        let limit = OutputLimit(hard: 1000, soft: 100, softSeconds: 2)
        var since: Int64 = 0
        let steps: [(memory: Int, now: Int64, closes: Bool)] = [
            (1000, 5_000, true), (999, 5_900, false), (100, 7_999, false), (99, 8_000, false),
            (100, 8_100, false), (100, 10_999, false), (100, 11_000, true),
        ]
        for step in steps {
            let isOvercome = limit.isOvercome(by: step.memory, since: &since, now: step.now)
            #expect(isOvercome == step.closes, "\(step)")
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

    /// Announced memory is given back like any other, and taken again when the rest arrives.
    @Test func anIdleClientGivesBackWhatItsRequestAnnounced() async throws {
        try await withServer { server in
            let asking = try server.connect()
            let client = try server.connect()
            let id = try client.id()
            func free() throws -> Int? {
                try asking.clientLines("CLIENT", "LIST", "ID", id).first?["qbuf-free"].flatMap { Int($0) }
            }
            try client.send("*2\r\n$4\r\nECHO\r\n$1000000\r\na")
            #expect(try asking.waitUntilIdle { try free() ?? 0 > 990_000 })
            #expect(try asking.waitUntilIdle { try free() ?? 1_000_000 < 10_000 })
            try client.send([UInt8](repeating: UInt8(ascii: "b"), count: 999_999) + [13, 10])
            #expect(try client.receive().string == "a" + String(repeating: "b", count: 999_999))
        }
    }
}

extension TestClient {
    /// Asks every ten milliseconds, for a minute at most.
    func waitUntilIdle(_ isExpected: () throws -> Bool) throws -> Bool {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try isExpected() { return true }
            _ = isSilent(for: 10)
        }
        return false
    }
}
