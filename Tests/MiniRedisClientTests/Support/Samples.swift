@testable import MiniRedisClient

/// A command that a typed method makes, for tests that go through all of them.
struct Sample: Sendable {
    let words: RedisWords
    /// Sends it and reads the reply as its type.
    let send: @Sendable (RedisClient) async throws -> Void

    init<Response>(_ command: RedisCommand<Response>) {
        words = command.words
        send = { client in _ = try await client.send(command) }
    }

    /// Its words, of which none has a space.
    var text: String {
        words.words.map { String(decoding: $0, as: UTF8.self) }.joined(separator: " ")
    }

    /// The typed methods with their arguments; values are in small letters, so that no token is taken
    /// for one.
    static let all: [Sample] =
        strings + numbers + bitmaps + keys + connections + server + insight + publishing
        + collections + places + sorting + [Sample(.watch(["k"])), Sample(.unwatch())]

    /// Those that would end what the others need.
    static let last: [Sample] = [
        Sample(.shutdown(saving: true, now: true)), Sample(.shutdown(saving: false, force: true)),
        Sample(.shutdownAbort()),
    ]

    private static let soon = RedisExpiry.after(.seconds(100))
    private static let late = RedisExpiry.at(unixMilliseconds: 4_000_000_000_000)

    private static let strings: [Sample] = [
        Sample(.set("k", "v")), Sample(.set("k", "v", expiring: soon, if: .absent)),
        Sample(.set("k", "v", expiring: late, if: .present)), Sample(.set("k", "v", keepingExpiry: true)),
        Sample(.set("k", "v", if: .equal(to: [0x76]))),
        Sample(.set("k", "v", if: .value(.different(from: [0x77])))),
        Sample(.set("k", "v", if: .value(.digest("0123456789abcdef")))),
        Sample(.set("k", "v", if: .value(.otherDigest("0123456789abcdef")))),
        Sample(.getSet("k", "v")), Sample(.getSet("k", "v", expiring: soon, if: .present, as: String.self)),
        Sample(.get("k")), Sample(.get("k", as: String.self)), Sample(.getEx("k", expiring: soon)),
        Sample(.getEx("k", expiring: late)), Sample(.getEx("k", expiring: nil)), Sample(.strlen("k")),
        Sample(.append("k", "w")), Sample(.getRange("k", 0, 1)), Sample(.setRange("k", 2, "v")),
        Sample(.digest(of: "k")), Sample(.lcs("k", "l")), Sample(.lcsLength("k", "l")),
        Sample(.lcsMatches("k", "l", shortest: 2, withLengths: true)), Sample(.mget(["k", "l"])),
        Sample(.mset([("k", "v"), ("l", "w")])), Sample(.msetNX([("k", "v"), ("l", "w")])),
        Sample(.msetEx([("k", "v"), ("l", "w")], expiring: soon, if: .absent)),
        Sample(.msetEx([("k", "v")], expiring: late, if: .present)),
        Sample(.msetEx([("k", "v")], keepingExpiry: true)), Sample(.delIfEqual("k", "v")),
        Sample(.delEx("k", if: .equal(to: [0x76]))), Sample(.delEx("k", if: .different(from: [0x76]))),
        Sample(.delEx("k", if: .digest("0123456789abcdef"))),
        Sample(.delEx("k", if: .otherDigest("0123456789abcdef"))), Sample(.getDel("k")),
    ]

    private static let numbers: [Sample] = [
        Sample(.incr("n")), Sample(.decr("n")), Sample(.incrBy("n", 5)), Sample(.decrBy("n", 2)),
        Sample(.incrByFloat("n", 0.5)), Sample(.incrEx("m", by: 2, in: 0...10, saturating: true)),
        Sample(.incrEx("m", expiring: .set(soon))), Sample(.incrEx("m", expiring: .setIfNone(late))),
        Sample(.incrEx("m", byFloat: 0.5, in: 0...10, expiring: .remove)),
    ]

    private static let bitmaps: [Sample] =
        [
            Sample(.setBit("b", 7, true)), Sample(.getBit("b", 7)), Sample(.bitCount("b", in: .bytes(0, 1))),
            Sample(.bitCount("b", in: .bits(0, 1))), Sample(.bitPosition(of: true, in: "b", .bytes(0, 1))),
            Sample(.bitPosition(of: true, in: "b", .bits(0, 1))),
            Sample(.bitPosition(of: false, in: "b", fromByte: 0)),
            Sample(
                .bitField(
                    "b",
                    [
                        .get("u8", at: 0), .overflow(.wrap), .incrBy("u8", at: .index(1), 3),
                        .overflow(.saturate), .set("u8", at: 0, to: 5), .overflow(.fail),
                        .set("u8", at: 8, to: 5),
                    ])),
            Sample(.bitFieldReadOnly("b", [.get("u8", at: 0), .get("i4", at: .index(1))])),
        ]
        + [RedisBitOperation.and, .or, .xor, .difference, .reverseDifference, .andOr, .one].map {
            Sample(.bitOperation($0, ["b", "c"], into: "d"))
        } + [Sample(.bitOperation(.not, ["b"], into: "d"))]

    private static let keys: [Sample] =
        [
            Sample(.exists(["k", "l"])), Sample(.touch(["k", "l"])), Sample(.type(of: "k")),
            Sample(.copy("k", to: "o", database: 1, replacing: true)), Sample(.rename("b", to: "p")),
            Sample(.renameNX("p", to: "b")), Sample(.move("b", toDatabase: 2)), Sample(.randomKey()),
            Sample(.keys(matching: "*")), Sample(.scan(from: 0, matching: "*", count: 10, type: "string")),
            Sample(.persist("k")), Sample(.ttl("k")), Sample(.pttl("k")), Sample(.expireTime(of: "k")),
            Sample(.objectEncoding("k")), Sample(.objectFrequency("k")), Sample(.objectIdleTime("k")),
            Sample(.objectReferenceCount("k")), Sample(.del(["k", "l"])), Sample(.unlink(["k", "l"])),
        ]
        + [RedisExpireCondition.hasNone, .hasOne, .later, .earlier].flatMap {
            [Sample(.expire("k", soon, if: $0)), Sample(.expire("k", late, if: $0))]
        }

    private static let connections: [Sample] = [
        Sample(.ping()), Sample(.ping("hello")), Sample(.echo("hello")), Sample(.auth(password: "secret")),
        Sample(.auth(username: "me", password: "secret")), Sample(.select(0)), Sample(.clientID()),
        Sample(.clientInfo()), Sample(.clientName()), Sample(.clientSetName("me")),
        Sample(.clientSetInfo(.name, "lib")), Sample(.clientSetInfo(.version, "1")),
        Sample(.clientList(filters)), Sample(.clientList([.type(.pubSub)])), Sample(.clientKill(filters)),
        Sample(.clientKill([.type(.master), .ids([1 << 40])])),
        Sample(.clientKill([.type(.replica), .ids([1 << 40])])),
        Sample(.clientKill([.type(.pubSub), .ids([1 << 40])])),
        Sample(.clientList([.type(.master)])), Sample(.clientList([.type(.replica)])),
        Sample(.clientKill([.ids([1 << 40]), .skippingOwn(false)])),
        Sample(.clientList([.skippingOwn(false)])), Sample(.clientUnblock(id: 1 << 40)),
        Sample(.clientUnblock(id: 1 << 40, withError: true)), Sample(.clientCapabilities(["redirect"])),
        Sample(.clientOverflow(.default)), Sample(.clientOverflow(.disconnect)),
        Sample(.clientOverflow(.dropOldest(messages: 1000, bytes: 1 << 20))), Sample(.clientRedirection()),
        Sample(.clientTrackingInfo()), Sample(.clientNoEvict(true)),
        Sample(.clientTracking(RedisTracking(.optIn, redirectedTo: 1 << 40, skippingOwn: true))),
        Sample(.clientTracking(RedisTracking(.optIn))), Sample(.clientCaching(true)),
        Sample(.clientTracking(nil)), Sample(.clientTracking(RedisTracking(.optOut))),
        Sample(.clientCaching(false)), Sample(.clientTracking(nil)),
        Sample(.clientTracking(RedisTracking(.prefixes(["a", "b"])))), Sample(.clientTracking(nil)),
        Sample(.lastSave()), Sample(.role()), Sample(.wait(replicas: 1, waiting: .milliseconds(1))),
        Sample(.waitAOF(local: false, replicas: 1, waiting: .milliseconds(1))),
        Sample(.clientNoEvict(false)), Sample(.clientNoTouch(true)), Sample(.clientNoTouch(false)),
        Sample(.clientPause(for: .milliseconds(1), writesOnly: true)),
        Sample(.clientPause(for: .milliseconds(1))), Sample(.clientUnpause()),
    ]

    /// Which together fit nobody.
    private static let filters: [RedisClientFilter] = [
        .type(.normal), .ids([1 << 40, 1 << 41]), .user("default"), .address("127.0.0.1:1"),
        .localAddress("127.0.0.1:1"), .skippingOwn(true), .olderThan(seconds: 1), .idleFor(seconds: 1),
        .name("none"), .flags("n"), .libraryName("none"), .libraryVersion("none"), .database(0),
        .capabilities("r"), .ip("127.0.0.1"),
    ]

    private static let server: [Sample] = [
        Sample(.info([])), Sample(.info(["server", "memory"])), Sample(.time()), Sample(.dbSize()),
        Sample(.swapDB(0, 1)), Sample(.configGet(["time*", "databases"])), Sample(.configSet("timeout", 0)),
        Sample(.configSet([("timeout", "0"), ("databases-none", "1")])), Sample(.configResetStat()),
        Sample(.configRewrite()), Sample(.lolwut()), Sample(.lolwut(version: 5, [4, 2])),
        Sample(.flushDB(.sync)), Sample(.flushDB(.async)), Sample(.flushAll(.sync)),
        Sample(.flushAll(.async)),
    ]

    private static let insight: [Sample] =
        [
            Sample(.commandCount()), Sample(.commandInfo(["get", "none"])),
            Sample(.commandDocs(["get", "set"])),
            Sample(.commandKeys(in: ["set", "k", "v"])), Sample(.commandKeysAndFlags(in: ["set", "k", "v"])),
            Sample(.commandList()), Sample(.commandList(.module("none"))),
            Sample(.commandList(.category("read"))),
            Sample(.commandList(.pattern("get*"))), Sample(.latencyHistogram()),
            Sample(.latencyHistogram(of: ["get", "set"])), Sample(.memoryUsage("k", samples: 5)),
            Sample(.memoryStats()), Sample(.memoryDoctor()), Sample(.memoryAllocatorStats()),
            Sample(.memoryPurge()), Sample(.slowLog()), Sample(.slowLog(-1)), Sample(.slowLogLength()),
            Sample(.slowLogReset()), Sample(.latencyLatest()), Sample(.latencyHistory(of: "command")),
            Sample(.latencyGraph(of: "command")), Sample(.latencyDoctor()), Sample(.latencyReset()),
            Sample(.latencyReset(["command", "fork"])),
        ]
        + ["CLIENT", "COMMAND", "CONFIG", "LATENCY", "MEMORY", "OBJECT", "PUBSUB", "SLOWLOG"].map {
            Sample(.help(for: $0))
        }

    private static let publishing: [Sample] = [
        Sample(.publish("m", to: "c")), Sample(.publish("m", toShardChannel: "c")),
        Sample(.pubSubChannels()), Sample(.pubSubChannels(matching: "c*")), Sample(.pubSubShardChannels()),
        Sample(.pubSubShardChannels(matching: "c*")), Sample(.pubSubFollowers(of: ["c", "d"])),
        Sample(.pubSubShardFollowers(of: ["c", "d"])), Sample(.pubSubPatterns()),
    ]
}
