import RESP

extension DataCommands {
    static let rename = DataCommand(
        "rename", arity: 3, flags: .write, categories: .keyspace,
        keys: [.one(1, [.readWrite, .access, .delete]), .one(2, [.overwrite, .update])],
        group: .generic, since: "1.0.0",
        summary: "Gives a key another name; a key that has that name already is overwritten.",
        arguments: [.key(), .key("newkey", spec: 1)]
    ) { (arguments, call) throws(CommandError) in
        _ = try call.rename(arguments, overwrites: true)
        call.reply.ok()
    }

    static let renamenx = DataCommand(
        "renamenx", arity: 3, flags: [.write, .fast], categories: .keyspace,
        keys: [.one(1, [.readWrite, .access, .delete]), .one(2, [.overwrite, .insert])],
        group: .generic, since: "1.0.0",
        summary: "Gives a key another name unless a key has that name already.",
        arguments: [.key(), .key("newkey", spec: 1)]
    ) { (arguments, call) throws(CommandError) in
        call.reply.integer(try call.rename(arguments, overwrites: false) ? 1 : 0)
    }
}

extension Call {
    /// Whether the key has a new name; not so if it is the old one, or another key has it already and
    /// is not to be overwritten.
    fileprivate mutating func rename(_ arguments: Arguments, overwrites: Bool) throws(CommandError) -> Bool {
        var slot = use(arguments[1])
        guard slot.entry != nil else { throw .noSuchKey }
        if arguments[1].equals(arguments[2]) { return false }
        var target = use(arguments[2])
        if target.entry != nil, !overwrites { return false }
        rename(arguments[1], at: &slot, to: arguments[2], at: &target)
        return true
    }
}
