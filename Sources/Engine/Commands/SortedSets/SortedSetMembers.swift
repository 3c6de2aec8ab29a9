import RESP

extension DataCommands {
    static let zrem = DataCommand(
        "zrem", arity: -3, flags: [.write, .fast], categories: .sortedset,
        keys: [.one(1, [.readWrite, .delete])], group: .sortedSet, since: "1.2.0",
        summary: "Removes members from a sorted set; an empty one is deleted.",
        complexity: "O(M*log(N)) where N is how many members the sorted set has and M how many are given",
        arguments: [.key(), .string("member").multiple]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locate(arguments[1], .sortedSet)
        guard let entry = slot.entry else { return call.reply.integer(0) }
        var set = SortedSetValue(entry)
        var removed = 0
        for index in 2..<arguments.count {
            // The argument stays where it is while the command runs.
            let member = unsafe PackedElement(packing: arguments[index])
            removed += set.remove(member, in: call.keyspace) ? 1 : 0
        }
        if removed > 0 {
            call.keyspace.put(set, at: &slot, key: arguments[1])
            call.finishChange(arguments[1], &slot, .zrem, count: removed)
        }
        call.reply.integer(removed)
    }

    static let zcard = DataCommand(
        "zcard", arity: 2, flags: [.readonly, .fast], categories: .sortedset,
        keys: [.one(1, .readOnly)], group: .sortedSet, since: "1.2.0",
        summary: "Returns how many members a sorted set has.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.reply.integer(try call.read(arguments[1], .sortedSet).map { SortedSetValue($0).count } ?? 0)
    }

    static let zscore = DataCommand(
        "zscore", arity: 3, flags: [.readonly, .fast], categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "1.2.0",
        summary: "Returns the score of a member.",
        arguments: [.key(), .string("member")]
    ) { (arguments, call) throws(CommandError) in
        let entry = try call.read(arguments[1], .sortedSet)
        if let score = entry?.score(ofMember: arguments[2]) {
            call.reply.double(score)
        } else {
            call.reply.null()
        }
    }

    static let zmscore = DataCommand(
        "zmscore", arity: -3, flags: [.readonly, .fast], categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "6.2.0",
        summary: "Returns the scores of several members.",
        complexity: "O(N) where N is how many members are given",
        arguments: [.key(), .string("member").multiple]
    ) { (arguments, call) throws(CommandError) in
        let entry = try call.read(arguments[1], .sortedSet)
        call.reply.array(arguments.count - 2)
        for index in 2..<arguments.count {
            if let score = entry?.score(ofMember: arguments[index]) {
                call.reply.double(score)
            } else {
                call.reply.null()
            }
        }
    }

    static let zrank = DataCommand(
        "zrank", arity: -3, flags: [.readonly, .fast], categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.0.0",
        summary: "Returns how many members come before a member.",
        complexity: "O(log(N)) where N is how many members the sorted set has",
        arguments: [.key(), .string("member"), .token("WITHSCORE", name: "withscore").optional]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRank(arguments, fromEnd: false)
    }

    static let zrevrank = DataCommand(
        "zrevrank", arity: -3, flags: [.readonly, .fast], categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.0.0",
        summary: "Returns how many members come after a member.",
        complexity: "O(log(N)) where N is how many members the sorted set has",
        arguments: [.key(), .string("member"), .token("WITHSCORE", name: "withscore").optional]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRank(arguments, fromEnd: true)
    }

    static let zscan = DataCommand(
        "zscan", arity: -3, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.8.0",
        summary: "Returns some members and scores of a sorted set and a cursor from which to go on.",
        complexity: "O(1) a call, O(N) for a whole pass until the cursor is 0 again, N being the members",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(), .integer("cursor"), .pattern("pattern", token: "MATCH").optional,
            .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        guard let (entry, scan) = try call.beginScan(arguments, .sortedSet) else { return }
        switch SortedSetValue(entry) {
        case .table(let table):
            call.scan(table.table, scan, arguments) { (entry, reply) in
                reply.bulk(entry.key)
                ScanScore.withText(of: entry.score) { reply.bulk($0) }
                return 2
            }
        case .packed(let listpack):
            call.scanWhole(scan, arguments) { (glob, reply) in
                var found = 0
                listpack.visitPairs(0..<listpack.memberCount) { (member, score) in
                    let member = listpack.element(at: member)
                    guard glob.matches(member) else { return }
                    reply.bulk(member)
                    reply.bulk(listpack.element(at: score))
                    found += 2
                }
                return found
            }
        }
    }
}

extension Call {
    /// ZRANK and ZREVRANK.
    fileprivate mutating func answerRank(_ arguments: Arguments, fromEnd: Bool) throws(CommandError) {
        if arguments.count > 4 { throw .wrongArity(name.description) }
        let withScore = arguments.count > 3
        if withScore, !arguments.isWord(3, "WITHSCORE") { throw .syntax }
        guard let entry = try read(arguments[1], .sortedSet) else {
            return withScore ? reply.nullArray() : reply.null()
        }
        let set = SortedSetValue(entry)
        // The argument stays where it is while the command runs.
        guard let (rank, score) = set.rank(of: unsafe PackedElement(packing: arguments[2])) else {
            return withScore ? reply.nullArray() : reply.null()
        }
        if withScore { reply.array(2) }
        reply.integer(fromEnd ? set.count - 1 - rank : rank)
        if withScore { reply.double(score) }
    }
}

extension Entry {
    /// The score of a member of the entry's sorted set; nil if it is none.
    @inline(__always)
    func score(ofMember member: RawSpan) -> Double? {
        if kind == .sortedSet {
            // The kind says what the object is.
            return withObject { unsafe unsafeDowncast($0, to: ScoreTable.self).score(of: member) }
        }
        // The argument stays where it is while the command runs.
        return SortedSetValue(self).score(of: unsafe PackedElement(packing: member))
    }
}
