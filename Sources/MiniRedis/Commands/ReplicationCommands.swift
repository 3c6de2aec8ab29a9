import Engine
import RESP

extension SessionCommands {
    /// What a server without replicas and files tells of both: the family's index, one line a command.
    static let replication: [SessionCommand] = [lastsave, role, wait, waitaof]

    static let lastsave = SessionCommand(
        "lastsave", arity: 1, flags: [.loading, .stale, .fast], categories: [.admin, .dangerous],
        group: .server, since: "1.0.0",
        summary: "Returns the Unix time in seconds of the last save, or of the start if there was none.",
        tips: ["nondeterministic_output"], changesNoStanding: true
    ) { (database, _, _, call) throws(CommandError) in
        call.reply.integer(database.insight.started / 1000)
    }

    static let role = SessionCommand(
        "role", arity: 1, flags: [.noscript, .loading, .stale, .fast], categories: [.admin, .dangerous],
        group: .server, since: "2.8.12",
        summary:
            "Tells what the server is to others, how far its stream of changes has come, and who follows.",
        changesNoStanding: true
    ) { (_, _, _, call) throws(CommandError) in
        call.reply.array(3)
        call.reply.bulk("master")
        // Nobody has ever followed, so nothing was streamed.
        call.reply.integer(0)
        call.reply.array(0)
    }

    static let wait = SessionCommand(
        "wait", arity: 3, flags: .blocking, categories: .connection, group: .generic, since: "3.0.0",
        summary: "Waits until so many replicas have the client's changes, and returns how many do.",
        tips: ["request_policy:all_shards", "response_policy:agg_min"],
        arguments: [.integer("numreplicas"), .integer("timeout")], changesNoStanding: true
    ) { (_, _, arguments, call) throws(CommandError) in
        let wanted = try arguments.integer(1)
        let deadline = try arguments.deadline(milliseconds: 2, now: call.now)
        if wanted <= 0 { return call.reply.integer(0) }
        call.wait(until: deadline) { $0.integer(0) }
    }

    static let waitaof = SessionCommand(
        "waitaof", arity: 4, flags: .blocking, categories: .connection, group: .generic, since: "7.2.0",
        summary: "Waits until the client's changes are in files, here and on so many replicas.",
        tips: ["request_policy:all_shards", "response_policy:agg_min"],
        arguments: [.integer("numlocal"), .integer("numreplicas"), .integer("timeout")],
        changesNoStanding: true
    ) { (_, _, arguments, call) throws(CommandError) in
        let local = try arguments.integer(1)
        guard (0...1).contains(local) else {
            throw CommandError("ERR value is out of range, value must between 0 and 1")
        }
        let wanted = try arguments.integer(
            2, in: 0...Int64.max, else: CommandError("ERR value is out of range, must be positive"))
        let deadline = try arguments.deadline(milliseconds: 3, now: call.now)
        guard local == 0 else {
            throw CommandError(
                "ERR WAITAOF cannot be used when numlocal is set but appendonly is disabled.")
        }
        if wanted == 0 { return Self.writeNoneAcknowledged(&call.reply) }
        call.wait(until: deadline, Self.writeNoneAcknowledged)
    }

    /// There is neither a file that changes are written to, nor a replica.
    @Sendable private static func writeNoneAcknowledged(_ reply: inout ReplyWriter) {
        reply.array(2)
        reply.integer(0)
        reply.integer(0)
    }
}
