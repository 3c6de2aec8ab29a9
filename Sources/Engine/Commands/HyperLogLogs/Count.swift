import RESP

extension DataCommands {
    static let pfadd = DataCommand(
        "pfadd", arity: -2, flags: [.write, .denyoom, .fast], categories: .hyperloglog,
        keys: [.one(1, [.readWrite, .insert])], group: .hyperloglog, since: "2.8.9",
        summary: "Counts elements in a HyperLogLog, and creates it if it is missing.",
        complexity: "O(1) for each element",
        arguments: [.key(), .string("element").optional.multiple]
    ) { (arguments, call) throws(CommandError) in
        let key = arguments[1]
        var slot = try call.locateString(key)
        var changes = slot.entry == nil ? 1 : 0
        var string = try call.hyperLogLog(at: slot)
        var error: CommandError?
        for index in 2..<arguments.count {
            do throws(CommandError) {
                if try string.add(arguments[index]) { changes += 1 }
            } catch let failure {
                error = failure
                break
            }
        }
        if changes > 0 {
            string.invalidateCardinality()
            // What came before a corrupt part is counted all the same, but not announced.
            call.store(string, key, at: &slot, event: error == nil ? .pfadd : nil, count: changes)
        } else {
            slot.entry?.showAsRaw()
        }
        if let error { throw error }
        call.reply.integer(changes > 0 ? 1 : 0)
    }

    static let pfcount = DataCommand(
        "pfcount", arity: -2, flags: [.readonly, .mayReplicate], categories: .hyperloglog,
        keys: [
            KeySpec(
                .index(1), .range(last: -1, step: 1, limit: 0), [.readWrite, .access],
                notes:
                    "RW because it may change the internal representation of the key, and propagate to replicas"
            )
        ],
        group: .hyperloglog, since: "2.8.9",
        summary: "Returns about how many different elements were counted in one or more HyperLogLogs.",
        complexity: "O(1) for one key, O(N) for N of them",
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        if arguments.count == 2 { return try call.countOne(arguments[1]) }
        var registers = HyperLogLogRegisters()
        for index in 1..<arguments.count {
            guard let entry = try call.readString(arguments[index]) else { continue }
            try entry.withString { (bytes) throws(CommandError) in try registers.merge(HyperLogLog(bytes)) }
        }
        call.reply.integer(Int64(bitPattern: registers.cardinality))
    }

    static let pfmerge = DataCommand(
        "pfmerge", arity: -2, flags: [.write, .denyoom], categories: .hyperloglog,
        keys: [.one(1, [.readWrite, .access, .insert]), .all(from: 2, .readOnlyAccess)],
        group: .hyperloglog, since: "2.8.9",
        summary: "Counts in a HyperLogLog all that several others have counted.",
        complexity: "O(N) to merge N HyperLogLogs",
        arguments: [.key("destkey"), .key("sourcekey", spec: 1).optional.multiple]
    ) { (arguments, call) throws(CommandError) in
        var registers = HyperLogLogRegisters()
        var isDense = false
        for index in 1..<arguments.count {
            guard let entry = try call.readString(arguments[index]) else { continue }
            try entry.withString { (bytes) throws(CommandError) in
                let source = try HyperLogLog(bytes)
                try registers.merge(source)
                if !source.isSparse { isDense = true }
            }
        }
        var slot = try call.locateString(arguments[1])
        var target = try call.hyperLogLog(at: slot)
        if isDense { try target.makeDense() }
        try target.raise(to: registers)
        target.invalidateCardinality()
        call.store(target, arguments[1], at: &slot, event: .pfadd)
        call.reply.ok()
    }
}

extension Call {
    /// The HyperLogLog of a slot for changes, or an empty one.
    func hyperLogLog(at slot: KeySlot) throws(CommandError) -> HyperLogLogString {
        let limit = dataset.settings.collections.sparseHyperLogLog
        guard let entry = slot.entry else { return HyperLogLogString(sparseLimit: limit) }
        return try HyperLogLogString(entry, in: keyspace.arena, sparseLimit: limit)
    }

    /// Makes a changed HyperLogLog the value of `key`, and says that it changed; a deadline stays.
    mutating func store(
        _ string: HyperLogLogString, _ key: RawSpan, at slot: inout KeySlot, event: KeyspaceEvent? = nil,
        count: Int = 1
    ) {
        let isNew = slot.entry == nil
        if !string.isStored {
            if string.raw.count <= Entry.largestEmbeddedValue {
                keyspace.putBytes(string.raw.bytes, kind: .raw, at: &slot, key: key)
            } else {
                keyspace.putObject(string.raw, kind: .rawObject, at: &slot, key: key)
            }
        }
        if let event {
            finishWrite(key, slot, isNew: isNew, event, count: count)
        } else {
            effects.changedSilently(key, in: keyspace.number)
        }
    }

    /// PFCOUNT of one key, which remembers the answer.
    fileprivate mutating func countOne(_ key: RawSpan) throws(CommandError) {
        guard let entry = try readString(key) else { return reply.integer(0) }
        let cached = try entry.withString { (bytes) throws(CommandError) in
            try HyperLogLog(bytes).cachedCardinality
        }
        entry.showAsRaw()
        if let cached { return reply.integer(Int64(bitPattern: cached)) }
        let new = try entry.withString { (bytes) throws(CommandError) in
            try HyperLogLog(bytes).cardinality()
        }
        if let raw = entry.rawString {
            raw.mutate { HyperLogLog.setCardinality(new, in: &$0) }
        } else {
            entry.mutateEmbedded { HyperLogLog.setCardinality(new, in: &$0) }
        }
        effects.changedSilently(key, in: keyspace.number)
        reply.integer(Int64(bitPattern: new))
    }
}

extension Entry {
    /// Says of a short string that it may be changed in place; OBJECT ENCODING then answers `raw`.
    func showAsRaw() {
        if kind == .embedded { relabel(.raw) }
    }
}
