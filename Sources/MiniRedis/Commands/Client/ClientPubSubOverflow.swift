import Broadcasting
import Engine
import RESP

extension SessionCommands {
    static let clientPubSubOverflow = SessionCommand(
        "pubsub-overflow", arity: -3, flags: clientFlags, categories: .connection, group: .connection,
        since: "mini-redis 0.1.0",
        summary: "Says what happens when the client reads more slowly than it is sent messages.",
        arguments: [
            .oneOf(
                "policy",
                [
                    .token("DEFAULT", name: "default"), .token("DISCONNECT", name: "disconnect"),
                    .block(
                        "drop-oldest",
                        [
                            .token("DROP-OLDEST", name: "drop-oldest"),
                            .integer("max-messages", token: "MAX-MESSAGES").optional,
                            .integer("max-bytes", token: "MAX-BYTES").optional,
                        ]),
                ])
        ]
    ) { (database, session, arguments, call) throws(CommandError) in
        session.overflow = try overflow(arguments, database.configuration)
        call.reply.ok()
    }

    /// What the arguments ask for; nil is the server's own policy.
    private static func overflow(
        _ arguments: Arguments, _ configuration: Configuration
    ) throws(CommandError) -> Overflow? {
        if arguments.count == 3, arguments.isWord(2, "default") { return nil }
        if arguments.count == 3, arguments.isWord(2, "disconnect") {
            return Overflow(policy: .disconnect, limit: configuration.backlogLimit)
        }
        guard arguments.isWord(2, "drop-oldest") else { throw .syntax }
        var limit = configuration.backlogLimit
        var index = 3
        while index < arguments.count {
            guard index + 1 < arguments.count else { throw .syntax }
            if arguments.isWord(index, "max-messages") {
                limit.messages = try bound(arguments, index + 1, most: Int(Int32.max))
            } else if arguments.isWord(index, "max-bytes") {
                limit.bytes = try bound(arguments, index + 1, most: configuration.mostBacklogBytes)
            } else {
                throw .syntax
            }
            index += 2
        }
        return Overflow(policy: .dropOldest, limit: limit)
    }

    private static func bound(
        _ arguments: Arguments, _ index: Int, most: Int
    ) throws(CommandError) -> Int {
        let value = try arguments.integer(index)
        guard value > 0 else { throw CommandError("ERR value is out of range, must be positive") }
        guard value <= Int64(most) else {
            throw CommandError(text: "ERR value is out of range, must be at most \(most)")
        }
        return Int(value)
    }
}
