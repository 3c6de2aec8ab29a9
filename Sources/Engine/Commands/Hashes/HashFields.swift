import RESP

/// Setting and removing fields.
extension DataCommands {
    static let hset = DataCommand(
        "hset", arity: -4, flags: [.write, .denyoom, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .update])], group: .hash, since: "2.0.0",
        summary: "Sets fields of a hash, which is created if need be.",
        complexity: "O(N) where N is the number of fields given",
        arguments: [.key(), .block("data", [.string("field"), .string("value")]).multiple]
    ) { (arguments, call) throws(CommandError) in
        let added = try call.setFields(arguments)
        call.reply.integer(added)
    }

    static let hmset = DataCommand(
        "hmset", arity: -4, flags: [.write, .denyoom, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .update])], group: .hash, since: "2.0.0",
        summary: "Sets fields of a hash and answers OK.",
        complexity: "O(N) where N is the number of fields given",
        deprecated: Deprecation(since: "4.0.0", replacement: "`HSET` with multiple field-value pairs"),
        arguments: [.key(), .block("data", [.string("field"), .string("value")]).multiple]
    ) { (arguments, call) throws(CommandError) in
        _ = try call.setFields(arguments)
        call.reply.ok()
    }

    static let hsetnx = DataCommand(
        "hsetnx", arity: 4, flags: [.write, .denyoom, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .insert])], group: .hash, since: "2.0.0",
        summary: "Sets a field of a hash unless it exists.",
        arguments: [.key(), .string("field"), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locateHash(arguments)
        if let entry = slot.entry, HashValue(entry).value(of: arguments[2]) != nil {
            return call.reply.integer(0)
        }
        var hash = call.keyspace.editHash(slot)
        call.setField(&hash, arguments, 2)
        call.finishHash(hash, at: &slot, key: arguments[1], .hset)
        call.reply.integer(1)
    }

    static let hdel = DataCommand(
        "hdel", arity: -3, flags: [.write, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .delete])], group: .hash, since: "2.0.0",
        summary: "Removes fields from a hash; an empty hash is deleted.",
        complexity: "O(N) where N is the number of fields given",
        arguments: [.key(), .string("field").multiple]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locateHash(arguments)
        guard slot.entry != nil else { return call.reply.integer(0) }
        var hash = call.keyspace.editHash(slot)
        var removed = 0
        for index in 2..<arguments.count {
            removed += hash.value.remove(arguments[index], in: call.keyspace) ? 1 : 0
        }
        if removed > 0 { call.finishRemoval(hash, at: &slot, key: arguments[1], count: removed) }
        call.reply.integer(removed)
    }
}

extension Call {
    /// HSET and HMSET; returns how many fields were new.
    @inline(__always)
    fileprivate mutating func setFields(_ arguments: Arguments) throws(CommandError) -> Int {
        guard arguments.count % 2 == 0 else { throw .wrongArity(name.description) }
        var slot = try locateHash(arguments)
        var hash = keyspace.editHash(slot)
        hash.value.prepare(
            for: arguments.count / 2 - 1, in: keyspace, dataset.settings.collections)
        var added = 0
        var index = 2
        while index < arguments.count {
            added += setField(&hash, arguments, index) ? 1 : 0
            index += 2
        }
        finishHash(hash, at: &slot, key: arguments[1], .hset, count: arguments.count / 2 - 1)
        return added
    }

    /// Sets the field that is argument `index` to the value behind it; false if it had one already.
    ///
    /// The memory of a big value becomes the hash's own, unless somebody has the command's words told.
    @discardableResult @inline(__always)
    mutating func setField(
        _ hash: inout HashEdit, _ arguments: Arguments, _ index: Int, keepsDeadline: Bool = false
    ) -> Bool {
        let value = arguments[index + 1]
        let isBig =
            value.byteCount > Entry.largestEmbeddedValue
            && effects.interest.isDisjoint(with: [.commands, .words])
        return hash.value.set(
            arguments[index], to: value, adopting: isBig ? arguments.block(index + 1) : nil,
            keepsDeadline: keepsDeadline, in: keyspace, dataset.settings.collections)
    }
}
