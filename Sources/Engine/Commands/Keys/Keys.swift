import RESP

extension DataCommands {
    static let keysCommand = DataCommand(
        "keys", arity: 2, flags: .readonly, categories: [.keyspace, .dangerous],
        group: .generic, since: "1.0.0",
        summary: "Returns all keys that match a pattern; SCAN does so without holding up others.",
        complexity: "O(N) where N is the number of keys in the database; O(1) for a pattern without wildcard",
        tips: ["request_policy:all_shards", "nondeterministic_output_order"],
        arguments: [.pattern("pattern")]
    ) { (arguments, call) throws(CommandError) in
        call.replyKeys(arguments[1])
    }

    static let randomkey = DataCommand(
        "randomkey", arity: 1, flags: [.readonly, .touchesArbitraryKeys], categories: .keyspace,
        group: .generic, since: "1.0.0",
        summary: "Returns a key picked at random.",
        tips: ["request_policy:all_shards", "response_policy:special", "nondeterministic_output"]
    ) { (_, call) throws(CommandError) in
        if let entry = call.randomEntry() {
            call.reply.bulk(entry.key)
        } else {
            call.reply.null()
        }
    }
}

extension Call {
    /// One pass over the table, from which keys go straight into the reply; none is deleted on the way.
    fileprivate mutating func replyKeys(_ pattern: RawSpan) {
        let keyspace = keyspace
        let glob = Glob(pattern)
        if glob.isLiteral {
            guard let entry = keyspace.locate(pattern).entry, !isDue(entry, in: keyspace) else {
                return reply.array(0)
            }
            reply.array(1)
            return reply.bulk(entry.key)
        }
        let mark = reply.mark()
        let matchesAll = glob.matchesAll
        var count = 0
        keyspace.table.forEach { entry in
            if matchesAll || glob.matches(entry.key), !isDue(entry, in: keyspace) {
                reply.bulk(entry.key)
                count += 1
            }
        }
        reply.closeArray(count, since: mark)
    }
}
