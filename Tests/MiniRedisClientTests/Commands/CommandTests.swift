import MiniRedisClient
import Testing

/// Typed commands, against each server in each version of the protocol.
@Suite(.timeLimit(.minutes(10))) struct CommandTests {
    typealias Version = RedisClient.Configuration.ProtocolVersion

    private func connect(
        _ subject: Subject, _ version: Version, _ body: @Sendable (RedisClient) async throws -> Void
    ) async throws {
        try await subject.connect(.with { $0.protocolVersion = version }, body)
    }

    @Test(arguments: [Subject].inBothProtocols) func strings(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            #expect(try await client.get("none") == nil)
            #expect(try await client.set("k", "v"))
            #expect(try await client.get("k") == Array("v".utf8))
            #expect(try await client.get("k", as: String.self) == "v")
            #expect(try await client.set("k", "w", if: .absent) == false)
            #expect(try await client.set("k", 5, expiring: .after(.seconds(100)), if: .present))
            #expect(try await client.get("k", as: Int.self) == 5)
            #expect(try await client.set("k", 6, keepingExpiry: true))
            // Less if the machine is busy.
            let left = (80...100).map { RedisLifetime.left(.seconds($0)) }
            #expect(left.contains(try await client.ttl("k")))
            #expect(try await client.getSet("k", "x", as: Int.self) == 6)
            #expect(try await client.getEx("k", expiring: .after(.seconds(50)), as: String.self) == "x")
            #expect(try await client.getEx("k", expiring: nil, as: String.self) == "x")
            #expect(try await client.ttl("k") == .unlimited)
            #expect(try await client.getDel("k", as: String.self) == "x")
            try await client.mset([("a", "1"), ("b", "2")])
            #expect(try await client.mget(["a", "none", "b"], as: Int.self) == [1, nil, 2])
            #expect(try await client.mget(["a", "none"]) == [[0x31], nil])
            #expect(try await client.msetNX([("a", "1"), ("c", "3")]) == false)
            #expect(try await client.strlen("a") == 1)
            #expect(try await client.append("a", "23") == 3)
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func partsAndNumbers(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            try await client.set("k", "hello world")
            #expect(try await client.getRange("k", 0, 4, as: String.self) == "hello")
            #expect(try await client.getRange("k", -5, -1) == Array("world".utf8))
            #expect(try await client.setRange("k", 6, "redis") == 11)
            #expect(try await client.incr("n") == 1)
            #expect(try await client.incrBy("n", 10) == 11)
            #expect(try await client.decr("n") == 10)
            #expect(try await client.decrBy("n", 3) == 7)
            #expect(try await client.incrByFloat("n", 0.5) == 7.5)
            try await client.mset([("x", "ohmytext"), ("y", "mynewtext")])
            #expect(try await client.lcs("x", "y", as: String.self) == "mytext")
            #expect(try await client.lcsLength("x", "y") == 6)
            await #expect(
                throws: RedisError.server(RedisServerError("ERR value is not an integer or out of range"))
            ) {
                try await client.incr("x")
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func bitmaps(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            #expect(try await client.setBit("b", 7, true) == false)
            #expect(try await client.getBit("b", 7))
            #expect(try await client.setBit("b", 9, true) == false)
            #expect(try await client.bitCount("b") == 2)
            #expect(try await client.bitCount("b", in: .bytes(0, 0)) == 1)
            #expect(try await client.bitCount("b", in: .bits(8, 9)) == 1)
            #expect(try await client.bitPosition(of: true, in: "b") == 7)
            #expect(try await client.bitPosition(of: true, in: "b", .bytes(1, 1)) == 9)
            #expect(try await client.bitOperation(.not, ["b"], into: "c") == 2)
            #expect(try await client.bitCount("c") == 14)
            let steps: [RedisBitFieldStep] = [
                .set("u8", at: .index(1), to: 255), .overflow(.fail), .incrBy("u8", at: 8, 1),
                .get("u8", at: 8),
            ]
            #expect(try await client.bitField("f", steps) == [0, nil, 255])
            #expect(try await client.bitFieldReadOnly("f", [.get("u4", at: 8)]) == [15])
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func keys(_ subject: Subject, _ version: Version) async throws
    {
        try await connect(subject, version) { client async throws in
            try await client.mset([("a", "1"), ("b", "2"), ("c", "3")])
            #expect(try await client.exists("a", "b", "a", "none") == 3)
            #expect(try await client.touch("a", "none") == 1)
            #expect(try await client.copy("a", to: "d"))
            #expect(try await client.copy("a", to: "d") == false)
            #expect(try await client.copy("b", to: "d", replacing: true))
            try await client.rename("d", to: "e")
            #expect(try await client.renameNX("e", to: "a") == false)
            #expect(try await client.type(of: "e") == "string")
            #expect(try await client.type(of: "none") == "none")
            #expect(try await client.randomKey() != nil)
            #expect(Set(try await client.keys(matching: "[ab]")) == [[0x61], [0x62]])
            #expect(try await client.move("e", toDatabase: 1))
            #expect(try await client.del("a", "none") == 1)
            #expect(try await client.unlink("b") == 1)
            var page = try await client.scan(count: 100)
            var seen = Set(page.keys)
            while page.cursor != 0 {
                page = try await client.scan(from: page.cursor, matching: "*", type: "string")
                seen.formUnion(page.keys)
            }
            #expect(seen == [[0x63]])
            #expect(try await client.dbSize() == 1)
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func expiry(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            try await client.set("k", "12345")
            #expect(try await client.pttl("none") == .missing)
            #expect(try await client.pttl("k") == .unlimited)
            #expect(try await client.expireTime(of: "none") == .missing)
            #expect(try await client.expireTime(of: "k") == .never)
            #expect(try await client.expire("k", .at(unixMilliseconds: 4_000_000_000_000)))
            #expect(try await client.expireTime(of: "k") == .at(unixMilliseconds: 4_000_000_000_000))
            #expect(try await client.expire("k", .after(.seconds(1000)), if: .later) == false)
            #expect(try await client.expire("k", .after(.seconds(1000)), if: .earlier))
            guard case .left(let left) = try await client.pttl("k") else { throw RedisError.closed }
            #expect(left > .seconds(500) && left <= .seconds(1000))
            #expect(try await client.persist("k"))
            #expect(try await client.persist("k") == false)
            #expect(try await client.objectEncoding("k") == "int")
            #expect(try await client.objectEncoding("none") == nil)
            #expect(try await client.objectIdleTime("k").map { $0 < 60 } == true)
            #expect(try await client.objectReferenceCount("k") != nil)
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func connections(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            #expect(try await client.ping() == "PONG")
            #expect(try await client.echo([0, 1]) == [0, 1])
            #expect(try await client.clientName() == nil)
            try await client.clientSetName("me")
            #expect(try await client.clientName() == "me")
            let id = try await client.clientID()
            #expect(try await client.clientInfo().contains("id=\(id) "))
            #expect(try await client.clientInfo().contains("resp=\(version == .resp3 ? 3 : 2)"))
            #expect(try await client.clientList().contains("name=me"))
            #expect(try await client.clientKill(id: 1 << 40) == 0)
            try await client.clientNoEvict(true)
            try await client.clientPause(for: .milliseconds(1))
            try await client.clientUnpause()
            try await client.set("k", "v")
            try await client.select(3)
            #expect(try await client.get("k") == nil)
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func server(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            #expect(try await client.info("server").contains("redis_version:"))
            #expect(try await client.time().seconds > 1_700_000_000)
            try await client.set("k", "v")
            try await client.swapDB(0, 1)
            #expect(try await client.dbSize() == 0)
            try await client.flushDB()
            try await client.flushAll(.sync)
            #expect(try await client.configGet("timeout", "databases")["databases"] == "16")
            try await client.configSet("timeout", "100")
            #expect(try await client.configGet("timeout") == ["timeout": "100"])
            try await client.configResetStat()
            try await client.set("k", "v")
            #expect(try await client.memoryUsage("k").map { $0 > 0 } == true)
            #expect(try await client.memoryUsage("none") == nil)
            #expect(try await client.commandCount() > 50)
            #expect(try await client.commandInfo("get", "nosuch").last == .null)
            #expect(try await client.lolwut().contains("ver"))
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func publishing(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            #expect(try await client.publish("m", to: "c") == 0)
            #expect(try await client.publish("m", toShardChannel: "c") == 0)
            try await client.subscribe(to: "c") { _ in
                try await client.subscribe(toShardChannels: "s") { _ in
                    try await client.subscribe(toPatterns: "p*") { _ async throws in
                        #expect(try await client.publish("m", to: "c") == 1)
                        #expect(try await client.publish("m", toShardChannel: "s") == 1)
                        #expect(try await client.pubSubChannels() == [[0x63]])
                        #expect(try await client.pubSubChannels(matching: "x*") == [])
                        #expect(try await client.pubSubShardChannels() == [[0x73]])
                        #expect(try await client.pubSubFollowers(of: "c", "x") == ["c": 1, "x": 0])
                        #expect(try await client.pubSubShardFollowers(of: "s") == ["s": 1])
                        #expect(try await client.pubSubPatterns() == 1)
                    }
                }
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func anyCommandByItsWords(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await connect(subject, version) { client async throws in
            #expect(
                try await client.send("SET", "k", [UInt8]([0, 255]), "PX", 100_000) == .simpleString("OK"))
            #expect(try await client.send("GET", "k") == .bulkString([0, 255]))
            #expect(try await client.send("DBSIZE", as: Int.self) == 1)
            #expect(
                try await client.send(words: ["MGET", "k", "none"])
                    == .array([.bulkString([0, 255]), .null]))
            await #expect(throws: RedisError.self) { try await client.send("NOSUCHCOMMAND") }
            await #expect(throws: RedisError.needsOwnConnection("SUBSCRIBE")) {
                try await client.send("subscribe", "x")
            }
            #expect(try await client.ping() == "PONG")
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func pipelines(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            let (isSet, value, count, text) = try await client.pipeline(
                .set("k", "v"), .get("k"), .incr("n"), .get("k", as: String.self))
            #expect(isSet && value == [0x76] && count == 1 && text == "v")
            var pipeline = RedisPipeline()
            let bad = pipeline.append(.incr("k"))
            let slots = (0..<1000).map { _ in pipeline.append(.incr("n")) }
            let replies = try await client.send(pipeline)
            #expect(throws: RedisError.self) { try replies[bad] }
            for (index, slot) in slots.enumerated() { #expect(try replies[slot] == index + 2) }
            #expect(replies.values.count == 1001)
            await #expect(throws: RedisError.self) { try await client.pipeline(.get("k"), .incr("k")) }
            #expect(try await client.send(RedisPipeline()).values == [])
            #expect(try await client.get("n", as: Int.self) == 1001)
        }
    }
}
