import RESP

/// Getting and setting fields together with their deadlines.
extension DataCommands {
    static let hgetdel = DataCommand(
        "hgetdel", arity: -5, flags: [.write, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .access, .delete])], group: .hash, since: "8.0.0",
        summary: "Returns the values of fields of a hash and removes the fields.",
        complexity: "O(N) where N is the number of fields given",
        arguments: [.key(), FieldArguments.grammar]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locateHash(arguments)
        let fields = try FieldArguments.read(arguments, 2)
        call.reply.array(fields.count)
        guard slot.entry != nil else {
            for _ in fields { call.reply.null() }
            return
        }
        var hash = call.keyspace.editHash(slot)
        var removed = 0
        for index in fields {
            guard let value = hash.value.value(of: arguments[index]) else {
                call.reply.null()
                continue
            }
            call.reply.bulk(value)
            removed += hash.value.remove(arguments[index], in: call.keyspace) ? 1 : 0
        }
        guard removed > 0 else { return }
        call.finishRemoval(hash, at: &slot, key: arguments[1], count: removed)
        call.effects.propagate(in: call.keyspace.number) {
            [Array("HDEL".utf8), [UInt8](arguments[1])] + fields.map { [UInt8](arguments[$0]) }
        }
    }

    static let hgetex = DataCommand(
        "hgetex", arity: -5, flags: [.write, .fast], categories: .hash,
        keys: [
            .one(1, [.readWrite, .access, .update], notes: "RW and UPDATE because it changes the TTL")
        ], group: .hash, since: "8.0.0",
        summary: "Returns the values of fields of a hash and sets or removes their deadlines.",
        complexity: "O(N) where N is the number of fields given",
        arguments: [
            .key(),
            .oneOf("expiration", ExpiryOption.grammar + [.token("PERSIST", name: "persist")]).optional,
            FieldArguments.grammar,
        ]
    ) { (arguments, call) throws(CommandError) in
        let slot = try call.locateHash(arguments)
        let options = try FieldOptions(arguments, sets: false, call)
        call.getFields(arguments, slot, options)
    }

    static let hsetex = DataCommand(
        "hsetex", arity: -6, flags: [.write, .denyoom, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .update])], group: .hash, since: "8.0.0",
        summary: "Sets fields of a hash and their deadline, on condition if asked to.",
        complexity: "O(N) where N is the number of fields given",
        arguments: [
            .key(),
            .oneOf("key-condition", [.token("NX", name: "nx"), .token("XX", name: "xx")]).optional,
            .oneOf("condition", [.token("FNX", name: "fnx"), .token("FXX", name: "fxx")]).optional,
            .oneOf("expiration", ExpiryOption.keepingGrammar).optional,
            .block(
                "fields",
                [.integer("numfields"), .block("data", [.string("field"), .string("value")]).multiple],
                token: "FIELDS"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let options = try FieldOptions(arguments, sets: true, call)
        var slot = try call.locateHash(arguments)
        guard options.allows(slot, arguments) else { return call.reply.integer(0) }
        call.setFields(arguments, &slot, options)
        call.reply.integer(1)
    }
}

extension FieldOptions {
    /// Whether the key and its fields are there, or are not, as the conditions want it.
    fileprivate func allows(_ slot: KeySlot, _ arguments: Arguments) -> Bool {
        if keyExistence != .any, (keyExistence == .present) != (slot.entry != nil) { return false }
        if fieldExistence == .any { return true }
        guard let entry = slot.entry else { return fieldExistence == .absent }
        let hash = HashValue(entry)
        for index in stride(from: fields.lowerBound, to: fields.upperBound, by: 2) {
            let exists = hash.value(of: arguments[index]) != nil
            if exists != (fieldExistence == .present) { return false }
        }
        return true
    }
}

extension Call {
    /// HGETEX.
    fileprivate mutating func getFields(_ arguments: Arguments, _ place: KeySlot, _ options: FieldOptions) {
        var slot = place
        reply.array(options.fields.count)
        guard slot.entry != nil else {
            for _ in options.fields { reply.null() }
            return
        }
        let changes = options.deadlineWord != nil || options.isPersist
        let isPast = options.deadlineWord != nil && isPast(options.deadline)
        var hash = keyspace.editHash(slot)
        if changes { hash.value.prepareForDeadlines(in: keyspace) }
        var changed = 0
        var told: [Int] = []
        for index in options.fields {
            guard let value = hash.value.value(of: arguments[index]) else {
                reply.null()
                continue
            }
            reply.bulk(value)
            guard changes else { continue }
            let field = arguments[index]
            if isPast {
                changed += hash.value.remove(field, in: keyspace) ? 1 : 0
                told.append(index)
            } else if !options.isPersist || hash.value.deadline(of: field) != 0 {
                changed += hash.value.setDeadline(of: field, to: options.deadline) ? 1 : 0
            }
        }
        if changed == 0 {
            if changes { keyspace.put(hash, at: &slot, key: arguments[1]) }
        } else if options.isPersist {
            finishHash(hash, at: &slot, key: arguments[1], .hpersist)
            propagateFields(arguments, options.fields, [Array("HPERSIST".utf8), [UInt8](arguments[1])])
        } else {
            finishDeadlines(
                hash, at: &slot, arguments[1], isPast: isPast, options.deadline, count: changed)
            if isPast { return propagateRemovals(arguments, told) }
            propagateFields(
                arguments, options.fields,
                [
                    Array("HPEXPIREAT".utf8), [UInt8](arguments[1]), Array(String(options.deadline).utf8),
                ])
        }
    }

    /// Tells others of a command about the deadlines of these fields.
    private mutating func propagateFields(
        _ arguments: Arguments, _ fields: Range<Int>, _ head: @autoclosure () -> [[UInt8]]
    ) {
        effects.propagate(in: keyspace.number) {
            head() + [Array("FIELDS".utf8), Array(String(fields.count).utf8)]
                + fields.map { [UInt8](arguments[$0]) }
        }
    }

    /// HSETEX, its conditions being met.
    fileprivate mutating func setFields(
        _ arguments: Arguments, _ slot: inout KeySlot, _ options: FieldOptions
    ) {
        let key = arguments[1]
        let hasDeadline = options.deadlineWord != nil
        var hash = keyspace.editHash(slot)
        hash.value.prepare(for: options.fields.count / 2, in: keyspace, dataset.settings.collections)
        for index in stride(from: options.fields.lowerBound, to: options.fields.upperBound, by: 2) {
            setField(&hash, arguments, index, keepsDeadline: hasDeadline || options.keepsDeadline)
        }
        finishHash(hash, at: &slot, key: key, .hset)
        guard let word = options.deadlineWord else { return }
        let isPast = isPast(options.deadline)
        hash = keyspace.editHash(slot)
        hash.value.prepareForDeadlines(in: keyspace)
        var told: [Int] = []
        for index in stride(from: options.fields.lowerBound, to: options.fields.upperBound, by: 2) {
            if isPast {
                if hash.value.remove(arguments[index], in: keyspace) { told.append(index) }
            } else {
                _ = hash.value.setDeadline(of: arguments[index], to: options.deadline)
            }
        }
        finishDeadlines(hash, at: &slot, key, isPast: isPast, options.deadline, count: told.count)
        if isPast { return propagateRemovals(arguments, told) }
        effects.propagate(in: keyspace.number) {
            var command = arguments.copies
            command[word] = Array("PXAT".utf8)
            command[word + 1] = Array(String(options.deadline).utf8)
            return command
        }
    }
}
