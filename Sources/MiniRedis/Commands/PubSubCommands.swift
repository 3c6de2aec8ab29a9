import Engine
import RESP

extension SessionCommands {
    /// The family's index, one line a command.
    static let pubsub: [SessionCommand] = [
        psubscribe, publish, pubsubContainer, punsubscribe, spublish, ssubscribe, subscribe, sunsubscribe,
        unsubscribe,
    ]

    static let subscribe = SessionCommand(
        "subscribe", arity: -2, flags: [.pubsub, .noscript, .loading, .stale], group: .pubsub, since: "2.0.0",
        summary: "Makes the client follow channels.",
        complexity: "O(N) where N is the number of channels",
        arguments: [.string("channel").multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        database.subscribe(session, arguments, .channel, &call)
    }

    static let psubscribe = SessionCommand(
        "psubscribe", arity: -2, flags: [.pubsub, .noscript, .loading, .stale], group: .pubsub,
        since: "2.0.0",
        summary: "Makes the client follow all channels whose names match patterns.",
        complexity: "O(N) where N is the number of patterns",
        arguments: [.pattern("pattern").multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        database.subscribe(session, arguments, .pattern, &call)
    }

    static let ssubscribe = SessionCommand(
        "ssubscribe", arity: -2, flags: [.pubsub, .noscript, .loading, .stale],
        keys: [KeySpec(.index(1), .range(last: -1, step: 1, limit: 0), .notKey)], group: .pubsub,
        since: "7.0.0",
        summary: "Makes the client follow shard channels.",
        complexity: "O(N) where N is the number of shard channels",
        arguments: [.string("shardchannel").multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        database.subscribe(session, arguments, .shard, &call)
    }

    static let unsubscribe = SessionCommand(
        "unsubscribe", arity: -1, flags: [.pubsub, .noscript, .loading, .stale], group: .pubsub,
        since: "2.0.0",
        summary: "Makes the client no longer follow the given channels, or any.",
        complexity: "O(N) where N is the number of channels",
        arguments: [.string("channel").optional.multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        database.unsubscribe(session, arguments, .channel, &call)
    }

    static let punsubscribe = SessionCommand(
        "punsubscribe", arity: -1, flags: [.pubsub, .noscript, .loading, .stale], group: .pubsub,
        since: "2.0.0",
        summary: "Makes the client no longer follow the given patterns, or any.",
        complexity: "O(N) where N is the number of patterns",
        arguments: [.pattern("pattern").optional.multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        database.unsubscribe(session, arguments, .pattern, &call)
    }

    static let sunsubscribe = SessionCommand(
        "sunsubscribe", arity: -1, flags: [.pubsub, .noscript, .loading, .stale],
        keys: [KeySpec(.index(1), .range(last: -1, step: 1, limit: 0), .notKey)], group: .pubsub,
        since: "7.0.0",
        summary: "Makes the client no longer follow the given shard channels, or any.",
        complexity: "O(N) where N is the number of shard channels",
        arguments: [.string("shardchannel").optional.multiple]
    ) { (database, session, arguments, call) throws(CommandError) in
        database.unsubscribe(session, arguments, .shard, &call)
    }

    static let publish = SessionCommand(
        "publish", arity: 3, flags: [.pubsub, .loading, .stale, .fast, .mayReplicate], group: .pubsub,
        since: "2.0.0", summary: "Sends a message to all who follow a channel.",
        complexity:
            "O(N+M) where N is the number of the channel's followers and M the number of patterns followed",
        arguments: [.string("channel"), .string("message")],
        changesNoStanding: true
    ) { (database, _, arguments, call) throws(CommandError) in
        call.reply.integer(database.publish(arguments[1], arguments[2]))
    }

    static let spublish = SessionCommand(
        "spublish", arity: 3, flags: [.pubsub, .loading, .stale, .fast, .mayReplicate],
        keys: [.one(1, .notKey)], group: .pubsub, since: "7.0.0",
        summary: "Sends a message to all who follow a shard channel.",
        complexity: "O(N) where N is the number of the shard channel's followers",
        arguments: [.string("shardchannel"), .string("message")],
        changesNoStanding: true
    ) { (database, _, arguments, call) throws(CommandError) in
        call.reply.integer(database.publishToShard(arguments[1], arguments[2]))
    }

    static let pubsubContainer = SessionCommand(
        container: "pubsub", group: .pubsub, since: "2.8.0",
        summary: "Tells about channels and their followers.",
        subcommands: [
            channels(
                "channels", .channel, since: "2.8.0", "Lists the channels that anybody follows by name."),
            channels(
                "shardchannels", .shard, since: "7.0.0", "Lists the shard channels that anybody follows."),
            counts(
                "numsub", .channel, since: "2.8.0", argument: "channel",
                "Counts the followers of each channel, patterns aside."),
            counts(
                "shardnumsub", .shard, since: "7.0.0", argument: "shardchannel",
                "Counts the followers of each shard channel."),
            SessionCommand(
                "numpat", arity: 2, flags: [.pubsub, .loading, .stale], group: .pubsub, since: "2.8.0",
                summary: "Counts the different patterns that anybody follows."
            ) { (database, _, _, call) throws(CommandError) in
                call.reply.integer(database.pubsub.patterns.count)
            },
            help("pubsub", group: .pubsub, since: "6.2.0"),
        ])

    private static func channels(
        _ name: StaticString, _ kind: PubSub.Kind, since: StaticString, _ summary: StaticString
    ) -> SessionCommand {
        SessionCommand(
            name, arity: -2, flags: [.pubsub, .loading, .stale], group: .pubsub, since: since,
            summary: summary,
            complexity: "O(N) where N is the number of channels",
            arguments: [.pattern("pattern").optional]
        ) { (database, _, arguments, call) throws(CommandError) in
            guard arguments.count <= 3 else { throw .subcommandSyntax(arguments) }
            let names = database.pubsub[keyPath: kind.path].names.keys.filter { name in
                // The array lives in the dictionary, which does not change meanwhile.
                arguments.count == 2 || Glob(arguments[2]).matches(unsafe name.span.bytes)
            }
            call.reply.array(names.count)
            for name in names { call.reply.bulk(name) }
        }
    }

    private static func counts(
        _ name: StaticString, _ kind: PubSub.Kind, since: StaticString, argument: StaticString,
        _ summary: StaticString
    ) -> SessionCommand {
        SessionCommand(
            name, arity: -2, flags: [.pubsub, .loading, .stale], group: .pubsub, since: since,
            summary: summary,
            complexity: "O(N) where N is the number of channels asked for",
            arguments: [.string(argument).optional.multiple]
        ) { (database, _, arguments, call) throws(CommandError) in
            // RESP3 has a map here in no version of Redis: an array of names and counts in turn.
            call.reply.array((arguments.count - 2) * 2)
            for index in 2..<arguments.count {
                call.reply.bulk(arguments[index])
                call.reply.integer(database.pubsub[keyPath: kind.path][[UInt8](arguments[index])]?.count ?? 0)
            }
        }
    }
}

extension Database {
    /// Subscribes to each argument and confirms each.
    fileprivate func subscribe(
        _ session: Session, _ arguments: Arguments, _ kind: PubSub.Kind, _ call: inout Call
    ) {
        for index in 1..<arguments.count {
            _ = pubsub.subscribe(session, to: [UInt8](arguments[index]), kind)
            call.reply.push(3)
            call.reply.bulk(kind.words.subscribed)
            call.reply.bulk(arguments[index])
            call.reply.integer(PubSub.confirmedCount(session, kind))
        }
    }

    /// Unsubscribes from each argument, or from everything of the kind, and confirms each.
    fileprivate func unsubscribe(
        _ session: Session, _ arguments: Arguments, _ kind: PubSub.Kind, _ call: inout Call
    ) {
        var names = (1..<max(arguments.count, 1)).map { [UInt8](arguments[$0]) }
        if names.isEmpty { names = Array(session[keyPath: kind.sessionPath]) }
        for name in names {
            pubsub.unsubscribe(session, from: name, kind)
            call.reply.push(3)
            call.reply.bulk(kind.words.unsubscribed)
            call.reply.bulk(name)
            call.reply.integer(PubSub.confirmedCount(session, kind))
        }
        guard names.isEmpty else { return }
        call.reply.push(3)
        call.reply.bulk(kind.words.unsubscribed)
        call.reply.null()
        call.reply.integer(PubSub.confirmedCount(session, kind))
    }
}
