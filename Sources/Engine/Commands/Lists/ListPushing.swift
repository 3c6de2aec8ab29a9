import RESP

extension DataCommands {
    static let lpush = DataCommand(
        "lpush", arity: -3, flags: [.write, .denyoom, .fast], categories: .list,
        keys: [.one(1, [.readWrite, .insert])], group: .list, since: "1.0.0",
        summary: "Puts elements in front of a list, one after the other; the list is created if need be.",
        complexity: "O(N) where N is the number of elements given",
        arguments: [.key(), .string("element").multiple.since("2.4.0")]
    ) { (arguments, call) throws(CommandError) in
        try call.push(arguments, at: .left, makesList: true)
    }

    static let rpush = DataCommand(
        "rpush", arity: -3, flags: [.write, .denyoom, .fast], categories: .list,
        keys: [.one(1, [.readWrite, .insert])], group: .list, since: "1.0.0",
        summary: "Puts elements behind a list, which is created if need be.",
        complexity: "O(N) where N is the number of elements given",
        arguments: [.key(), .string("element").multiple.since("2.4.0")]
    ) { (arguments, call) throws(CommandError) in
        try call.push(arguments, at: .right, makesList: true)
    }

    static let lpushx = DataCommand(
        "lpushx", arity: -3, flags: [.write, .denyoom, .fast], categories: .list,
        keys: [.one(1, [.readWrite, .insert])], group: .list, since: "2.2.0",
        summary: "Puts elements in front of a list, one after the other, if there is a list.",
        complexity: "O(N) where N is the number of elements given",
        arguments: [.key(), .string("element").multiple.since("4.0.0")]
    ) { (arguments, call) throws(CommandError) in
        try call.push(arguments, at: .left, makesList: false)
    }

    static let rpushx = DataCommand(
        "rpushx", arity: -3, flags: [.write, .denyoom, .fast], categories: .list,
        keys: [.one(1, [.readWrite, .insert])], group: .list, since: "2.2.0",
        summary: "Puts elements behind a list if there is one.",
        complexity: "O(N) where N is the number of elements given",
        arguments: [.key(), .string("element").multiple.since("4.0.0")]
    ) { (arguments, call) throws(CommandError) in
        try call.push(arguments, at: .right, makesList: false)
    }
}

extension Call {
    /// Puts all arguments behind the key at one end of its list, and replies with how long that is then.
    @inline(__always)
    fileprivate mutating func push(
        _ arguments: Arguments, at end: ListEnd, makesList: Bool
    ) throws(CommandError) {
        var slot = try locate(arguments[1], .list)
        let isNew = slot.entry == nil
        if isNew, !makesList { return reply.integer(0) }
        var byteCount = 0
        for index in 2..<arguments.count { byteCount &+= arguments[index].byteCount }
        var list = slot.entry.map(ListValue.init) ?? ListValue(in: keyspace)
        list.prepare(
            for: arguments.count - 2, byteCount: byteCount, in: keyspace, dataset.settings.collections)
        for index in 2..<arguments.count { list.push(arguments[index], at: end, in: keyspace) }
        reply.integer(list.count)
        keyspace.put(list, at: &slot, key: arguments[1])
        finishWrite(
            arguments[1], slot, isNew: isNew, end == .left ? .lpush : .rpush, count: arguments.count - 2)
    }
}
