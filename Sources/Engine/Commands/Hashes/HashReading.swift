import RESP

/// Looking at fields.
extension DataCommands {
    static let hget = DataCommand(
        "hget", arity: 3, flags: [.readonly, .fast], categories: .hash,
        keys: [.one(1, .readOnlyAccess)], group: .hash, since: "2.0.0",
        summary: "Returns the value of a field of a hash.",
        arguments: [.key(), .string("field")]
    ) { (arguments, call) throws(CommandError) in
        let hash = try call.readHash(arguments[1])
        call.reply.value(of: arguments[2], in: hash)
    }

    static let hmget = DataCommand(
        "hmget", arity: -3, flags: [.readonly, .fast], categories: .hash,
        keys: [.one(1, .readOnlyAccess)], group: .hash, since: "2.0.0",
        summary: "Returns the values of several fields of a hash.",
        complexity: "O(N) where N is the number of fields given",
        arguments: [.key(), .string("field").multiple]
    ) { (arguments, call) throws(CommandError) in
        let hash = try call.readHash(arguments[1])
        call.reply.array(arguments.count - 2)
        for index in 2..<arguments.count { call.reply.value(of: arguments[index], in: hash) }
    }

    static let hexists = DataCommand(
        "hexists", arity: 3, flags: [.readonly, .fast], categories: .hash,
        keys: [.one(1, .readOnly)], group: .hash, since: "2.0.0",
        summary: "Tells whether a hash has a field.",
        arguments: [.key(), .string("field")]
    ) { (arguments, call) throws(CommandError) in
        let hash = try call.readHash(arguments[1])
        call.reply.integer(hash?.value(of: arguments[2]) != nil ? 1 : 0)
    }

    static let hstrlen = DataCommand(
        "hstrlen", arity: 3, flags: [.readonly, .fast], categories: .hash,
        keys: [.one(1, .readOnly)], group: .hash, since: "3.2.0",
        summary: "Returns how many bytes the value of a field of a hash has.",
        arguments: [.key(), .string("field")]
    ) { (arguments, call) throws(CommandError) in
        let hash = try call.readHash(arguments[1])
        call.reply.integer(hash?.value(of: arguments[2])?.count ?? 0)
    }

    static let hlen = DataCommand(
        "hlen", arity: 2, flags: [.readonly, .fast], categories: .hash,
        keys: [.one(1, .readOnly)], group: .hash, since: "2.0.0",
        summary: "Returns how many fields a hash has.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.reply.integer(try call.readHash(arguments[1])?.count ?? 0)
    }

    static let hgetall = DataCommand(
        "hgetall", arity: 2, flags: .readonly, categories: .hash,
        keys: [.one(1, .readOnlyAccess)], group: .hash, since: "2.0.0",
        summary: "Returns all fields of a hash with their values.",
        complexity: "O(N) where N is the number of fields",
        tips: ["nondeterministic_output_order"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let hash = try call.readHash(arguments[1]) else { return call.reply.map(0) }
        call.reply.map(hash.count)
        call.writeFields(of: hash, arguments[1]) { field, value, reply in
            reply.bulk(field)
            reply.bulk(value)
        }
    }

    static let hkeys = DataCommand(
        "hkeys", arity: 2, flags: .readonly, categories: .hash,
        keys: [.one(1, .readOnlyAccess)], group: .hash, since: "2.0.0",
        summary: "Returns all fields of a hash.",
        complexity: "O(N) where N is the number of fields",
        tips: ["nondeterministic_output_order"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let hash = try call.readHash(arguments[1]) else { return call.reply.array(0) }
        call.reply.array(hash.count)
        call.writeFields(of: hash, arguments[1]) { field, _, reply in reply.bulk(field) }
    }

    static let hvals = DataCommand(
        "hvals", arity: 2, flags: .readonly, categories: .hash,
        keys: [.one(1, .readOnlyAccess)], group: .hash, since: "2.0.0",
        summary: "Returns the values of all fields of a hash.",
        complexity: "O(N) where N is the number of fields",
        tips: ["nondeterministic_output_order"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let hash = try call.readHash(arguments[1]) else { return call.reply.array(0) }
        call.reply.array(hash.count)
        call.writeFields(of: hash, arguments[1]) { _, value, reply in reply.bulk(value) }
    }
}

extension Call {
    /// Writes all fields, or their values, or both; those of a big hash in slices.
    @inline(__always)
    fileprivate mutating func writeFields(
        of hash: ReadHash, _ key: RawSpan,
        _ write: @escaping (PackedElement, PackedElement, inout ReplyWriter) -> Void
    ) {
        if case .table(let table) = hash.value, slices(table.count) {
            let cutoff = hash.cutoff
            return writeInSlices(holding: key, table) { entry, reply in
                guard !table.isDue(entry, before: cutoff) else { return }
                // The entry stays where it is while the hash does not change.
                write(unsafe PackedElement(entry.key), entry.packedString, &reply)
            }
        }
        hash.value.forEach(cutoff: hash.cutoff) { field, value in
            write(field, value, &reply)
            return true
        }
    }
}

extension ReadHash {
    /// How many fields there are.
    var count: Int { value.count(cutoff: cutoff) }

    /// The value of a field: a view that lasts until the hash changes.
    @inline(__always)
    func value(of field: RawSpan) -> PackedElement? { value.value(of: field, cutoff: cutoff) }
}

extension ReplyWriter {
    /// The value of a field as a bulk string; null without a hash or a field.
    @inline(__always)
    mutating func value(of field: RawSpan, in hash: ReadHash?) {
        if let value = hash?.value(of: field) { bulk(value) } else { null() }
    }
}
