import Engine
import RESP

extension SessionCommands {
    static let slowlog = SessionCommand(
        container: "slowlog", group: .server, since: "2.2.12", summary: "Tells which requests took long.",
        subcommands: [
            slowlogGet, help("slowlog", group: .server, since: "6.2.0"), slowlogLength, slowlogReset,
        ])

    private static let slowlogGet = SessionCommand(
        "get", arity: -2, flags: [.admin, .loading, .stale], group: .server, since: "2.2.12",
        summary:
            "Returns the newest entries, 10 if no count is given, all for -1: number, time, microseconds, words, client's address and name.",
        complexity: "O(N) where N is the number of entries returned",
        tips: ["request_policy:all_nodes", "nondeterministic_output"],
        arguments: [.integer("count").optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        guard arguments.count <= 3 else { throw .subcommandSyntax(arguments) }
        var count: Int64 = 10
        if arguments.count == 3 {
            count = try arguments.integer(
                2, in: -1...Int64.max, else: CommandError("ERR count should be greater than or equal to -1"))
        }
        let log = database.observation.slowLog
        let entries = log.newest(count < 0 ? log.count : Int(count))
        call.reply.array(entries.count)
        for entry in entries {
            call.reply.array(6)
            call.reply.integer(entry.number)
            call.reply.integer(entry.time)
            call.reply.integer(entry.microseconds)
            call.reply.array(entry.request.words.count)
            for word in entry.request.words { call.reply.bulk(word) }
            call.reply.bulk(text: entry.request.address)
            call.reply.bulk(entry.request.name)
        }
    }

    private static let slowlogLength = SessionCommand(
        "len", arity: 2, flags: [.admin, .loading, .stale], group: .server, since: "2.2.12",
        summary: "Returns how many entries there are.",
        tips: ["request_policy:all_nodes", "response_policy:agg_sum", "nondeterministic_output"]
    ) { (database, _, _, call) throws(CommandError) in
        call.reply.integer(database.observation.slowLog.count)
    }

    private static let slowlogReset = SessionCommand(
        "reset", arity: 2, flags: [.admin, .loading, .stale], group: .server, since: "2.2.12",
        summary: "Forgets all entries.", complexity: "O(N) where N is the number of entries",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"]
    ) { (database, _, _, call) throws(CommandError) in
        database.observation.slowLog.removeAll()
        call.reply.ok()
    }

    static let monitor = SessionCommand(
        "monitor", arity: 1, flags: [.admin, .noscript, .loading, .stale], group: .server, since: "1.0.0",
        summary: "Shows the client all requests from now on, as they run.",
        complexity: "O(N) for each request where N is the number of clients that look on"
    ) { (database, session, _, call) throws(CommandError) in
        guard call.mayWait else { throw CommandError("ERR MONITOR isn't allowed for DENY BLOCKING client") }
        if database.startMonitoring(session) { call.reply.ok() }
    }
}
