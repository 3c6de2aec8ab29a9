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
        if slices(keyspace.count) { return replyKeysInSlices(pattern) }
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

    /// The same for many keys: they are found in slices, and sent when it is known how many they are.
    private mutating func replyKeysInSlices(_ pattern: RawSpan) {
        var search = KeySearch(keyspace, [UInt8](pattern), cutoff: isReplay ? .min : now)
        var sent = 0
        writeInSlices { reply, slice in
            if search.goOn(buckets: slice.elements / EntryTable.growLoad, reply.version) { return true }
            if sent == 0 { reply.array(search.count) }
            if sent < search.pieces.count { reply.buffer.append(search.pieces[sent]) }
            sent += 1
            return sent < search.pieces.count
        }
    }
}

/// A search for keys that takes several turns of the loop.
private struct KeySearch {
    private let keyspace: Keyspace
    private let pattern: [UInt8]
    /// Keys that are due before, in Unix milliseconds, are not there.
    private let cutoff: Int64
    private var next = 0
    /// How many keys were found.
    private(set) var count = 0
    /// The keys that were found, as bulk strings, in pieces of moderate size.
    private(set) var pieces: [[UInt8]] = []

    init(_ keyspace: Keyspace, _ pattern: [UInt8], cutoff: Int64) {
        self.keyspace = keyspace
        self.pattern = pattern
        self.cutoff = cutoff
    }

    /// Looks at some buckets more; false if none were left.
    mutating func goOn(buckets: Int, _ version: ProtocolVersion) -> Bool {
        let first = next
        let end = min(first + buckets, keyspace.table.bucketCount)
        guard first < end else { return false }
        let (keyspace, cutoff) = (keyspace, cutoff)
        let pattern = pattern
        // The array outlives the look.
        let glob = unsafe Glob(pattern.span.bytes)
        var found = ReplyWriter(version: version)
        var count = 0
        for index in first..<end {
            keyspace.table.visit(keyspace.table.bucket(at: index)) { entry in
                guard glob.matchesAll || glob.matches(entry.key),
                    keyspace.deadline(of: entry) ?? .max >= cutoff
                else { return }
                found.bulk(entry.key)
                count += 1
            }
        }
        next = end
        self.count += count
        if count > 0 { pieces.append([UInt8](found.buffer.bytes)) }
        return true
    }
}
