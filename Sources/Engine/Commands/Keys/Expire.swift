import RESP

extension DataCommands {
    static let expire = DataCommand(
        "expire", arity: -3, flags: [.write, .fast], categories: .keyspace,
        keys: [.one(1, [.readWrite, .update])], group: .generic, since: "1.0.0",
        summary: "Sets a key's time to live in seconds.",
        arguments: [.key(), .integer("seconds"), ExpiryCondition.grammar]
    ) { (arguments, call) throws(CommandError) in
        try call.expire(arguments, .seconds)
    }

    static let pexpire = DataCommand(
        "pexpire", arity: -3, flags: [.write, .fast], categories: .keyspace,
        keys: [.one(1, [.readWrite, .update])], group: .generic, since: "2.6.0",
        summary: "Sets a key's time to live in milliseconds.",
        arguments: [.key(), .integer("milliseconds"), ExpiryCondition.grammar]
    ) { (arguments, call) throws(CommandError) in
        try call.expire(arguments, .milliseconds)
    }

    static let expireat = DataCommand(
        "expireat", arity: -3, flags: [.write, .fast], categories: .keyspace,
        keys: [.one(1, [.readWrite, .update])], group: .generic, since: "1.2.0",
        summary: "Sets a key's deadline as Unix time in seconds.",
        arguments: [.key(), .unixTime("unix-time-seconds"), ExpiryCondition.grammar]
    ) { (arguments, call) throws(CommandError) in
        try call.expire(arguments, .unixSeconds)
    }

    static let pexpireat = DataCommand(
        "pexpireat", arity: -3, flags: [.write, .fast], categories: .keyspace,
        keys: [.one(1, [.readWrite, .update])], group: .generic, since: "2.6.0",
        summary: "Sets a key's deadline as Unix time in milliseconds.",
        arguments: [.key(), .unixTime("unix-time-milliseconds"), ExpiryCondition.grammar]
    ) { (arguments, call) throws(CommandError) in
        try call.expire(arguments, .unixMilliseconds)
    }
}

/// On what a new deadline depends: NX, XX, GT and LT, as far as they can be combined.
private struct ExpiryCondition: OptionSet {
    let rawValue: UInt8

    /// Only if the key has no deadline.
    static let absent = ExpiryCondition(rawValue: 1 << 0)
    /// Only if it has one.
    static let present = ExpiryCondition(rawValue: 1 << 1)
    /// Only if the new one is later; no deadline is the latest of all.
    static let later = ExpiryCondition(rawValue: 1 << 2)
    /// Only if the new one is earlier.
    static let earlier = ExpiryCondition(rawValue: 1 << 3)

    static let grammar = ArgumentSpec.oneOf(
        "condition",
        [
            .token("NX", name: "nx"), .token("XX", name: "xx"), .token("GT", name: "gt"),
            .token("LT", name: "lt"),
        ]
    ).optional.since("7.0.0")

    init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Reads the words from the fourth argument on.
    init(_ arguments: Arguments) throws(CommandError) {
        self = []
        for index in 3..<max(arguments.count, 3) {
            let word = arguments[index]
            if word.isWord("NX") {
                insert(.absent)
            } else if word.isWord("XX") {
                insert(.present)
            } else if word.isWord("GT") {
                insert(.later)
            } else if word.isWord("LT") {
                insert(.earlier)
            } else {
                throw CommandError(bytes: Array("ERR Unsupported option ".utf8) + word.quotable)
            }
        }
        if contains(.absent), self != .absent {
            throw CommandError("ERR NX and XX, GT or LT options at the same time are not compatible")
        }
        if isSuperset(of: [.later, .earlier]) {
            throw CommandError("ERR GT and LT options at the same time are not compatible")
        }
    }

    /// Whether a deadline may take the place of `old`.
    func allows(_ deadline: Int64, after old: Int64?) -> Bool {
        guard let old else { return isDisjoint(with: [.present, .later]) }
        if contains(.absent) { return false }
        if contains(.later), deadline <= old { return false }
        return !(contains(.earlier) && deadline >= old)
    }
}

extension Call {
    /// EXPIRE and its relatives.
    fileprivate mutating func expire(_ arguments: Arguments, _ unit: ExpiryOption.Unit) throws(CommandError) {
        let condition = try ExpiryCondition(arguments)
        let deadline = try deadline(arguments.integer(2), unit)
        let key = arguments[1]
        var slot = use(key)
        guard let entry = slot.entry else { return reply.integer(0) }
        guard condition.allows(deadline, after: keyspace.deadline(of: entry)) else { return reply.integer(0) }
        if isPast(deadline) {
            removePast(key, at: &slot)
        } else {
            setDeadline(key, at: &slot, to: deadline, event: .expire)
            effects.propagate(in: keyspace.number) {
                var command = arguments.copies
                command[0] = Array("PEXPIREAT".utf8)
                command[2] = Array(String(deadline).utf8)
                return command
            }
        }
        reply.integer(1)
    }

    /// The Unix time in milliseconds that `number` means, which may lie in the past.
    private func deadline(_ number: Int64, _ unit: ExpiryOption.Unit) throws(CommandError) -> Int64 {
        var deadline = number
        var overflow = false
        if unit == .seconds || unit == .unixSeconds {
            (deadline, overflow) = number.multipliedReportingOverflow(by: 1000)
        }
        if unit == .seconds || unit == .milliseconds, !overflow {
            (deadline, overflow) = deadline.addingReportingOverflow(now)
        }
        if overflow { throw .invalidExpire(name.description) }
        return deadline
    }
}
