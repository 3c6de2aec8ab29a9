import RESP

extension DataCommands {
    static let zremrangebyrank = DataCommand(
        "zremrangebyrank", arity: 4, flags: .write, categories: .sortedset,
        keys: [.one(1, [.readWrite, .delete])], group: .sortedSet, since: "2.0.0",
        summary: "Removes the members in a range of ranks; an empty sorted set is deleted.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are removed",
        arguments: [.key(), .integer("start"), .integer("stop")]
    ) { (arguments, call) throws(CommandError) in
        try call.removeRange(arguments, .ranks, .zremrangebyrank)
    }

    static let zremrangebyscore = DataCommand(
        "zremrangebyscore", arity: 4, flags: .write, categories: .sortedset,
        keys: [.one(1, [.readWrite, .delete])], group: .sortedSet, since: "1.2.0",
        summary: "Removes the members with scores in a range; an empty sorted set is deleted.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are removed",
        arguments: [.key(), .double("min"), .double("max")]
    ) { (arguments, call) throws(CommandError) in
        try call.removeRange(arguments, .scores, .zremrangebyscore)
    }

    static let zremrangebylex = DataCommand(
        "zremrangebylex", arity: 4, flags: .write, categories: .sortedset,
        keys: [.one(1, [.readWrite, .delete])], group: .sortedSet, since: "2.8.9",
        summary: "Removes the members between two members; an empty sorted set is deleted.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are removed",
        arguments: [.key(), .string("min"), .string("max")]
    ) { (arguments, call) throws(CommandError) in
        try call.removeRange(arguments, .members, .zremrangebylex)
    }

    static let zpopmin = DataCommand(
        "zpopmin", arity: -2, flags: [.write, .fast], categories: .sortedset,
        keys: [.one(1, [.readWrite, .access, .delete])], group: .sortedSet, since: "5.0.0",
        summary: "Removes the members with the lowest scores and returns them.",
        complexity: "O(log(N)*M) where N is how many members the sorted set has and M how many are removed",
        arguments: [.key(), .integer("count").optional]
    ) { (arguments, call) throws(CommandError) in
        try call.pop(arguments, fromEnd: false)
    }

    static let zpopmax = DataCommand(
        "zpopmax", arity: -2, flags: [.write, .fast], categories: .sortedset,
        keys: [.one(1, [.readWrite, .access, .delete])], group: .sortedSet, since: "5.0.0",
        summary: "Removes the members with the highest scores and returns them.",
        complexity: "O(log(N)*M) where N is how many members the sorted set has and M how many are removed",
        arguments: [.key(), .integer("count").optional]
    ) { (arguments, call) throws(CommandError) in
        try call.pop(arguments, fromEnd: true)
    }

    static let zmpop = DataCommand(
        "zmpop", arity: -4, flags: .write, categories: .sortedset,
        keys: [.counted(at: 1, [.readWrite, .access, .delete])], group: .sortedSet, since: "7.0.0",
        summary: "Removes members from an end of the first of several sorted sets that exists.",
        complexity:
            "O(K) + O(M*log(N)) where K is the number of keys, N how many members the sorted set has and M how many are removed",
        arguments: [
            .integer("numkeys"), .key().multiple,
            .oneOf("where", [.token("MIN", name: "min"), .token("MAX", name: "max")]),
            .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        if try !call.pop(PopRequest(arguments, from: 1), arguments) { call.reply.nullArray() }
    }
}

/// What ZMPOP was asked, or BZMPOP.
struct PopRequest {
    let keys: Range<Int>
    let isFromEnd: Bool
    let count: Int64

    /// Reads the words from `numkeys` on, which is at `start`.
    init(_ arguments: Arguments, from start: Int) throws(CommandError) {
        let keyCount = try arguments.integer(
            start, in: 1...Int64.max, else: CommandError("ERR numkeys should be greater than 0"))
        guard keyCount < Int64(arguments.count - start - 1) else { throw .syntax }
        let end = start + 1 + Int(keyCount)
        keys = start + 1..<end
        isFromEnd = arguments.isWord(end, "MAX")
        guard isFromEnd || arguments.isWord(end, "MIN") else { throw .syntax }
        guard arguments.count > end + 1 else {
            count = 1
            return
        }
        guard arguments.isWord(end + 1, "COUNT"), arguments.count > end + 2 else { throw .syntax }
        count = try arguments.integer(
            end + 2, in: 1...Int64.max, else: CommandError("ERR count should be greater than 0"))
        guard arguments.count == end + 3 else { throw .syntax }
    }
}

extension Call {
    /// ZREMRANGEBYRANK and its likes.
    fileprivate mutating func removeRange(
        _ arguments: Arguments, _ kind: RangeKind, _ event: KeyspaceEvent
    ) throws(CommandError) {
        var slot = KeySlot(hash: 0, entry: nil)
        let found = try findRange(arguments, kind, 2, 3) { (call) throws(CommandError) in
            slot = try call.locate(arguments[1], .sortedSet)
            return slot.entry
        }
        guard let found, !found.ranks.isEmpty else { return reply.integer(0) }
        if case .table(let table) = found.set, slices(found.ranks.count),
            paysToCopyRest(of: table, without: found.ranks)
        {
            return try removeRangeInSlices(found.ranks, of: table, arguments, event)
        }
        removeMembers(found.ranks, of: found.set, at: &slot, arguments[1], event)
        reply.integer(found.ranks.count)
    }

    /// Whether it takes little more work to copy what is left of a sorted set than to remove the others.
    ///
    /// Where all goes there is nothing to copy.
    private func paysToCopyRest(of table: ScoreTable, without ranks: Range<Int>) -> Bool {
        let left = table.count - ranks.count
        return left > 0 && left / 4 <= ranks.count
    }

    /// Removes a good part of a big sorted set while others have their turns: what is left is copied, and takes
    /// the place of the whole in the end.
    private mutating func removeRangeInSlices(
        _ ranks: Range<Int>, of table: ScoreTable, _ arguments: Arguments, _ event: KeyspaceEvent
    ) throws(CommandError) {
        let rest = Unfinished(ScoreTable(arena: table.arena, key: table.table.key), dataset)
        var next = 0
        try proceed(
            arguments, reading: 1..<1, writing: 1,
            [
                LongCommand.Step { (_, _, slice) throws(CommandError) in
                    if ranks.contains(next) { next = ranks.upperBound }
                    let bound = next < ranks.lowerBound ? ranks.lowerBound : table.count
                    let end = min(next + slice.elements, bound)
                    table.order.visit(next..<end) { (entry, score) in rest.value.append(entry.key, score) }
                    next = end
                    return next < table.count
                }
            ],
            finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                var slot = call.locate(arguments[1])
                // It may have come due meanwhile.
                guard slot.entry != nil else { return call.reply.integer(0) }
                call.keyspace.putObject(rest.take(), kind: .sortedSet, at: &slot, key: arguments[1])
                call.dataset.discarded.values.add(table)
                call.finishChange(arguments[1], &slot, event, count: ranks.count)
                call.reply.integer(ranks.count)
            })
    }

    /// Removes members of some ranks and tells so; with the last one the key goes.
    private mutating func removeMembers(
        _ ranks: Range<Int>, of set: SortedSetValue, at slot: inout KeySlot, _ key: RawSpan,
        _ event: KeyspaceEvent
    ) {
        if ranks.count == set.count {
            // All of it goes at once, in slices if it is big.
            effects.notify(key, event, in: keyspace.number)
            return remove(key, at: &slot, count: ranks.count)
        }
        var set = set
        set.remove(ranks: ranks, in: keyspace)
        keyspace.put(set, at: &slot, key: key)
        finishChange(key, &slot, event, count: ranks.count)
    }

    /// ZPOPMIN and ZPOPMAX.
    fileprivate mutating func pop(_ arguments: Arguments, fromEnd: Bool) throws(CommandError) {
        if arguments.count > 3 { throw .syntax }
        var count: Int64 = 1
        if arguments.count == 3 {
            count = try arguments.integer(
                2, in: 0...Int64.max, else: CommandError("ERR value is out of range, must be positive"))
        }
        var slot = try locate(arguments[1], .sortedSet)
        guard slot.entry != nil, count > 0 else { return reply.array(0) }
        // A single pair is never nested.
        let nests = arguments.count == 3 && reply.version == .resp3
        popPairs(count, at: &slot, arguments[1], fromEnd: fromEnd, nests: nests)
    }

    /// ZMPOP, and BZMPOP if it finds something: replies with members of the first sorted set that exists
    /// and removes them; false if none does.
    mutating func pop(_ request: PopRequest, _ arguments: Arguments) throws(CommandError) -> Bool {
        for index in request.keys {
            var slot = try locate(arguments[index], .sortedSet)
            guard slot.entry != nil else { continue }
            reply.array(2)
            reply.bulk(arguments[index])
            let popped = popPairs(
                request.count, at: &slot, arguments[index], fromEnd: request.isFromEnd, nests: true)
            effects.propagate(in: keyspace.number) {
                let word: StaticString = request.isFromEnd ? "ZPOPMAX" : "ZPOPMIN"
                return [
                    Array(word.description.utf8), [UInt8](arguments[index]), Array(String(popped).utf8),
                ]
            }
            return true
        }
        return false
    }

    /// Replies with members from one end and removes them; returns how many.
    ///
    /// `isOpen` says that they go into an array that was begun.
    @discardableResult
    mutating func popPairs(
        _ count: Int64, at slot: inout KeySlot, _ key: RawSpan, fromEnd: Bool, nests: Bool,
        isOpen: Bool = false
    ) -> Int {
        guard let entry = slot.entry else { return 0 }
        let set = SortedSetValue(entry)
        let total = set.count
        let popped = Int(min(count, Int64(total)))
        let ranks = fromEnd ? total - popped..<total : 0..<popped
        if !isOpen { reply.array(nests ? popped : popped * 2) }
        set.visit(ranks, backwards: fromEnd) { (member, score) in
            if nests { reply.array(2) }
            reply.bulk(member)
            reply.double(score)
        }
        removeMembers(ranks, of: set, at: &slot, key, fromEnd ? .zpopmax : .zpopmin)
        return popped
    }
}
