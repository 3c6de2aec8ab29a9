import Engine
import RESP

extension SessionCommands {
    static let latency = SessionCommand(
        container: "latency", group: .server, since: "2.8.13",
        summary: "Tells how long commands take, and what has held the server up.",
        subcommands: [
            latencyDoctor, latencyGraph, help("latency", group: .server, since: "2.8.13"), latencyHistogram,
            latencyHistory, latencyLatest, latencyReset,
        ])

    private static let latencyFlags: CommandFlags = [.admin, .noscript, .loading, .stale]
    private static let latencyTips: [StaticString] = [
        "nondeterministic_output", "request_policy:all_nodes", "response_policy:special",
    ]

    private static let latencyHistogram = SessionCommand(
        "histogram", arity: -2, flags: latencyFlags, group: .server, since: "7.0.0",
        summary:
            "Returns for some commands, or all, how many calls took no longer than so many microseconds.",
        complexity: "O(N) where N is the number of commands asked for", tips: latencyTips,
        arguments: [.string("command").multiple.optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        var commands = database.commands.family
        if arguments.count > 2 {
            commands = (2..<arguments.count).compactMap { database.command(named: arguments[$0]) }
                .flatMap { [$0] + ($0.subcommands?.all ?? []) }
        }
        database.writeHistograms(of: commands, &call.reply)
    }

    private static let latencyLatest = SessionCommand(
        "latest", arity: 2, flags: latencyFlags, group: .server, since: "2.8.13",
        summary:
            "Returns for each kind of event that was noted when it was last, how long that took, and the worst.",
        tips: latencyTips
    ) { (database, _, _, call) throws(CommandError) in
        let all = database.observation.latency.all
        call.reply.array(all.count)
        for (event, series) in all {
            call.reply.array(4)
            call.reply.bulk(text: event.rawValue)
            call.reply.integer(series.samples.last?.second ?? 0)
            call.reply.integer(series.samples.last?.milliseconds ?? 0)
            call.reply.integer(series.worst)
        }
    }

    private static let latencyHistory = SessionCommand(
        "history", arity: 3, flags: latencyFlags, group: .server, since: "2.8.13",
        summary: "Returns when a kind of event was noted, and how many milliseconds it took.",
        tips: latencyTips, arguments: [.string("event")]
    ) { (database, _, arguments, call) throws(CommandError) in
        let samples = database.latencySeries(arguments[2])?.samples ?? []
        call.reply.array(samples.count)
        for sample in samples {
            call.reply.array(2)
            call.reply.integer(sample.second)
            call.reply.integer(sample.milliseconds)
        }
    }

    private static let latencyGraph = SessionCommand(
        "graph", arity: 3, flags: latencyFlags, group: .server, since: "2.8.13",
        summary: "Draws what LATENCY HISTORY tells of a kind of event.",
        tips: latencyTips, arguments: [.string("event")]
    ) { (database, _, arguments, call) throws(CommandError) in
        guard let event = LatencyMonitor.Event(rawValue: arguments[2].text),
            let series = database.observation.latency[event]
        else {
            throw CommandError(
                bytes: Array("ERR No samples available for event '".utf8) + arguments[2].untilNUL
                    + Array("'".utf8))
        }
        call.reply.verbatim(
            text: LatencyGraph.text(event, series, now: database.clock.milliseconds() / 1000))
    }

    private static let latencyDoctor = SessionCommand(
        "doctor", arity: 2, flags: latencyFlags, group: .server, since: "2.8.13",
        summary: "Tells in words what has held the server up, and what may help.", tips: latencyTips
    ) { (database, _, _, call) throws(CommandError) in
        let diagnosis = LatencyDiagnosis(
            monitor: database.observation.latency,
            threshold: Int64(database.configuration.latencyMonitorThreshold),
            slowLogThreshold: Int64(database.configuration.slowlogLogSlowerThan),
            slowLogCapacity: database.configuration.slowlogMaxLength,
            now: database.clock.milliseconds() / 1000)
        call.reply.verbatim(text: diagnosis.text)
    }

    private static let latencyReset = SessionCommand(
        "reset", arity: -2, flags: latencyFlags, group: .server, since: "2.8.13",
        summary: "Forgets some kinds of events, or all, and returns how many of them had been noted.",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        arguments: [.string("event").multiple.optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        var events = LatencyMonitor.Event.allCases
        if arguments.count > 2 {
            events = (2..<arguments.count).compactMap {
                LatencyMonitor.Event(rawValue: arguments[$0].text.lowercased())
            }
        }
        call.reply.integer(events.count { database.observation.latency.remove($0) })
    }
}

extension Database {
    /// What was noted of the event of this name.
    fileprivate func latencySeries(_ name: RawSpan) -> LatencyMonitor.Series? {
        LatencyMonitor.Event(rawValue: name.text).flatMap { observation.latency[$0] }
    }
}
