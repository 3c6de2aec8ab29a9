import RESP

extension DataCommands {
    static let incr = DataCommand(
        "incr", arity: 2, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update])], group: .string, since: "1.0.0",
        summary: "Adds one to a key's whole number; a missing key counts as 0.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        try call.increment(arguments[1], by: 1)
    }

    static let decr = DataCommand(
        "decr", arity: 2, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update])], group: .string, since: "1.0.0",
        summary: "Subtracts one from a key's whole number; a missing key counts as 0.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        try call.increment(arguments[1], by: -1)
    }

    static let incrby = DataCommand(
        "incrby", arity: 3, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update])], group: .string, since: "1.0.0",
        summary: "Adds to a key's whole number; a missing key counts as 0.",
        arguments: [.key(), .integer("increment")]
    ) { (arguments, call) throws(CommandError) in
        try call.increment(arguments[1], by: arguments.integer(2))
    }

    static let decrby = DataCommand(
        "decrby", arity: 3, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update])], group: .string, since: "1.0.0",
        summary: "Subtracts from a key's whole number; a missing key counts as 0.",
        arguments: [.key(), .integer("decrement")]
    ) { (arguments, call) throws(CommandError) in
        let decrement = try arguments.integer(2)
        guard decrement != .min else { throw CommandError("ERR decrement would overflow") }
        try call.increment(arguments[1], by: -decrement)
    }
}

extension Call {
    /// Adds to the number of `key` and replies with the sum.
    fileprivate mutating func increment(_ key: RawSpan, by delta: Int64) throws(CommandError) {
        var slot = try locateString(key)
        var old: Int64 = 0
        if let entry = slot.entry {
            if entry.kind == .int {
                old = entry.integer
            } else {
                guard let number = entry.withString({ Decimal.parse($0) }) else { throw .notInteger }
                old = number
            }
        }
        let (sum, overflow) = old.addingReportingOverflow(delta)
        if overflow { throw CommandError("ERR increment or decrement would overflow") }
        store(key, at: &slot, integer: sum, event: .incrby)
        reply.integer(sum)
    }
}
