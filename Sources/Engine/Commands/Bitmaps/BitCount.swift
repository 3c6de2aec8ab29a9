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
        guard let entry = try call.readString(arguments[1]),
            let range = StringRange(offsets.start, offsets.end, count: entry.stringCount &* unit.perByte)
                .bytes
        else { return call.reply.integer(0) }
        let bits = unit.bits(range)
        if call.slicesString(bits.count / 8), let string = entry.rawString {
            return try call.countInSlices(bits, of: string, arguments)
        }
        call.reply.integer(entry.withString { BitString($0).countSet(bits) })
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
        let count = Int64(entry.stringCount &* unit.perByte)
        let first = max(start < 0 ? count &+ start : start, 0)
        let last = min(max(end.map { $0 < 0 ? count &+ $0 : $0 } ?? count - 1, 0), count - 1)
        guard first <= last else { return call.reply.integer(-1) }
        let bits = unit.bits(Int(first)..<Int(last) + 1)
        // Without an end the string goes on with zeros for ever.
        let otherwise = wanted == 0 && end == nil ? entry.stringCount &* 8 : -1
        if call.slicesString(bits.count / 8), let string = entry.rawString {
            return try call.findInSlices(wanted == 1, in: bits, of: string, arguments, otherwise: otherwise)
        }
        call.reply.integer(entry.withString { BitString($0).first(wanted == 1, in: bits) } ?? otherwise)
    }
}

extension Call {
    /// BITCOUNT of a long string.
    fileprivate mutating func countInSlices(_ bits: Range<Int>, of string: RawString, _ arguments: Arguments)
        throws(CommandError)
    {
        var (left, count) = (bits, 0)
        let step = LongCommand.Step { (call, _, slice) throws(CommandError) in
            let part = left.prefix(slice.bytes * 8)
            count += BitString(string.bytes).countSet(part)
            left = left.dropFirst(part.count)
            if left.isEmpty { call.reply.integer(count) }
            return !left.isEmpty
        }
        try proceed(arguments, reading: 1..<2, [step])
    }

    /// BITPOS in a long string.
    fileprivate mutating func findInSlices(
        _ bit: Bool, in bits: Range<Int>, of string: RawString, _ arguments: Arguments, otherwise: Int
    ) throws(CommandError) {
        var left = bits
        let step = LongCommand.Step { (call, _, slice) throws(CommandError) in
            let part = left.prefix(slice.bytes * 8)
            left = left.dropFirst(part.count)
            let found = BitString(string.bytes).first(bit, in: part)
            if found == nil, !left.isEmpty { return true }
            call.reply.integer(found ?? otherwise)
            return false
        }
        try proceed(arguments, reading: 1..<2, [step])
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
