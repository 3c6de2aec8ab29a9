import RESP

extension DataCommands {
    static let zcount = DataCommand(
        "zcount", arity: 4, flags: [.readonly, .fast], categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.0.0",
        summary: "Returns how many members have a score in a range.",
        complexity: "O(log(N)) where N is how many members the sorted set has",
        arguments: [.key(), .double("min"), .double("max")]
    ) { (arguments, call) throws(CommandError) in
        let range = try call.findRange(arguments, .scores, 2, 3) { (call) throws(CommandError) in
            try call.read(arguments[1], .sortedSet)
        }
        call.reply.integer(range?.ranks.count ?? 0)
    }

    static let zlexcount = DataCommand(
        "zlexcount", arity: 4, flags: [.readonly, .fast], categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.8.9",
        summary: "Returns how many members lie between two members.",
        complexity: "O(log(N)) where N is how many members the sorted set has",
        arguments: [.key(), .string("min"), .string("max")]
    ) { (arguments, call) throws(CommandError) in
        let range = try call.findRange(arguments, .members, 2, 3) { (call) throws(CommandError) in
            try call.read(arguments[1], .sortedSet)
        }
        call.reply.integer(range?.ranks.count ?? 0)
    }

    static let zrange = DataCommand(
        "zrange", arity: -4, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "1.2.0",
        summary: "Returns the members in a range of ranks, of scores or of members.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are returned",
        arguments: [
            .key(), .string("start"), .string("stop"),
            .oneOf("sortby", [.token("BYSCORE", name: "byscore"), .token("BYLEX", name: "bylex")]).optional
                .since("6.2.0"),
            .token("REV", name: "rev").optional.since("6.2.0"),
            .block("limit", [.integer("offset"), .integer("count")], token: "LIMIT").optional.since("6.2.0"),
            .token("WITHSCORES", name: "withscores").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRange(arguments, RangeRequest(arguments, from: 4))
    }

    static let zrevrange = DataCommand(
        "zrevrange", arity: -4, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "1.2.0",
        summary: "Returns the members in a range of ranks that are counted from the end.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are returned",
        deprecated: Deprecation(since: "6.2.0", replacement: "`ZRANGE` with the `REV` argument"),
        arguments: [
            .key(), .integer("start"), .integer("stop"), .token("WITHSCORES", name: "withscores").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRange(arguments, RangeRequest(arguments, from: 4, .ranks, backwards: true))
    }

    static let zrangebyscore = DataCommand(
        "zrangebyscore", arity: -4, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "1.0.5",
        summary: "Returns the members with scores in a range.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are returned",
        deprecated: Deprecation(since: "6.2.0", replacement: "`ZRANGE` with the `BYSCORE` argument"),
        arguments: [
            .key(), .double("min"), .double("max"),
            .token("WITHSCORES", name: "withscores").optional.since("2.0.0"),
            .block("limit", [.integer("offset"), .integer("count")], token: "LIMIT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRange(arguments, RangeRequest(arguments, from: 4, .scores, backwards: false))
    }

    static let zrevrangebyscore = DataCommand(
        "zrevrangebyscore", arity: -4, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.2.0",
        summary: "Returns the members with scores in a range, the last one first.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are returned",
        deprecated: Deprecation(
            since: "6.2.0", replacement: "`ZRANGE` with the `REV` and `BYSCORE` arguments"),
        arguments: [
            .key(), .double("max"), .double("min"), .token("WITHSCORES", name: "withscores").optional,
            .block("limit", [.integer("offset"), .integer("count")], token: "LIMIT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRange(arguments, RangeRequest(arguments, from: 4, .scores, backwards: true))
    }

    static let zrangebylex = DataCommand(
        "zrangebylex", arity: -4, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.8.9",
        summary: "Returns the members between two members.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are returned",
        deprecated: Deprecation(since: "6.2.0", replacement: "`ZRANGE` with the `BYLEX` argument"),
        arguments: [
            .key(), .string("min"), .string("max"),
            .block("limit", [.integer("offset"), .integer("count")], token: "LIMIT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRange(arguments, RangeRequest(arguments, from: 4, .members, backwards: false))
    }

    static let zrevrangebylex = DataCommand(
        "zrevrangebylex", arity: -4, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "2.8.9",
        summary: "Returns the members between two members, the last one first.",
        complexity: "O(log(N)+M) where N is how many members the sorted set has and M how many are returned",
        deprecated: Deprecation(since: "6.2.0", replacement: "`ZRANGE` with the `REV` and `BYLEX` arguments"),
        arguments: [
            .key(), .string("max"), .string("min"),
            .block("limit", [.integer("offset"), .integer("count")], token: "LIMIT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.answerRange(arguments, RangeRequest(arguments, from: 4, .members, backwards: true))
    }

    static let zrangestore = DataCommand(
        "zrangestore", arity: -5, flags: [.write, .denyoom], categories: .sortedset,
        keys: [.one(1, [.overwrite, .update]), .one(2, .readOnlyAccess)], group: .sortedSet, since: "6.2.0",
        summary: "Stores the members in a range of ranks, of scores or of members.",
        complexity: "O(log(N)+M) where N is how many members the source has and M how many are stored",
        arguments: [
            .key("dst"), .key("src", spec: 1), .string("min"), .string("max"),
            .oneOf("sortby", [.token("BYSCORE", name: "byscore"), .token("BYLEX", name: "bylex")]).optional,
            .token("REV", name: "rev").optional,
            .block("limit", [.integer("offset"), .integer("count")], token: "LIMIT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let request = try RangeRequest(arguments, from: 5, stores: true)
        let range = try call.range(arguments, request, key: 2)
        try call.storeRange(range, arguments)
    }
}

extension Call {
    /// ZRANGE and what came before it.
    fileprivate mutating func answerRange(_ arguments: Arguments, _ request: RangeRequest)
        throws(CommandError)
    {
        guard let range = try range(arguments, request, key: 1) else { return reply.array(0) }
        reply.scoredArray(range.ranks.count, withScores: request.withScores)
        let (set, withScores, isBackwards) = (range.set, request.withScores, request.isBackwards)
        guard case .table = set, slices(range.ranks.count) else {
            return set.visit(range.ranks, backwards: isBackwards) { (member, score) in
                reply.scored(member, score, withScores: withScores)
            }
        }
        var left = range.ranks
        writeInSlices(holding: arguments[1]) { reply, slice in
            let goal = left.count - slice.elements
            while !left.isEmpty, left.count > goal, !slice.isFull(reply) {
                let some = isBackwards ? left.suffix(64) : left.prefix(64)
                set.visit(some, backwards: isBackwards) { (member, score) in
                    reply.scored(member, score, withScores: withScores)
                }
                left = isBackwards ? left.dropLast(some.count) : left.dropFirst(some.count)
            }
            return !left.isEmpty
        }
    }

    /// Stores members of a sorted set under another key.
    fileprivate mutating func storeRange(_ range: SortedSetRange?, _ arguments: Arguments)
        throws(CommandError)
    {
        guard let range, !range.ranks.isEmpty else { return storeResult(nil, arguments[1], .zrangestore) }
        let (set, ranks) = (range.set, range.ranks)
        guard slices(ranks.count) else {
            var copy = SortedSetBuilder(count: ranks.count, in: keyspace, dataset.settings.collections)
            set.visit(ranks) { copy.append($0, $1) }
            return storeResult(copy.value, arguments[1], .zrangestore)
        }
        let copy = UnfinishedSortedSet(count: ranks.count, self)
        var left = ranks
        try proceed(
            arguments, reading: 2..<3, writing: 1,
            [
                LongCommand.Step { (_, _, slice) throws(CommandError) in
                    let some = left.prefix(slice.elements)
                    set.visit(some) { copy.builder.append($0, $1) }
                    left = left.dropFirst(some.count)
                    return !left.isEmpty
                }
            ],
            finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                call.storeResult(copy.take(), arguments[1], .zrangestore)
            })
    }
}
