import Engine

/// All directives, each declared once; reading, CONFIG and CONFIG REWRITE derive from these rows.
enum ConfigurationTable {
    /// Every directive, those with an effect first.
    static let all: [Directive] = network + clients + data + encodings + process + dormant

    private static let byName: [String: Directive] = {
        var found: [String: Directive] = [:]
        for directive in all {
            found[directive.name] = directive
            if let alias = directive.alias { found[alias] = directive }
        }
        return found
    }()

    /// The directive of a name or alias, in either case.
    static func find(_ name: [UInt8]) -> Directive? { byName[lowercased(name)] }

    /// What the log says of dormant directives that were given a value.
    static func remark(onIdle names: [String]) -> String {
        "Known directives without an effect in this server: \(names.joined(separator: ", "))"
    }

    /// Where to listen.
    private static let network: [Directive] = [
        .row("bind", \.bind, .addresses, [.multiple, .omittedAtDefault], changes: .bind),
        .row("port", \.port, .integer(0...65535), changes: .port),
        .row("protected-mode", \.protectedMode, .yesNo),
        .row("tcp-backlog", \.tcpBacklog, .integer(0...Int64(Int32.max)), .immutable),
        .row("tcp-keepalive", \.tcpKeepAlive, .integer(0...Int64(Int32.max))),
        .row("unixsocket", \.unixSocket, .text, .immutable),
        .row("unixsocketperm", \.unixSocketPermissions, .octal(0...0o777), .immutable),
    ]

    /// What clients may do.
    private static let clients: [Directive] = [
        .row("client-output-buffer-limit", \.outputLimits, .outputLimits, .multiple),
        .row("client-query-buffer-limit", \.queryBufferLimit, .memory(1 << 20...Int64.max), .debug),
        .row("enable-debug-command", \.enableDebugCommand, .choice, .immutable),
        .row("enable-protected-configs", \.enableProtectedConfigs, .choice, .immutable),
        .row("maxclients", \.maxClients, .integer(1...Int64(UInt32.max)), changes: .openFiles),
        .row("maxmemory-clients", \.maxMemoryClients, .memoryOrPercent),
        .row(
            "proto-max-bulk-len", \.protoMaxBulkLength, .memory(1 << 20...Int64.max), .debug,
            changes: .dataset),
        .row("pubsub-backlog-max-bytes", \.pubsubBacklogBytes, .memory(1...Int64.max)),
        .row("pubsub-backlog-max-messages", \.pubsubBacklogMessages, .integer(1...Int64(Int32.max))),
        .row("pubsub-overflow-policy", \.pubsubOverflowPolicy, .choice),
        .row("requirepass", \.password, .bytes, .sensitive),
        .row("timeout", \.timeout, .integer(0...Int64(Int32.max))),
    ]

    /// How data is kept.
    private static let data: [Directive] = [
        .row("databases", \.databases, .integer(1...mostDatabases), .immutable),
        .row("lazyfree-lazy-eviction", \.lazyEviction, .yesNo, .debug),
        .row("lazyfree-lazy-expire", \.lazyExpire, .yesNo, .debug, changes: .dataset),
        .row("lfu-decay-time", \.lfuDecayTime, .integer(0...Int64(Int32.max)), changes: .dataset),
        .row("lfu-log-factor", \.lfuLogFactor, .integer(0...Int64(Int32.max)), changes: .dataset),
        .row("maxmemory", \.maxMemory, .memory, changes: .dataset),
        .row("maxmemory-eviction-tenacity", \.evictionTenacity, .integer(0...100)),
        .row("maxmemory-policy", \.maxMemoryPolicy, .choice, changes: .dataset),
        .row("maxmemory-samples", \.maxMemorySamples, .integer(1...64)),
        .row("notify-keyspace-events", \.notifyKeyspaceEvents, .events, changes: .dataset),
    ]

    /// Up to which sizes collections are kept packed.
    private static let encodings: [Directive] = [
        collection("hash-max-listpack-entries", alias: "hash-max-ziplist-entries", \.collections.hashEntries),
        collection(
            "hash-max-listpack-value", alias: "hash-max-ziplist-value", \.collections.hashValue,
            .memory(anySize)),
        collection("hll-sparse-max-bytes", \.collections.sparseHyperLogLog, .memory(anySize)),
        .row(
            "list-compress-depth", \.collections.listCompressDepth, .integer(0...Int64(Int32.max)), .debug,
            changes: .dataset),
        collection(
            "list-max-listpack-size", alias: "list-max-ziplist-size", \.collections.listNode,
            .integer(Int64(Int32.min)...Int64(Int32.max))),
        collection("set-max-intset-entries", \.collections.setIntegers),
        collection("set-max-listpack-entries", \.collections.setEntries),
        collection("set-max-listpack-value", \.collections.setValue),
        collection("stream-node-max-bytes", \.collections.streamNodeBytes, .memory(anySize)),
        collection("stream-node-max-entries", \.collections.streamNodeEntries),
        collection(
            "zset-max-listpack-entries", alias: "zset-max-ziplist-entries", \.collections.sortedSetEntries),
        collection(
            "zset-max-listpack-value", alias: "zset-max-ziplist-value", \.collections.sortedSetValue,
            .memory(anySize)),
    ]

    private static let anySize: ClosedRange<Int64> = 0...Int64.max

    private static func collection(
        _ name: String, alias: String? = nil, _ path: any WritableKeyPath<Configuration, Int> & Sendable,
        _ form: ValueForm<Int> = .integer(anySize)
    ) -> Directive {
        .row(name, alias: alias, path, form, changes: .dataset)
    }

    /// Each keyspace has a table of its own from the start.
    private static let mostDatabases: Int64 = 65_536

    /// How the process runs.
    private static let process: [Directive] = [
        .row("always-show-logo", \.alwaysShowLogo, .yesNo, .immutable),
        .row("hide-user-data-from-log", \.hideUserDataFromLog, .yesNo, changes: .log),
        .row("latency-tracking", \.latencyTracking, .yesNo),
        .row("latency-tracking-info-percentiles", \.latencyPercentiles, .percentiles, .multiple),
        .row(
            "latency-monitor-threshold", \.latencyMonitorThreshold, .integer(anySize), changes: .observation),
        .row("daemonize", \.daemonize, .yesNo, .immutable),
        .row("dir", \.directory, .directory, .protected),
        .row("io-threads", \.ioThreads, .integer(1...128), [.immutable, .debug]),
        .row("logfile", \.logFile, .text, .immutable),
        .row("loglevel", \.logLevel, .choice, changes: .log),
        .row("oom-score-adj", \.outOfMemoryAdjustment, .outOfMemoryAdjustment, changes: .outOfMemoryScore),
        .row(
            "oom-score-adj-values", \.outOfMemoryScores, .scores, .multiple, changes: .outOfMemoryScore),
        .row("pidfile", \.pidFile, .text, .immutable),
        .processTitleTemplate,
        .row("set-proc-title", \.setsProcessTitle, .yesNo, .immutable),
        .row("shutdown-on-sigint", \.shutdownOnSigint, .shutdownOptions, .multiple),
        .row("shutdown-on-sigterm", \.shutdownOnSigterm, .shutdownOptions, .multiple),
        .row(
            "slowlog-log-slower-than", \.slowlogLogSlowerThan, .integer(-1...Int64.max),
            changes: .observation),
        .row("slowlog-max-len", \.slowlogMaxLength, .integer(anySize), changes: .observation),
        .row("supervised", \.supervised, .choice, .immutable),
        .row("tracking-table-max-keys", \.trackingTableMaxKeys, .integer(anySize)),
    ]
}
