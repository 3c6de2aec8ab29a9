/// Directives of Redis without an effect in this server.
///
/// A value that by itself asks for what this server would then not do is refused, at the start and by
/// CONFIG SET, with the reason; Redis's default is always taken. Taken, checked, kept, shown and written
/// back is what only tunes a feature that some other, refused value or unknown command would have to call
/// for, or how Redis goes about what this server does anyway; the log names those that were changed.
///
/// So a stock redis.conf starts this server, tools that read and restore settings work, and nobody
/// relies on what is not done. A feature that comes moves its rows away.
extension ConfigurationTable {
    static let dormant: [Directive] = switches + persistence + replication + cluster + tuning

    private static let anyCount: ClosedRange<Int64> = 0...Int64.max
    private static let anyInt: ClosedRange<Int64> = 0...Int64(Int32.max)

    private static func off(_ name: String, because reason: String, _ flags: Directive.Flags = [])
        -> Directive
    {
        .dormant(name, flags, .yesNo.only(false, because: reason), false)
    }

    private static func untouched(_ name: String, alias: String, because reason: String) -> Directive {
        .dormant(name, alias: alias, .immutable, .text.only("", because: reason), "")
    }

    private static func flag(
        _ name: String, alias: String? = nil, _ value: Bool, _ flags: Directive.Flags = []
    ) -> Directive {
        .dormant(name, alias: alias, flags, .yesNo, value)
    }

    private static func count(
        _ name: String, alias: String? = nil, _ value: Int64, in range: ClosedRange<Int64> = anyInt,
        _ flags: Directive.Flags = []
    ) -> Directive {
        .dormant(name, alias: alias, flags, .integer(range), value)
    }

    private static func size(
        _ name: String, alias: String? = nil, _ value: Int64, in range: ClosedRange<Int64> = anyCount,
        _ flags: Directive.Flags = []
    ) -> Directive {
        .dormant(name, alias: alias, flags, .memory(range), value)
    }

    private static func text(
        _ name: String, alias: String? = nil, _ value: String = "", _ flags: Directive.Flags = []
    ) -> Directive {
        .dormant(name, alias: alias, flags, .bytesUntilNUL, Array(value.utf8))
    }

    private static func word(
        _ name: String, _ value: String, of choices: [String], _ flags: Directive.Flags = []
    ) -> Directive {
        .dormant(name, flags, .word(of: choices), value)
    }

    /// What would turn a feature on that is not there.
    private static let switches: [Directive] = [
        .dormant(
            "aclfile", .immutable, .text.only("", because: "this server has no access lists"), ""),
        off("activedefrag", because: "this server does not defragment its memory", .debug),
        off("appendonly", because: "this server writes no append-only file"),
        .dormant(
            "bind-source-addr", [], .text.only("", because: "this server does not replicate"), ""),
        untouched("bio-cpulist", alias: "bio_cpulist", because: "this server does not choose its processors"),
        off("cluster-enabled", because: "this server has no cluster mode", .immutable),
        .dormant(
            "min-replicas-to-write", alias: "min-slaves-to-write", [],
            .integer(anyInt).only(0, because: "this server does not replicate"), Int64(0)),
        untouched(
            "server-cpulist", alias: "server_cpulist", because: "this server does not choose its processors"),
        .dormant(
            "replicaof", alias: "slaveof", [.immutable, .multiple], .replicaOf, [String]()),
        .dormant("save", .multiple, .savePoints, [String]()),
        .dormant(
            "socket-mark-id", .immutable,
            .integer(0...Int64(UInt32.max)).only(0, because: "this server does not mark sockets"),
            Int64(0)),
        off("syslog-enabled", because: "this server does not log to syslog", .immutable),
        off("use-exit-on-panic", because: "this server aborts on a panic", .hidden),
        .dormant(
            "watchdog-period", .hidden, .integer(anyInt).only(0, because: "this server has no watchdog"),
            Int64(0)),
        .dormant(
            "tls-port", [], .integer(0...65535).only(0, because: "this server has no TLS"), Int64(0)),
    ]

    private static let persistence: [Directive] = [
        flag("aof-disable-auto-gc", false, .hidden),
        flag("aof-load-truncated", true),
        flag("aof-rewrite-incremental-fsync", true),
        flag("aof-timestamp-enabled", false),
        flag("aof-use-rdb-preamble", true),
        text("appenddirname", "appendonlydir", .immutable),
        text("appendfilename", "appendonly.aof", .immutable),
        word("appendfsync", "everysec", of: ["everysec", "always", "no"]),
        size("auto-aof-rewrite-min-size", 64 << 20),
        count("auto-aof-rewrite-percentage", 100),
        text("dbfilename", "dump.rdb", .protected),
        count("key-load-delay", 0, in: Int64(Int32.min)...Int64(Int32.max), .hidden),
        count("loading-process-events-interval-bytes", 2 << 20, in: 1024...Int64(Int32.max), .hidden),
        flag("no-appendfsync-on-rewrite", false),
        flag("rdb-del-sync-files", false),
        count("rdb-key-save-delay", 0, in: Int64(Int32.min)...Int64(Int32.max), .hidden),
        flag("rdb-save-incremental-fsync", true),
        flag("rdbchecksum", true, .immutable),
        flag("rdbcompression", true),
        word("sanitize-dump-payload", "no", of: ["no", "yes", "clients"], .debug),
        flag("stop-writes-on-bgsave-error", true),
    ]

    private static let replication: [Directive] = [
        .dormant("masterauth", .sensitive, .bytes, []),
        text("masteruser", "", .sensitive),
        count("min-replicas-max-lag", alias: "min-slaves-max-lag", 10),
        word("propagation-error-behavior", "ignore", of: ["ignore", "panic", "panic-on-replicas"]),
        size("repl-backlog-size", 1 << 20, in: 1...Int64.max),
        count("repl-backlog-ttl", 3600, in: anyCount),
        flag("repl-disable-tcp-nodelay", false),
        word("repl-diskless-load", "disabled", of: ["disabled", "on-empty-db", "swapdb"], .debug),
        flag("repl-diskless-sync", true, .debug),
        count("repl-diskless-sync-delay", 5),
        count("repl-diskless-sync-max-replicas", 0),
        count("repl-ping-replica-period", alias: "repl-ping-slave-period", 10, in: 1...Int64(Int32.max)),
        count("repl-timeout", 60, in: 1...Int64(Int32.max)),
        text("replica-announce-ip", alias: "slave-announce-ip"),
        count("replica-announce-port", alias: "slave-announce-port", 0, in: 0...65535),
        flag("replica-announced", true),
        flag("replica-ignore-disk-write-errors", false),
        flag("replica-ignore-maxmemory", alias: "slave-ignore-maxmemory", true),
        flag("replica-lazy-flush", alias: "slave-lazy-flush", false),
        count("replica-priority", alias: "slave-priority", 100),
        flag("replica-read-only", alias: "slave-read-only", true, .debug),
        flag("replica-serve-stale-data", alias: "slave-serve-stale-data", true),
        count("shutdown-timeout", 10),
    ]

    private static let cluster: [Directive] = [
        flag("cluster-allow-pubsubshard-when-down", true),
        flag("cluster-allow-reads-when-down", false),
        flag("cluster-allow-replica-migration", true),
        count("cluster-announce-bus-port", 0, in: 0...65535),
        text("cluster-announce-hostname"),
        text("cluster-announce-human-nodename"),
        text("cluster-announce-ip"),
        count("cluster-announce-port", 0, in: 0...65535),
        count("cluster-announce-tls-port", 0, in: 0...65535),
        text("cluster-config-file", "nodes.conf", .immutable),
        .dormant("cluster-link-sendbuf-limit", [], .memory, UInt64(0)),
        count("cluster-migration-barrier", 1),
        count("cluster-node-timeout", 15_000, in: anyCount),
        count("cluster-ping-interval", 0, in: anyCount, .hidden),
        count("cluster-port", 0, in: 0...65535, .immutable),
        word("cluster-preferred-endpoint-type", "ip", of: ["ip", "hostname", "unknown-endpoint"]),
        flag("cluster-replica-no-failover", alias: "cluster-slave-no-failover", false),
        count("cluster-replica-validity-factor", alias: "cluster-slave-validity-factor", 10),
        flag("cluster-require-full-coverage", true),
    ]

    private static let tuning: [Directive] = [
        word("acl-pubsub-default", "resetchannels", of: ["allchannels", "resetchannels"]),
        count("acllog-max-len", 128, in: anyCount),
        count("active-defrag-cycle-max", 25, in: 1...99),
        count("active-defrag-cycle-min", 1, in: 1...99),
        size("active-defrag-ignore-bytes", 100 << 20, in: 1...Int64.max),
        count("active-defrag-max-scan-fields", 1000, in: 1...Int64.max),
        count("active-defrag-threshold-lower", 10, in: 0...1000),
        count("active-defrag-threshold-upper", 100, in: 0...1000),
        count("active-expire-effort", 1, in: 1...10),
        flag("activerehashing", true),
        text("aof-rewrite-cpulist", alias: "aof_rewrite_cpulist", "", .immutable),
        text("bgsave-cpulist", alias: "bgsave_cpulist", "", .immutable),
        count("busy-reply-threshold", alias: "lua-time-limit", 5000, in: anyCount),
        flag("crash-log-enabled", true),
        flag("crash-memcheck-enabled", true),
        flag("disable-thp", true, .immutable),
        flag("dynamic-hz", true),
        word("enable-module-command", "no", of: ["no", "yes", "local"], .immutable),
        .dormant("hz", [], .frequency, 10),
        text("ignore-warnings"),
        flag("io-threads-do-reads", false, [.immutable, .debug]),
        flag("jemalloc-bg-thread", true),
        flag("lazyfree-lazy-server-del", false, .debug),
        flag("lazyfree-lazy-user-del", false, .debug),
        flag("lazyfree-lazy-user-flush", false, .debug),
        text("locale-collate"),
        count("max-new-connections-per-cycle", 10, in: 1...1000),
        count("max-new-tls-connections-per-cycle", 1, in: 1...1000),
        word("syslog-facility", "local0", of: ["user"] + (0...7).map { "local\($0)" }, .immutable),
        text("syslog-ident", "redis", .immutable),
    ]
}
