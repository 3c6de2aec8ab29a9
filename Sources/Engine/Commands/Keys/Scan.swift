import RESP

extension DataCommands {
    static let scan = DataCommand(
        "scan", arity: -2, flags: [.readonly, .touchesArbitraryKeys], categories: .keyspace,
        group: .generic, since: "2.8.0",
        summary: "Returns some of the keys and a cursor from which to go on.",
        complexity:
            "O(1) a call, O(N) for a whole pass until the cursor is 0 again, N being the number of keys",
        tips: ["nondeterministic_output", "request_policy:special", "response_policy:special"],
        arguments: [
            .integer("cursor"), .pattern("pattern", token: "MATCH").optional,
            .integer("count", token: "COUNT").optional,
            .string("type", token: "TYPE").optional.since("6.0.0"),
        ]
    ) { (arguments, call) throws(CommandError) in
        guard let cursor = ScanCursor.parse(arguments[1]) else { throw CommandError("ERR invalid cursor") }
        try call.scan(arguments, from: cursor, ScanOptions(arguments, from: 2, takesType: true))
    }
}

extension Call {
    /// Visits buckets until about `count` keys were seen; those that fit go straight into the reply.
    fileprivate mutating func scan(_ arguments: Arguments, from start: UInt64, _ options: ScanOptions) {
        let keyspace = keyspace
        let glob = Glob(arguments[options.pattern ?? 0])
        let matchesAll = options.pattern == nil || glob.matchesAll
        let mark = reply.mark()
        var cursor = start
        var bucketsLeft = options.mostBuckets
        var seen: Int64 = 0
        var found = 0
        var due: [[UInt8]] = []
        repeat {
            cursor = keyspace.table.scan(cursor) { entry in
                seen += 1
                if let type = options.type, entry.kind.type != type { return }
                guard matchesAll || glob.matches(entry.key) else { return }
                if isDue(entry, in: keyspace) {
                    due.append([UInt8](entry.key))
                } else {
                    reply.bulk(entry.key)
                    found += 1
                }
            }
            bucketsLeft -= 1
        } while cursor != 0 && bucketsLeft >= 0 && seen < options.count
        reply.closeArray(found, since: mark)
        reply.closeScan(cursor, since: mark)
        for key in due {
            // The array lives until the key is gone.
            _ = unsafe locate(key.span.bytes)
        }
    }
}
