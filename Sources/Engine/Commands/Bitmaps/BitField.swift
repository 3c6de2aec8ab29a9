import RESP

extension DataCommands {
    static let bitfield = DataCommand(
        "bitfield", arity: -2, flags: [.write, .denyoom], categories: .bitmap,
        keys: [
            .one(
                1, [.readWrite, .access, .update, .variableFlags],
                notes: "This command allows both access and modification of the key")
        ],
        group: .bitmap, since: "3.2.0",
        summary: "Reads, writes and counts in whole numbers of any width inside a key's string value.",
        complexity: "O(1) for each subcommand specified",
        arguments: [
            .key(),
            .oneOf(
                "operation",
                [
                    .block("get-block", [.string("encoding"), .integer("offset")], token: "GET"),
                    .block("write", [overflowGrammar, writeGrammar]),
                ]
            ).optional.multiple,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.bitField(arguments, mayWrite: true)
    }

    static let bitfieldRO = DataCommand(
        "bitfield_ro", arity: -2, flags: [.readonly, .fast], categories: .bitmap,
        keys: [.one(1, .readOnlyAccess)], group: .bitmap, since: "6.0.0",
        summary: "Reads whole numbers of any width inside a key's string value.",
        complexity: "O(1) for each subcommand specified",
        arguments: [
            .key(),
            .block("get-block", [.string("encoding"), .integer("offset")], token: "GET")
                .optional.multipleWithToken,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.bitField(arguments, mayWrite: false)
    }

    private static let overflowGrammar = ArgumentSpec(
        "overflow-block",
        .oneOf([.token("WRAP", name: "wrap"), .token("SAT", name: "sat"), .token("FAIL", name: "fail")]),
        token: "OVERFLOW"
    ).optional

    private static let writeGrammar = ArgumentSpec.oneOf(
        "write-operation",
        [
            .block("set-block", [.string("encoding"), .integer("offset"), .integer("value")], token: "SET"),
            .block(
                "incrby-block", [.string("encoding"), .integer("offset"), .integer("increment")],
                token: "INCRBY"),
        ])
}

/// One subcommand of BITFIELD, read from the arguments each time it is needed: no list is kept.
private struct FieldOperation {
    enum Action {
        case get
        case set(Int64)
        case increment(Int64)
    }

    var action: Action
    var field: BitFieldType
    var position: Int
    var overflow: BitFieldOverflow
    /// The index of the argument behind it.
    var next: Int

    /// Reads the subcommand at `index` and any OVERFLOW before it; nil at the end of the arguments.
    init?(
        _ arguments: Arguments, at index: Int, overflow inherited: BitFieldOverflow, _ call: borrowing Call
    ) throws(CommandError) {
        var index = index
        overflow = inherited
        while arguments.isWord(index, "OVERFLOW"), index + 1 < arguments.count {
            guard let policy = BitFieldOverflow(arguments[index + 1]) else {
                throw CommandError("ERR Invalid OVERFLOW type specified")
            }
            overflow = policy
            index += 2
        }
        guard index < arguments.count else { return nil }
        let left = arguments.count - index - 1
        let isSet = arguments.isWord(index, "SET")
        let isGet = arguments.isWord(index, "GET")
        guard left >= 2, isGet || left >= 3 && (isSet || arguments.isWord(index, "INCRBY")) else {
            throw .syntax
        }
        guard let type = BitFieldType(arguments[index + 1]) else {
            throw CommandError(
                "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."
            )
        }
        field = type
        position = try arguments.bitOffset(index + 2, call, width: Int64(type.width))
        if isGet {
            action = .get
        } else {
            let value = try arguments.integer(index + 3)
            action = isSet ? .set(value) : .increment(value)
        }
        next = index + (isGet ? 3 : 4)
    }

    var isGet: Bool { if case .get = action { true } else { false } }
}

extension Call {
    /// BITFIELD: checks all subcommands first, then runs them in order.
    fileprivate mutating func bitField(_ arguments: Arguments, mayWrite: Bool) throws(CommandError) {
        var index = 2
        var count = 0
        var overflow = BitFieldOverflow.wrap
        var lastWritten: Int?
        while let operation = try FieldOperation(arguments, at: index, overflow: overflow, self) {
            (index, overflow) = (operation.next, operation.overflow)
            count += 1
            if !operation.isGet {
                lastWritten = max(lastWritten ?? 0, operation.position &+ operation.field.width &- 1)
            }
        }
        guard let lastWritten else { return try readFields(arguments, count: count) }
        guard mayWrite else { throw CommandError("ERR BITFIELD_RO only supports the GET subcommand") }
        try writeFields(arguments, count: count, reaching: lastWritten)
    }

    private mutating func readFields(_ arguments: Arguments, count: Int) throws(CommandError) {
        let entry = try readString(arguments[1])
        reply.array(count)
        var index = 2
        while let operation = try FieldOperation(arguments, at: index, overflow: .wrap, self) {
            index = operation.next
            let bits = entry?.withString {
                BitString($0).field(at: operation.position, width: operation.field.width)
            }
            reply.integer(operation.field.number(bits ?? 0))
        }
    }

    private mutating func writeFields(_ arguments: Arguments, count: Int, reaching last: Int)
        throws(CommandError)
    {
        var bits = try BitEditor(arguments[1], reaching: last, &self)
        reply.array(count)
        var index = 2
        var overflow = BitFieldOverflow.wrap
        while let operation = try FieldOperation(arguments, at: index, overflow: overflow, self) {
            (index, overflow) = (operation.next, operation.overflow)
            let field = operation.field
            let oldBits = bits.field(at: operation.position, width: field.width)
            let old = field.number(oldBits)
            let new: Int64?
            switch operation.action {
            case .get:
                reply.integer(old)
                continue
            case .set(let value):
                new = field.fit(value, overflow)
            case .increment(let delta):
                new = field.sum(old, delta, overflow)
            }
            guard let new else {
                reply.null()
                continue
            }
            if case .set = operation.action { reply.integer(old) } else { reply.integer(new) }
            bits.setField(at: operation.position, width: field.width, from: oldBits, to: field.bits(new))
        }
        bits.finish(arguments[1], &self)
    }
}
