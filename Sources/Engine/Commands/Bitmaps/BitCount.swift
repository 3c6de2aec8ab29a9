import RESP

extension DataCommands {
    static let bitcount = DataCommand(
        "bitcount", arity: -2, flags: .readonly, categories: .bitmap,
        keys: [.one(1, .readOnlyAccess)], group: .bitmap, since: "2.6.0",
        summary: "Counts the set bits of a key's string value, or of a part of it.",
        complexity: "O(N)",
        arguments: [
            .key(),
            .block("range", [.integer("start"), .integer("end"), BitUnit.grammar]).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        var offsets: (start: Int64, end: Int64) = (0, -1)
        var unit = BitUnit.byte
        if arguments.count == 4 || arguments.count == 5 {
            offsets = (try arguments.integer(2), try arguments.integer(3))
            if arguments.count == 5 { unit = try BitUnit(arguments[4]) }
        } else if arguments.count != 2 {
            throw .syntax
        }
        guard let entry = try call.readString(arguments[1]) else { return call.reply.integer(0) }
        call.reply.integer(
            entry.withString { string in
                let range = StringRange(offsets.start, offsets.end, count: string.byteCount &* unit.perByte)
                return range.bytes.map { BitString(string).countSet(unit.bits($0)) } ?? 0
            })
    }

    static let bitpos = DataCommand(
        "bitpos", arity: -3, flags: .readonly, categories: .bitmap,
        keys: [.one(1, .readOnlyAccess)], group: .bitmap, since: "2.8.7",
        summary: "Finds the first set or the first clear bit of a key's string value, or of a part of it.",
        complexity: "O(N)",
        arguments: [
            .key(), .integer("bit"),
            .block(
                "range",
                [.integer("start"), .block("end-unit-block", [.integer("end"), BitUnit.grammar]).optional]
            ).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let wanted = try arguments.integer(2)
        guard wanted == 0 || wanted == 1 else { throw CommandError("ERR The bit argument must be 1 or 0.") }
        guard arguments.count <= 6 else { throw .syntax }
        let start = arguments.count > 3 ? try arguments.integer(3) : 0
        let unit = arguments.count == 6 ? try BitUnit(arguments[5]) : .byte
        let end: Int64? = arguments.count > 4 ? try arguments.integer(4) : nil
        guard let entry = try call.readString(arguments[1]) else {
            return call.reply.integer(wanted == 1 ? -1 : 0)
        }
        call.reply.integer(
            entry.withString { string in
                let count = Int64(string.byteCount &* unit.perByte)
                let first = max(start < 0 ? count &+ start : start, 0)
                let last = min(max(end.map { $0 < 0 ? count &+ $0 : $0 } ?? count - 1, 0), count - 1)
                if first > last { return -1 }
                let found = BitString(string).first(wanted == 1, in: unit.bits(Int(first)..<Int(last) + 1))
                // Without an end the string goes on with zeros for ever.
                return found ?? (wanted == 0 && end == nil ? string.byteCount &* 8 : -1)
            })
    }
}

/// What the offsets of BITCOUNT and BITPOS count.
enum BitUnit {
    case byte
    case bit

    init(_ word: RawSpan) throws(CommandError) {
        if word.isWord("BIT") {
            self = .bit
        } else if word.isWord("BYTE") {
            self = .byte
        } else {
            throw .syntax
        }
    }

    /// How many of them a byte has.
    var perByte: Int { self == .bit ? 8 : 1 }

    /// The bits that a range of units covers.
    func bits(_ range: Range<Int>) -> Range<Int> {
        let width = 8 / perByte
        return range.lowerBound &* width..<range.upperBound &* width
    }

    static let grammar = ArgumentSpec.oneOf(
        "unit", [.token("BYTE", name: "byte"), .token("BIT", name: "bit")]
    ).optional.since("7.0.0")
}
