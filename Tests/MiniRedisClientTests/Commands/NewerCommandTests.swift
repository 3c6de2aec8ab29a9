import MiniRedisClient
import Testing

/// What only this project's server and the newest others know, and collections.
@Suite(.timeLimit(.minutes(10))) struct NewerCommandTests {
    typealias Version = RedisClient.Configuration.ProtocolVersion

    private static let versions: [Version] = [.resp2, .resp3]

    @Test(arguments: versions) func conditionsOnValues(_ version: Version) async throws {
        try await Subject.miniRedis.connect(.with { $0.protocolVersion = version }) { client async throws in
            try await client.set("k", "hello")
            let digest = try #require(try await client.digest(of: "k"))
            #expect(digest.count == 16)
            #expect(try await client.digest(of: "none") == nil)
            #expect(try await client.set("k", "w", if: .value(.otherDigest(digest))) == false)
            #expect(try await client.set("k", "world", if: .value(.digest(digest))))
            #expect(try await client.getSet("k", "x", if: .equal(to: [1]), as: String.self) == "world")
            #expect(try await client.delEx("k", if: .different(from: Array("world".utf8))) == false)
            #expect(try await client.delEx("k", if: .equal(to: Array("world".utf8))))
            #expect(
                try await client.msetEx([("a", "1"), ("b", "2")], expiring: .after(.seconds(9)), if: .absent))
            #expect(try await client.msetEx([("a", "1"), ("c", "2")], if: .absent) == false)
        }
    }

    @Test(arguments: versions) func boundedNumbers(_ version: Version) async throws {
        try await Subject.miniRedis.connect(.with { $0.protocolVersion = version }) { client async throws in
            let first = try await client.incrEx("n", by: 5, in: 0...8)
            #expect(first.value == 5 && first.added == 5)
            let second = try await client.incrEx("n", by: 5, in: 0...8, saturating: true)
            #expect(second.value == 8 && second.added == 3)
            let third = try await client.incrEx("n", byFloat: 0.5)
            #expect(third.value == 8.5 && third.added == 0.5)
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func commonParts(_ subject: Subject, _ version: Version)
        async throws
    {
        try await subject.connect(.with { $0.protocolVersion = version }) { client async throws in
            try await client.mset([("x", "ohmytext"), ("y", "mynewtext")])
            let common = try await client.lcsMatches("x", "y", withLengths: true)
            #expect(common.length == 6 && common.matches.map(\.first) == [4...7, 2...3])
            #expect(
                common.matches.map(\.second) == [5...8, 0...1] && common.matches.map(\.length) == [4, 2])
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func sets(_ subject: Subject, _ version: Version) async throws
    {
        try await subject.connect(.with { $0.protocolVersion = version }) { client async throws in
            #expect(try await client.sadd("s", "a", "b", "c", "a") == 3)
            #expect(try await Set(client.smembers("s", as: String.self)) == ["a", "b", "c"])
            #expect(try await client.smismember("s", "a", "x") == [true, false])
            #expect(try await client.smove("a", from: "s", to: "t"))
            #expect(try await client.sunionstore(["s", "t"], into: "u") == 3)
            #expect(try await client.sinter(["t", "u"], as: String.self) == ["a"])
            #expect(try await client.sintercard(["s", "u"], limit: 1) == 1)
            #expect(try await client.spop("t", as: String.self) == "a")
            #expect(try await client.spop("t") == nil)
            #expect(try await client.srem("s", "b", "x") == 1)
            var members: Set<String> = []
            for try await member in client.scanMembers(of: "u", as: String.self) { members.insert(member) }
            #expect(members == ["a", "b", "c"])
        }
    }

    /// Commands that this project's server comes to have are tested against it by `CoverageTests`.
    @Test(arguments: Subject.all) func hashesAndLists(_ subject: Subject) async throws {
        for version in Self.versions {
            try await subject.connect(.with { $0.protocolVersion = version }) { client async throws in
                #expect(try await client.hset("h", [("f", "v"), ("g", "1")]) == 2)
                #expect(try await client.hgetAll("h", as: [String: String].self) == ["f": "v", "g": "1"])
                #expect(try await client.hincrBy("h", "g", 4) == 5)
                #expect(try await client.hmget("h", ["g", "x"], as: Int.self) == [5, nil])
                #expect(try await client.hrandFieldWithValues("h", count: 5).count == 2)
                #expect(try await client.rpush("l", "a", "b", "c") == 3)
                #expect(try await client.lrange("l", 0, -1, as: String.self) == ["a", "b", "c"])
                #expect(try await client.lpop("l", count: 2, as: String.self) == ["a", "b"])
                let popped = try await client.blpop(["none", "l"], waiting: .seconds(1))
                #expect(popped?.key == Array("l".utf8) && popped?.elements == [Array("c".utf8)])
                #expect(try await client.blpop(["l"], waiting: .milliseconds(1)) == nil)
                #expect(try await client.pfadd("p", "a", "b"))
                #expect(try await client.pfcount("p") == 2)
            }
        }
    }
}
