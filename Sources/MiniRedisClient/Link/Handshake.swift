import RESP
import Reactor

/// The first words on a connection: which protocol, who, under what name, which database.
struct Handshake: Sendable {
    let configuration: RedisClient.Configuration

    /// What was agreed on.
    struct Terms {
        var version = ProtocolVersion.resp2
        /// The server's number for the connection, if it has told.
        var clientID: Int64?
    }

    /// What CLIENT LIST shows as the library's name and version.
    private static let library = (name: "MiniRedisClient", version: "1.0")

    /// Agrees with the server.
    func run(
        on wire: Wire, _ inbox: inout Inbox, until deadline: Deadline?
    ) async throws(RedisError) -> Terms {
        let conversation = Conversation(wire: wire, deadline: deadline)
        var terms = Terms()
        if configuration.protocolVersion == .resp3 {
            let answer = try await conversation.ask([hello], &inbox)
            if try Self.speaksRESP3(answer.first ?? .null) { terms.version = .resp3 }
        }
        // HELLO has authenticated already.
        var commands: [RedisWords] = []
        if terms.version == .resp2, let words = authentication { commands.append(words) }
        let ignoredFrom: Int
        if configuration.database != 0 { commands.append(words("SELECT", "\(configuration.database)")) }
        if !configuration.clientName.isEmpty {
            commands.append(words("CLIENT", "SETNAME", configuration.clientName))
        }
        // Older servers don't know these; nothing depends on them.
        ignoredFrom = commands.count
        commands.append(words("CLIENT", "SETINFO", "LIB-NAME", Self.library.name))
        commands.append(words("CLIENT", "SETINFO", "LIB-VER", Self.library.version))
        if configuration.overflow != .default {
            commands.append(RedisCommand<Void>.clientOverflow(configuration.overflow).words)
        }
        commands.append(words("CLIENT", "ID"))
        let answers = try await conversation.ask(commands, &inbox)
        for case .error(let error) in answers.prefix(ignoredFrom) { throw .server(error) }
        if case .integer(let id)? = answers.last { terms.clientID = id }
        return terms
    }

    private var hello: RedisWords {
        var words = words("HELLO", "3")
        guard let password = configuration.password else { return words }
        words.append("AUTH")
        words.append(configuration.username ?? "default")
        words.append(password)
        return words
    }

    private var authentication: RedisWords? {
        guard let password = configuration.password else { return nil }
        guard let username = configuration.username else { return words("AUTH", password) }
        return words("AUTH", username, password)
    }

    private func words(_ name: String, _ rest: String...) -> RedisWords {
        var words = RedisWords(name)
        words.append(contentsOf: rest)
        return words
    }

    /// False for servers that know no HELLO or no version 3.
    private static func speaksRESP3(_ answer: RESPValue) throws(RedisError) -> Bool {
        guard case .error(let error) = answer else { return true }
        if error.code == "NOPROTO" || error.message.hasPrefix("ERR unknown command") { return false }
        throw .server(error)
    }
}

/// Question and answer, before anybody else may send.
struct Conversation {
    let wire: Wire
    let deadline: Deadline?

    /// Sends commands and waits for a reply to each.
    func ask(
        _ commands: [RedisWords], _ inbox: inout Inbox
    ) async throws(RedisError) -> [RESPValue] {
        var output = ByteBuffer()
        for words in commands { output.append(words) }
        var answers: [RESPValue] = []
        while answers.count < commands.count {
            do throws(SystemError) {
                if !output.isEmpty, case .bytes(let count) = try wire.socket.write(output.bytes) {
                    output.consume(count)
                }
            } catch {
                throw .lost(error)
            }
            let interest: Interest = output.isEmpty ? .readable : [.readable, .writable]
            let readiness = await wire.registration.wait(for: interest, until: deadline)
            if !readiness.isDisjoint(with: [.cancelled, .closed]) { throw .closed }
            if readiness.contains(.timedOut) { throw .timedOut }
            if readiness.isDisjoint(with: [.readable, .hangup]) { continue }
            try inbox.read(from: wire.socket)
            answers += inbox.values
            inbox.empty(keeping: 0)
        }
        return answers
    }
}
