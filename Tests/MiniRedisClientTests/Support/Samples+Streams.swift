import MiniRedisClient

extension Sample {
    static let streams: [Sample] = streamEntries + streamGroups

    private static let first = RedisStreamID(1, 1)
    private static let second = RedisStreamID(2, 1)

    private static let streamEntries: [Sample] = [
        Sample(.xadd("x", [("f", "v")], id: .id(first))), Sample(.xadd("x", [("f", "v")], id: .id(second))),
        Sample(.xadd("x", [("f", "v"), ("g", "w")], id: .at(milliseconds: 3))),
        Sample(.xadd("y", [("f", "v")])),
        Sample(.xaddIfExists("none", [("f", "v")])),
        Sample(
            .xaddIfExists(
                "y", [("f", "v")], trimming: .length(100, exactly: false, atMost: 10), references: .keep)),
        Sample(.xadd("y", [("f", "v")], trimming: .before(first), references: .delete)),
        Sample(.xadd("y", [("f", "v")], trimming: .length(100), references: .acknowledged)),
        Sample(.xlen("x")), Sample(.xrange("x")), Sample(.xrange("x", from: .id(first), count: 1)),
        Sample(.xrange("x", from: .excluding(first), through: .id(second), count: 1)),
        Sample(.xrevrange("x", count: 1)),
        Sample(.xread(from: [("x", .behind(.zero)), ("y", .end)], count: 2)),
        Sample(.xread(from: [("x", .lastEntry)])), Sample(.xread(from: [("y", .end)])),
        Sample(.xread(from: [("y", .end)], waiting: .milliseconds(1))),
        Sample(.xtrim("x", to: .length(100))),
        Sample(.xtrim("x", to: .before(first, exactly: false, atMost: 5), references: .keep)),
        Sample(.xtrim("x", to: .length(100), references: .delete)),
        Sample(.xtrim("x", to: .length(100), references: .acknowledged)),
        Sample(.xsetID("x", RedisStreamID(9, 9), entriesAdded: 10, maxDeleted: RedisStreamID(1, 0))),
        Sample(.xinfoStream("x")),
    ]

    private static let streamGroups: [Sample] = [
        Sample(.xgroupCreate("x", "g", behind: .zero)),
        Sample(.xgroupCreate("z", "g", makingStream: true, entriesRead: 0)),
        Sample(.xgroupCreateConsumer("x", "g", "c")),
        Sample(.xreadGroup("g", "c", from: [("x", .new)], count: 2, claiming: .seconds(1))),
        Sample(.xreadGroup("g", "c", from: [("x", .history(behind: .zero))], acknowledging: true)),
        Sample(.xreadGroup("g", "d", from: [("z", .new)], waiting: .milliseconds(1))),
        Sample(.xpending("x", "g")), Sample(.xpending("x", "g", count: 5)),
        Sample(.xpending("x", "g", count: 5, idle: .zero, of: "c")),
        Sample(.xclaim("x", "g", for: "d", [first], then: RedisDelivery(.idle(.zero), count: 3))),
        Sample(
            .xclaimIDs(
                "x", "g", for: "d", [second],
                then: RedisDelivery(.at(unixMilliseconds: 1), isForced: true, lastID: first))),
        Sample(.xautoClaim("x", "g", for: "c", idle: .zero, count: 1)),
        Sample(.xautoClaim("x", "g", for: "c", idle: .zero, from: first, onlyIDs: true)),
        Sample(.xinfoGroups("x")), Sample(.xinfoConsumers("x", "g")),
        Sample(.xinfoStream("x", fullWithCount: 5)), Sample(.xinfoHelp()), Sample(.xgroupHelp()),
        Sample(.xack("x", "g", [first])),
        Sample(.xackDel("x", "g", [first, second], references: .keep)),
        Sample(.xackDel("x", "g", [first], references: .delete)),
        Sample(.xackDel("x", "g", [first], references: .acknowledged)),
        Sample(.xdelEx("x", [first], references: .keep)), Sample(.xdelEx("x", [first], references: .delete)),
        Sample(.xdelEx("x", [first, second], references: .acknowledged)),
        Sample(.xdel("x", [first, second])),
        Sample(.xgroupSetID("x", "g")), Sample(.xgroupSetID("x", "g", to: first, entriesRead: 1)),
        Sample(.xgroupDelConsumer("x", "g", "c")), Sample(.xgroupDestroy("x", "g")),
    ]
}
