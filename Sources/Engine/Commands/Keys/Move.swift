import RESP

extension DataCommands {
    static let copy = DataCommand(
        "copy", arity: -3, flags: [.write, .denyoom], categories: .keyspace,
        keys: [.one(1, .readOnlyAccess), .one(2, [.overwrite, .update])], group: .generic, since: "6.2.0",
        summary: "Gives another key, perhaps in another database, a copy of a key's value and its deadline.",
        complexity: "O(N) where N is the number of elements of the value; O(1) for a string",
        arguments: [
            .key("source"), .key("destination", spec: 1), .integer("destination-db", token: "DB").optional,
            .token("REPLACE", name: "replace").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.copy(arguments)
    }

    static let move = DataCommand(
        "move", arity: 3, flags: [.write, .fast], categories: .keyspace,
        keys: [.one(1, [.readWrite, .access, .update])], group: .generic, since: "1.0.0",
        summary: "Moves a key to another database unless that has a key of this name.",
        arguments: [.key(), .integer("db")]
    ) { (arguments, call) throws(CommandError) in
        let other = try call.keyspace(arguments, 2)
        guard other !== call.keyspace else { throw .sameObject }
        var slot = call.locate(arguments[1])
        guard slot.entry != nil else { return call.reply.integer(0) }
        var target = call.locate(arguments[1], in: other)
        guard target.entry == nil else { return call.reply.integer(0) }
        call.move(arguments[1], at: &slot, to: other, at: &target)
        call.reply.integer(1)
    }
}

extension Call {
    fileprivate mutating func copy(_ arguments: Arguments) throws(CommandError) {
        var other = keyspace
        var replaces = false
        var index = 3
        while index < arguments.count {
            if arguments.isWord(index, "REPLACE") {
                replaces = true
            } else if arguments.isWord(index, "DB"), index + 1 < arguments.count {
                index += 1
                other = try keyspace(arguments, index)
            } else {
                throw .syntax
            }
            index += 1
        }
        if other === keyspace, arguments[1].equals(arguments[2]) { throw .sameObject }
        guard let entry = read(arguments[1]) else { return reply.integer(0) }
        var target = locate(arguments[2], in: other)
        use(&target)
        guard target.entry == nil || replaces else { return reply.integer(0) }
        if let object = entry.sharedObject, slices(object.copyCost), let made = object.beginCopy() {
            return try copyInSlices(object, made, arguments, to: other)
        }
        copy(entry, to: arguments[2], at: &target, in: other)
        reply.integer(1)
    }

    /// Copies a big value while others have their turns.
    private mutating func copyInSlices(
        _ object: Value, _ made: Value, _ arguments: Arguments, to other: Keyspace
    ) throws(CommandError) {
        let copy = Unfinished(made, dataset)
        var next = 0
        try proceed(
            arguments, reading: 1..<2, writing: 2, in: other,
            [
                LongCommand.Step { (_, _, slice) throws(CommandError) in
                    object.copySome(slice.elements, from: &next, to: copy.value)
                }
            ],
            finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                // It stands where it stood, even if it is due by now; its copy is then, too.
                guard let entry = call.keyspace.locate(arguments[1]).entry else { return }
                var target = call.locate(arguments[2], in: other)
                call.copy(entry, as: copy.take(), to: arguments[2], at: &target, in: other)
                call.reply.integer(1)
            })
    }
}

extension CommandError {
    fileprivate static let sameObject = CommandError("ERR source and destination objects are the same")
}
