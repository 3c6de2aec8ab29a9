import RESP

extension DataCommands {
    static let xadd = DataCommand(
        "xadd", arity: -5, flags: [.write, .denyoom, .fast], categories: .stream,
        keys: [
            .one(
                1, [.readWrite, .update],
                notes: "UPDATE instead of INSERT because of the optional trimming feature")
        ], group: .stream, since: "5.0.0",
        summary: "Adds an entry to a stream, which is created if need be, and may trim the stream.",
        complexity: "O(1), and O(N) for trimming where N is the number of entries that go",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(), .token("NOMKSTREAM", name: "nomkstream").optional.since("6.2.0"),
            referencePolicy.optional, trimming.optional,
            .oneOf("id-selector", [.token("*", name: "auto-id"), .string("id")]),
            .block("data", [.string("field"), .string("value")]).multiple,
        ]
    ) { (arguments, call) throws(CommandError) in
        let request = try TrimRequest(arguments, isAdding: true, call)
        let written = request.writtenID
        let first = request.idIndex + 1
        guard arguments.count - first >= 2, (arguments.count - first) % 2 == 0 else {
            throw .wrongArity("xadd")
        }
        if case .full(.zero) = written {
            throw CommandError("ERR The ID specified in XADD must be greater than 0-0")
        }
        var slot = try call.locate(arguments[1], .stream)
        if slot.entry == nil, request.makesNoStream { return call.reply.null() }
        let stream = slot.entry?.stream ?? Stream(in: call.keyspace.elements)
        let id = try stream.nextID(written, now: call.now)
        var textBytes = 0
        for index in first..<arguments.count { textBytes &+= arguments[index].byteCount }
        if textBytes > Listpack.largestByteCount {
            throw CommandError("ERR Elements are too large to be stored")
        }
        let limits = call.dataset.settings.collections
        call.change(stream) {
            $0.append(id, arguments, from: first, textBytes: textBytes, limits)
        }
        call.reply.bulk(id)
        call.finishChange(arguments[1], &slot, stream, .xadd)
        if let trim = request.trim, call.change(stream, { $0.trim(trim) }) > 0 {
            call.effects.notify(arguments[1], .xtrim, in: call.keyspace.number)
        }
        if case .full = written, request.trim?.isApproximate != true { return }
        call.effects.propagate(in: call.keyspace.number) {
            var words = request.reworded(arguments, stream)
            words[request.idIndex] = id.text
            return words
        }
    }

    static let xtrim = DataCommand(
        "xtrim", arity: -4, flags: .write, categories: .stream,
        keys: [.one(1, [.readWrite, .delete])], group: .stream, since: "5.0.0",
        summary: "Removes the oldest entries of a stream.",
        complexity: "O(N) where N is the number of entries that go; whole nodes of them go at once",
        tips: ["nondeterministic_output"],
        arguments: [.key(), trimming, referencePolicy.optional]
    ) { (arguments, call) throws(CommandError) in
        let request = try TrimRequest(arguments, isAdding: false, call)
        var slot = try call.locate(arguments[1], .stream)
        guard let stream = slot.entry?.stream, let trim = request.trim else { return call.reply.integer(0) }
        let removed = call.change(stream) { $0.trim(trim) }
        call.reply.integer(removed)
        if removed == 0 { return }
        call.finishChange(arguments[1], &slot, stream, .xtrim, count: removed)
        if trim.isApproximate {
            call.effects.propagate(in: call.keyspace.number) { request.reworded(arguments, stream) }
        }
    }

    static let xdel = DataCommand(
        "xdel", arity: -3, flags: [.write, .fast], categories: .stream,
        keys: [.one(1, [.readWrite, .delete])], group: .stream, since: "5.0.0",
        summary: "Removes entries from a stream, and returns how many.",
        complexity: "O(1) for each entry, however long the stream is",
        arguments: [.key(), .string("id").multiple]
    ) { (arguments, call) throws(CommandError) in
        var slot = try call.locate(arguments[1], .stream)
        guard let stream = slot.entry?.stream else { return call.reply.integer(0) }
        for index in 2..<arguments.count { _ = try arguments.streamID(index) }
        var removed = 0
        for index in 2..<arguments.count {
            let id = try arguments.streamID(index)
            removed += call.change(stream) { $0.deleteByName(id) } ? 1 : 0
        }
        call.reply.integer(removed)
        if removed == 0 { return }
        stream.settleFirst()
        call.finishChange(arguments[1], &slot, stream, .xdel, count: removed)
    }

    static let xsetid = DataCommand(
        "xsetid", arity: -3, flags: [.write, .denyoom, .fast], categories: .stream,
        keys: [.one(1, [.readWrite, .update])], group: .stream, since: "5.0.0",
        summary: "Sets a stream's last ID, and what it remembers of entries that are gone; for replication.",
        arguments: [
            .key(), .string("last-id"),
            .integer("entries-added", token: "ENTRIESADDED").optional.since("7.0.0"),
            .string("max-deleted-id", token: "MAXDELETEDID").optional.since("7.0.0"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let id = try arguments.streamID(2)
        var entriesAdded: Int64?
        var maxDeletedID = StreamID.zero
        var index = 3
        while index < arguments.count {
            let hasNext = index + 1 < arguments.count
            if hasNext, arguments.isWord(index, "ENTRIESADDED") {
                entriesAdded = try arguments.integer(
                    index + 1, in: 0 ... .max, orNegative: CommandError("ERR entries_added must be positive"))
            } else if hasNext, arguments.isWord(index, "MAXDELETEDID") {
                maxDeletedID = try arguments.streamID(index + 1)
                if id < maxDeletedID { throw .smallerThanProvided }
            } else {
                throw .syntax
            }
            index += 2
        }
        let slot = try call.locate(arguments[1], .stream)
        guard let stream = slot.entry?.stream else { throw .noSuchKey }
        if id < stream.state.maxDeletedID { throw .smallerThanDeleted }
        if let last = stream.lastEntryID {
            if id < last { throw .smallerThanLast }
            if let entriesAdded, entriesAdded < Int64(stream.count) { throw .fewerThanEntries }
        }
        stream.state.lastID = id
        for group in stream.groups { group.forgetEarliestDelivery() }
        if let entriesAdded { stream.state.entriesAdded = UInt64(entriesAdded) }
        if maxDeletedID != .zero { stream.state.maxDeletedID = maxDeletedID }
        call.reply.ok()
        call.effects.changedUnseen(arguments[1], .xsetid, in: call.keyspace.number)
    }

    /// How far XADD and XTRIM trim.
    private static let trimming: ArgumentSpec = .block(
        "trim",
        [
            .oneOf(
                "strategy",
                [.token("MAXLEN", name: "maxlen"), .token("MINID", name: "minid").since("6.2.0")]),
            .oneOf(
                "operator", [.token("=", name: "equal"), .token("~", name: "approximately")]
            ).optional,
            .string("threshold"), .integer("count", token: "LIMIT").optional.since("6.2.0"),
        ])

    /// What becomes of entries that groups refer to.
    static let referencePolicy: ArgumentSpec = .oneOf(
        "condition",
        [
            .token("KEEPREF", name: "keepref"), .token("DELREF", name: "delref"),
            .token("ACKED", name: "acked"),
        ]
    ).since("8.2.0")
}

extension Stream {
    /// The ID of an entry that is to be added now.
    @inline(__always)
    fileprivate func nextID(_ written: StreamID.Written?, now: Int64) throws(CommandError) -> StreamID {
        let last = state.lastID
        guard let next = last.successor else {
            throw CommandError(
                "ERR The stream has exhausted the last possible ID, unable to add more items")
        }
        switch written {
        case nil:
            let milliseconds = UInt64(clamping: now)
            return milliseconds > last.milliseconds
                ? StreamID(milliseconds: milliseconds, sequence: 0) : next
        case .time(let milliseconds):
            if milliseconds == last.milliseconds, next.milliseconds == milliseconds { return next }
            if milliseconds > last.milliseconds { return StreamID(milliseconds: milliseconds, sequence: 0) }
        case .full(let id):
            if id > last { return id }
        }
        throw CommandError("ERR The ID specified in XADD is equal or smaller than the target stream top item")
    }

    /// Deletes an entry and remembers that its ID is gone; false if there is none.
    func deleteByName(_ id: StreamID) -> Bool {
        guard delete(id) else { return false }
        state.maxDeletedID = max(state.maxDeletedID, id)
        return true
    }
}

extension Arguments {
    /// The argument as a whole number, and `error` for one that is outside `range`.
    func integer(
        _ index: Int, in range: ClosedRange<Int64>, orNegative error: CommandError
    ) throws(CommandError) -> Int64 {
        let value = try integer(index)
        guard range.contains(value) else { throw error }
        return value
    }
}

extension CommandError {
    fileprivate static let smallerThanProvided = CommandError(
        "ERR The ID specified in XSETID is smaller than the provided max_deleted_entry_id")
    fileprivate static let smallerThanDeleted = CommandError(
        "ERR The ID specified in XSETID is smaller than current max_deleted_entry_id")
    fileprivate static let smallerThanLast = CommandError(
        "ERR The ID specified in XSETID is smaller than the target stream top item")
    fileprivate static let fewerThanEntries = CommandError(
        "ERR The entries_added specified in XSETID is smaller than the target stream length")
}
