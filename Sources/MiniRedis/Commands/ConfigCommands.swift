import Engine
import RESP

extension SessionCommands {
    /// The family's index, one line a command.
    static let configuration: [SessionCommand] = [config, shutdown]

    static let config = SessionCommand(
        container: "config", group: .server, since: "2.0.0",
        summary: "Reads and changes the configuration.",
        subcommands: [
            configGet, configSet, configResetstat, configRewrite,
            help("config", group: .server, since: "5.0.0"),
        ])

    private static let configGet = SessionCommand(
        "get", arity: -3, flags: [.admin, .noscript, .loading, .stale], group: .server, since: "2.0.0",
        summary: "Answers with names and values of the parameters that match the patterns.",
        complexity: "O(N) where N is the number of patterns given",
        arguments: [.string("parameter").multiple]
    ) { (database, _, arguments, call) throws(CommandError) in
        var matches: [(name: [UInt8], directive: Directive)] = []
        var seen: Set<String> = []
        for index in 2..<arguments.count {
            ConfigurationTable.visit(matching: arguments[index]) { name, directive in
                if seen.insert(lowercased(name)).inserted { matches.append((name, directive)) }
            }
        }
        call.reply.map(matches.count)
        for (name, directive) in matches {
            call.reply.bulk(name)
            call.reply.bulk(directive.show(database.configuration))
        }
    }

    private static let configSet = SessionCommand(
        "set", arity: -4, flags: [.admin, .noscript, .loading, .stale], group: .server, since: "2.0.0",
        summary: "Sets parameters, all of them or none.",
        complexity: "O(N) where N is the number of parameters given",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"],
        arguments: [.block("data", [.string("parameter"), .string("value")]).multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        guard arguments.count.isMultiple(of: 2) else { throw .syntax }
        var settings: [(name: String, directive: Directive, value: [UInt8])] = []
        for index in stride(from: 2, to: arguments.count, by: 2) {
            guard let directive = ConfigurationTable.find([UInt8](arguments[index])) else {
                throw CommandError(
                    bytes: Array("ERR Unknown option or number of arguments for CONFIG SET - '".utf8)
                        + arguments[index].untilNUL + Array("'".utf8))
            }
            let refusal: String? =
                if directive.flags.contains(.immutable) {
                    "can't set immutable config"
                } else if directive.flags.contains(.protected), !database.mayChangeProtected(session) {
                    "can't set protected config"
                } else if settings.contains(where: { $0.directive.name == directive.name }) {
                    "duplicate parameter"
                } else {
                    nil
                }
            if let refusal {
                throw CommandError(
                    bytes: Array("ERR CONFIG SET failed (possibly related to argument '".utf8)
                        + [UInt8](arguments[index]) + Array("') - \(refusal)".utf8))
            }
            settings.append((arguments[index].text.lowercased(), directive, [UInt8](arguments[index + 1])))
        }
        try database.configure(settings)
        call.reply.ok()
    }

    private static let configResetstat = SessionCommand(
        "resetstat", arity: 2, flags: [.admin, .noscript, .loading, .stale], group: .server, since: "2.0.0",
        summary: "Starts the counters that INFO shows afresh.",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"]
    ) { (database, _, _, call) throws(CommandError) in
        database.resetStatistics()
        call.reply.ok()
    }

    private static let configRewrite = SessionCommand(
        "rewrite", arity: 2, flags: [.admin, .noscript, .loading, .stale], group: .server, since: "2.8.0",
        summary: "Brings the configuration file up to date with the running configuration.",
        tips: ["request_policy:all_nodes", "response_policy:all_succeeded"]
    ) { (database, _, _, call) throws(CommandError) in
        try database.rewriteConfiguration()
        call.reply.ok()
    }
}

extension Database {
    /// Whether the client may change what `enable-protected-configs` protects.
    fileprivate func mayChangeProtected(_ session: Session) -> Bool {
        configuration.enableProtectedConfigs.isAllowed(local: session.isLocal)
    }
}

extension ConfigurationTable {
    /// Visits names and aliases that match a pattern; hidden directives only by their name.
    fileprivate static func visit(matching pattern: RawSpan, _ body: ([UInt8], Directive) -> Void) {
        let name = pattern.untilNUL
        guard name.contains(where: { "*?[".utf8.contains($0) }) else {
            let whole = [UInt8](pattern)
            if let directive = find(whole) { body(whole, directive) }
            return
        }
        let glob = Glob(pattern.extracting(first: name.count), foldingCase: true)
        for directive in all where !directive.flags.contains(.hidden) {
            for name in [directive.name, directive.alias].compactMap({ $0 }) {
                let bytes = Array(name.utf8)
                // The array lives until the names are compared.
                if unsafe glob.matches(bytes.span.bytes) { body(bytes, directive) }
            }
        }
    }
}
