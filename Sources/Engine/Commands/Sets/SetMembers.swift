import RESP

extension DataCommands {
    static let sadd = DataCommand(
        "sadd", arity: -3, flags: [.write, .denyoom, .fast], categories: .set,
        keys: [.one(1, [.readWrite, .insert])], group: .set, since: "1.0.0",
        summary: "Adds members to a set, which is created if need be.",
        complexity: "O(N) where N is the number of members given",
        arguments: [.key(), .string("member").multiple.since("2.4.0")]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locate(arguments[1], .set)
        let added = call.add(arguments, 2..<arguments.count, to: &slot)
        call.reply.integer(added)
    }

    static let srem = DataCommand(
        "srem", arity: -3, flags: [.write, .fast], categories: .set,
        keys: [.one(1, [.readWrite, .delete])], group: .set, since: "1.0.0",
        summary: "Removes members from a set; an empty set is deleted.",
        complexity: "O(N) where N is the number of members given",
        arguments: [.key(), .string("member").multiple.since("2.4.0")]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locate(arguments[1], .set)
        var removed: Int64 = 0
        for index in 2..<arguments.count {
            removed += call.keyspace.removeMember(arguments[index], at: &slot, key: arguments[1]) ? 1 : 0
        }
        if removed > 0 { call.finishChange(arguments[1], &slot, .srem, count: Int(removed)) }
        call.reply.integer(removed)
    }

    static let smove = DataCommand(
        "smove", arity: 4, flags: [.write, .fast], categories: .set,
        keys: [.one(1, [.readWrite, .access, .delete]), .one(2, [.readWrite, .insert])], group: .set,
        since: "1.0.0",
        summary: "Moves a member from one set to another.",
        arguments: [.key("source"), .key("destination", spec: 1), .string("member")]
    ) { (arguments, call) throws(CommandError) in
        var source = call.use(arguments[1])
        guard let entry = source.entry else { return call.reply.integer(0) }
        guard entry.kind.type == .set else { throw .wrongType }
        var target = try call.locate(arguments[2], .set)
        if target.entry == entry {
            return call.reply.integer(entry.hasMember(arguments[3]) ? 1 : 0)
        }
        guard call.keyspace.removeMember(arguments[3], at: &source, key: arguments[1]) else {
            return call.reply.integer(0)
        }
        call.finishChange(arguments[1], &source, .srem)
        _ = call.add(arguments, 3..<4, to: &target, key: 2)
        call.reply.integer(1)
    }

    static let scard = DataCommand(
        "scard", arity: 2, flags: [.readonly, .fast], categories: .set,
        keys: [.one(1, .readOnly)], group: .set, since: "1.0.0",
        summary: "Returns how many members a set has.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.reply.integer(try call.read(arguments[1], .set).map { SetValue($0).count } ?? 0)
    }

    static let sismember = DataCommand(
        "sismember", arity: 3, flags: [.readonly, .fast], categories: .set,
        keys: [.one(1, .readOnly)], group: .set, since: "1.0.0",
        summary: "Tells whether something is a member of a set.",
        arguments: [.key(), .string("member")]
    ) { (arguments, call) throws(CommandError) in
        let entry = try call.read(arguments[1], .set)
        call.reply.integer(entry?.hasMember(arguments[2]) == true ? 1 : 0)
    }

    static let smismember = DataCommand(
        "smismember", arity: -3, flags: [.readonly, .fast], categories: .set,
        keys: [.one(1, .readOnlyAccess)], group: .set, since: "6.2.0",
        summary: "Tells of several things whether they are members of a set.",
        complexity: "O(N) where N is the number of things asked about",
        arguments: [.key(), .string("member").multiple]
    ) { (arguments, call) throws(CommandError) in
        let entry = try call.read(arguments[1], .set)
        call.reply.array(arguments.count - 2)
        for index in 2..<arguments.count {
            call.reply.integer(entry?.hasMember(arguments[index]) == true ? 1 : 0)
        }
    }

    static let smembers = DataCommand(
        "smembers", arity: 2, flags: .readonly, categories: .set,
        keys: [.one(1, .readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Returns all members of a set.",
        complexity: "O(N) where N is the number of members",
        tips: ["nondeterministic_output_order"],
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = try call.read(arguments[1], .set) else { return call.reply.set(0) }
        let set = SetValue(entry)
        call.reply.set(set.count)
        if case .table(let table) = set, call.slices(table.count) {
            return call.writeInSlices(holding: arguments[1], table) { $1.bulk($0.key) }
        }
        set.forEach { member in
            call.reply.bulk(member)
            return true
        }
    }

    static let sscan = DataCommand(
        "sscan", arity: -3, flags: .readonly, categories: .set,
        keys: [.one(1, .readOnlyAccess)], group: .set, since: "2.8.0",
        summary: "Returns some members of a set and a cursor from which to go on.",
        complexity: "O(1) a call, O(N) for a whole pass until the cursor is 0 again, N being the members",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(), .integer("cursor"), .pattern("pattern", token: "MATCH").optional,
            .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        guard let (entry, scan) = try call.beginScan(arguments, .set) else { return }
        switch SetValue(entry) {
        case .table(let table):
            call.scan(table.table, scan, arguments) { (entry, reply) in
                reply.bulk(entry.key)
                return 1
            }
        case let set:
            call.scanWhole(scan, arguments) { (glob, reply) in
                var found = 0
                set.forEach { member in
                    guard glob.matches(member) else { return true }
                    reply.bulk(member)
                    found += 1
                    return true
                }
                return found
            }
        }
    }
}

extension Call {
    /// Adds these arguments to the set at `slot`, whose key is argument `key`, and tells so; returns how
    /// many were new.
    fileprivate mutating func add(
        _ arguments: Arguments, _ members: Range<Int>, to slot: inout KeySlot, key: Int = 1
    ) -> Int64 {
        let limits = dataset.settings.collections
        let isNew = slot.entry == nil
        var set: SetValue
        if let entry = slot.entry {
            set = SetValue(entry)
            set.prepare(for: members.count, in: keyspace, limits)
        } else {
            // The argument stays where it is while the command runs.
            let first = unsafe PackedElement(packing: arguments[members.lowerBound])
            set = SetValue(for: first, expecting: members.count, in: keyspace, limits)
        }
        var added: Int64 = 0
        for index in members {
            // As above.
            let member = unsafe PackedElement(packing: arguments[index])
            added += set.insert(member, in: keyspace, limits) ? 1 : 0
        }
        keyspace.put(set, at: &slot, key: arguments[key])
        if added > 0 { finishChange(arguments[key], &slot, isNew: isNew, .sadd, count: Int(added)) }
        return added
    }
}

extension Keyspace {
    /// Removes a member from the set at `slot`, which may be empty then; false if it is none.
    @inline(__always)
    func removeMember(_ member: RawSpan, at slot: inout KeySlot, key: RawSpan) -> Bool {
        guard let entry = slot.entry else { return false }
        var set = SetValue(entry)
        // The argument stays where it is while the command runs.
        guard set.remove(unsafe PackedElement(packing: member), in: self) else { return false }
        put(set, at: &slot, key: key)
        return true
    }
}

extension Entry {
    /// Whether the entry's set has this member.
    @inline(__always)
    func hasMember(_ member: RawSpan) -> Bool {
        // The argument stays where it is while the command runs.
        SetValue(self).contains(unsafe PackedElement(packing: member))
    }
}
