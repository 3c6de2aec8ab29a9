import RESP

extension DataCommands {
    static let object: DataCommand = DataCommand(
        container: "object", group: .generic, since: "2.2.3",
        summary: "Tells how a key's value is kept.",
        subcommands: [objectEncoding, objectFreq, objectHelp, objectIdletime, objectRefcount])

    private static let objectEncoding = DataCommand(
        "encoding", arity: 3, flags: .readonly, categories: .keyspace,
        keys: [.one(2, [.readOnly])], group: .generic, since: "2.2.3",
        summary: "Returns the internal encoding of a key's value.",
        tips: ["nondeterministic_output"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = call.look(arguments[2], tellsMiss: false) else { return call.reply.null() }
        call.reply.bulk(entry.kind.encoding)
    }

    private static let objectFreq = DataCommand(
        "freq", arity: 3, flags: .readonly, categories: .keyspace,
        keys: [.one(2, [.readOnly])], group: .generic, since: "4.0.0",
        summary: "Returns the logarithmic counter of how often a key was used.",
        tips: ["nondeterministic_output"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = call.look(arguments[2], tellsMiss: false) else { return call.reply.null() }
        let settings = call.dataset.settings
        guard settings.countsFrequency else { throw .frequencyNotCounted }
        call.reply.integer(Int(AccessClock.frequency(entry.accessClock, call.now, settings)))
    }

    private static let objectIdletime = DataCommand(
        "idletime", arity: 3, flags: .readonly, categories: .keyspace,
        keys: [.one(2, [.readOnly])], group: .generic, since: "2.2.3",
        summary: "Returns for how many seconds a key was not used.",
        tips: ["nondeterministic_output"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = call.look(arguments[2], tellsMiss: false) else { return call.reply.null() }
        guard !call.dataset.settings.countsFrequency else { throw .timeNotKept }
        call.reply.integer(AccessClock.idleSeconds(entry.accessClock, call.now))
    }

    private static let objectRefcount = DataCommand(
        "refcount", arity: 3, flags: .readonly, categories: .keyspace,
        keys: [.one(2, [.readOnly])], group: .generic, since: "2.2.3",
        summary: "Returns how often a key's value is referred to.",
        tips: ["nondeterministic_output"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = call.look(arguments[2], tellsMiss: false) else { return call.reply.null() }
        // Redis keeps these numbers once for all keys, and shows that by the largest count there is.
        let isShared =
            entry.kind == .int && (0..<10_000).contains(entry.integer) && call.dataset.settings.sharesIntegers
        call.reply.integer(isShared ? Int(Int32.max) : 1)
    }

    private static let objectHelp: DataCommand = DataCommand(
        "help", arity: 2, flags: [.loading, .stale], categories: .keyspace,
        group: .generic, since: "6.2.0",
        summary: "Returns a text about the subcommands."
    ) { (arguments, call) throws(CommandError) in
        call.reply.help(arguments[0].text, object.subcommands.map(\.info))
    }
}

extension CommandError {
    fileprivate static let frequencyNotCounted = CommandError(
        """
        ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that when \
        switching between policies at runtime LRU and LFU data will take some time to adjust.
        """
    )
    fileprivate static let timeNotKept = CommandError(
        """
        ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when switching \
        between policies at runtime LRU and LFU data will take some time to adjust.
        """
    )
}
