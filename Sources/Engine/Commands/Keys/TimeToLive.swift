import RESP

extension DataCommands {
    static let ttl = DataCommand(
        "ttl", arity: 2, flags: [.readonly, .fast], categories: .keyspace,
        keys: [.one(1, .readOnlyAccess)], group: .generic, since: "1.0.0",
        summary:
            "Returns a key's time to live in seconds; -1 is for ever, -2 means that there is no such key.",
        tips: ["nondeterministic_output"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.replyDeadline(arguments[1], isRelative: true, inSeconds: true)
    }

    static let pttl = DataCommand(
        "pttl", arity: 2, flags: [.readonly, .fast], categories: .keyspace,
        keys: [.one(1, .readOnlyAccess)], group: .generic, since: "2.6.0",
        summary:
            "Returns a key's time to live in milliseconds; -1 is for ever, -2 means that there is no such key.",
        tips: ["nondeterministic_output"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.replyDeadline(arguments[1], isRelative: true, inSeconds: false)
    }

    static let expiretime = DataCommand(
        "expiretime", arity: 2, flags: [.readonly, .fast], categories: .keyspace,
        keys: [.one(1, .readOnlyAccess)], group: .generic, since: "7.0.0",
        summary: "Returns a key's deadline as Unix time in seconds.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.replyDeadline(arguments[1], isRelative: false, inSeconds: true)
    }

    static let pexpiretime = DataCommand(
        "pexpiretime", arity: 2, flags: [.readonly, .fast], categories: .keyspace,
        keys: [.one(1, .readOnlyAccess)], group: .generic, since: "7.0.0",
        summary: "Returns a key's deadline as Unix time in milliseconds.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.replyDeadline(arguments[1], isRelative: false, inSeconds: false)
    }

    static let persist = DataCommand(
        "persist", arity: 2, flags: [.write, .fast], categories: .keyspace,
        keys: [.one(1, [.readWrite, .update])], group: .generic, since: "2.2.0",
        summary: "Takes a key's deadline away.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        var slot = call.use(arguments[1])
        guard let entry = slot.entry else { return call.reply.integer(0) }
        guard entry.hasDeadline else { return call.reply.integer(0) }
        call.setDeadline(arguments[1], at: &slot, to: nil, event: .persist)
        call.reply.integer(1)
    }
}

extension Call {
    /// TTL and its relatives.
    fileprivate mutating func replyDeadline(_ key: RawSpan, isRelative: Bool, inSeconds: Bool) {
        guard let entry = look(key) else { return reply.integer(-2) }
        guard let deadline = keyspace.deadline(of: entry) else { return reply.integer(-1) }
        // Deadlines reach to the end of 64 bits, and Redis's sums wrap around there.
        let time = max(isRelative ? deadline &- now : deadline, 0)
        // Rounded to the next second; halves up, without a sum that could overflow.
        reply.integer(inSeconds ? time / 1000 &+ (time % 1000 >= 500 ? 1 : 0) : time)
    }
}
