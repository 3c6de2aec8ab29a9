import MiniRedisClient
import Testing

/// Sorted sets as typed commands tell them, against each server in each version of the protocol.
@Suite(.timeLimit(.minutes(10))) struct SortedSetTests {
    typealias Version = RedisClient.Configuration.ProtocolVersion
    typealias Scored = RedisScored<String>

    private func connect(
        _ subject: Subject, _ version: Version, _ body: @Sendable (RedisClient) async throws -> Void
    ) async throws {
        try await subject.connect(.with { $0.protocolVersion = version }, body)
    }

    @Test(arguments: [Subject].inBothProtocols) func scores(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            #expect(try await client.zadd("z", [("a", 0.1), ("b", 2), ("c", .infinity)]) == 3)
            #expect(try await client.zadd("z", [("b", 3), ("d", 4)]) == 1)
            #expect(
                try await client.zadd("z", [("b", 1), ("d", 5)], if: .greater, countingChanged: true) == 1)
            #expect(try await client.zadd("z", [("b", 0), ("x", 5)], if: .presentAndLess) == 0)
            #expect(try await client.zscore("z", "x") == nil)
            #expect(try await client.zmscore("z", "a", "x", "b", "c") == [0.1, nil, 0, .infinity])
            #expect(try await client.zaddIncr("z", "b", -1.5) == -1.5)
            #expect(try await client.zaddIncr("z", "b", 1, if: .absent) == nil)
            #expect(try await client.zincrBy("z", "b", 1e20) == 1e20)
            #expect(try await client.zrank("z", "c") == 3)
            #expect(try await client.zrevrank("z", "c") == 0)
            #expect(try await client.zrank("z", "x") == nil)
            #expect(try await client.zrem("z", "b", "x") == 1)
            #expect(try await client.zcard("z") == 3)
        }
    }

    /// Redis 7.0 does not know the word yet.
    @Test(arguments: [Version.resp2, .resp3]) func ranksWithScores(_ version: Version) async throws {
        try await connect(.miniRedis, version) { client async throws in
            try await client.zadd("z", [("a", 0.5), ("b", 1)])
            let rank = try await client.zrankWithScore("z", "a")
            #expect(rank?.rank == 0 && rank?.score == 0.5)
            #expect(try await client.zrevrankWithScore("z", "a")?.rank == 1)
            #expect(try await client.zrankWithScore("z", "x") == nil)
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func ranges(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            try await client.zadd("z", [("a", 1), ("b", 2.5), ("c", 3)])
            let all = [Scored("a", 1), Scored("b", 2.5), Scored("c", 3)]
            #expect(try await client.zrange("z", .ranks(0, -1), as: String.self) == ["a", "b", "c"])
            #expect(try await client.zrange("z", .ranks(0, 0), reversed: true) == [[0x63]])
            #expect(try await client.zrangeWithScores("z", .ranks(0, -1), as: String.self) == all)
            #expect(try await client.zrangeWithScores("none", .ranks(0, -1)) == [])
            let lower = RedisSortedSetRange.scores(to: .excluding(3))
            #expect(try await client.zrangeWithScores("z", lower, as: String.self) == Array(all[..<2]))
            #expect(try await client.zrange("z", lower, reversed: true, as: String.self) == ["b", "a"])
            let second = RedisSortedSetRange.scores(offset: 1, limit: 1)
            #expect(try await client.zrange("z", second, as: String.self) == ["b"])
            #expect(try await client.zcount("z", from: .excluding(1), to: 2.5) == 1)
            #expect(try await client.zrangestore("z", .scores(from: 2), into: "y") == 2)
            #expect(try await client.zremrangeByScore("y", from: 3, to: .highest) == 1)
            #expect(try await client.zremrangeByRank("y", 0, -1) == 1)

            try await client.zadd("l", [("a", 0), ("b", 0), ("c", 0)])
            #expect(try await client.zlexcount("l", from: .excluding("a")) == 2)
            let words = RedisSortedSetRange.members(from: .including("b"), offset: 1)
            #expect(try await client.zrange("l", words, as: String.self) == ["c"])
            #expect(try await client.zrange("l", words, reversed: true, as: String.self) == ["b"])
            #expect(try await client.zremrangeByLex("l", from: .first, to: .including("b")) == 2)
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func parts(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            #expect(try await client.zpopmin("none") == nil)
            #expect(try await client.zpopmax("none", count: 2) == [])
            #expect(try await client.zmpop(["none"], .min) == nil)
            #expect(try await client.zrandmember("none") == nil)
            #expect(try await client.zrandmemberWithScores("none", count: 2) == [])
            try await client.zadd("z", [("a", 1), ("b", 2), ("c", 3), ("d", 4), ("e", 5.5)])
            #expect(try await client.zpopmin("z", as: String.self) == Scored("a", 1))
            #expect(try await client.zpopmax("z", count: 1, as: String.self) == [Scored("e", 5.5)])
            let popped = try await client.zmpop(["none", "z"], .max, count: 2, as: String.self)
            #expect(popped?.key == [0x7A])
            #expect(popped?.members == [Scored("d", 4), Scored("c", 3)])
            #expect(try await client.zrandmember("z", as: String.self) == "b")
            #expect(try await client.zrandmember("z", count: -2, as: String.self) == ["b", "b"])
            let two = [Scored("b", 2), Scored("b", 2)]
            #expect(try await client.zrandmemberWithScores("z", count: -2, as: String.self) == two)
            let page = try await client.zscan("z", matching: "*", count: 10, as: String.self)
            #expect(page.cursor == 0 && page.members == [Scored("b", 2)])
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func algebra(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            try await client.zadd("y", [("a", 1), ("b", 2)])
            try await client.zadd("z", [("b", 3), ("c", 4)])
            #expect(try await client.zinter(["y", "z"], as: String.self) == ["b"])
            let weighted = try await client.zinterWithScores(["y", "z"], weights: [2, 0.5], as: String.self)
            #expect(weighted == [Scored("b", 5.5)])
            #expect(
                try await client.zunion(["y", "z"], aggregate: .max, as: String.self) == ["a", "b", "c"])
            let lowest = try await client.zunionWithScores(["y", "z"], aggregate: .min, as: String.self)
            #expect(lowest == [Scored("a", 1), Scored("b", 2), Scored("c", 4)])
            #expect(try await client.zdiff(["y", "z"], as: String.self) == ["a"])
            #expect(try await client.zdiffWithScores(["y", "z"], as: String.self) == [Scored("a", 1)])
            #expect(try await client.zintercard(["y", "z"], limit: 5) == 1)
            #expect(try await client.zinterstore(["y", "z"], into: "x") == 1)
            #expect(try await client.zunionstore(["y", "z"], weights: [1, -1], into: "x") == 3)
            #expect(try await client.zscore("x", "b") == -1)
            #expect(try await client.zdiffstore(["y", "z"], into: "x") == 1)
        }
    }

    @Test func whatIsNoPairIsRefused() {
        let odd = RESPValue.array([.bulkString([0x61]), .double(1), .bulkString([0x62])])
        #expect(throws: RedisError.self) { try [Scored](resp: odd) }
        #expect(throws: RedisError.self) { try [Scored](resp: .array([.array([.bulkString([0x61])])])) }
        #expect(throws: RedisError.self) {
            try [Scored](resp: .array([.bulkString([0x61]), .bulkString([0x62])]))
        }
    }
}
