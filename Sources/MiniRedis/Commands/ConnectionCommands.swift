import Engine
import RESP

extension SessionCommands {
    static let ping = SessionCommand(
        "ping", arity: -1, flags: .fast, categories: .connection, group: .connection, since: "1.0.0",
        summary: "Answers PONG, or the message that it is given.",
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        arguments: [.string("message").optional]
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
        arguments: [.string("message")]
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
}
