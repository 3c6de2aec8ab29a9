import RESP

extension DataCommands {
    static let increx = DataCommand(
        "increx", arity: -2, flags: [.write, .denyoom, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update])], group: .string, since: "8.8.0",
        summary:
            "Adds to a key's number within bounds and sets its deadline, and returns the sum and what was added.",
        arguments: [
            .key(),
            .oneOf("increment", [.double("float", token: "BYFLOAT"), .integer("integer", token: "BYINT")])
                .optional,
            .token("SATURATE", name: "saturate").optional,
            .string("lowerbound", token: "LBOUND").optional, .string("upperbound", token: "UBOUND").optional,
            .oneOf("expiration", ExpiryOption.grammar + [.token("PERSIST", name: "persist")]).optional,
            .token("ENX", name: "enx").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let options = try IncrementOptions(arguments)
        if options.isFloat {
            try call.incrementFloat(arguments, options)
        } else {
            try call.incrementInteger(arguments, options)
        }
    }
}

/// INCREX's options; those with an argument are kept as its index.
private struct IncrementOptions {
    var increment: Int?
    var isFloat = false
    var lower: Int?
    var upper: Int?
    var saturates = false
    var onlyWithoutDeadline = false
    var expiry = ExpiryWords()

    init(_ arguments: Arguments) throws(CommandError) {
        var index = 2
        while index < arguments.count {
            let word = arguments[index]
            let hasNext = index + 1 < arguments.count
            if word.isWord("BYINT"), increment == nil, hasNext {
                index += 1
                increment = index
            } else if word.isWord("BYFLOAT"), increment == nil, hasNext {
                index += 1
                increment = index
                isFloat = true
            } else if word.isWord("LBOUND"), lower == nil, hasNext {
                index += 1
                lower = index
            } else if word.isWord("UBOUND"), upper == nil, hasNext {
                index += 1
                upper = index
            } else if word.isWord("SATURATE"), !saturates {
                saturates = true
            } else if word.isWord("ENX"), !onlyWithoutDeadline {
                onlyWithoutDeadline = true
            } else if expiry.isEmpty, expiry.take(arguments, &index, extra: .persist) {
                // Unlike SET's, no word may come twice.
            } else {
                throw .syntax
            }
            index += 1
        }
        guard onlyWithoutDeadline, !expiry.hasUnit else { return }
        throw expiry.isPersist ? .syntax : CommandError("ERR ENX flag requires an expiration")
    }
}

extension Arguments {
    /// The whole number at `index`, if there is one; `name` says in the error what it is.
    fileprivate func whole(_ index: Int?, _ name: StaticString) throws(CommandError) -> Int64? {
        guard let index else { return nil }
        guard let number = Decimal.parse(self[index]) else {
            throw CommandError(text: "ERR \(name) is not an integer or out of range")
        }
        return number
    }

    /// The number at `index`, if there is one; `name` says in the error what it is.
    fileprivate func fraction(_ index: Int?, _ name: StaticString) throws(CommandError) -> LongDouble.Value? {
        guard let index else { return nil }
        guard let number = LongDouble(self[index]) else {
            throw CommandError(text: "ERR \(name) is not a valid float")
        }
        return number.value
    }
}

extension CommandError {
    fileprivate static let crossedBounds = CommandError("ERR LBOUND can't be greater than UBOUND")
    fileprivate static let infiniteSum = CommandError("ERR increment would produce NaN or Infinity")
}

extension Call {
    fileprivate mutating func incrementInteger(
        _ arguments: Arguments, _ options: IncrementOptions
    ) throws(CommandError) {
        let increment = try arguments.whole(options.increment, "Increment") ?? 1
        let lower = try arguments.whole(options.lower, "LBOUND") ?? .min
        let upper = try arguments.whole(options.upper, "UBOUND") ?? .max
        guard lower <= upper else { throw .crossedBounds }
        let expiry = try options.expiry.option(arguments, self)
        var slot = try locateString(arguments[1])
        let old = try slot.entry?.wholeNumber() ?? 0
        var (sum, overflows) = old.addingReportingOverflow(increment)
        if overflows { sum = increment > 0 ? .max : .min }
        if overflows || sum < lower || sum > upper {
            guard options.saturates else { return replySum(old, added: 0) }
            sum = min(max(sum, lower), upper)
        }
        let (added, tooFar) = sum.subtractingReportingOverflow(old)
        if tooFar { throw CommandError("ERR applied increment would overflow") }
        finishIncrement(arguments[1], at: &slot, options, expiry) { (call, slot) in
            call.store(arguments[1], at: &slot, integer: sum, event: .incrby)
        } text: {
            Array(String(sum).utf8)
        }
        replySum(sum, added: added)
    }

    fileprivate mutating func incrementFloat(
        _ arguments: Arguments, _ options: IncrementOptions
    ) throws(CommandError) {
        let increment = try arguments.fraction(options.increment, "Increment") ?? 1
        guard increment.isFinite else { throw CommandError("ERR BYFLOAT increment cannot be Infinity") }
        let lower = try arguments.fraction(options.lower, "LBOUND") ?? -.greatestFiniteMagnitude
        let upper = try arguments.fraction(options.upper, "UBOUND") ?? .greatestFiniteMagnitude
        guard lower <= upper else { throw .crossedBounds }
        let expiry = try options.expiry.option(arguments, self)
        var slot = try locateString(arguments[1])
        let old = try slot.entry?.longDouble().value ?? 0
        guard old.isFinite else { throw CommandError("ERR value cannot be Infinity") }
        var sum = old + increment
        if sum < lower || sum > upper {
            guard options.saturates else { return replySum(LongDouble(old), added: LongDouble(0)) }
            sum = min(max(sum, lower), upper)
        }
        let added = sum - old
        guard sum.isFinite, added.isFinite else { throw .infiniteSum }
        LongDouble(sum).withText { text in
            finishIncrement(arguments[1], at: &slot, options, expiry) { (call, slot) in
                call.storeNumber(arguments[1], at: &slot, text, event: .incrbyfloat)
            } text: {
                [UInt8](text)
            }
        }
        replySum(LongDouble(sum), added: LongDouble(added))
    }

    /// Stores the sum and does what was asked about the deadline; one that has passed deletes the key.
    private mutating func finishIncrement(
        _ key: RawSpan, at slot: inout KeySlot, _ options: IncrementOptions, _ expiry: ExpiryOption,
        store: (inout Call, inout KeySlot) -> Void, text: () -> [UInt8]
    ) {
        let hasDeadline = slot.entry?.hasDeadline == true
        let isKept = options.onlyWithoutDeadline && hasDeadline
        var words: [[UInt8]] = []
        switch expiry {
        case .at(let deadline) where !isKept && isPast(deadline):
            return removePast(key, at: &slot)
        case .at(let deadline) where !isKept:
            store(&self, &slot)
            setDeadline(key, at: &slot, to: deadline, event: .expire)
            words = [Array("PXAT".utf8), Array(String(deadline).utf8)]
        case .persist:
            store(&self, &slot)
            if hasDeadline { setDeadline(key, at: &slot, to: nil, event: .persist) }
        case .at, .keep, .none:
            store(&self, &slot)
            words = [Array("KEEPTTL".utf8)]
        }
        effects.propagate(in: keyspace.number) { [Array("SET".utf8), [UInt8](key), text()] + words }
    }

    private mutating func replySum(_ sum: Int64, added: Int64) {
        reply.array(2)
        reply.integer(sum)
        reply.integer(added)
    }

    private mutating func replySum(_ sum: LongDouble, added: LongDouble) {
        reply.array(2)
        sum.withText { reply.double(text: $0.text) }
        added.withText { reply.double(text: $0.text) }
    }
}
