import RESP

extension DataCommands {
    static let lset = DataCommand(
        "lset", arity: 4, flags: [.write, .denyoom], categories: .list,
        keys: [.one(1, [.readWrite, .update])], group: .list, since: "1.0.0",
        summary: "Puts another element at an index, from the end if it is negative.",
        complexity: "O(N) where N is the distance to the nearer end, much less for long lists",
        arguments: [.key(), .integer("index"), .string("element")]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locate(arguments[1], .list)
        guard let entry = slot.entry else { throw .noSuchKey }
        var list = ListValue(entry)
        let number = try arguments.integer(2)
        call.prepare(&list, for: arguments[3], at: &slot, arguments[1])
        guard let index = list.index(number), index < list.count else { throw .outOfRange }
        list.replace(at: index, with: arguments[3], in: call.keyspace)
        list.shrink(in: call.keyspace, call.dataset.settings.collections)
        call.keyspace.put(list, at: &slot, key: arguments[1])
        call.finishChange(arguments[1], &slot, .lset)
        call.reply.ok()
    }

    static let linsert = DataCommand(
        "linsert", arity: 5, flags: [.write, .denyoom], categories: .list,
        keys: [.one(1, [.readWrite, .insert])], group: .list, since: "2.2.0",
        summary: "Puts an element before or behind another one.",
        complexity: "O(N) where N is how many elements are in front of the other one",
        arguments: [
            .key(), .oneOf("where", [.token("BEFORE", name: "before"), .token("AFTER", name: "after")]),
            .string("pivot"), .string("element"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let goesAfter = arguments.isWord(2, "AFTER")
        guard goesAfter || arguments.isWord(2, "BEFORE") else { throw .syntax }
        var slot = try call.locate(arguments[1], .list)
        guard let entry = slot.entry else { return call.reply.integer(0) }
        var list = ListValue(entry)
        call.prepare(&list, for: arguments[4], at: &slot, arguments[1])
        guard let index = list.firstIndex(of: arguments[3]) else { return call.reply.integer(-1) }
        list.insert(arguments[4], beside: index, after: goesAfter, in: call.keyspace)
        call.reply.integer(list.count)
        call.keyspace.put(list, at: &slot, key: arguments[1])
        call.finishChange(arguments[1], &slot, .linsert)
    }

    static let lrem = DataCommand(
        "lrem", arity: 4, flags: .write, categories: .list,
        keys: [.one(1, [.readWrite, .delete])], group: .list, since: "1.0.0",
        summary: "Removes elements that are equal to a given one; an empty list is deleted.",
        complexity: "O(N+M) where N is how many elements the list has and M how many are removed",
        arguments: [.key(), .integer("count"), .string("element")]
    ) { (arguments, call) throws(CommandError) in
        let count = try arguments.symmetricInteger(2)
        var slot = try call.locate(arguments[1], .list)
        guard let entry = slot.entry else { return call.reply.integer(0) }
        var list = ListValue(entry)
        let removed = list.removeAll(
            equalTo: arguments[3], most: count == 0 ? .max : Int(clamping: count.magnitude),
            backwards: count < 0, in: call.keyspace)
        call.reply.integer(removed)
        guard removed > 0 else { return }
        list.shrink(in: call.keyspace, call.dataset.settings.collections)
        call.keyspace.put(list, at: &slot, key: arguments[1])
        call.finishChange(arguments[1], &slot, .lrem, count: removed)
    }

    static let ltrim = DataCommand(
        "ltrim", arity: 4, flags: .write, categories: .list,
        keys: [.one(1, [.readWrite, .delete])], group: .list, since: "1.0.0",
        summary: "Keeps only the elements from one index to another; an empty list is deleted.",
        complexity: "O(N) where N is how many elements are removed",
        arguments: [.key(), .integer("start"), .integer("stop")]
    ) { (arguments, call) throws(CommandError) in
        let (start, stop) = (try arguments.integer(2), try arguments.integer(3))
        var slot = try call.locate(arguments[1], .list)
        call.reply.ok()
        guard let entry = slot.entry else { return }
        let list = ListValue(entry)
        let kept = list.range(start, stop)
        let removed = [kept.upperBound..<list.count, 0..<kept.lowerBound]
        call.removeElements(removed, of: list, at: &slot, arguments[1], .ltrim)
        // As in Redis there is an event even then, and watching clients are told.
        if removed.allSatisfy(\.isEmpty) { call.effects.doNotPropagate() }
    }
}

extension Call {
    /// Has the list at `slot` take one more element, whether it will be added or not.
    @inline(__always)
    fileprivate mutating func prepare(
        _ list: inout ListValue, for element: RawSpan, at slot: inout KeySlot, _ key: RawSpan
    ) {
        list.prepare(for: 1, byteCount: element.byteCount, in: keyspace, dataset.settings.collections)
        keyspace.put(list, at: &slot, key: key)
    }
}
