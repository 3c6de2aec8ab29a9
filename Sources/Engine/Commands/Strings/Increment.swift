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

    static let incrbyfloat = DataCommand(
        "incrbyfloat", arity: 3, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update])], group: .string, since: "2.6.0",
        summary: "Adds to a key's number, which may have a fraction; a missing key counts as 0.",
        arguments: [.key(), .double("increment")]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locateString(arguments[1])
        let old =
            try slot.entry.map { (entry) throws(CommandError) in try entry.longDouble() } ?? LongDouble(0)
        guard let increment = LongDouble(arguments[2]) else { throw .notFloat }
        let sum = LongDouble(old.value + increment.value)
        guard sum.value.isFinite else { throw CommandError("ERR increment would produce NaN or Infinity") }
        sum.withText { text in
            call.storeNumber(arguments[1], at: &slot, text, event: .incrbyfloat)
            call.reply.bulk(text)
            // The sum and not the increment: others may count with less precision.
            call.effects.propagate(in: call.keyspace.number) {
                [Array("SET".utf8), [UInt8](arguments[1]), [UInt8](text), Array("KEEPTTL".utf8)]
            }
        }
    }
}

extension Entry {
    /// The string read as a number with a fraction.
    func longDouble() throws(CommandError) -> LongDouble {
        if kind == .int { return LongDouble(LongDouble.Value(integer)) }
        guard let number = withString({ LongDouble($0) }) else { throw .notFloat }
        return number
    }

    /// The string read as a whole number.
    func wholeNumber() throws(CommandError) -> Int64 {
        if kind == .int { return integer }
        guard let number = withString({ Decimal.parse($0) }) else { throw .notInteger }
        return number
    }
}

extension Call {
    /// Stores the text of a number with a fraction, as a string; a deadline stays.
    ///
    /// Redis never encodes it as `int`, even if it has no fraction.
    mutating func storeNumber(_ key: RawSpan, at slot: inout KeySlot, _ text: RawSpan, event: KeyspaceEvent) {
        let isNew = slot.entry == nil
        let kind: Kind = text.byteCount <= Keyspace.longestEmbstr ? .embedded : .raw
        keyspace.putBytes(text, kind: kind, at: &slot, key: key)
        finishWrite(key, slot, isNew: isNew, event)
    }
}

extension Call {
    /// Adds to the number of `key` and replies with the sum.
    fileprivate mutating func increment(_ key: RawSpan, by delta: Int64) throws(CommandError) {
        var slot = try locateString(key)
        let old = try slot.entry?.wholeNumber() ?? 0
        let (sum, overflow) = old.addingReportingOverflow(delta)
        if overflow { throw CommandError("ERR increment or decrement would overflow") }
        store(key, at: &slot, integer: sum, event: .incrby)
        reply.integer(sum)
    }
}
