import Engine
import RESP

extension SessionCommands {
    static let client = SessionCommand(
        container: "client", group: .connection, since: "2.4.0",
        summary: "Tells about clients and steers them.",
        subcommands: [
            clientCaching, clientCapa, clientGetname, clientGetredir, clientID, clientInfo, clientKill,
            clientList,
            clientNoEvict,
            clientNoTouch, clientPause, clientPubSubOverflow, clientReply, clientSetinfo, clientSetname,
            clientTracking, clientTrackinginfo,
            clientUnblock, clientUnpause,
            help("client", group: .connection, since: "5.0.0", categories: .connection),
        ])

    /// What subcommands of CLIENT have in common.
    static let clientFlags: CommandFlags = [.noscript, .loading, .stale]
    static let clientAdminFlags: CommandFlags = [.admin, .noscript, .loading, .stale]

    static let clientID = SessionCommand(
        "id", arity: 2, flags: clientFlags, categories: .connection, group: .connection, since: "5.0.0",
        summary: "Returns the client's number, which no other ever has."
    ) { (_, session, _, call) throws(CommandError) in
        call.reply.integer(session.id)
    }

    static let clientGetname = SessionCommand(
        "getname", arity: 2, flags: clientFlags, categories: .connection, group: .connection, since: "2.6.9",
        summary: "Returns the client's name."
    ) { (_, session, _, call) throws(CommandError) in
        if session.name.isEmpty { call.reply.null() } else { call.reply.bulk(session.name) }
    }

    static let clientSetname = SessionCommand(
        "setname", arity: 3, flags: clientFlags, categories: .connection, group: .connection, since: "2.6.9",
        summary: "Names the client; an empty name takes it away.",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        arguments: [.string("connection-name")]
    ) { (_, session, arguments, call) throws(CommandError) in
        session.name = try ClientText.name(arguments[2])
        call.reply.ok()
    }

    static let clientSetinfo = SessionCommand(
        "setinfo", arity: 4, flags: clientFlags, categories: .connection, group: .connection, since: "7.2.0",
        summary: "Notes the name or version of the library that the client uses.",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        arguments: [
            .oneOf("attr", [.string("libname", token: "LIB-NAME"), .string("libver", token: "LIB-VER")])
        ]
    ) { (_, session, arguments, call) throws(CommandError) in
        let isName = arguments.isWord(2, "lib-name")
        guard isName || arguments.isWord(2, "lib-ver") else {
            throw CommandError(
                bytes: Array("ERR Unrecognized option '".utf8) + arguments[2].untilNUL + Array("'".utf8))
        }
        guard ClientText.isPlain(arguments[3]) else {
            throw CommandError(
                bytes: Array("ERR ".utf8) + arguments[2].untilNUL
                    + Array(" cannot contain spaces, newlines or special characters.".utf8))
        }
        if isName {
            session.libraryName = [UInt8](arguments[3])
        } else {
            session.libraryVersion = [UInt8](arguments[3])
        }
        call.reply.ok()
    }

    static let clientCapa = SessionCommand(
        "capa", arity: -3, flags: clientFlags, categories: .connection, group: .connection, since: "8.0.0",
        summary: "Notes what the client can do, such as follow redirections; unknown words are passed over.",
        arguments: [.string("capability").multiple]
    ) { (_, session, arguments, call) throws(CommandError) in
        for index in 2..<arguments.count where arguments.isWord(index, "redirect") {
            session.capabilities.insert(.redirect)
        }
        call.reply.ok()
    }

    static let clientReply = SessionCommand(
        "reply", arity: 3, flags: clientFlags, categories: .connection, group: .connection, since: "3.2.0",
        summary: "Says whether the client wants replies, or none to its next command.",
        arguments: [
            .oneOf(
                "action",
                [.token("ON", name: "on"), .token("OFF", name: "off"), .token("SKIP", name: "skip")])
        ]
    ) { (_, session, arguments, call) throws(CommandError) in
        if arguments.isWord(2, "on") {
            session.replyMode = .on
            call.reply.ok()
        } else if arguments.isWord(2, "off") {
            session.replyMode = .off
        } else if arguments.isWord(2, "skip") {
            if session.replyMode != .off { session.replyMode = .skipNext }
        } else {
            throw .syntax
        }
    }

    static let clientNoEvict = SessionCommand(
        "no-evict", arity: 3, flags: clientAdminFlags, categories: .connection, group: .connection,
        since: "7.0.0",
        summary: "Says whether the client is spared when clients use too much memory.",
        arguments: [onOrOff]
    ) { (_, session, arguments, call) throws(CommandError) in
        try session.set(.noEvict, arguments)
        call.reply.ok()
    }

    static let clientNoTouch = SessionCommand(
        "no-touch", arity: 3, flags: clientFlags, categories: .connection, group: .connection, since: "7.2.0",
        summary: "Says whether the client's commands leave it unnoticed when keys were last used.",
        arguments: [onOrOff]
    ) { (_, session, arguments, call) throws(CommandError) in
        try session.set(.noTouch, arguments)
        call.leavesClocks = session.options.contains(.noTouch)
        call.reply.ok()
    }

    private static let onOrOff = ArgumentSpec.oneOf(
        "enabled", [.token("ON", name: "on"), .token("OFF", name: "off")])

    static let clientUnblock = SessionCommand(
        "unblock", arity: -3, flags: clientAdminFlags, categories: .connection, group: .connection,
        since: "5.0.0",
        summary: "Ends the wait of a client that is blocked in a command.",
        complexity: "O(log N) where N is the number of clients",
        arguments: [
            .integer("client-id"),
            .oneOf("unblock-type", [.token("TIMEOUT", name: "timeout"), .token("ERROR", name: "error")])
                .optional,
        ]
    ) { (database, _, arguments, call) throws(CommandError) in
        guard arguments.count <= 4 else { throw .subcommandSyntax(arguments) }
        let isError = arguments.isWord(3, "error")
        if arguments.count == 4, !isError, !arguments.isWord(3, "timeout") {
            throw CommandError("ERR CLIENT UNBLOCK reason should be TIMEOUT or ERROR")
        }
        let id = try arguments.integer(2)
        guard let client = database.sessions.withID(id), let request = client.blocked else {
            return call.reply.integer(0)
        }
        let error = CommandError("UNBLOCKED client unblocked via CLIENT UNBLOCK")
        database.endWait(of: request, client, with: isError ? error : nil)
        call.reply.integer(1)
    }
}

extension Session {
    /// Switches an option by the third argument.
    fileprivate func set(_ option: Options, _ arguments: Arguments) throws(CommandError) {
        if arguments.isWord(2, "on") {
            options.insert(option)
        } else if arguments.isWord(2, "off") {
            options.remove(option)
        } else {
            throw .syntax
        }
    }
}

extension CommandError {
    /// A request for a subcommand with more arguments than it takes.
    static func subcommandSyntax(_ arguments: Arguments) -> CommandError {
        let container = arguments[0].text.uppercased()
        return CommandError(
            bytes: Array("ERR unknown subcommand or wrong number of arguments for '".utf8)
                + Database.quoted(arguments[1], most: 128) + Array("'. Try \(container) HELP.".utf8))
    }
}
