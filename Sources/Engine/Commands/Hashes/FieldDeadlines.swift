import RESP

/// Setting and removing the deadlines of fields.
extension DataCommands {
    static let hexpire = expiry(
        "hexpire", .integer("seconds"), .seconds, "Sets the time to live of fields in seconds.")

    static let hpexpire = expiry(
        "hpexpire", .integer("milliseconds"), .milliseconds,
        "Sets the time to live of fields in milliseconds.")

    static let hexpireat = expiry(
        "hexpireat", .unixTime("unix-time-seconds"), .unixSeconds,
        "Sets the deadline of fields as Unix time in seconds.")

    static let hpexpireat = expiry(
        "hpexpireat", .unixTime("unix-time-milliseconds"), .unixMilliseconds,
        "Sets the deadline of fields as Unix time in milliseconds.")

    /// The row of one of the four commands that differ only in how they count.
    private static func expiry(
        _ name: StaticString, _ time: ArgumentSpec, _ unit: ExpiryOption.Unit, _ summary: StaticString
    ) -> DataCommand {
        DataCommand(
            name, arity: -6, flags: [.write, .denyoom, .fast], categories: .hash,
            keys: [.one(1, [.readWrite, .update])], group: .hash, since: "7.4.0", summary: summary,
            complexity: "O(N) where N is the number of fields given",
            arguments: [.key(), time, FieldCondition.grammar, FieldArguments.grammar]
        ) { (arguments, call) throws(CommandError) in
            try call.expireFields(arguments, unit)
        }
    }

    static let hpersist = DataCommand(
        "hpersist", arity: -5, flags: [.write, .fast], categories: .hash,
        keys: [.one(1, [.readWrite, .update])], group: .hash, since: "7.4.0",
        summary: "Takes the deadlines of fields away.",
        complexity: "O(N) where N is the number of fields given",
        arguments: [.key(), FieldArguments.grammar]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locateHash(arguments)
        let fields = try FieldArguments.read(arguments, 2)
        call.reply.array(fields.count)
        let hash = slot.entry.map { _ in call.keyspace.editHash(slot) }
        var changed = false
        for index in fields {
            guard let old = hash?.value.deadline(of: arguments[index]) else {
                call.reply.integer(-2)
                continue
            }
            if old != 0 { changed = hash?.value.setDeadline(of: arguments[index], to: 0) ?? false || changed }
            call.reply.integer(old == 0 ? -1 : 1)
        }
        if changed, let hash { call.finishHash(hash, at: &slot, key: arguments[1], .hpersist) }
    }
}

extension Call {
    /// HEXPIRE and its relatives.
    fileprivate mutating func expireFields(
        _ arguments: Arguments, _ unit: ExpiryOption.Unit
    ) throws(CommandError) {
        let key = arguments[1]
        var slot = try locateHash(arguments)
        let deadline = try FieldArguments.deadline(arguments, 2, unit, self)
        let condition = FieldCondition(arguments[3])
        let word = if case .none = condition { 3 } else { 4 }
        let fields = try FieldArguments.read(
            arguments, word,
            notPositive: CommandError("ERR Parameter `numFields` should be greater than 0"))
        reply.array(fields.count)
        guard slot.entry != nil else {
            for _ in fields { reply.integer(-2) }
            return
        }
        var hash = keyspace.editHash(slot)
        hash.value.prepareForDeadlines(in: keyspace)
        let isPast = isPast(deadline)
        let isTold = effects.interest.contains(.commands)
        var changed = 0
        var told: [Int] = []
        for index in fields {
            guard let old = hash.value.deadline(of: arguments[index]) else {
                reply.integer(-2)
                continue
            }
            guard condition.allows(deadline, after: old) else {
                reply.integer(0)
                continue
            }
            changed += 1
            if isTold { told.append(index) }
            if isPast {
                _ = hash.value.remove(arguments[index], in: keyspace)
            } else {
                _ = hash.value.setDeadline(of: arguments[index], to: deadline)
            }
            reply.integer(isPast ? 2 : 1)
        }
        guard changed > 0 else { return keyspace.put(hash, at: &slot, key: key) }
        finishDeadlines(hash, at: &slot, key, isPast: isPast, deadline, count: changed)
        if isPast {
            propagateRemovals(arguments, told)
        } else {
            effects.propagate(in: keyspace.number) {
                var command = [Array("HPEXPIREAT".utf8), [UInt8](key), Array(String(deadline).utf8)]
                command += (3...word).map { [UInt8](arguments[$0]) } + [Array(String(told.count).utf8)]
                return command + told.map { [UInt8](arguments[$0]) }
            }
        }
    }

    /// Puts a hash back of whose fields `count` were given this deadline, or are gone as it is past.
    mutating func finishDeadlines(
        _ hash: HashEdit, at slot: inout KeySlot, _ key: RawSpan, isPast: Bool, _ deadline: Int64,
        count: Int
    ) {
        if isPast {
            dataset.statistics.expiredFields &+= UInt64(count)
            finishRemoval(hash, at: &slot, key: key, count: count)
        } else {
            effects.earliestDeadline = min(effects.earliestDeadline, deadline)
            finishHash(hash, at: &slot, key: key, .hexpire, count: count)
        }
    }

    /// Tells others that the fields with these indices are gone, each by itself as in Redis.
    mutating func propagateRemovals(_ arguments: Arguments, _ fields: [Int]) {
        effects.doNotPropagate()
        for index in fields {
            effects.propagate(in: keyspace.number) {
                [Array("HDEL".utf8), [UInt8](arguments[1]), [UInt8](arguments[index])]
            }
        }
    }
}
