import Engine
import Reactor

/// INFO, section by section, with Redis's names and in its order.
extension Database {
    /// The text for a selection of sections.
    func info(_ selection: InfoSelection, now: Int64) -> String {
        var info = InfoText()
        if selection.contains("server") { writeServer(&info, now) }
        if selection.contains("clients") { writeClients(&info) }
        if selection.contains("memory") { writeMemory(&info, now) }
        if selection.contains("persistence") { writePersistence(&info) }
        if selection.contains("stats") { writeStatistics(&info) }
        if selection.contains("replication") { writeReplication(&info) }
        if selection.contains("cpu") { writeProcessor(&info) }
        if selection.contains("modules") { info.section("Modules") }
        if selection.contains("commandstats") { writeCommands(&info) }
        if selection.contains("errorstats") { writeErrors(&info) }
        if selection.contains("latencystats") { writeLatencies(&info) }
        if selection.contains("cluster") {
            info.section("Cluster")
            info.line("cluster_enabled", 0)
        }
        if selection.contains("keyspace") { writeKeyspaces(&info, now) }
        if selection.contains("debug", hidden: true) { writeDebug(&info) }
        return info.text
    }

    private func writeServer(_ info: inout InfoText, _ now: Int64) {
        let uptime = max(now - insight.started, 0) / 1000
        info.section("Server")
        info.line("redis_version", ServerVersion.redis)
        info.line("mini_redis_version", ServerVersion.own)
        info.line("redis_git_sha1", "00000000")
        info.line("redis_git_dirty", 0)
        info.line("redis_mode", "standalone")
        info.line("os", ProcessUsage.machineName)
        info.line("arch_bits", Int.bitWidth)
        info.line("multiplexing_api", "epoll")
        info.line("process_id", ThisProcess.id)
        info.line("process_supervised", "no")
        info.line("run_id", insight.runID)
        info.line("tcp_port", configuration.port)
        info.line("server_time_usec", clock.microseconds())
        info.line("uptime_in_seconds", uptime)
        info.line("uptime_in_days", uptime / 86400)
        info.line("lru_clock", now / 1000 & 0xff_ffff)
        info.line("executable", ThisProcess.executablePath ?? "")
        info.line("config_file", environment.configurationFile ?? "")
        info.line("io_threads_active", configuration.ioThreads > 1 ? 1 : 0)
        let addresses = configuration.bind.map { "bind=\($0)," }.joined()
        info.line("listener0", "name=tcp,\(addresses)port=\(configuration.port)")
        if !configuration.unixSocket.isEmpty {
            info.line("listener1", "name=unix,bind=\(configuration.unixSocket)")
        }
    }

    private func writeClients(_ info: inout InfoText) {
        let all = sessions.all
        info.section("Clients")
        info.lines([
            "connected_clients": all.count, "cluster_connections": 0, "maxclients": configuration.maxClients,
            "client_recent_max_input_buffer": all.map { $0.outbox.figures.queryUsed }.max() ?? 0,
            "client_recent_max_output_buffer": all.map { $0.outbox.figures.unsent }.max() ?? 0,
            "blocked_clients": clients.postponed + waiting.count, "tracking_clients": tracking.clientCount,
            "pubsub_clients": all.count { $0.isSubscriber },
            "watching_clients": watches.clientCount, "clients_in_timeout_table": waiting.limitedCount,
            "total_watched_keys": watches.keyCount,
            "total_blocking_keys": waiting.keyCount, "total_blocking_keys_on_nokey": waiting.mindedKeyCount,
        ])
    }

    private func writeMemory(_ info: inout InfoText, _ now: Int64) {
        let memory = memoryFigures(now: now)
        info.section("Memory")
        info.size("used_memory", memory.used)
        info.size("used_memory_rss", memory.resident)
        info.size("used_memory_peak", memory.peak)
        info.line("used_memory_peak_perc", DecimalText.fixed(memory.peakShare, 2) + "%")
        info.lines([
            "used_memory_overhead": memory.overhead, "used_memory_startup": memory.startup,
            "used_memory_dataset": memory.dataset,
        ])
        info.line("used_memory_dataset_perc", DecimalText.fixed(memory.datasetShare, 2) + "%")
        info.lines([
            "allocator_allocated": memory.used, "allocator_active": memory.held,
            "allocator_resident": memory.resident,
        ])
        info.size("total_system_memory", ProcessMemory.machine())
        info.size("maxmemory", configuration.maxMemory)
        info.line("maxmemory_policy", configuration.maxMemoryPolicy.rawValue)
        info.line("allocator_frag_ratio", fraction: memory.allocatorFragmentation)
        info.line("allocator_frag_bytes", memory.held - memory.used)
        info.line("allocator_rss_ratio", fraction: memory.allocatorResident)
        info.line("allocator_rss_bytes", memory.resident - memory.held)
        info.line("mem_fragmentation_ratio", fraction: memory.fragmentation)
        info.lines([
            "mem_fragmentation_bytes": memory.resident - memory.used, "mem_not_counted_for_evict": 0,
            "mem_replication_backlog": 0, "mem_total_replication_buffers": 0, "mem_clients_slaves": 0,
            "mem_clients_normal": memory.clients, "mem_cluster_links": 0, "mem_aof_buffer": 0,
        ])
        info.line("mem_allocator", "libc")
        info.lines([
            "mem_overhead_db_hashtable_rehashing": 0, "active_defrag_running": 0,
            "lazyfree_pending_objects": dataset.discarded.count,
            "lazyfreed_objects": Int(clamping: dataset.discarded.released),
        ])
    }

    /// Nothing is written to disk yet: the state of a Redis that was told not to.
    private func writePersistence(_ info: inout InfoText) {
        info.section("Persistence")
        info.lines(["loading": 0, "async_loading": 0])
        info.line("rdb_changes_since_last_save", dataset.effects.changes)
        info.line("rdb_bgsave_in_progress", 0)
        info.line("rdb_last_save_time", insight.started / 1000)
        info.line("rdb_last_bgsave_status", "ok")
        info.lines([
            "rdb_last_bgsave_time_sec": -1, "rdb_current_bgsave_time_sec": -1, "rdb_saves": 0,
            "rdb_last_cow_size": 0, "rdb_last_load_keys_expired": 0, "rdb_last_load_keys_loaded": 0,
            "aof_enabled": 0, "aof_rewrite_in_progress": 0, "aof_rewrite_scheduled": 0,
            "aof_last_rewrite_time_sec": -1, "aof_current_rewrite_time_sec": -1,
        ])
        info.line("aof_last_bgrewrite_status", "ok")
        info.lines(["aof_rewrites": 0, "aof_rewrites_consecutive_failures": 0])
        info.line("aof_last_write_status", "ok")
        info.line("aof_last_cow_size", 0)
    }

    private func writeStatistics(_ info: inout InfoText) {
        let traffic = trafficTotals
        let keys = dataset.statistics
        info.section("Stats")
        info.line("total_connections_received", statistics.connections)
        info.line("total_commands_processed", commandCount)
        info.line("instantaneous_ops_per_sec", insight.operations.mean)
        info.line("total_net_input_bytes", traffic.bytesRead)
        info.line("total_net_output_bytes", traffic.bytesWritten)
        info.lines(["total_net_repl_input_bytes": 0, "total_net_repl_output_bytes": 0])
        info.line("instantaneous_input_kbps", fraction: Double(insight.input.mean) / 1024)
        info.line("instantaneous_output_kbps", fraction: Double(insight.output.mean) / 1024)
        info.line("rejected_connections", statistics.rejectedConnections)
        info.lines(["sync_full": 0, "sync_partial_ok": 0, "sync_partial_err": 0])
        info.line("expired_subkeys", keys.expiredFields)
        info.line("expired_keys", keys.expired)
        info.line("expired_stale_perc", fraction: 0)
        info.line("evicted_keys", keys.evicted)
        info.line("evicted_clients", statistics.evictedClients)
        let exceeded = eviction.exceededTimes
        info.line("total_eviction_exceeded_time", exceeded.total)
        info.line("current_eviction_exceeded_time", exceeded.current)
        info.line("keyspace_hits", keys.hits)
        info.line("keyspace_misses", keys.misses)
        info.lines([
            "pubsub_channels": pubsub.channels.count, "pubsub_patterns": pubsub.patterns.count,
            "pubsubshard_channels": pubsub.shards.count,
            "pubsub_missed_messages": Int(clamping: statistics.missedMessages), "latest_fork_usec": 0,
            "total_forks": 0,
            "tracking_total_keys": tracking.reads.count, "tracking_total_items": tracking.reads.itemCount,
            "tracking_total_prefixes": tracking.prefixes.count,
            "unexpected_error_replies": 0,
        ])
        info.line("total_error_replies", insight.errors.total)
        info.line("total_reads_processed", traffic.reads)
        info.line("total_writes_processed", traffic.writes)
        info.line("client_query_buffer_limit_disconnections", clients.queryLimitDisconnections)
        info.line("client_output_buffer_limit_disconnections", statistics.outputLimitDisconnections)
        writeTurns(&info)
        info.lines([
            "acl_access_denied_auth": 0, "acl_access_denied_cmd": 0, "acl_access_denied_key": 0,
            "acl_access_denied_channel": 0,
        ])
    }

    private func writeReplication(_ info: inout InfoText) {
        info.section("Replication")
        info.line("role", "master")
        info.line("connected_slaves", 0)
        info.line("master_failover_state", "no-failover")
        info.line("master_replid", insight.replicationID)
        info.line("master_replid2", String(repeating: "0", count: 40))
        info.lines([
            "master_repl_offset": 0, "second_repl_offset": -1, "repl_backlog_active": 0,
            "repl_backlog_first_byte_offset": 0, "repl_backlog_histlen": 0,
        ])
    }

    private func writeProcessor(_ info: inout InfoText) {
        info.section("CPU")
        for (scope, suffix) in [
            (ProcessUsage.Scope.process, ""), (.children, "_children"), (.thread, "_main_thread"),
        ] {
            let usage = ProcessUsage(of: scope)
            info.line("used_cpu_sys\(suffix)", DecimalText.seconds(usage.system))
            info.line("used_cpu_user\(suffix)", DecimalText.seconds(usage.user))
        }
    }

    private func writeKeyspaces(_ info: inout InfoText, _ now: Int64) {
        info.section("Keyspace")
        for figures in dataset.keyspaces.lazy.map({ $0.figures(now: now) }) where figures.keys > 0 {
            info.line(
                "db\(figures.number)",
                "keys=\(figures.keys),expires=\(figures.deadlines),avg_ttl=\(figures.meanTimeToLive)"
                    + ",subexpiry=\(figures.hashesWithDeadlines)"
            )
        }
    }
}
