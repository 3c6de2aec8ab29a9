import RESP

extension DataCommands {
    static let get = DataCommand(
        "get", arity: 2, flags: [.readonly, .fast], categories: .string,
        keys: [.one(1, .readOnlyAccess)], group: .string, since: "1.0.0",
        summary: "Returns a key's string value.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        if let entry = try call.readString(arguments[1]) {
            if entry.kind == .rawObject, call.slicesString(entry.stringCount) {
                return call.replyInSlices(entry, 0..<entry.stringCount, arguments[1])
            }
            call.reply.bulk(entry)
        } else {
            call.reply.null()
        }
    }

    static let strlen = DataCommand(
        "strlen", arity: 2, flags: [.readonly, .fast], categories: .string,
        keys: [.one(1, [.readOnly])], group: .string, since: "2.2.0",
        summary: "Returns how many bytes a key's string value has.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.reply.integer(try call.readString(arguments[1])?.stringCount ?? 0)
    }

    static let getdel = DataCommand(
        "getdel", arity: 2, flags: [.write, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .delete])], group: .string, since: "6.2.0",
        summary: "Returns a key's string value and deletes the key.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = try call.readString(arguments[1]) else { return call.reply.null() }
        call.reply.bulk(entry)
        var slot = call.locate(arguments[1])
        call.remove(arguments[1], at: &slot)
        call.effects.propagate(in: call.keyspace.number) { [Array("DEL".utf8), [UInt8](arguments[1])] }
    }

    static let getex = DataCommand(
        "getex", arity: -2, flags: [.write, .fast], categories: .string,
        keys: [.one(1, [.readWrite, .access, .update], notes: "RW and UPDATE because it changes the TTL")],
        group: .string, since: "6.2.0",
        summary: "Returns a key's string value and sets or removes its deadline.",
        arguments: [
            .key(),
            .oneOf("expiration", ExpiryOption.grammar + [.token("PERSIST", name: "persist")]).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        var words = ExpiryWords()
        var index = 2
        while index < arguments.count {
            guard words.take(arguments, &index, extra: .persist) else { throw .syntax }
            index += 1
        }
        guard let entry = try call.readString(arguments[1]) else { return call.reply.null() }
        let expiry = try words.option(arguments, call)
        call.reply.bulk(entry)
        call.changeDeadline(arguments[1], expiry)
    }

    static let getrange = DataCommand(
        "getrange", arity: 4, flags: .readonly, categories: .string,
        keys: [.one(1, .readOnlyAccess)], group: .string, since: "2.4.0",
        summary: "Returns a part of a key's string value, given by offsets that may count from the end.",
        complexity: "O(N) where N is the length of the returned part",
        arguments: [.key(), .integer("start"), .integer("end")]
    ) { (arguments, call) throws(CommandError) in
        try call.replyRange(arguments)
    }

    static let substr = DataCommand(
        "substr", arity: 4, flags: .readonly, categories: .string,
        keys: [.one(1, .readOnlyAccess)], group: .string, since: "1.0.0",
        summary: "The old name of GETRANGE.",
        complexity: "O(N) where N is the length of the returned part",
        deprecated: Deprecation(since: "2.0.0", replacement: "`GETRANGE`"),
        arguments: [.key(), .integer("start"), .integer("end")]
    ) { (arguments, call) throws(CommandError) in
        try call.replyRange(arguments)
    }
}

extension Call {
    /// GETEX's change, after the value was returned.
    fileprivate mutating func changeDeadline(_ key: RawSpan, _ expiry: ExpiryOption) {
        if case .none = expiry { return }
        var slot = locate(key)
        switch expiry {
        case .at(let deadline) where isPast(deadline):
            removePast(key, at: &slot)
        case .at(let deadline):
            setDeadline(key, at: &slot, to: deadline, event: .expire)
            effects.propagate(in: keyspace.number) {
                [Array("PEXPIREAT".utf8), [UInt8](key), Array(String(deadline).utf8)]
            }
        case .persist where slot.entry?.hasDeadline == true:
            setDeadline(key, at: &slot, to: nil, event: .persist)
            effects.propagate(in: keyspace.number) { [Array("PERSIST".utf8), [UInt8](key)] }
        case .persist, .keep, .none:
            break
        }
    }

    /// GETRANGE: bytes from the second to the third argument, both included.
    fileprivate mutating func replyRange(_ arguments: Arguments) throws(CommandError) {
        let start = try arguments.integer(2)
        let end = try arguments.integer(3)
        guard let entry = try readString(arguments[1]) else { return reply.bulk("") }
        let count = entry.stringCount
        // An end before the first byte leaves nothing, where BITCOUNT and older versions take it for 0.
        let isEmpty = end < 0 && end &+ Int64(count) < 0
        guard !isEmpty, let range = StringRange(start, end, count: count).bytes else { return reply.bulk("") }
        if entry.kind == .rawObject, slicesString(range.count) {
            return replyInSlices(entry, range, arguments[1])
        }
        entry.withString { reply.bulk($0.extracting(range)) }
    }

    /// Whether so many bytes of a string are to be gone through in slices, and not to be held twice in memory.
    @inline(__always)
    func slicesString(_ count: Int) -> Bool { count >= Self.slicedString && maySlice }

    /// It takes some milliseconds to copy.
    private static var slicedString: Int { 8 << 20 }

    /// Replies with part of a long string.
    @inline(never)
    fileprivate mutating func replyInSlices(_ entry: Entry, _ range: Range<Int>, _ key: RawSpan) {
        guard let string = entry.rawString else { return reply.null() }
        reply.beginBulk(range.count)
        var left = range
        writeInSlices(holding: key) { reply, slice in
            let part = left.prefix(slice.bytes)
            reply.part(string.bytes.extracting(part))
            left = left.dropFirst(part.count)
            if left.isEmpty { reply.endOfBulk() }
            return !left.isEmpty
        }
    }
}

/// Offsets with both ends included, negative ones from the end, as GETRANGE and BITCOUNT take them.
struct StringRange {
    /// The bytes that are meant; nil when there are none.
    let bytes: Range<Int>?

    init(_ start: Int64, _ end: Int64, count: Int) {
        let total = Int64(count)
        if start < 0, end < 0, start > end {
            bytes = nil
            return
        }
        let first = max(start < 0 ? total &+ start : start, 0)
        let last = min(max(end < 0 ? total &+ end : end, 0), total - 1)
        bytes = total == 0 || first > last ? nil : Int(first)..<Int(last) + 1
    }
}
