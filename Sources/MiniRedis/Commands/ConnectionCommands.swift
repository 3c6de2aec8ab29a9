import Engine
import RESP

extension SessionCommands {
    static let ping = SessionCommand(
        "ping", arity: -1, flags: .fast, categories: .connection, group: .connection, since: "1.0.0",
        summary: "Answers PONG, or the message that it is given.",
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        arguments: [.string("message").optional],
        changesNoStanding: true
    ) { (database, session, arguments, call) throws(CommandError) in
        guard arguments.count <= 2 else { throw .wrongArity("ping") }
        if session.protocolVersion == .resp2, session.isSubscriber {
            call.reply.array(2)
            call.reply.bulk("pong")
            call.reply.bulk(arguments[1])
        } else if arguments.count == 1 {
            call.reply.simple("PONG")
        } else {
            call.reply.bulk(arguments[1])
        }
    }

    static let echo = SessionCommand(
        "echo", arity: 2, flags: [.loading, .stale, .fast], categories: .connection, group: .connection,
        since: "1.0.0", summary: "Answers with the message that it is given.",
        arguments: [.string("message")],
        changesNoStanding: true
    ) { (_, _, arguments, call) throws(CommandError) in
        call.reply.bulk(arguments[1])
    }

    static let quit = SessionCommand(
        "quit", arity: -1, flags: [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        categories: .connection, group: .connection, since: "1.0.0",
        summary: "Closes the connection after a last OK.",
        deprecated: Deprecation(since: "7.2.0", replacement: "just closing the connection")
    ) { (_, session, _, call) throws(CommandError) in
        call.reply.ok()
        session.closing = .afterFlush
    }

    static let select = SessionCommand(
        "select", arity: 2, flags: [.loading, .stale, .fast], categories: .connection, group: .connection,
        since: "1.0.0", summary: "Chooses the numbered keyspace that the client's commands act on.",
        arguments: [.integer("index")]
    ) { (_, session, arguments, call) throws(CommandError) in
        guard let number = Int32(exactly: try arguments.integer(1)) else {
            throw CommandError("ERR value is out of range, value must between -2147483648 and 2147483647")
        }
        guard call.select(Int(number)) else { throw .databaseIndex }
        session.database = Int(number)
        call.reply.ok()
    }

    static let auth = SessionCommand(
        "auth", arity: -2, flags: [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        categories: .connection, group: .connection, since: "1.0.0",
        summary: "Proves with a password who the client is.",
        complexity: "O(N) where N is the number of passwords defined for the user",
        arguments: [.string("username").optional.since("6.0.0"), .string("password")]
    ) { (database, session, arguments, call) throws(CommandError) in
        guard arguments.count <= 3 else { throw .syntax }
        if arguments.count == 2 {
            try database.authenticate(session, user: nil, password: arguments[1])
        } else {
            try database.authenticate(session, user: arguments[1], password: arguments[2])
        }
        call.reply.ok()
    }

    static let reset = SessionCommand(
        "reset", arity: 1, flags: [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        categories: .connection, group: .connection, since: "6.2.0",
        summary: "Puts the connection back into the state of a new one."
    ) { (database, session, _, call) throws(CommandError) in
        database.reset(session, &call)
        call.reply.simple("RESET")
    }
}
