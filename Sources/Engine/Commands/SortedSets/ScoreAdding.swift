import RESP

extension DataCommands {
    static let zadd = DataCommand(
        "zadd", arity: -4, flags: [.write, .denyoom, .fast], categories: .sortedset,
        keys: [.one(1, [.readWrite, .update])], group: .sortedSet, since: "1.2.0",
        summary: "Adds members with their scores to a sorted set, or gives members other scores.",
        complexity: "O(log(N)) for each member, where N is how many the sorted set has",
        arguments: [
            .key(),
            .oneOf("condition", [.token("NX", name: "nx"), .token("XX", name: "xx")]).optional.since("3.0.2"),
            .oneOf("comparison", [.token("GT", name: "gt"), .token("LT", name: "lt")]).optional
                .since("6.2.0"),
            .token("CH", name: "change").optional.since("3.0.2"),
            .token("INCR", name: "increment").optional.since("3.0.2"),
            .block("data", [.double("score"), .string("member")]).multiple,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.addScores(arguments, [])
    }

    static let zincrby = DataCommand(
        "zincrby", arity: 4, flags: [.write, .denyoom, .fast], categories: .sortedset,
        keys: [.one(1, [.readWrite, .access, .update])], group: .sortedSet, since: "1.2.0",
        summary: "Adds a number to the score of a member, which is added if need be.",
        complexity: "O(log(N)) where N is how many members the sorted set has",
        arguments: [.key(), .integer("increment"), .string("member")]
    ) { (arguments, call) throws(CommandError) in
        // Redis reads ZADD's options here too.
        try call.addScores(arguments, .increments)
    }
}

/// The words of ZADD before its scores.
private struct AddOptions {
    var rule: ScoreRule
    /// Whether changed scores are counted too (CH).
    var countsChanges = false
    /// The first score's argument.
    var start = 2

    init(_ arguments: Arguments, _ rule: ScoreRule) throws(CommandError) {
        self.rule = rule
        while start < arguments.count, read(arguments[start]) { start += 1 }
        let rest = arguments.count - start
        guard rest > 0, rest % 2 == 0 else { throw .syntax }
        try checkConflicts(members: rest / 2)
    }

    /// Takes an option in; false if it is none.
    private mutating func read(_ word: RawSpan) -> Bool {
        // Scores begin with something else, but for infinite ones.
        guard word[byte: 0] >= UInt8(ascii: "A") else { return false }
        if word.isWord("NX") {
            rule.insert(.onlyAdds)
        } else if word.isWord("XX") {
            rule.insert(.onlyUpdates)
        } else if word.isWord("CH") {
            countsChanges = true
        } else if word.isWord("INCR") {
            rule.insert(.increments)
        } else if word.isWord("GT") {
            rule.insert(.onlyRaises)
        } else if word.isWord("LT") {
            rule.insert(.onlyLowers)
        } else {
            return false
        }
        return true
    }

    private func checkConflicts(members: Int) throws(CommandError) {
        if rule.isSuperset(of: [.onlyAdds, .onlyUpdates]) {
            throw CommandError("ERR XX and NX options at the same time are not compatible")
        }
        let compared = [.onlyAdds, .onlyRaises, .onlyLowers].count { rule.contains($0) }
        if compared > 1 {
            throw CommandError("ERR GT, LT, and/or NX options at the same time are not compatible")
        }
        if rule.contains(.increments), members > 1 {
            throw CommandError("ERR INCR option supports a single increment-element pair")
        }
    }
}

extension Call {
    /// ZADD, and with `.increments` ZINCRBY.
    fileprivate mutating func addScores(_ arguments: Arguments, _ rule: ScoreRule) throws(CommandError) {
        let options = try AddOptions(arguments, rule)
        let first = try Self.score(arguments[options.start])
        // All scores are read before anything changes.
        var others: [Double] = []
        for index in stride(from: options.start + 2, to: arguments.count, by: 2) {
            others.append(try Self.score(arguments[index]))
        }
        let addition = ScoreAddition(
            first: first, others: others, member: options.start + 1, stride: 2, rule: options.rule,
            countsChanges: options.countsChanges)
        try add(addition, arguments)
    }

    /// Gives members of the sorted set under the first key their scores, and answers as ZADD does.
    mutating func add(_ addition: ScoreAddition, _ arguments: Arguments) throws(CommandError) {
        let rule = addition.rule
        var slot = try locate(arguments[1], .sortedSet)
        if slot.entry == nil, rule.contains(.onlyUpdates) {
            return rule.contains(.increments) ? reply.null() : reply.integer(0)
        }
        let limits = dataset.settings.collections
        let isNew = slot.entry == nil
        let count = addition.others.count + 1
        var set: SortedSetValue
        if let entry = slot.entry {
            set = SortedSetValue(entry)
            set.prepare(for: count, in: keyspace, limits)
        } else {
            set = SortedSetValue(
                expecting: count, byteCount: arguments[addition.member].byteCount, in: keyspace, limits)
        }
        var tally = ScoreTally()
        for number in 0..<count {
            // The argument stays where it is while the command runs.
            let member = unsafe PackedElement(packing: arguments[addition.member + number * addition.stride])
            let score = number == 0 ? addition.first : addition.others[number - 1]
            tally.count(set.set(member, score, rule, in: keyspace, limits))
        }
        keyspace.put(set, at: &slot, key: arguments[1])
        let isIncrement = rule.contains(.increments)
        if tally.added + tally.updated > 0 {
            finishChange(
                arguments[1], &slot, isNew: isNew, isIncrement ? .zincr : .zadd,
                count: tally.added + tally.updated)
        }
        guard isIncrement else {
            return reply.integer(tally.added + (addition.countsChanges ? tally.updated : 0))
        }
        if case .notANumber = tally.last {
            throw CommandError("ERR resulting score is not a number (NaN)")
        }
        if let score = tally.last.score { reply.double(score) } else { reply.null() }
    }

    private static func score(_ text: RawSpan) throws(CommandError) -> Double {
        guard let score = Double(decimal: text) else { throw .notFloat }
        return score
    }
}

/// Members that are to be given scores.
struct ScoreAddition {
    let first: Double
    /// The scores of the members behind the first.
    let others: [Double]
    /// The first member's argument.
    let member: Int
    /// How many arguments each member takes.
    let stride: Int
    let rule: ScoreRule
    /// Whether changed scores are counted too.
    let countsChanges: Bool
}

/// What became of the members of a ZADD.
private struct ScoreTally {
    var added = 0
    var updated = 0
    var last = ScoreOutcome.refused

    @inline(__always)
    mutating func count(_ outcome: ScoreOutcome) {
        if case .added = outcome { added += 1 }
        if case .updated = outcome { updated += 1 }
        last = outcome
    }
}

extension ScoreOutcome {
    /// The score that the member has now, unless nothing was done with it.
    fileprivate var score: Double? {
        switch self {
        case .added(let score), .updated(let score), .kept(let score): score
        case .refused, .notANumber: nil
        }
    }
}
