import MiniRedis
import TestSupport
import Testing

/// `maxmemory` through the wire, on servers that count their own data alone.
@Suite("What is evicted, and what is told of it", .timeLimit(.minutes(10)))
struct EvictionTests {
    private static let outOfMemory = Reply.error("OOM command not allowed when used memory > 'maxmemory'.")
    private static let value = String(repeating: "v", count: 1000)

    private func withServer(
        _ configuration: RedisServer.Configuration,
        _ body: (RedisServer, TestClient) async throws -> Void
    ) async throws {
        try await withRedisServer(configuration: configuration) { server in
            try await body(server, TestClient(adopting: server.connect()))
        }
    }

    @Test(
        "the limit is kept to, whatever the policy",
        arguments: [
            "allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-lru", "volatile-lfu", "volatile-random",
            "volatile-ttl",
        ])
    func limit(policy: String) async throws {
        try await withServer(["maxmemory": "1mb", "maxmemory-policy": policy]) { (_, client) throws in
            for number in 0..<3_000 {
                #expect(
                    try client.command("SET", "k\(number)", Self.value, "EX", "\(1000 + number)") == .ok)
            }
            #expect(try client.figure("used_memory") < 1 << 20 + 4096)
            let evicted = try client.figure("evicted_keys")
            #expect(evicted > 1_500)
            #expect(try client.command("DBSIZE") == .integer(Int64(3_000 - evicted)))
            #expect(try client.figure("current_eviction_exceeded_time") == 0)
        }
    }

    @Test("a pipeline that is one batch is looked at command by command")
    func pipeline() async throws {
        try await withServer(["maxmemory": "1mb", "maxmemory-policy": "allkeys-random"]) {
            (_, client) throws in
            var text = ""
            for number in 0..<2_000 { text += "SET k\(number) \(Self.value)\r\n" }
            try client.send(text)
            for _ in 0..<2_000 { #expect(try client.receive() == .ok) }
            #expect(try client.figure("used_memory_peak") < 1 << 20 + 65_536)
            #expect(try client.figure("evicted_keys") > 900)
        }
    }

    @Test("writes are refused where no key may go, and reads are not")
    func nothingToEvict() async throws {
        try await withServer(["maxmemory": "1mb", "maxmemory-policy": "volatile-lru"]) { (_, client) throws in
            try client.command("SET", "goes", Self.value, "EX", "1000")
            var answer = Reply.ok
            for number in 0..<2_000 where answer == .ok {
                answer = try client.command("SET", "k\(number)", Self.value)
            }
            #expect(answer == Self.outOfMemory)
            #expect(try client.command("EXISTS", "goes") == .integer(0))
            #expect(try client.command("GET", "k0") == .text(Self.value))
            #expect(try client.figure("evicted_keys") == 1)
            // In a transaction only what is refused spoils it.
            #expect(try client.command("MULTI") == .ok)
            #expect(try client.command("GET", "k1") == .simple("QUEUED"))
            #expect(try client.command("SET", "k1", "v") == Self.outOfMemory)
            #expect(
                try client.command("EXEC")
                    == .error("EXECABORT Transaction discarded because of previous errors."))
            #expect(try client.command("DEL", "k0", "k1", "k2") == .integer(3))
            #expect(try client.command("SET", "k", "v") == .ok)
        }
    }

    @Test("a lower limit has keys evicted without a command, and within a transaction only after it")
    func lowerLimit() async throws {
        try await withServer(["maxmemory-policy": "allkeys-lru", "maxmemory-eviction-tenacity": "0"]) {
            (_, client) throws in
            for number in 0..<500 { try client.command("SET", "k\(number)", Self.value) }
            try client.command("MULTI")
            try client.command("CONFIG", "SET", "maxmemory", "100kb")
            try client.command("SET", "more", Self.value)
            try client.command("DBSIZE")
            #expect(try client.command("EXEC") == .array([.ok, .ok, .integer(501)]))
            while try client.figure("current_eviction_exceeded_time") > 0
                || client.command("DBSIZE").number > 110
            {}
            #expect(try client.figure("used_memory") <= 102_400)
            #expect(try client.figure("evicted_keys") == 501 - client.command("DBSIZE").number)
            try client.command("CONFIG", "RESETSTAT")
            #expect(try client.figure("evicted_keys") == 0)
            #expect(try client.figure("total_eviction_exceeded_time") == 0)
        }
    }

    @Test("subscribers, those who watch and those who cache are told")
    func effects() async throws {
        try await withServer(["maxmemory-policy": "allkeys-random", "notify-keyspace-events": "EKe"]) {
            (server, client) throws in
            let watcher = try TestClient(adopting: server.connect())
            let tracker = try TestClient(adopting: server.connect())
            let subscriber = try TestClient(adopting: server.connect())
            try client.command("SET", "k", "v")
            try watcher.command("WATCH", "k")
            try watcher.command("MULTI")
            try watcher.command("PING")
            try tracker.command("HELLO", "3")
            try tracker.command("CLIENT", "TRACKING", "ON")
            try tracker.command("GET", "k")
            try subscriber.command("PSUBSCRIBE", "__key*__:*")
            try client.command("CONFIG", "SET", "maxmemory", "1")
            #expect(
                try subscriber.receive()
                    == .array(["pmessage", "__key*__:*", "__keyspace@0__:k", "evicted"].map { .text($0) }))
            #expect(
                try subscriber.receive()
                    == .array(["pmessage", "__key*__:*", "__keyevent@0__:evicted", "k"].map { .text($0) }))
            #expect(try tracker.receive() == .push([.text("invalidate"), .array([.text("k")])]))
            #expect(try watcher.command("EXEC") == .null)
            #expect(try client.command("GET", "k") == .null)
        }
    }

    @Test("who waits for a group's entries is told that the stream is gone")
    func waiting() async throws {
        try await withServer(["maxmemory-policy": "allkeys-random"]) { (server, client) throws in
            let reader = try TestClient(adopting: server.connect())
            try client.command("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
            try reader.send("XREADGROUP GROUP g c BLOCK 0 STREAMS s >\r\n")
            while try client.figure("blocked_clients") < 1 {}
            try client.command("CONFIG", "SET", "maxmemory", "1")
            #expect(try reader.receive().string?.hasPrefix("NOGROUP") == true)
        }
    }

    @Test("nothing is evicted while clients are paused")
    func pause() async throws {
        try await withServer(["maxmemory-policy": "allkeys-random"]) { (_, client) throws in
            for number in 0..<10 { try client.command("SET", "k\(number)", Self.value) }
            try client.command("CLIENT", "PAUSE", "1000000", "WRITE")
            try client.command("CONFIG", "SET", "maxmemory", "1")
            for _ in 0..<10 { #expect(try client.command("DBSIZE") == .integer(10)) }
            try client.command("CLIENT", "UNPAUSE")
            #expect(try client.command("DBSIZE") == .integer(0))
        }
    }

    @Test("keyspaces that were exchanged or emptied a moment ago are known")
    func exchanged() async throws {
        try await withServer(["maxmemory": "2mb", "maxmemory-policy": "allkeys-random"]) {
            (_, client) throws in
            for number in 0..<800 { try client.command("SET", "k\(number)", Self.value) }
            for _ in 0..<50 {
                try client.send("SWAPDB 0 1\r\nSET a v\r\nSELECT 1\r\nSET b v\r\nSELECT 0\r\n")
                for _ in 0..<5 { #expect(try client.receive() == .ok) }
            }
            try client.send("FLUSHALL\r\nSET a \(Self.value)\r\nSET b \(Self.value)\r\n")
            for _ in 0..<3 { #expect(try client.receive() == .ok) }
            #expect(try client.figure("evicted_keys") == 0)
        }
    }

    @Test("numbers are kept key by key where their clocks count")
    func sharedNumbers() async throws {
        try await withServer([:]) { (_, client) throws in
            try client.command("SET", "n", "7")
            for (limit, policy, count) in [
                ("0", "allkeys-lru", Int64(Int32.max)), ("1gb", "allkeys-random", Int64(Int32.max)),
                ("1gb", "volatile-ttl", Int64(Int32.max)), ("1gb", "allkeys-lru", 1),
                ("1gb", "volatile-lfu", 1),
            ] {
                try client.command("CONFIG", "SET", "maxmemory", limit, "maxmemory-policy", policy)
                #expect(
                    try client.command("OBJECT", "REFCOUNT", "n") == .integer(count), "\(limit) \(policy)")
            }
        }
    }
}

extension Reply {
    fileprivate var number: Int { if case .integer(let value) = self { Int(value) } else { -1 } }
}
