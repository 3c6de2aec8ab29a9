import RESP

extension DataCommands {
    static let bzpopmin = DataCommand(
        "bzpopmin", arity: -3, flags: [.write, .fast, .blocking], categories: .sortedset,
        keys: [KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), [.readWrite, .access, .delete])],
        group: .sortedSet, since: "5.0.0",
        summary:
            "Removes the member with the lowest score from the first sorted set that has one, or waits for one.",
        complexity: "O(log(N)) where N is how many members the sorted set has",
        arguments: [.key().multiple, .double("timeout")]
    ) { (arguments, call) throws(CommandError) in
        try call.popOrWait(arguments, fromEnd: false)
    }

    static let bzpopmax = DataCommand(
        "bzpopmax", arity: -3, flags: [.write, .fast, .blocking], categories: .sortedset,
        keys: [KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), [.readWrite, .access, .delete])],
        group: .sortedSet, since: "5.0.0",
        summary:
            "Removes the member with the highest score from the first sorted set that has one, or waits for one.",
        complexity: "O(log(N)) where N is how many members the sorted set has",
        arguments: [.key().multiple, .double("timeout")]
    ) { (arguments, call) throws(CommandError) in
        try call.popOrWait(arguments, fromEnd: true)
    }

    static let bzmpop = DataCommand(
        "bzmpop", arity: -5, flags: [.write, .blocking], categories: .sortedset,
        keys: [.counted(at: 2, [.readWrite, .access, .delete])], group: .sortedSet, since: "7.0.0",
        summary: "Removes members from an end of the first sorted set that has some, or waits for one.",
        complexity:
            "O(K) + O(M*log(N)) where K is the number of keys, N how many members the sorted set has and M how many are removed",
        arguments: [
            .double("timeout"), .integer("numkeys"), .key().multiple,
            .oneOf("where", [.token("MIN", name: "min"), .token("MAX", name: "max")]),
            .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let request = try PopRequest(arguments, from: 2)
        let deadline = try arguments.deadline(1, now: call.now)
        guard try !call.pop(request, arguments) else { return }
        call.wait(forKeys: request.keys, of: .sortedSet, until: deadline)
    }
}

extension Call {
    /// BZPOPMIN and BZPOPMAX.
    fileprivate mutating func popOrWait(_ arguments: Arguments, fromEnd: Bool) throws(CommandError) {
        let last = arguments.count - 1
        let deadline = try arguments.deadline(last, now: now)
        for index in 1..<last {
            var slot = try locate(arguments[index], .sortedSet)
            guard slot.entry != nil else { continue }
            reply.array(3)
            reply.bulk(arguments[index])
            popPairs(1, at: &slot, arguments[index], fromEnd: fromEnd, nests: false, isOpen: true)
            return effects.propagate(in: keyspace.number) {
                let word: StaticString = fromEnd ? "ZPOPMAX" : "ZPOPMIN"
                return [Array(word.description.utf8), [UInt8](arguments[index])]
            }
        }
        wait(forKeys: 1..<last, of: .sortedSet, until: deadline)
    }
}
