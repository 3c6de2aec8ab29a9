import RESP

extension DataCommands {
    static let digest = DataCommand(
        "digest", arity: 2, flags: [.readonly, .fast], categories: .string,
        keys: [.one(1, .readOnlyAccess)], group: .string, since: "8.4.0",
        summary: "Returns the XXH3 hash of a key's string value in hexadecimal.",
        complexity: "O(N) where N is the length of the string value",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = try call.readString(arguments[1]) else { return call.reply.null() }
        entry.withString { ValueDigest($0) }.write(to: &call.reply)
    }

    static let delex = DataCommand(
        "delex", arity: -2, flags: [.write, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .delete, .variableFlags])], group: .string, since: "8.4.0",
        summary: "Deletes a key, on condition of its value or the value's digest if asked.",
        complexity:
            "O(1) for IFEQ and IFNE, O(N) for IFDEQ and IFDNE where N is the length of the string value",
        arguments: [
            .key(),
            .oneOf(
                "condition",
                [
                    .string("ifeq-value", token: "IFEQ"), .string("ifne-value", token: "IFNE"),
                    .string("ifdeq-digest", token: "IFDEQ"), .string("ifdne-digest", token: "IFDNE"),
                ]
            ).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        guard arguments.count == 2 || arguments.count == 4 else { throw .wrongArity("delex") }
        var slot = call.use(arguments[1])
        guard let entry = slot.entry else { return call.reply.integer(0) }
        if arguments.count == 4 {
            guard entry.kind.isString else { throw .wrongType }
            guard let condition = ValueCondition(comparison: arguments[2], argument: 3) else {
                throw CommandError("ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE")
            }
            guard try condition.holds(entry, arguments) else { return call.reply.integer(0) }
        }
        call.removeAsked(arguments[1], at: &slot)
    }

    static let delifeq = DataCommand(
        "delifeq", arity: 3, flags: [.write, .fast], categories: .string,
        keys: [.one(1, [.remove, .delete])], group: .string, since: "Valkey 9.0.0",
        summary: "Deletes a key if its string value is the given one.",
        arguments: [.key(), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locateString(arguments[1])
        let condition = ValueCondition.equal(2, negated: false)
        guard try condition.holds(slot.entry, arguments) else { return call.reply.integer(0) }
        call.removeAsked(arguments[1], at: &slot)
    }
}

extension Call {
    /// Deletes the key, whatever condition was asked for, and replies 1.
    fileprivate mutating func removeAsked(_ key: RawSpan, at slot: inout KeySlot) {
        remove(key, at: &slot)
        effects.propagate(in: keyspace.number) { [Array("DEL".utf8), [UInt8](key)] }
        reply.integer(1)
    }
}
