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
        arguments: clientFilters(isKill: false)
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
        arguments: [
            .oneOf("filter", [.string("old-format"), .block("new-format", clientFilters(isKill: true))])
        ]
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

    /// The grammar of what `ClientFilter` reads, for CLIENT LIST or CLIENT KILL, which had some filters earlier.
    private static func clientFilters(isKill: Bool) -> [ArgumentSpec] {
        let valkey: StaticString = "Valkey 9.0.0"
        return [
            ArgumentSpec(
                "client-type",
                .oneOf([
                    .token("NORMAL", name: "normal"), .token("MASTER", name: "master").since("3.2.0"),
                    .token("REPLICA", name: "replica").since("5.0.0"), .token("PUBSUB", name: "pubsub"),
                ]), token: "TYPE"
            ).optional.since(isKill ? "2.8.12" : "5.0.0"),
            .integer("client-id", token: "ID").optional.multiple.since(isKill ? "2.8.12" : "6.2.0"),
            .string("username", token: "USER").optional.since(isKill ? "2.8.12" : valkey),
            .string("addr", token: "ADDR").optional.since(isKill ? "2.8.12" : valkey),
            .string("laddr", token: "LADDR").optional.since(isKill ? "6.2.0" : valkey),
            ArgumentSpec(
                "skipme", .oneOf([.token("YES", name: "yes"), .token("NO", name: "no")]), token: "SKIPME"
            ).optional.since(isKill ? "2.8.12" : valkey),
            .integer("maxage", token: "MAXAGE").optional.since(isKill ? "7.4.0" : valkey),
            .integer("idle", token: "IDLE").optional.since(valkey),
            .string("name", token: "NAME").optional.since(valkey),
            .string("flags", token: "FLAGS").optional.since(valkey),
            .string("lib-name", token: "LIB-NAME").optional.since(valkey),
            .string("lib-ver", token: "LIB-VER").optional.since(valkey),
            .integer("db", token: "DB").optional.since(valkey),
            .string("capa", token: "CAPA").optional.since(valkey),
            .string("ip", token: "IP").optional.since(valkey),
        ]
    }
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
