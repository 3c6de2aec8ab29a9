import RESP

extension DataCommands {
    static let zinter = DataCommand(
        "zinter", arity: -3, flags: .readonly, categories: .sortedset,
        keys: [.counted(at: 1, .readOnlyAccess)], group: .sortedSet, since: "6.2.0",
        summary: "Returns the members that all of several sorted sets have.",
        complexity:
            "O(N*K)+O(M*log(M)) at worst, where N is the size of the smallest sorted set, K their number and M the size of the result",
        arguments: [
            .integer("numkeys"), .key().multiple, .integer("weight", token: "WEIGHTS").optional.multiple,
            aggregateChoice, .token("WITHSCORES", name: "withscores").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerScored(arguments, .intersection)
    }

    static let zinterstore = DataCommand(
        "zinterstore", arity: -4, flags: [.write, .denyoom], categories: .sortedset,
        keys: [.one(1, [.overwrite, .update]), .counted(at: 2, .readOnlyAccess)], group: .sortedSet,
        since: "2.0.0",
        summary: "Stores the members that all of several sorted sets have.",
        complexity:
            "O(N*K)+O(M*log(M)) at worst, where N is the size of the smallest sorted set, K their number and M the size of the result",
        arguments: [
            .key("destination"), .integer("numkeys"), .key(spec: 1).multiple,
            .integer("weight", token: "WEIGHTS").optional.multiple, aggregateChoice,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.storeScored(arguments, .intersection, .zinterstore)
    }

    static let zintercard = DataCommand(
        "zintercard", arity: -3, flags: .readonly, categories: .sortedset,
        keys: [.counted(at: 1, .readOnlyAccess)], group: .sortedSet, since: "7.0.0",
        summary: "Returns how many members all of several sorted sets have in common.",
        complexity: "O(N*K) at worst, where N is the size of the smallest sorted set and K their number",
        arguments: [.integer("numkeys"), .key().multiple, .integer("limit", token: "LIMIT").optional]
    ) { (arguments, call) throws(CommandError) in
        let request = try AlgebraRequest(arguments, .intersection, &call, counts: true)
        if call.slices(request.work(.intersection)) { return try call.countInSlices(request, arguments) }
        var found: Int64 = 0
        request.intersect { (_, _) in
            found += 1
            return found != request.limit
        }
        call.reply.integer(found)
    }

    static let zunion = DataCommand(
        "zunion", arity: -3, flags: .readonly, categories: .sortedset,
        keys: [.counted(at: 1, .readOnlyAccess)], group: .sortedSet, since: "6.2.0",
        summary: "Returns the members that any of several sorted sets has.",
        complexity:
            "O(N)+O(M*log(M)) where N is the size of all sorted sets together and M that of the result",
        arguments: [
            .integer("numkeys"), .key().multiple, .integer("weight", token: "WEIGHTS").optional.multiple,
            aggregateChoice, .token("WITHSCORES", name: "withscores").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerScored(arguments, .union)
    }

    static let zunionstore = DataCommand(
        "zunionstore", arity: -4, flags: [.write, .denyoom], categories: .sortedset,
        keys: [.one(1, [.overwrite, .update]), .counted(at: 2, .readOnlyAccess)], group: .sortedSet,
        since: "2.0.0",
        summary: "Stores the members that any of several sorted sets has.",
        complexity:
            "O(N)+O(M*log(M)) where N is the size of all sorted sets together and M that of the result",
        arguments: [
            .key("destination"), .integer("numkeys"), .key(spec: 1).multiple,
            .integer("weight", token: "WEIGHTS").optional.multiple, aggregateChoice,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.storeScored(arguments, .union, .zunionstore)
    }

    static let zdiff = DataCommand(
        "zdiff", arity: -3, flags: .readonly, categories: .sortedset,
        keys: [.counted(at: 1, .readOnlyAccess)], group: .sortedSet, since: "6.2.0",
        summary: "Returns the members of the first sorted set that none of the others has.",
        complexity:
            "O(N*K)+O(M*log(M)) at worst, where N is the size of the first sorted set, K their number and M the size of the result",
        arguments: [
            .integer("numkeys"), .key().multiple, .token("WITHSCORES", name: "withscores").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerScored(arguments, .difference)
    }

    static let zdiffstore = DataCommand(
        "zdiffstore", arity: -4, flags: [.write, .denyoom], categories: .sortedset,
        keys: [.one(1, [.overwrite, .update]), .counted(at: 2, .readOnlyAccess)], group: .sortedSet,
        since: "6.2.0",
        summary: "Stores the members of the first sorted set that none of the others has.",
        complexity:
            "O(N*K)+O(M*log(M)) at worst, where N is the size of the first sorted set, K their number and M the size of the result",
        arguments: [.key("destination"), .integer("numkeys"), .key(spec: 1).multiple]
    ) { (arguments, call) throws(CommandError) in
        try call.storeScored(arguments, .difference, .zdiffstore)
    }

    private static let aggregateChoice = ArgumentSpec.oneOf(
        "aggregate",
        [.token("SUM", name: "sum"), .token("MIN", name: "min"), .token("MAX", name: "max")],
        token: "AGGREGATE"
    ).optional
}

extension Call {
    /// Replies with what an operation makes of several sorted sets.
    fileprivate mutating func answerScored(_ arguments: Arguments, _ operation: SetOperation)
        throws(CommandError)
    {
        let request = try AlgebraRequest(arguments, operation, &self)
        if slices(request.work(operation)) { return try answerInSlices(request, operation, arguments) }
        if operation == .union {
            let table = request.unite(in: keyspace)
            reply.scoredArray(table.count, withScores: request.withScores)
            for scored in table.sortedEntries() {
                // The entries stay where they are while the table does not change.
                let member = unsafe PackedElement(scored.entry.key)
                reply.scored(member, scored.score, withScores: request.withScores)
            }
            return
        }
        let members = request.sortedMembers(operation)
        reply.scoredArray(members.count, withScores: request.withScores)
        for scored in members { reply.scored(scored.member, scored.score, withScores: request.withScores) }
    }

    /// Stores what an operation makes of several sorted sets, and replies with its size.
    fileprivate mutating func storeScored(
        _ arguments: Arguments, _ operation: SetOperation, _ event: KeyspaceEvent
    ) throws(CommandError) {
        let request = try AlgebraRequest(arguments, operation, &self, from: 2)
        if slices(request.work(operation)) { return try storeInSlices(request, operation, arguments, event) }
        let limits = dataset.settings.collections
        var result: SortedSetValue?
        if operation == .union {
            let table = request.unite(in: keyspace)
            if table.count > 0 { result = SortedSetValue(gathered: table, in: keyspace, limits) }
        } else {
            let members = request.sortedMembers(operation)
            if !members.isEmpty {
                let longest = members.reduce(0) { max($0, $1.member.count) }
                var copy = SortedSetBuilder(
                    count: members.count, byteCount: longest, in: keyspace, limits)
                for scored in members { copy.append(scored.member, scored.score) }
                result = copy.value
            }
        }
        storeResult(result, arguments[1], event)
    }

    /// Gives a key the sorted set that a command has made, if it has any members, and replies with their number.
    ///
    /// Storing is one change, but of as many as there are members where `countsMembers` says so.
    mutating func storeResult(
        _ result: SortedSetValue?, _ key: RawSpan, _ event: KeyspaceEvent, countsMembers: Bool = false
    ) {
        let count = result?.count ?? 0
        replace(key, event, count: countsMembers ? count : 1) { (keyspace, slot) in
            if let result { keyspace.put(result, at: &slot, key: key) }
        }
        reply.integer(count)
    }
}
