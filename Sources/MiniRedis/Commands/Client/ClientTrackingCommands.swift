import Engine
import RESP

extension SessionCommands {
    static let clientTracking = SessionCommand(
        "tracking", arity: -3, flags: clientFlags, categories: .connection, group: .connection,
        since: "6.0.0",
        summary: "Says whether and how the client is told when keys that it may have cached change.",
        complexity: "O(1); some options add O(N) where N is the number of prefixes",
        arguments: [
            .oneOf("status", [.token("ON", name: "on"), .token("OFF", name: "off")]),
            .integer("client-id", token: "REDIRECT").optional,
            .string("prefix", token: "PREFIX").optional.multipleWithToken,
            .token("BCAST", name: "bcast").optional, .token("OPTIN", name: "optin").optional,
            .token("OPTOUT", name: "optout").optional, .token("NOLOOP", name: "noloop").optional,
        ]
    ) { (database, session, arguments, call) throws(CommandError) in
        var request = TrackingRequest()
        try request.read(arguments, database)
        if arguments.isWord(2, "on") {
            try request.check(for: session)
            database.track(session, request.options, prefixes: request.prefixes, to: request.redirection)
        } else if arguments.isWord(2, "off") {
            database.stopTracking(session)
        } else {
            throw .syntax
        }
        call.reply.ok()
    }

    static let clientCaching = SessionCommand(
        "caching", arity: 3, flags: clientFlags, categories: .connection, group: .connection,
        since: "6.0.0",
        summary: "Says whether what the next command reads is tracked.",
        arguments: [.oneOf("mode", [.token("YES", name: "yes"), .token("NO", name: "no")])]
    ) { (_, session, arguments, call) throws(CommandError) in
        guard let state = session.tracking else {
            throw CommandError(
                """
                ERR CLIENT CACHING can be called only when the client is in tracking mode with OPTIN or \
                OPTOUT mode enabled
                """)
        }
        if arguments.isWord(2, "yes") {
            guard state.options.contains(.optIn) else {
                throw CommandError(
                    "ERR CLIENT CACHING YES is only valid when tracking is enabled in OPTIN mode.")
            }
        } else if arguments.isWord(2, "no") {
            guard state.options.contains(.optOut) else {
                throw CommandError(
                    "ERR CLIENT CACHING NO is only valid when tracking is enabled in OPTOUT mode.")
            }
        } else {
            throw .syntax
        }
        state.isCaching = true
        call.reply.ok()
    }

    static let clientGetredir = SessionCommand(
        "getredir", arity: 2, flags: clientFlags, categories: .connection, group: .connection, since: "6.0.0",
        summary: "Returns the number of the client that gets this one's invalidations."
    ) { (_, session, _, call) throws(CommandError) in
        call.reply.integer(session.redirectionNumber)
    }

    static let clientTrackinginfo = SessionCommand(
        "trackinginfo", arity: 2, flags: clientFlags, categories: .connection, group: .connection,
        since: "6.2.0",
        summary: "Tells how the client's reads are tracked."
    ) { (_, session, _, call) throws(CommandError) in
        let state = session.tracking
        call.reply.map(3)
        call.reply.bulk("flags")
        let flags = state?.flagNames ?? ["off"]
        call.reply.set(flags.count)
        for flag in flags { call.reply.bulk(flag) }
        call.reply.bulk("redirect")
        call.reply.integer(session.redirectionNumber)
        call.reply.bulk("prefixes")
        let prefixes = (state?.prefixes ?? []).sorted { $0.lexicographicallyPrecedes($1) }
        call.reply.array(prefixes.count)
        for prefix in prefixes { call.reply.bulk(prefix) }
    }
}

/// What CLIENT TRACKING is asked for.
private struct TrackingRequest {
    var options: ClientTracking.Options = []
    var prefixes: [[UInt8]] = []
    var redirection: Session?

    /// Reads the options behind ON or OFF.
    mutating func read(_ arguments: Arguments, _ database: isolated Database) throws(CommandError) {
        var index = 3
        while index < arguments.count {
            let hasMore = index + 1 < arguments.count
            if arguments.isWord(index, "REDIRECT"), hasMore {
                index += 1
                guard redirection == nil else {
                    throw CommandError("ERR A client can only redirect to a single other client")
                }
                redirection = database.sessions.withID(try arguments.integer(index))
                guard redirection != nil else {
                    throw CommandError("ERR The client ID you want redirect to does not exist")
                }
            } else if arguments.isWord(index, "PREFIX"), hasMore {
                index += 1
                prefixes.append([UInt8](arguments[index]))
            } else if let option = Self.option(arguments, index) {
                options.insert(option)
            } else {
                throw .syntax
            }
            index += 1
        }
    }

    private static func option(_ arguments: Arguments, _ index: Int) -> ClientTracking.Options? {
        if arguments.isWord(index, "BCAST") { return .broadcast }
        if arguments.isWord(index, "OPTIN") { return .optIn }
        if arguments.isWord(index, "OPTOUT") { return .optOut }
        if arguments.isWord(index, "NOLOOP") { return .noLoop }
        return nil
    }

    /// Sees whether the options go together, and with how the client tracks already.
    func check(for session: Session) throws(CommandError) {
        let isBroadcast = options.contains(.broadcast)
        guard isBroadcast || prefixes.isEmpty else {
            throw CommandError("ERR PREFIX option requires BCAST mode to be enabled")
        }
        if let state = session.tracking, state.options.contains(.broadcast) != isBroadcast {
            throw CommandError(
                """
                ERR You can't switch BCAST mode on/off before disabling tracking for this client, and then \
                re-enabling it with a different mode.
                """)
        }
        if isBroadcast, !options.isDisjoint(with: [.optIn, .optOut]) {
            throw CommandError("ERR OPTIN and OPTOUT are not compatible with BCAST")
        }
        if options.isSuperset(of: [.optIn, .optOut]) {
            throw CommandError("ERR You can't specify both OPTIN mode and OPTOUT mode")
        }
        let before = session.tracking?.options ?? []
        if options.contains(.optIn) && before.contains(.optOut)
            || options.contains(.optOut) && before.contains(.optIn)
        {
            throw CommandError(
                """
                ERR You can't switch OPTIN/OPTOUT mode before disabling tracking for this client, and then \
                re-enabling it with a different mode.
                """)
        }
        if isBroadcast { try checkPrefixes(besides: session.tracking?.prefixes ?? []) }
    }

    /// A key must be told once only, so none may begin with two of the prefixes.
    private func checkPrefixes(besides known: Set<[UInt8]>) throws(CommandError) {
        let known = known.sorted { $0.lexicographicallyPrecedes($1) }
        for (index, prefix) in prefixes.enumerated() {
            if let other = known.first(where: { Self.overlap(prefix, $0) }) {
                throw .overlap(prefix, "an existing prefix", other)
            }
            if let other = prefixes[(index + 1)...].first(where: { Self.overlap(prefix, $0) }) {
                throw .overlap(prefix, "another provided prefix", other)
            }
        }
    }

    private static func overlap(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        one.starts(with: other) || other.starts(with: one)
    }
}

extension CommandError {
    fileprivate static func overlap(_ prefix: [UInt8], _ words: String, _ other: [UInt8]) -> CommandError {
        CommandError(
            bytes: Array("ERR Prefix '".utf8) + prefix.prefix { $0 != 0 } + Array("' overlaps with ".utf8)
                + Array("\(words) '".utf8) + other.prefix { $0 != 0 }
                + Array("'. Prefixes for a single client must not overlap.".utf8))
    }
}

extension Session {
    /// The number of the client that is told in this one's place: 0 for none, -1 where nothing is tracked.
    var redirectionNumber: Int64 { tracking.map { $0.redirection?.id ?? 0 } ?? -1 }
}

extension ClientTracking {
    /// How CLIENT TRACKINGINFO names the client's state.
    fileprivate var flagNames: [StaticString] {
        var names: [StaticString] = ["on"]
        if options.contains(.broadcast) { names.append("bcast") }
        if options.contains(.optIn) {
            names.append("optin")
            if isCaching { names.append("caching-yes") }
        }
        if options.contains(.optOut) {
            names.append("optout")
            if isCaching { names.append("caching-no") }
        }
        if options.contains(.noLoop) { names.append("noloop") }
        if isRedirectionBroken { names.append("broken_redirect") }
        return names
    }
}
