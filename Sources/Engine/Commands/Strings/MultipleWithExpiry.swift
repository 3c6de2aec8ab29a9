import RESP

extension DataCommands {
    static let msetex = DataCommand(
        "msetex", arity: -4, flags: [.write, .denyoom, .movablekeys], categories: .string,
        keys: [.counted(at: 1, step: 2, [.overwrite, .update])], group: .string, since: "8.4.0",
        summary:
            "Gives several keys their string values and one deadline at once, or none of them on condition.",
        complexity: "O(N) where N is the number of keys",
        tips: ["request_policy:multi_shard", "response_policy:all_succeeded"],
        arguments: [
            .integer("numkeys"), .block("data", [.key(), .string("value")]).multiple,
            .oneOf("condition", [.token("NX", name: "nx"), .token("XX", name: "xx")]).optional,
            .oneOf("expiration", ExpiryOption.keepingGrammar).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        // Redis counts in 32 bits here.
        let count = try arguments.integer(
            1, in: 1...Int64(Int32.max), else: CommandError("ERR invalid numkeys value"))
        guard count <= Int64(arguments.count - 2) / 2 else {
            throw CommandError("ERR wrong number of key-value pairs")
        }
        let pairs = 2..<2 + 2 * Int(count)
        var condition = ValueCondition.none
        var words = ExpiryWords()
        var index = pairs.upperBound
        while index < arguments.count {
            if let new = ValueCondition(existence: arguments[index]),
                condition.isNone || condition.isSameWord(as: new)
            {
                condition = new
            } else if !words.take(arguments, &index, extra: .keep) {
                throw .syntax
            }
            index += 1
        }
        let expiry = try words.option(arguments, call)
        for key in stride(from: pairs.lowerBound, to: pairs.upperBound, by: 2)
        where try !condition.holds(call.locate(arguments[key]).entry, arguments) {
            return call.reply.integer(0)
        }
        call.setPairs(arguments, pairs, expiry)
        call.reply.integer(1)
    }
}

extension Call {
    /// Stores the pairs of keys and values that stand in `pairs`.
    fileprivate mutating func setPairs(_ arguments: Arguments, _ pairs: Range<Int>, _ expiry: ExpiryOption) {
        for index in stride(from: pairs.lowerBound, to: pairs.upperBound, by: 2) {
            let key = arguments[index]
            var slot = locate(key)
            switch expiry {
            case .at(let deadline):
                store(
                    key, at: &slot, string: arguments[index + 1], block: arguments.block(index + 1),
                    keepsDeadline: true, event: .set)
                setDeadline(key, at: &slot, to: deadline, event: .expire, count: 0)
            case .keep:
                store(
                    key, at: &slot, string: arguments[index + 1], block: arguments.block(index + 1),
                    keepsDeadline: true, event: .set)
            case .none, .persist:
                store(
                    key, at: &slot, string: arguments[index + 1], block: arguments.block(index + 1),
                    event: .set)
            }
        }
        // A relative time becomes an absolute one; the other words hold again anyway.
        guard case .at(let deadline) = expiry else { return }
        effects.propagate(in: keyspace.number) {
            [Array("MSETEX".utf8)] + (1..<pairs.upperBound).map { [UInt8](arguments[$0]) }
                + [Array("PXAT".utf8), Array(String(deadline).utf8)]
        }
    }
}
