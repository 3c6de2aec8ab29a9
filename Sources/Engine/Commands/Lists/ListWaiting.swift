import RESP

extension DataCommands {
    static let blpop = DataCommand(
        "blpop", arity: -3, flags: [.write, .blocking], categories: .list,
        keys: [KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), [.readWrite, .access, .delete])],
        group: .list, since: "2.0.0",
        summary: "Removes the first element of the first list that has one, or waits for one.",
        complexity: "O(N) where N is the number of keys",
        arguments: [.key().multiple, .double("timeout")]
    ) { (arguments, call) throws(CommandError) in
        try call.popOrWait(arguments, from: .left)
    }

    static let brpop = DataCommand(
        "brpop", arity: -3, flags: [.write, .blocking], categories: .list,
        keys: [KeySpec(.index(1), .range(last: -2, step: 1, limit: 0), [.readWrite, .access, .delete])],
        group: .list, since: "2.0.0",
        summary: "Removes the last element of the first list that has one, or waits for one.",
        complexity: "O(N) where N is the number of keys",
        arguments: [.key().multiple, .double("timeout")]
    ) { (arguments, call) throws(CommandError) in
        try call.popOrWait(arguments, from: .right)
    }

    static let blmpop = DataCommand(
        "blmpop", arity: -5, flags: [.write, .blocking], categories: .list,
        keys: [.counted(at: 2, [.readWrite, .access, .delete])], group: .list, since: "7.0.0",
        summary: "Removes elements from an end of the first list that has some, or waits for one.",
        complexity: "O(N+M) where N is the number of keys and M the number of elements returned",
        arguments: [
            .double("timeout"), .integer("numkeys"), .key().multiple,
            .oneOf("where", [.token("LEFT", name: "left"), .token("RIGHT", name: "right")]),
            .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let request = try ListPopRequest(arguments, at: 2)
        let deadline = try arguments.deadline(1, now: call.now)
        guard try !call.servePop(arguments, request) else { return }
        call.wait(forKeys: request.keys, of: .list, until: deadline)
    }

    static let blmove = DataCommand(
        "blmove", arity: 6, flags: [.write, .denyoom, .blocking], categories: .list,
        keys: [.one(1, [.readWrite, .access, .delete]), .one(2, [.readWrite, .insert])], group: .list,
        since: "6.2.0",
        summary: "Moves an element from an end of one list to an end of another, or waits for one.",
        arguments: [
            .key("source"), .key("destination", spec: 1),
            .oneOf("wherefrom", [.token("LEFT", name: "left"), .token("RIGHT", name: "right")]),
            .oneOf("whereto", [.token("LEFT", name: "left"), .token("RIGHT", name: "right")]),
            .double("timeout"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let (origin, goal) = (try arguments.listEnd(3), try arguments.listEnd(4))
        let deadline = try arguments.deadline(5, now: call.now)
        try call.moveOrWait(arguments, from: origin, to: goal, until: deadline, tells: "LMOVE", words: 5)
    }

    static let brpoplpush = DataCommand(
        "brpoplpush", arity: 4, flags: [.write, .denyoom, .blocking], categories: .list,
        keys: [.one(1, [.readWrite, .access, .delete]), .one(2, [.readWrite, .insert])], group: .list,
        since: "2.2.0",
        summary: "Moves the last element of a list to the front of another, or waits for one.",
        deprecated: Deprecation(
            since: "6.2.0", replacement: "`BLMOVE` with the `RIGHT` and `LEFT` arguments"),
        arguments: [.key("source"), .key("destination", spec: 1), .double("timeout")]
    ) { (arguments, call) throws(CommandError) in
        let deadline = try arguments.deadline(3, now: call.now)
        try call.moveOrWait(arguments, from: .right, to: .left, until: deadline, tells: "RPOPLPUSH", words: 3)
    }
}

extension Call {
    /// BLPOP and BRPOP.
    fileprivate mutating func popOrWait(_ arguments: Arguments, from end: ListEnd) throws(CommandError) {
        let last = arguments.count - 1
        let deadline = try arguments.deadline(last, now: now)
        guard try !servePop(arguments, ListPopRequest(keys: 1..<last, from: end)) else { return }
        wait(forKeys: 1..<last, of: .list, until: deadline)
    }

    /// BLMOVE and BRPOPLPUSH: others are told the first `words` words, the command's name exchanged.
    fileprivate mutating func moveOrWait(
        _ arguments: Arguments, from origin: ListEnd, to goal: ListEnd, until deadline: Int64?,
        tells name: StaticString, words: Int
    ) throws(CommandError) {
        if try serveMove(arguments, from: origin, to: goal) {
            return effects.propagate(in: keyspace.number) {
                [Array(name.description.utf8)] + (1..<words).map { [UInt8](arguments[$0]) }
            }
        }
        // Where nobody waits, the answer is that of LMOVE.
        guard mayWait else { return reply.null() }
        wait(forKeys: 1..<2, of: .list, until: deadline)
    }
}
