import RESP

extension DataCommands {
    static let set = DataCommand(
        "set", arity: -3, flags: [.write, .denyoom], categories: .string,
        keys: [
            .one(
                1, [.readWrite, .access, .update, .variableFlags],
                notes: "RW and ACCESS due to the optional `GET` argument"
            ).found(by: SetOptions.findKey)
        ],
        group: .string, since: "1.0.0",
        summary:
            "Gives a key a string value, whatever it held before, on condition and with a deadline if asked.",
        arguments: [
            .key(), .string("value"),
            .oneOf(
                "condition",
                [
                    .token("NX", name: "nx"), .token("XX", name: "xx"),
                    .string("ifeq-value", token: "IFEQ").since("8.4.0"),
                    .string("ifne-value", token: "IFNE").since("8.4.0"),
                    .string("ifdeq-digest", token: "IFDEQ").since("8.4.0"),
                    .string("ifdne-digest", token: "IFDNE").since("8.4.0"),
                ]
            ).optional.since("2.6.12"),
            .token("GET", name: "get").optional.since("6.2.0"),
            .oneOf(
                "expiration",
                [
                    .integer("seconds", token: "EX").since("2.6.12"),
                    .integer("milliseconds", token: "PX").since("2.6.12"),
                    .unixTime("unix-time-seconds", token: "EXAT").since("6.2.0"),
                    .unixTime("unix-time-milliseconds", token: "PXAT").since("6.2.0"),
                    .token("KEEPTTL", name: "keepttl").since("6.0.0"),
                ]
            ).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        // The plain form is by far the most frequent.
        let options = arguments.count == 3 ? SetOptions() : try SetOptions(arguments, call)
        try call.set(arguments, value: 2, options)
    }

    static let setex = DataCommand(
        "setex", arity: 4, flags: [.write, .denyoom], categories: .string,
        keys: [.one(1, [.overwrite, .update])], group: .string, since: "2.0.0",
        summary: "Gives a key a string value and a time to live in seconds.",
        deprecated: Deprecation(since: "2.6.12", replacement: "`SET` with the `EX` argument"),
        arguments: [.key(), .integer("seconds"), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        try call.set(arguments, value: 3, SetOptions(expiry: arguments.expiry(2, .seconds, call), reply: .ok))
    }

    static let psetex = DataCommand(
        "psetex", arity: 4, flags: [.write, .denyoom], categories: .string,
        keys: [.one(1, [.overwrite, .update])], group: .string, since: "2.6.0",
        summary: "Gives a key a string value and a time to live in milliseconds.",
        deprecated: Deprecation(since: "2.6.12", replacement: "`SET` with the `PX` argument"),
        arguments: [.key(), .integer("milliseconds"), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        try call.set(
            arguments, value: 3, SetOptions(expiry: arguments.expiry(2, .milliseconds, call), reply: .ok))
    }

    static let setnx = DataCommand(
        "setnx", arity: 3, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.overwrite, .insert])], group: .string, since: "1.0.0",
        summary: "Gives a key a string value unless the key exists.",
        deprecated: Deprecation(since: "2.6.12", replacement: "`SET` with the `NX` argument"),
        arguments: [.key(), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        try call.set(arguments, value: 2, SetOptions(condition: .absent, reply: .integer))
    }

    static let getset = DataCommand(
        "getset", arity: 3, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update])], group: .string, since: "1.0.0",
        summary: "Gives a key a string value and returns the one before.",
        deprecated: Deprecation(since: "6.2.0", replacement: "`SET` with the `!GET` argument"),
        arguments: [.key(), .string("value")]
    ) { (arguments, call) throws(CommandError) in
        try call.set(arguments, value: 2, SetOptions(reply: .old))
    }
}

/// What SET and its relatives were asked beyond key and value.
struct SetOptions {
    enum Reply {
        case ok
        /// 1 or 0 (SETNX).
        case integer
        /// The value before (GET).
        case old
    }

    var condition = ValueCondition.none
    var expiry = ExpiryOption.none
    var reply = Reply.ok

    init(condition: ValueCondition = .none, expiry: ExpiryOption = .none, reply: Reply = .ok) {
        self.condition = condition
        self.expiry = expiry
        self.reply = reply
    }

    /// Reads SET's options from its fourth argument on.
    init(_ arguments: Arguments, _ call: borrowing Call) throws(CommandError) {
        var words = ExpiryWords()
        var index = 3
        while index < arguments.count {
            if arguments.isWord(index, "GET") {
                reply = .old
            } else if !takeCondition(arguments, &index), !words.take(arguments, &index, extra: .keep) {
                throw .syntax
            }
            index += 1
        }
        expiry = try words.option(arguments, call)
    }

    /// Takes a condition at `index`, unless there was another before.
    private mutating func takeCondition(_ arguments: Arguments, _ index: inout Int) -> Bool {
        let word = arguments[index]
        let hasNext = index + 1 < arguments.count
        guard
            let new = ValueCondition(existence: word)
                ?? (hasNext ? ValueCondition(comparison: word, argument: index + 1) : nil),
            condition.isNone || condition.isSameWord(as: new)
        else { return false }
        condition = new
        if new.isComparison { index += 1 }
        return true
    }
}

extension Call {
    /// SET and its relatives: the key is the first argument, the value the one at `value`.
    fileprivate mutating func set(_ arguments: Arguments, value: Int, _ options: SetOptions)
        throws(CommandError)
    {
        let key = arguments[1]
        // Returning the old value counts as a read.
        if case .old = options.reply { _ = try readString(key) }
        var slot = locate(key)
        if !options.condition.isNone { use(&slot) }
        let holds = options.condition.isNone ? true : try options.condition.holds(slot.entry, arguments)
        if case .old = options.reply {
            if let entry = slot.entry { reply.bulk(entry) } else { reply.null() }
        }
        if holds { store(arguments, value: value, options, at: &slot) }
        switch options.reply {
        case .ok: if holds { reply.ok() } else { reply.null() }
        case .integer: reply.integer(holds ? 1 : 0)
        case .old: break
        }
    }

    private mutating func store(
        _ arguments: Arguments, value: Int, _ options: SetOptions, at slot: inout KeySlot
    ) {
        let key = arguments[1]
        switch options.expiry {
        case .none, .persist:
            store(key, at: &slot, string: arguments[value], block: arguments.block(value), event: .set)
        case .keep:
            store(
                key, at: &slot, string: arguments[value], block: arguments.block(value), keepsDeadline: true,
                event: .set)
        case .at(let deadline):
            // One that has passed is set like any other: the key is there until it is found to be due.
            store(
                key, at: &slot, string: arguments[value], block: arguments.block(value), keepsDeadline: true,
                event: .set)
            setDeadline(key, at: &slot, to: deadline, event: .expire, count: 0)
        }
        if arguments.count == 3, value == 2, case .ok = options.reply { return }
        propagateSet(arguments, value: value, options)
    }

    /// Repeats the change without reply, comparison or relative time; NX and XX hold again anyway.
    private func propagateSet(_ arguments: Arguments, value: Int, _ options: SetOptions) {
        if case .integer = options.reply { return }
        effects.propagate(in: keyspace.number) {
            var command = [Array("SET".utf8), [UInt8](arguments[1]), [UInt8](arguments[value])]
            switch options.condition {
            case .absent: command.append(Array("NX".utf8))
            case .present: command.append(Array("XX".utf8))
            case .none, .equal, .digest: break
            }
            switch options.expiry {
            case .at(let deadline):
                command.replaceSubrange(3..., with: [Array("PXAT".utf8), Array(String(deadline).utf8)])
            case .keep: command.append(Array("KEEPTTL".utf8))
            case .none, .persist: break
            }
            return command
        }
    }
}
