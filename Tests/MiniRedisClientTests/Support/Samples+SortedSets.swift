import MiniRedisClient

extension Sample {
    static let sortedSets: [Sample] = scores + ranges + sortedSetParts + sortedSetAlgebra

    private static let pairs: [(member: String, score: Double)] = [("a", 1), ("b", 2.5), ("c", -.infinity)]

    private static let scores: [Sample] =
        [
            Sample(.zadd("z", pairs)), Sample(.zadd("y", pairs, countingChanged: true)),
            Sample(.zaddIncr("z", "a", 1)), Sample(.zaddIncr("z", "none", 1, if: .present)),
            Sample(.zincrBy("z", "a", -0.5)), Sample(.zcard("z")), Sample(.zscore("z", "a")),
            Sample(.zmscore("z", ["a", "none"])), Sample(.zrank("z", "a")), Sample(.zrank("z", "none")),
            Sample(.zrevrank("z", "a")), Sample(.zrankWithScore("z", "a")),
            Sample(.zrankWithScore("z", "none")), Sample(.zrevrankWithScore("z", "a")),
        ]
        + [RedisScoreCondition.absent, .present, .greater, .less, .presentAndGreater, .presentAndLess].map {
            Sample(.zadd("z", pairs, if: $0))
        }

    private static let ranges: [Sample] =
        [
            Sample(.zcount("z")), Sample(.zcount("z", from: .excluding(1), to: 2.5)), Sample(.zlexcount("z")),
            Sample(.zlexcount("z", from: .including("a"), to: .excluding("c"))),
            Sample(.zrange("z", .ranks(0, -1), as: String.self)),
            Sample(.zremrangeByRank("x", 0, 1)), Sample(.zremrangeByScore("x", from: 1, to: .highest)),
            Sample(.zremrangeByLex("x", from: .including("a"), to: .last)),
        ]
        + [RedisSortedSetRange.ranks(0, 1), .scores(offset: 1, limit: 2), .members(offset: 1)].flatMap {
            range in
            [false, true].flatMap { reversed in
                [
                    Sample(.zrange("z", range, reversed: reversed)),
                    Sample(.zrangestore("z", range, reversed: reversed, into: "x")),
                ]
            }
        }
        + [RedisSortedSetRange.ranks(0, 1), .scores(offset: 1, limit: 2)].map {
            Sample(.zrangeWithScores("z", $0))
        }

    private static let sortedSetAlgebra: [Sample] =
        [
            Sample(.zdiff(["y", "z"])), Sample(.zdiffWithScores(["y", "z"])),
            Sample(.zdiffstore(["y", "z"], into: "x")), Sample(.zintercard(["y", "z"], limit: 5)),
        ]
        + [RedisAggregate.sum, .min, .max].flatMap {
            [
                Sample(.zinter(["y", "z"], weights: [1, 0.5], aggregate: $0)),
                Sample(.zinterWithScores(["y", "z"], aggregate: $0)),
                Sample(.zinterstore(["y", "z"], weights: [1, 2], aggregate: $0, into: "x")),
                Sample(.zunion(["y", "z"], weights: [1, 0.5], aggregate: $0)),
                Sample(.zunionWithScores(["y", "z"], aggregate: $0)),
                Sample(.zunionstore(["y", "z"], weights: [1, 2], aggregate: $0, into: "x")),
            ]
        }

    private static let sortedSetParts: [Sample] = [
        Sample(.zrandmember("z")), Sample(.zrandmember("z", count: 2)),
        Sample(.zrandmemberWithScores("z", count: -3)), Sample(.zscan("z", matching: "*", count: 5)),
        Sample(.zpopmin("x")), Sample(.zpopmax("x")), Sample(.zpopmin("x", count: 1)),
        Sample(.zpopmax("x", count: 1)), Sample(.zmpop(["x", "y"], .min, count: 1)),
        Sample(.zmpop(["x", "y"], .max)), Sample(.bzpopmin(["y", "z"], waiting: .milliseconds(1))),
        Sample(.bzpopmax(["y", "z"], waiting: .seconds(1))),
        Sample(.bzmpop(["y", "z"], .min, count: 1, waiting: .milliseconds(1))),
        Sample(.bzmpop(["none"], .max, waiting: .milliseconds(1))), Sample(.zrem("y", ["a", "x"])),
    ]
}
