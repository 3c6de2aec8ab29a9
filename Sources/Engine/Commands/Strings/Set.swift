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
        summary: "Gives a key a string value, whatever it held before, on condition and with a deadline if asked.",
        arguments: [
            .key(), .string("value"),
            .oneOf(
                "condition",
                [
                    .token("NX", name: "nx").since("2.6.12"), .token("XX", name: "xx").since("2.6.12"),
                    .string("ifeq-value", token: "IFEQ").since("8.4.0"),
                    .string("ifne-value", token: "IFNE").since("8.4.0"),
                ]
            ).optional,
            .token("GET", name: "get").optional.since("6.2.0"),
            .oneOf("expiration", ExpiryOption.grammar + [.token("KEEPTTL", name: "keepttl").since("6.0.0")])
                .optional,
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
        try call.set(arguments, value: 3, SetOptions(expiry: arguments.expiry(2, .milliseconds, call), reply: .ok))
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
    enum Condition {
        case none
        /// NX
        case absent
        /// XX
        case present
        /// IFEQ, IFNE and their argument's index.
        case equal(Int, negated: Bool)
    }

    enum Reply {
        case ok
        /// 1 or 0 (SETNX).
        case integer
        /// The value before (GET).
        case old
    }

    var condition = Condition.none
    var expiry = ExpiryOption.none
    var reply = Reply.ok

    init(condition: Condition = .none, expiry: ExpiryOption = .none, reply: Reply = .ok) {
        self.condition = condition
        self.expiry = expiry
        self.reply = reply
    }

    /// Reads SET's options from its fourth argument on.
    init(_ arguments: Arguments, _ call: borrowing Call) throws(CommandError) {
        var index = 3
        while index < arguments.count {
            let word = arguments[index]
            let hasNext = index + 1 < arguments.count
            if word.isWord("GET") {
                reply = .old
            } else if word.isWord("KEEPTTL"), expiry.isNone {
                expiry = .keep
            } else if let unit = ExpiryOption.Unit(word), hasNext, expiry.isNone {
                index += 1
                expiry = try arguments.expiry(index, unit, call)
            } else if isUnconditional, let condition = Condition(word, argument: hasNext ? index + 1 : nil) {
                self.condition = condition
                if condition.takesArgument { index += 1 }
            } else {
                throw .syntax
            }
            index += 1
        }
    }

    var isUnconditional: Bool { if case .none = condition { true } else { false } }
}

extension SetOptions.Condition {
    /// The condition that `word` names, if it and its argument (where it needs one) are there.
    fileprivate init?(_ word: RawSpan, argument: Int?) {
        if word.isWord("NX") {
            self = .absent
        } else if word.isWord("XX") {
            self = .present
        } else if word.isWord("IFEQ"), let argument {
            self = .equal(argument, negated: false)
        } else if word.isWord("IFNE"), let argument {
            self = .equal(argument, negated: true)
        } else {
            return nil
        }
    }

    fileprivate var takesArgument: Bool {
        switch self {
        case .equal: true
        default: false
        }
    }
}

extension Arguments {
    /// The number at `index` as a deadline in `unit`.
    func expiry(
        _ index: Int, _ unit: ExpiryOption.Unit, _ call: borrowing Call
    ) throws(CommandError) -> ExpiryOption {
        .at(try ExpiryOption.deadline(integer(index), unit, now: call.now, command: call.name))
    }
}

extension Call {
    /// SET and its relatives: the key is the first argument, the value the one at `value`.
    fileprivate mutating func set(_ arguments: Arguments, value: Int, _ options: SetOptions) throws(CommandError) {
        let key = arguments[1]
        var slot = locate(key)
        if case .old = options.reply {
            if let entry = slot.entry {
                guard entry.kind.isString else { throw .wrongType }
                reply.bulk(entry)
            } else {
                reply.null()
            }
        }
        guard try holds(options.condition, slot, arguments) else {
            switch options.reply {
            case .ok: reply.null()
            case .integer: reply.integer(0)
            case .old: break
            }
            return
        }
        var keepsDeadline = false
        if case .keep = options.expiry { keepsDeadline = true }
        store(
            key, at: &slot, string: arguments[value], block: arguments.block(value),
            keepsDeadline: keepsDeadline, event: .set)
        if case .at(let deadline) = options.expiry {
            setDeadline(key, at: &slot, to: deadline, event: .expire)
        }
        propagateSet(arguments, value: value, options)
        switch options.reply {
        case .ok: reply.ok()
        case .integer: reply.integer(1)
        case .old: break
        }
    }

    private func holds(
        _ condition: SetOptions.Condition, _ slot: KeySlot, _ arguments: Arguments
    ) throws(CommandError) -> Bool {
        switch condition {
        case .none: return true
        case .absent: return slot.entry == nil
        case .present: return slot.entry != nil
        case .equal(let index, let negated):
            guard let entry = slot.entry else { return negated }
            guard entry.kind.isString else { throw .wrongType }
            return entry.withString { $0.equals(arguments[index]) } != negated
        }
    }

    /// Repeats the change without condition, reply or relative time.
    private func propagateSet(_ arguments: Arguments, value: Int, _ options: SetOptions) {
        if arguments.count == 3, value == 2, options.isUnconditional { return }
        effects.propagate(in: keyspace.number) {
            var command = [Array("SET".utf8), [UInt8](arguments[1]), [UInt8](arguments[value])]
            switch options.expiry {
            case .at(let deadline): command += [Array("PXAT".utf8), Array(String(deadline).utf8)]
            case .keep: command.append(Array("KEEPTTL".utf8))
            case .none, .persist: break
            }
            return command
        }
    }
}
