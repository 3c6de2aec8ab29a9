import Engine
import RESP

extension SessionCommands {
    static let clientInfo = SessionCommand(
        "info", arity: 2, flags: clientFlags, categories: .connection, group: .connection, since: "6.2.0",
        summary: "Tells about the client's own connection.", tips: ["nondeterministic_output"]
    ) { (_, session, arguments, call) throws(CommandError) in
        var line = ByteBuffer(capacity: 512)
        session.describe(into: &line, running: arguments.byteCount, now: call.now)
        line.append(UInt8(ascii: "\n"))
        call.reply.verbatim(line.bytes)
    }

    static let clientList = SessionCommand(
        "list", arity: -2, flags: clientAdminFlags, categories: .connection, group: .connection,
        since: "2.4.0",
        summary: "Tells about all connections, or those that match filters.",
        complexity: "O(N) where N is the number of client connections", tips: ["nondeterministic_output"],
        arguments: clientFilters
    ) { (database, session, arguments, call) throws(CommandError) in
        let filter = try ClientFilter(
            arguments, isKill: false, databases: database.configuration.databases,
            userExists: database.userExists)
        var lines = ByteBuffer(capacity: 512)
        for other in database.sessions.all where filter.matches(other, asking: session, now: call.now) {
            let running = other === session ? arguments.byteCount : nil
            other.describe(into: &lines, running: running, now: call.now)
            lines.append(UInt8(ascii: "\n"))
        }
        call.reply.verbatim(lines.bytes)
    }

    static let clientKill = SessionCommand(
        "kill", arity: -3, flags: clientAdminFlags, categories: .connection, group: .connection,
        since: "2.4.0",
        summary: "Closes the connection of an address, or those that match filters.",
        complexity: "O(N) where N is the number of client connections",
        arguments: [.oneOf("filter", [.string("old-format"), .block("new-format", clientFilters)])]
    ) { (database, session, arguments, call) throws(CommandError) in
        if arguments.count == 3 {
            // The old form: an address, which may be the client's own.
            let filter = ClientFilter(
                conditions: [(.address([UInt8](arguments[2])), false)], skipsAsking: false)
            guard database.kill(filter, asking: session, call.now) > 0 else {
                throw CommandError("ERR No such client")
            }
            call.reply.ok()
        } else {
            let filter = try ClientFilter(
                arguments, isKill: true, databases: database.configuration.databases,
                userExists: database.userExists)
            call.reply.integer(database.kill(filter, asking: session, call.now))
        }
    }

    /// The grammar of what `ClientFilter` reads.
    private static let clientFilters: [ArgumentSpec] = [
        ArgumentSpec(
            "client-type",
            .oneOf([
                .token("NORMAL", name: "normal"), .token("MASTER", name: "master"),
                .token("REPLICA", name: "replica"), .token("PUBSUB", name: "pubsub"),
            ]), token: "TYPE"
        ).optional,
        .integer("client-id", token: "ID").optional.multiple,
        .string("username", token: "USER").optional,
        .string("addr", token: "ADDR").optional,
        .string("laddr", token: "LADDR").optional,
        ArgumentSpec(
            "skipme", .oneOf([.token("YES", name: "yes"), .token("NO", name: "no")]), token: "SKIPME"
        ).optional,
        .integer("maxage", token: "MAXAGE").optional,
        .integer("idle", token: "IDLE").optional,
        .string("name", token: "NAME").optional,
        .string("flags", token: "FLAGS").optional,
        .string("lib-name", token: "LIB-NAME").optional,
        .string("lib-ver", token: "LIB-VER").optional,
        .integer("db", token: "DB").optional,
        .string("capa", token: "CAPA").optional,
        .string("ip", token: "IP").optional,
    ]
}

extension Database {
    /// Closes the clients that match; returns how many.
    fileprivate func kill(_ filter: ClientFilter, asking session: Session, _ now: Int64) -> Int {
        let victims = sessions.all.filter { filter.matches($0, asking: session, now: now) }
        for victim in victims { kill(victim, by: session) }
        return victims.count
    }
}

extension Arguments {
    /// Bytes of all arguments together.
    fileprivate var byteCount: Int { (0..<count).reduce(0) { $0 + self[$1].byteCount } }
}
