import Engine
import RESP

extension SessionCommands {
    static let hello = SessionCommand(
        "hello", arity: -1, flags: [.noscript, .loading, .stale, .fast, .noAuth, .allowBusy],
        categories: .connection, group: .connection, since: "6.0.0",
        summary: "Agrees on the protocol version, and may authenticate and name the client at once.",
        arguments: [
            .block(
                "arguments",
                [
                    .integer("protover"),
                    .block("auth", [.string("username"), .string("password")], token: "AUTH").optional,
                    .string("clientname", token: "SETNAME").optional,
                ]
            ).optional
        ]
    ) { (database, session, arguments, call) throws(CommandError) in
        var version: ProtocolVersion?
        if arguments.count > 1 {
            guard let number = Decimal.parse(arguments[1]) else {
                throw CommandError("ERR Protocol version is not an integer or out of range")
            }
            version = ProtocolVersion(rawValue: Int(number))
            guard version != nil else { throw CommandError("NOPROTO unsupported protocol version") }
        }
        var auth: Int?
        var name: [UInt8]?
        var index = 2
        while index < arguments.count {
            let more = arguments.count - 1 - index
            if arguments.isWord(index, "AUTH"), more >= 2 {
                auth = index
                index += 3
            } else if arguments.isWord(index, "SETNAME"), more >= 1 {
                name = try ClientText.name(arguments[index + 1])
                index += 2
            } else {
                throw CommandError(
                    bytes: Array("ERR Syntax error in HELLO option '".utf8) + arguments[index].untilNUL
                        + Array("'".utf8))
            }
        }
        if let auth {
            try database.authenticate(session, user: arguments[auth + 1], password: arguments[auth + 2])
        }
        guard session.isAuthenticated || !database.needsPassword else {
            throw CommandError(
                """
                NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> \
                AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol \
                version at the same time
                """)
        }
        if let name { session.name = name }
        if let version {
            session.protocolVersion = version
            call.reply.version = version
        }
        greet(session, &call.reply)
    }

    /// What a client is told of the server.
    private static func greet(_ session: Session, _ reply: inout ReplyWriter) {
        reply.map(7)
        reply.bulk("server")
        reply.bulk("redis")
        reply.bulk("version")
        reply.bulk(text: ServerVersion.redis)
        reply.bulk("proto")
        reply.integer(session.protocolVersion.rawValue)
        reply.bulk("id")
        reply.integer(session.id)
        reply.bulk("mode")
        reply.bulk("standalone")
        reply.bulk("role")
        reply.bulk("master")
        reply.bulk("modules")
        reply.array(0)
    }
}

/// Texts that clients give themselves, which must not break the lines of CLIENT LIST.
enum ClientText {
    /// A name, if it may be one.
    static func name(_ text: RawSpan) throws(CommandError) -> [UInt8] {
        guard isPlain(text) else {
            throw CommandError("ERR Client names cannot contain spaces, newlines or special characters.")
        }
        return [UInt8](text)
    }

    /// Whether there are only printable characters of ASCII, and no space.
    static func isPlain(_ text: RawSpan) -> Bool {
        for index in 0..<text.byteCount where !(0x21...0x7e).contains(text[byte: index]) { return false }
        return true
    }
}
