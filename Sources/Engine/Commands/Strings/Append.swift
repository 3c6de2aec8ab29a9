import RESP

extension DataCommands {
    static let append = DataCommand(
        "append", arity: 3, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .insert])], group: .string, since: "2.0.0",
        summary: "Appends to a key's string value, and creates the key if it is missing.",
        complexity: "O(1), amortised over many appends of small strings",
        arguments: [.key(), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locateString(arguments[1])
        try call.checkLength((slot.entry?.stringCount ?? 0), plus: arguments[2].byteCount)
        call.reply.integer(call.appendString(arguments[1], at: &slot, arguments[2], event: .append))
    }

    static let setrange = DataCommand(
        "setrange", arity: 4, flags: [.write, .denyoom], categories: .string,
        keys: [.one(1, [.readWrite, .update])], group: .string, since: "2.2.0",
        summary: "Overwrites a part of a key's string value from an offset on, zero-padded up to there.",
        complexity: "O(M) where M is the length of the new part",
        arguments: [.key(), .integer("offset"), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        let offset = try arguments.integer(2)
        guard offset >= 0 else { throw CommandError("ERR offset is out of range") }
        var slot = try call.locateString(arguments[1])
        let value = arguments[3]
        let count = slot.entry?.stringCount ?? 0
        if value.isEmpty { return call.reply.integer(count) }
        try call.checkLength(Int(offset), plus: value.byteCount)
        let end = Int(offset) + value.byteCount
        call.mutateString(arguments[1], at: &slot, count: end, event: .setrange) { bytes in
            bytes.copy(value, at: Int(offset))
        }
        call.reply.integer(max(count, end))
    }
}

extension Call {
    /// Throws when a string of `count` and `extra` bytes would be longer than `proto-max-bulk-len`.
    func checkLength(_ count: Int, plus extra: Int) throws(CommandError) {
        let (sum, overflow) = count.addingReportingOverflow(extra)
        if overflow || sum > dataset.settings.bulkLength { throw .tooLong }
    }
}
