import MiniRedisClient

extension Sample {
    static let collections: [Sample] =
        sets + hashes + sortedSets + lists + streams + [
            Sample(.pfadd("p", ["a", "b"])), Sample(.pfcount(["p", "q"])), Sample(.pfmerge(["p"], into: "q")),
        ]

    private static let sets: [Sample] = [
        Sample(.sadd("s", ["a", "b"])), Sample(.sadd("t", ["b", "c"])), Sample(.scard("s")),
        Sample(.sismember("s", "a")), Sample(.smismember("s", ["a", "x"])), Sample(.smembers("s")),
        Sample(.smembers("s", as: String.self)), Sample(.srandmember("s")),
        Sample(.srandmember("s", count: 2)),
        Sample(.sscan("s", from: 0, matching: "*", count: 10)), Sample(.sinter(["s", "t"])),
        Sample(.sunion(["s", "t"])), Sample(.sdiff(["s", "t"])), Sample(.sinterstore(["s", "t"], into: "u")),
        Sample(.sunionstore(["s", "t"], into: "u")), Sample(.sdiffstore(["s", "t"], into: "u")),
        Sample(.sintercard(["s", "t"], limit: 5)), Sample(.smove("a", from: "s", to: "t")),
        Sample(.srem("t", ["a", "x"])), Sample(.spop("s")), Sample(.spop("t", count: 2)),
    ]

    private static let hashes: [Sample] =
        [
            Sample(.hsetEx("h", [("f", "v"), ("g", "w")], expiring: .after(.seconds(9)), ifKey: .absent)),
            Sample(.hsetEx("h", [("f", "v")], keepingExpiry: true, ifKey: .present, ifFields: .present)),
            Sample(
                .hsetEx(
                    "h", [("x", "v")], expiring: .at(unixMilliseconds: 4_000_000_000_000), ifFields: .absent)),
            Sample(.hgetEx("h", ["f", "x"], expiring: nil)),
            Sample(.hgetEx("h", ["f"], expiring: .after(.seconds(9)))),
            Sample(.hgetEx("h", ["f"], expiring: .at(unixMilliseconds: 4_000_000_000_000))),
            Sample(.hgetDel("h", ["f", "x"])), Sample(.hset("h", [("f", "v"), ("g", "1")])),
            Sample(.hsetNX("h", "f", "v")),
            Sample(.hget("h", "f")),
            Sample(.hmget("h", ["f", "x"])), Sample(.hgetAll("h")),
            Sample(.hgetAll("h", as: [String: String].self)),
            Sample(.hkeys("h")), Sample(.hvals("h", as: String.self)), Sample(.hlen("h")),
            Sample(.hexists("h", "f")),
            Sample(.hstrlen("h", "f")), Sample(.hincrBy("h", "g", 2)), Sample(.hincrByFloat("h", "g", 0.5)),
            Sample(.hrandField("h")), Sample(.hrandField("h", count: 2)),
            Sample(.hrandFieldWithValues("h", count: -3)), Sample(.hscan("h", matching: "*", count: 5)),
            Sample(.hscan("h", withoutValues: true)), Sample(.hpersist("h", ["f"])),
            Sample(.hpttl("h", ["f"])),
            Sample(.httl("h", ["f"])), Sample(.hpexpireTime("h", ["f", "g"])),
            Sample(.hdel("h", ["f", "x"])),
        ]
        + [RedisExpireCondition.hasNone, .hasOne, .later, .earlier].flatMap {
            [
                Sample(.hexpire("h", ["f"], .after(.seconds(100)), if: $0)),
                Sample(.hexpire("h", ["f", "g"], .at(unixMilliseconds: 4_000_000_000_000), if: $0)),
            ]
        }

    private static let lists: [Sample] = [
        Sample(.rpush("l", ["a", "b", "c"])), Sample(.lpush("l", ["a", "b", "c"])),
        Sample(.rpushX("l", ["a"])),
        Sample(.lpushX("l", ["a"])), Sample(.llen("l")), Sample(.lrange("l", 0, -1)), Sample(.lindex("l", 0)),
        Sample(.lset("l", 0, "z")), Sample(.linsert("l", "y", .before, "a")),
        Sample(.linsert("l", "y", .after, "a")), Sample(.lpos("l", "a", rank: -1, limit: 100)),
        Sample(.lpos("l", "a", count: 0, rank: 1, limit: 100)), Sample(.lrem("l", "y", count: 1)),
        Sample(.lmove("l", .left, to: "m", .right)), Sample(.lmove("l", .right, to: "m", .left)),
        Sample(.lmpop(["l", "m"], .left, count: 1)), Sample(.lmpop(["l", "m"], .right)),
        Sample(.blpop(["l", "m"], waiting: .milliseconds(1))),
        Sample(.brpop(["l", "m"], waiting: .seconds(1))),
        Sample(.blmove("l", .left, to: "m", .right, waiting: .milliseconds(1))),
        Sample(.blmove("l", .right, to: "m", .left, waiting: .milliseconds(1))),
        Sample(.blmpop(["l", "m"], .left, count: 1, waiting: .milliseconds(1))),
        Sample(.blmpop(["none"], .right, waiting: .milliseconds(1))), Sample(.ltrim("l", 0, 5)),
        Sample(.lpop("l")), Sample(.rpop("l")), Sample(.lpop("l", count: 1)), Sample(.rpop("l", count: 1)),
    ]
}
