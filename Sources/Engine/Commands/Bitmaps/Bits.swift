import RESP

extension DataCommands {
    static let getbit = DataCommand(
        "getbit", arity: 3, flags: [.readonly, .fast], categories: .bitmap,
        keys: [.one(1, .readOnlyAccess)], group: .bitmap, since: "2.2.0",
        summary: "Returns one bit of a key's string value.",
        arguments: [.key(), .integer("offset")]
    ) { (arguments, call) throws(CommandError) in
        let offset = try arguments.bitOffset(2, call)
        guard let entry = try call.readString(arguments[1]) else { return call.reply.integer(0) }
        call.reply.integer(entry.withString { BitString($0)[offset] } ? 1 : 0)
    }

    static let setbit = DataCommand(
        "setbit", arity: 4, flags: [.write, .denyoom], categories: .bitmap,
        keys: [.one(1, [.readWrite, .access, .update])], group: .bitmap, since: "2.2.0",
        summary: "Sets or clears one bit of a key's string value, and returns what it was.",
        arguments: [.key(), .integer("offset"), .integer("value")]
    ) { (arguments, call) throws(CommandError) in
        let offset = try arguments.bitOffset(2, call)
        guard let value = Decimal.parse(arguments[3]), value & ~1 == 0 else {
            throw CommandError("ERR bit is not an integer or out of range")
        }
        var bits = try BitEditor(arguments[1], reaching: offset, &call)
        let old = bits.field(at: offset, width: 1)
        bits.setField(at: offset, width: 1, from: old, to: UInt64(value))
        bits.finish(arguments[1], &call)
        call.reply.integer(Int64(old))
    }
}

extension Arguments {
    /// The number of a bit, counted in multiples of `width` if it is given and a `#` precedes.
    ///
    /// The byte that holds the bit has to lie below `proto-max-bulk-len`.
    func bitOffset(_ index: Int, _ call: borrowing Call, width: Int64? = nil) throws(CommandError) -> Int {
        let word = self[index]
        var number = Decimal.parse(word)
        if let width, word[byte: 0] == UInt8(ascii: "#") {
            let product = Decimal.parse(word.extracting(droppingFirst: 1))?.multipliedReportingOverflow(
                by: width)
            number = product?.overflow == false ? product?.partialValue : nil
        }
        guard let number, number >= 0, number &>> 3 < Int64(call.dataset.settings.bulkLength) else {
            throw CommandError("ERR bit offset is not an integer or out of range")
        }
        return Int(number)
    }
}

/// Changes bits of a string in place, and tells of it once at the end.
///
/// The string is long enough for all that will be written before the first bit is.
struct BitEditor {
    private var slot: KeySlot
    private let isNew: Bool
    /// Whether the string had to be made or lengthened.
    private let isGrown: Bool
    /// Whether any bit differs from before.
    private var isChanged = false
    /// How often something was stored, the same bits included.
    private var writes = 0

    /// Finds the string of `key`, or starts an empty one, and makes it reach bit `last`.
    init(_ key: RawSpan, reaching last: Int, _ call: inout Call) throws(CommandError) {
        slot = try call.locateString(key)
        isNew = slot.entry == nil
        let count = last &>> 3 &+ 1
        let reaches = slot.entry.map { $0.stringCount >= count } ?? false
        isGrown = !reaches
        // Also without growth: a string that may be written to is `raw`, whatever it was.
        if let entry = slot.entry, reaches, entry.kind == .raw || entry.kind == .rawObject { return }
        call.keyspace.mutateString(at: &slot, key: key, count: count) { _ in }
    }

    /// The number of `width` bits at `position`.
    func field(at position: Int, width: Int) -> UInt64 {
        slot.entry?.withString { BitString($0).field(at: position, width: width) } ?? 0
    }

    /// Stores `value` where `old` was.
    mutating func setField(at position: Int, width: Int, from old: UInt64, to value: UInt64) {
        writes += 1
        if old == value { return }
        isChanged = true
        if let raw = slot.entry?.rawString {
            raw.mutate { $0.setField(at: position, width: width, to: value) }
        } else {
            slot.entry?.mutateEmbedded { $0.setField(at: position, width: width, to: value) }
        }
    }

    /// Says what happened, if anything did.
    consuming func finish(_ key: RawSpan, _ call: inout Call) {
        if isChanged || isGrown && writes > 0 {
            call.finishWrite(key, slot, isNew: isNew, .setbit, count: writes)
        } else if isGrown {
            // BITFIELD, which had all its writes refused: Redis has lengthened the string by then, too.
            if isNew { call.effects.notify(key, .new, in: call.keyspace.number) }
            call.effects.changedSilently(key, in: call.keyspace.number)
        }
    }
}
