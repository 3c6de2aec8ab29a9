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
            throw CommandError("ERR value is out of range")
        }
        guard let entry = try read(arguments[1], .sortedSet), count != 0 else { return reply.array(0) }
        let set = SortedSetValue(entry)
        if count < 0 || count == 1 {
            let mark = reply.mark()
            let picks = Int(clamping: count.magnitude)
            reply.scoredArray(picks, withScores: withScores)
            for _ in 0..<picks {
                if let (member, score) = set.random(using: &dataset.random) {
                    reply.scored(member, score, withScores: withScores)
                }
                try boundReply(since: mark)
            }
            return
        }
        let size = set.count
        let wanted = Int(min(count, Int64(size)))
        reply.scoredArray(wanted, withScores: withScores)
        set.choose(wanted, dataset) { reply.scored($0, $1, withScores: withScores) }
    }
}

extension SortedSetValue {
    /// A member picked at random, and its score; nil if there is none.
    fileprivate func random(using generator: inout some RandomNumberGenerator) -> (PackedElement, Double)? {
        let count = count
        return count == 0 ? nil : member(at: Int.random(in: 0..<count, using: &generator))
    }

    /// Calls `body` with `wanted` different members, every choice of them being as likely as any other.
    fileprivate func choose(
        _ wanted: Int, _ dataset: Dataset, _ body: (PackedElement, Double) -> Void
    ) {
        let count = count
        if wanted <= count / 3 {
            var seen: Set<Int> = []
            while seen.count < wanted {
                let rank = Int.random(in: 0..<count, using: &dataset.random)
                if seen.insert(rank).inserted, let (member, score) = member(at: rank) { body(member, score) }
            }
            return
        }
        // All of them come as Redis has them: from the end.
        if wanted == count { return visit(0..<count, backwards: true, body) }
        // Of those that are left, so many are still wanted: each member is taken with that probability.
        var (left, missing) = (count, wanted)
        visit(0..<count) { (member, score) in
            if missing > 0, Int.random(in: 0..<left, using: &dataset.random) < missing {
                body(member, score)
                missing -= 1
            }
            left -= 1
        }
    }
}
