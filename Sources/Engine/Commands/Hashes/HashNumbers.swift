import RESP

/// Counting in fields.
extension DataCommands {
    static let hincrby = DataCommand(
        "hincrby", arity: 4, flags: [.write, .denyoom, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .access, .update])], group: .hash, since: "2.0.0",
        summary: "Adds to the whole number of a field of a hash; a missing field counts as 0.",
        arguments: [.key(), .string("field"), .integer("increment")]
    ) { (arguments, call) throws(CommandError) in
        let increment = try arguments.integer(3)
        var slot = try call.locateHash(arguments)
        let old = try slot.entry?.wholeNumber(of: arguments[2]) ?? 0
        let (sum, overflow) = old.addingReportingOverflow(increment)
        if overflow { throw CommandError("ERR increment or decrement would overflow") }
        Decimal.withText(of: sum) { text in
            call.setNumber(arguments[1], at: &slot, arguments[2], text, .hincrby)
        }
        call.reply.integer(sum)
    }

    static let hincrbyfloat = DataCommand(
        "hincrbyfloat", arity: 4, flags: [.write, .denyoom, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .access, .update])], group: .hash, since: "2.6.0",
        summary: "Adds to the number of a field of a hash, which may have a fraction.",
        arguments: [.key(), .string("field"), .double("increment")]
    ) { (arguments, call) throws(CommandError) in
        guard let increment = LongDouble(arguments[3]) else { throw .notFloat }
        guard increment.value.isFinite else { throw CommandError("ERR value is NaN or Infinity") }
        var slot = try call.locateHash(arguments)
        let old = try slot.entry?.longDouble(of: arguments[2]) ?? LongDouble(0)
        let sum = LongDouble(old.value + increment.value)
        guard sum.value.isFinite else { throw CommandError("ERR increment would produce NaN or Infinity") }
        sum.withText { text in
            call.setNumber(arguments[1], at: &slot, arguments[2], text, .hincrbyfloat)
            call.reply.bulk(text)
            call.propagateNumber(slot, arguments, text)
        }
    }
}

extension Entry {
    /// The whole number that a field of the hash holds; nil without the field.
    @inline(__always)
    fileprivate func wholeNumber(of field: RawSpan) throws(CommandError) -> Int64? {
        guard let value = HashValue(self).value(of: field) else { return nil }
        if let integer = value.integer { return integer }
        guard let integer = Decimal.parse(value.bytes) else {
            throw CommandError("ERR hash value is not an integer")
        }
        return integer
    }

    /// The number that a field of the hash holds; nil without the field.
    fileprivate func longDouble(of field: RawSpan) throws(CommandError) -> LongDouble? {
        guard let value = HashValue(self).value(of: field) else { return nil }
        if let integer = value.integer { return LongDouble(LongDouble.Value(integer)) }
        guard let number = LongDouble(value.bytes) else {
            throw CommandError("ERR hash value is not a float")
        }
        return number
    }
}

extension Call {
    /// Gives a field a number's text; its deadline stays.
    @inline(__always)
    fileprivate mutating func setNumber(
        _ key: RawSpan, at slot: inout KeySlot, _ field: RawSpan, _ text: RawSpan, _ event: KeyspaceEvent
    ) {
        var hash = keyspace.editHash(slot)
        _ = hash.value.set(
            field, to: text, keepsDeadline: true, in: keyspace, dataset.settings.collections)
        finishHash(hash, at: &slot, key: key, event)
    }

    /// Tells others the sum and not the increment, as they may count with less precision.
    fileprivate mutating func propagateNumber(_ slot: KeySlot, _ arguments: Arguments, _ text: RawSpan) {
        let number = keyspace.number
        effects.propagate(in: number) {
            [Array("HSET".utf8), [UInt8](arguments[1]), [UInt8](arguments[2]), [UInt8](text)]
        }
        guard let entry = slot.entry, entry.mayHoldFieldDeadlines,
            let deadline = HashValue(entry).deadline(of: arguments[2]), deadline != 0
        else { return }
        // Setting the field takes its deadline away.
        effects.propagate(in: number) {
            [
                Array("HPEXPIREAT".utf8), [UInt8](arguments[1]), Array(String(deadline).utf8),
                Array("FIELDS".utf8), [UInt8(ascii: "1")], [UInt8](arguments[2]),
            ]
        }
    }
}
