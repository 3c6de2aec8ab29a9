import RESP

extension DataCommands {
    static let spop = DataCommand(
        "spop", arity: -2, flags: [.write, .fast], categories: .set,
        keys: [.one(1, [.readWrite, .access, .delete])], group: .set, since: "1.0.0",
        summary: "Removes random members from a set and returns them.",
        complexity: "O(1) without a count, O(N) with one, where N is the count",
        tips: ["nondeterministic_output"],
        arguments: [.key(), .integer("count").optional.since("3.2.0")]
    ) { (arguments, call) throws(CommandError) in
        if arguments.count > 3 { throw .syntax }
        if arguments.count == 3 { return try call.popMembers(arguments) }
        var slot = try call.locate(arguments[1], .set)
        guard let entry = slot.entry else { return call.reply.null() }
        var set = SetValue(entry)
        guard let member = set.random(using: &call.dataset.random) else { return call.reply.null() }
        call.reply.bulk(member)
        call.effects.propagate(in: call.keyspace.number) {
            [Array("SREM".utf8), [UInt8](arguments[1]), member.copy]
        }
        // A copy: removing it may end what the member is a view of.
        let removed = member.copy
        // The array lives until the member is gone.
        _ = set.remove(unsafe PackedElement(packing: removed.span.bytes), in: call.keyspace)
        call.keyspace.put(set, at: &slot, key: arguments[1])
        call.finishChange(arguments[1], &slot, .spop)
    }

    static let srandmember = DataCommand(
        "srandmember", arity: -2, flags: .readonly, categories: .set,
        keys: [.one(1, .readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Returns random members of a set.",
        complexity: "O(1) without a count, O(N) with one, where N is the count without its sign",
        tips: ["nondeterministic_output"],
        arguments: [.key(), .integer("count").optional.since("2.6.0")]
    ) { (arguments, call) throws(CommandError) in
        if arguments.count > 3 { throw .syntax }
        if arguments.count == 3 { return try call.pickMembers(arguments) }
        guard let entry = try call.read(arguments[1], .set),
            let member = SetValue(entry).random(using: &call.dataset.random)
        else { return call.reply.null() }
        call.reply.bulk(member)
    }
}

extension Call {
    /// SRANDMEMBER with a count: that many different members, or with a negative one that many picks.
    fileprivate mutating func pickMembers(_ arguments: Arguments) throws(CommandError) {
        let count = try arguments.integer(2)
        if count == .min {
            throw CommandError(
                "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")
        }
        guard let entry = try read(arguments[1], .set), count != 0 else { return reply.array(0) }
        let set = SetValue(entry)
        // Of its own, as the call itself can't be captured.
        let dataset = dataset
        if count < 0 || count == 1 {
            let picks = Int(clamping: count.magnitude)
            return try writePicks(arguments[1], picks, of: set.count, { $0.array(picks) }) { reply in
                if let member = set.random(using: &dataset.random) { reply.bulk(member) }
            }
        }
        let wanted = Int(min(count, Int64(set.count)))
        reply.array(wanted)
        if case .table(let table) = set, slices(wanted) {
            var sample = TableSample(wanted, of: table)
            return writeInSlices(holding: arguments[1]) { reply, slice in
                sample.visit(slice.elements, using: &dataset.random) { entry in
                    reply.bulk(entry.key)
                    return !slice.isFull(reply)
                }
            }
        }
        Self.choose(wanted, of: set, dataset) { reply.bulk($0) }
    }

    /// SPOP with a count.
    fileprivate mutating func popMembers(_ arguments: Arguments) throws(CommandError) {
        let count = try arguments.integer(
            2, in: 0...Int64.max, else: CommandError("ERR value is out of range, must be positive"))
        var slot = try locate(arguments[1], .set)
        guard let entry = slot.entry, count > 0 else { return reply.set(0) }
        var set = SetValue(entry)
        let number = keyspace.number
        if count >= Int64(set.count) {
            reply.set(set.count)
            set.forEach { member in
                reply.bulk(member)
                return true
            }
            effects.notify(arguments[1], .spop, in: number)
            remove(arguments[1], at: &slot, count: set.count)
            effects.propagate(in: number) { [Array("DEL".utf8), [UInt8](arguments[1])] }
            return
        }
        reply.set(Int(count))
        var popped: [[UInt8]] = []
        popped.reserveCapacity(Int(count))
        Self.choose(Int(count), of: set, dataset) { popped.append($0.copy) }
        for member in popped {
            // The array lives until the member is gone.
            let element = unsafe PackedElement(packing: member.span.bytes)
            reply.bulk(element)
            _ = set.remove(element, in: keyspace)
        }
        keyspace.put(set, at: &slot, key: arguments[1])
        finishChange(arguments[1], &slot, .spop, count: popped.count)
        var start = 0
        while start < popped.count {
            let part = popped[start..<min(start + Self.membersPerCommand, popped.count)]
            effects.propagate(in: number) { [Array("SREM".utf8), [UInt8](arguments[1])] + part }
            start += Self.membersPerCommand
        }
    }

    /// Members that one SREM tells others of; as many as in Redis.
    private static let membersPerCommand = 1024

    /// Calls `body` with `wanted` different members, every choice of them being as likely as any other.
    private static func choose(
        _ wanted: Int, of set: SetValue, _ dataset: Dataset, _ body: (PackedElement) -> Void
    ) {
        if case .table(let table) = set {
            var sample = TableSample(wanted, of: table)
            _ = sample.visit(using: &dataset.random) { entry in
                // The entry stays where it is while the set does not change.
                body(unsafe PackedElement(packing: entry.key))
                return true
            }
            return
        }
        var selection = Selection(wanted, of: set.count)
        set.forEach { member in
            if selection.takesNext(using: &dataset.random) { body(member) }
            return selection.missing > 0
        }
    }
}
