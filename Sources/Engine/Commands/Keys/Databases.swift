import RESP

extension DataCommands {
    static let dbsize = DataCommand(
        "dbsize", arity: 1, flags: [.readonly, .fast], categories: .keyspace,
        group: .server, since: "1.0.0",
        summary: "Returns the number of keys.",
        tips: ["request_policy:all_shards", "response_policy:agg_sum"]
    ) { (_, call) throws(CommandError) in
        call.reply.integer(call.keyspace.count)
    }

    static let flushall = DataCommand(
        "flushall", arity: -1, flags: .write, categories: [.keyspace, .dangerous],
        group: .server, since: "1.0.0",
        summary: "Deletes all keys of all databases.",
        complexity: "O(1); the memory is given back later",
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        arguments: [flushType]
    ) { (arguments, call) throws(CommandError) in
        try call.flush(arguments, call.dataset.keyspaces)
    }

    static let flushdb = DataCommand(
        "flushdb", arity: -1, flags: .write, categories: [.keyspace, .dangerous],
        group: .server, since: "1.0.0",
        summary: "Deletes all keys of the current database.",
        complexity: "O(1); the memory is given back later",
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"],
        arguments: [flushType]
    ) { (arguments, call) throws(CommandError) in
        try call.flush(arguments, [call.keyspace])
    }

    static let swapdb = DataCommand(
        "swapdb", arity: 3, flags: [.write, .fast], categories: [.keyspace, .dangerous],
        group: .server, since: "4.0.0",
        summary: "Exchanges the keys of two databases.",
        complexity: "O(1)",
        arguments: [.integer("index1"), .integer("index2")]
    ) { (arguments, call) throws(CommandError) in
        let range = Int64(Int32.min)...Int64(Int32.max)
        let first = try arguments.integer(1, in: range, else: CommandError("ERR invalid first DB index"))
        let second = try arguments.integer(2, in: range, else: CommandError("ERR invalid second DB index"))
        guard let one = call.keyspace(first), let other = call.keyspace(second) else { throw .databaseIndex }
        call.swap(one, other)
        call.reply.ok()
    }

    private static let flushType = ArgumentSpec.oneOf(
        "flush-type",
        [.token("ASYNC", name: "async").since("4.0.0"), .token("SYNC", name: "sync").since("6.2.0")]
    ).optional
}

extension Call {
    /// FLUSHALL and FLUSHDB: keys are gone at once, memory follows in slices.
    ///
    /// Thus SYNC, ASYNC and `lazyfree-lazy-user-flush` come to the same.
    fileprivate mutating func flush(_ arguments: Arguments, _ keyspaces: [Keyspace]) throws(CommandError) {
        let isPlain = arguments.count == 1
        let isKnown = arguments.count == 2 && (arguments.isWord(1, "SYNC") || arguments.isWord(1, "ASYNC"))
        guard isPlain || isKnown else { throw .syntax }
        for keyspace in keyspaces { flush(keyspace) }
        // Others may have keys where there were none here.
        effects.propagate(in: keyspace.number) { arguments.copies }
        reply.ok()
    }
}
