import MiniRedis
import Reactor
import TestSupport
import Testing

/// INFO, MEMORY, LATENCY, TIME and LOLWUT through the wire.
@Suite struct InsightTests {
    @Test func infoCountsWhatHappened() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("SET", "k", "v")
            try client.command("SET", "due", "v", "EX", "100")
            try client.command("GET", "k")
            try client.command("GET", "missing")
            try client.command("GET")
            try client.command("INCR", "k")
            try client.command("nosuch")
            let info = try client.info("everything")
            #expect(info["cmdstat_set"]?.hasPrefix("calls=2,") == true)
            #expect(info["cmdstat_get"]?.hasSuffix("rejected_calls=1,failed_calls=0") == true)
            #expect(info["cmdstat_incr"]?.hasSuffix("rejected_calls=0,failed_calls=1") == true)
            #expect(info["errorstat_ERR"] == "count=3")
            #expect(info["total_error_replies"] == "3")
            #expect(info["keyspace_hits"] == "1")
            #expect(info["keyspace_misses"] == "1")
            #expect(info["total_commands_processed"] == "5")
            #expect(info["connected_clients"] == "1")
            #expect(info["db0"]?.hasPrefix("keys=2,expires=1,avg_ttl=") == true)
            #expect(info["latency_percentiles_usec_set"]?.hasPrefix("p50=") == true)
            #expect(info["run_id"]?.utf8.count == 40)
        }
    }

    @Test func infoTellsOfTheLoop() async throws {
        try await withServer { server in
            let client = try server.connect()
            let names = [
                "eventloop_cycles", "eventloop_duration_sum", "eventloop_duration_cmd_sum",
                "eventloop_duration_max", "eventloop_duration_cron_sum", "eventloop_duration_aof_sum",
                "eventloop_cmd_per_cycle_max",
            ]
            func figures() throws -> [String: Int] {
                try client.info("stats", "debug").filter { names.contains($0.key) }.compactMapValues {
                    Int($0)
                }
            }
            let pings = (0..<50).flatMap { _ in TestClient.encode([Array("PING".utf8)]) }
            try client.send(pings)
            for _ in 0..<50 { #expect(try client.receive() == .simple("PONG")) }
            let before = try figures()
            #expect(Set(before.keys) == Set(names))
            #expect(before["eventloop_duration_aof_sum"] == 0)
            // The kernel may have handed the batch over in pieces.
            #expect((2...50).contains(before["eventloop_cmd_per_cycle_max"] ?? 0))
            let after = try figures()
            for name in names.prefix(3) {
                #expect(after[name] ?? 0 > before[name] ?? 0, "\(name)")
            }
            #expect(after["eventloop_duration_max"] ?? 0 <= after["eventloop_duration_sum"] ?? 0)
            #expect(after["eventloop_duration_cmd_sum"] ?? 0 <= after["eventloop_duration_sum"] ?? 0)
            // Samples are taken ten times a second while there is anything to see.
            #expect(try client.waitUntilIdle { try figures()["eventloop_duration_cron_sum"] ?? 0 > 0 })
            #expect(
                try client.waitUntilIdle {
                    let stats = try client.info("stats")
                    return Int(stats["instantaneous_eventloop_cycles_per_sec"] ?? "") ?? 0 > 0
                        && Int(stats["instantaneous_eventloop_duration_usec"] ?? "") ?? 0 > 0
                })
            try client.command("CONFIG", "RESETSTAT")
            let reset = try figures()
            #expect(reset["eventloop_cycles"] ?? 0 < after["eventloop_cycles"] ?? 0)
            #expect(reset["eventloop_cmd_per_cycle_max"] == 1)
            // Hidden from whoever wants all.
            #expect(try client.info("everything")["eventloop_duration_max"] == nil)
        }
    }

    @Test func infoKnowsTheFarthestDeadline() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("SET", "k", "v")
            try client.command("PEXPIREAT", "k", "9223372036854775807")
            #expect(try client.info("keyspace")["db0"]?.hasPrefix("keys=1,expires=1,avg_ttl=92233") == true)
        }
    }

    @Test func infoShowsTheSectionsAskedFor() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.info("cpu").keys.allSatisfy { $0.hasPrefix("used_cpu_") })
            #expect(try client.info("nosuch").isEmpty)
            #expect(try client.info("default")["cmdstat_info"] == nil)
            #expect(try client.info("commandSTATS", "server")["cmdstat_info"] != nil)
            #expect(try client.info("server", "commandstats")["process_id"] != nil)
        }
    }

    @Test func everyFieldThatToolsRead() async throws {
        try await withServer { server in
            let info = try server.connect().info()
            for field in [
                "redis_version", "redis_git_sha1", "redis_mode", "os", "process_id", "tcp_port",
                "uptime_in_seconds",
                "maxclients", "blocked_clients", "used_memory", "used_memory_human", "used_memory_rss",
                "used_memory_peak",
                "maxmemory", "maxmemory_policy", "mem_fragmentation_ratio", "loading", "rdb_last_save_time",
                "rdb_bgsave_in_progress", "aof_enabled", "total_connections_received",
                "instantaneous_ops_per_sec",
                "total_net_input_bytes", "expired_keys", "evicted_keys", "role", "connected_slaves",
                "master_repl_offset", "used_cpu_sys", "cluster_enabled", "lazyfree_pending_objects",
            ] { #expect(info[field] != nil, "\(field)") }
        }
    }

    @Test func memoryGrowsWithTheData() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("SET", "small", "x")
            try client.command("SET", "big", String(repeating: "x", count: 3_000_000))
            guard case .integer(let small) = try client.command("MEMORY", "USAGE", "small"),
                case .integer(let big) = try client.command("MEMORY", "USAGE", "big", "SAMPLES", "0")
            else { return #expect(Bool(false), "no number") }
            #expect((8...600).contains(small))
            #expect((3_000_000...3_100_000).contains(big))
            #expect(try client.command("MEMORY", "USAGE", "missing") == .null)
            #expect(try client.command("MEMORY", "USAGE", "small", "SAMPLES") == .error("ERR syntax error"))
            #expect(
                try client.command("MEMORY", "USAGE", "small", "SAMPLES", "-1") == .error("ERR syntax error"))
            let used = try #require(client.info("memory")["used_memory"].flatMap { Int($0) })
            // A sanitizer's allocator tells nothing of what it has handed out.
            #expect(used > 3_000_000 || ProcessMemory.heap().used == 0)
            let stats = try client.command("MEMORY", "STATS").elements
            #expect(stats.contains(.text("db.0")) && stats.count % 2 == 0)
        }
    }

    @Test func memoryOfATableThatWasEmptied() async throws {
        try await withServer { server in
            let client = try server.connect()
            func names() throws -> [String] {
                try client.command("MEMORY", "STATS").elements.compactMap(\.string).filter {
                    $0.hasPrefix("db.")
                }
            }
            // Another field begins like the databases' names.
            let others = try names()
            func buckets() throws -> Reply? {
                let stats = try client.command("MEMORY", "STATS").elements
                return stats.firstIndex(of: .text("overhead.db.hashtable.lut")).map { stats[$0 + 1] }
            }
            #expect(try buckets() == .integer(0))
            try client.command("SELECT", "9")
            for number in 0..<200 { try client.command("SET", "k\(number)", "v") }
            for number in 0..<200 { try client.command("DEL", "k\(number)") }
            #expect(Set(try names()).subtracting(others) == ["db.9"])
            // A bucket is a cache line.
            #expect(try buckets() == .integer(64))
            #expect(try !client.info("keyspace").keys.contains("db9"))
            try client.command("FLUSHDB")
            #expect(try names() == others)
        }
    }

    @Test func timeIsNow() async throws {
        try await withServer { server in
            let time = try server.connect().command("TIME").elements.compactMap {
                $0.string.flatMap { Int64($0) }
            }
            #expect(time.count == 2 && time[0] > 1_700_000_000 && (0..<1_000_000).contains(time[1]))
        }
    }

    @Test func latencyHistogramsOfUsedCommands() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("SET", "k", "v")
            try client.command("SET", "k", "v")
            let histogram = try client.command("LATENCY", "HISTOGRAM", "set", "get", "nosuch").elements
            #expect(histogram.first == .text("set") && histogram.count == 2)
            #expect(histogram.last?.elements.prefix(2) == [.text("calls"), .integer(2)])
            #expect(histogram.last?.elements.last?.elements.last == .integer(2))
        }
    }

    @Test func latencyTrackingFollowsTheConfiguration() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("CONFIG", "SET", "latency-tracking", "no") == .ok)
            try client.command("SET", "k", "v")
            #expect(try client.info("latencystats").isEmpty)
            #expect(
                try client.command(
                    "CONFIG", "SET", "latency-tracking", "yes", "latency-tracking-info-percentiles",
                    "0 50.0 100") == .ok)
            try client.command("SET", "k", "v")
            let line = try #require(client.info("latencystats")["latency_percentiles_usec_set"])
            #expect(line.split(separator: ",").map { $0.prefix { $0 != "=" } } == ["p0", "p50", "p100"])
        }
    }

    @Test func resetstatStartsAfresh() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("GET", "missing")
            try client.command("nosuch")
            #expect(try client.command("CONFIG", "RESETSTAT") == .ok)
            let info = try client.info("all")
            #expect(info["cmdstat_get"] == nil && info["errorstat_ERR"] == nil)
            #expect(info["keyspace_misses"] == "0" && info["total_error_replies"] == "0")
            #expect(info["cmdstat_config|resetstat"]?.hasPrefix("calls=1,") == true)
        }
    }

    @Test func lolwutEndsWithTheVersion() async throws {
        try await withServer { server in
            let client = try server.connect()
            let lines = try #require(client.command("LOLWUT", "VERSION", "5", "4", "3").string).split(
                separator: "\n")
            #expect(lines.count == 4 && lines[0].count == 4)
            #expect(lines.last?.contains("Redis ver. ") == true)
            #expect(
                try client.command("LOLWUT", "VERSION", "x")
                    == .error("ERR value is not an integer or out of range"))
        }
    }
}

extension TestClient {
    /// INFO's fields.
    func info(_ sections: String...) throws -> [String: String] {
        let text = try command((["INFO"] + sections).map { Array($0.utf8) }).string ?? ""
        var fields: [String: String] = [:]
        for line in text.split(separator: "\r\n") where !line.hasPrefix("#") {
            let colon = line.firstIndex(of: ":") ?? line.endIndex
            fields[String(line[..<colon])] = String(line[colon...].dropFirst())
        }
        return fields
    }
}
