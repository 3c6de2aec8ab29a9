import RESP

extension DataCommands {
    static let zrandmember = DataCommand(
        "zrandmember", arity: -2, flags: .readonly, categories: .sortedset,
        keys: [.one(1, .readOnlyAccess)], group: .sortedSet, since: "6.2.0",
        summary: "Returns random members of a sorted set.",
        complexity: "O(N) where N is how many members are returned",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(),
            .block("options", [.integer("count"), .token("WITHSCORES", name: "withscores").optional])
                .optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        if arguments.count > 2 { return try call.pickScored(arguments) }
        guard let entry = try call.read(arguments[1], .sortedSet) else { return call.reply.null() }
        if let (member, _) = SortedSetValue(entry).random(using: &call.dataset.random) {
            call.reply.bulk(member)
        } else {
            call.reply.null()
        }
    }
}

extension Call {
    /// ZRANDMEMBER with a count: that many different members, or with a negative one that many picks.
    fileprivate mutating func pickScored(_ arguments: Arguments) throws(CommandError) {
        let count = try arguments.integer(2)
        guard count != .min else {
            throw CommandError(
                "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")
        }
        let withScores = arguments.count > 3
        if arguments.count > 4 || withScores && !arguments.isWord(3, "WITHSCORES") { throw .syntax }
        // Twice as many replies must be countable.
        if withScores, count.magnitude > UInt64(Int64.max) / 2 {
            throw .valueOutOfRange
        }
        guard let entry = try read(arguments[1], .sortedSet), count != 0 else { return reply.array(0) }
        let set = SortedSetValue(entry)
        // Of its own, as the call itself can't be captured.
        let dataset = dataset
        if count < 0 || count == 1 {
            let picks = Int(clamping: count.magnitude)
            return try writePicks(
                arguments[1], picks, of: set.count, { $0.scoredArray(picks, withScores: withScores) }
            ) { reply in
                guard let (member, score) = set.random(using: &dataset.random) else { return }
                reply.scored(member, score, withScores: withScores)
            }
        }
        let wanted = Int(min(count, Int64(set.count)))
        reply.scoredArray(wanted, withScores: withScores)
        var sample = RankSample(wanted, of: set)
        guard case .table = set, slices(wanted) else {
            _ = sample.visit(using: &dataset.random) { member, score in
                reply.scored(member, score, withScores: withScores)
                return true
            }
            return
        }
        writeInSlices(holding: arguments[1]) { reply, slice in
            sample.visit(slice.elements, using: &dataset.random) { member, score in
                reply.scored(member, score, withScores: withScores)
                return !slice.isFull(reply)
            }
        }
    }
}

extension SortedSetValue {
    /// A member picked at random, and its score; nil if there is none.
    fileprivate func random(using generator: inout some RandomNumberGenerator) -> (PackedElement, Double)? {
        let count = count
        return count == 0 ? nil : member(at: Int.random(in: 0..<count, using: &generator))
    }
}
