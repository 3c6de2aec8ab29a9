import RESP

extension DataCommands {
    static let xread = DataCommand(
        "xread", arity: -4, flags: [.blocking, .readonly], categories: .stream,
        keys: [KeySpec(.keyword("STREAMS", from: 1), .range(last: -1, step: 1, limit: 2), .readOnlyAccess)],
        group: .stream, since: "5.0.0",
        summary: "Returns what came behind an ID in one or more streams, and may wait for it.",
        complexity: "O(N) for each stream where N is the number of entries returned",
        arguments: [
            .integer("count", token: "COUNT").optional, .integer("milliseconds", token: "BLOCK").optional,
            .block("streams", [.key().multiple, .string("id").multiple], token: "STREAMS"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let request = try ReadRequest(arguments, readsGroup: false, now: call.now)
        try request.checkIDs(arguments, &call)
        if try !request.serve(arguments, &call) { try request.wait(arguments, &call) }
    }
}

/// The options of XREAD and XREADGROUP.
struct ReadRequest {
    private let readsGroup: Bool
    private(set) var count = Int.max
    /// Whether to wait if there is nothing.
    private(set) var waits = false
    /// Until when, in Unix milliseconds; nil for ever.
    private(set) var deadline: Int64?
    /// Where the first key stands.
    private(set) var firstKey = 0
    /// How many keys there are, and then as many IDs.
    private(set) var streamCount = 0
    /// Where the group's name stands, and behind it the consumer's.
    private(set) var group = 0
    private(set) var leavesNothingPending = false
    /// For how many milliseconds a pending entry must have been idle to be read again by another consumer.
    private(set) var claimedIdle: Int64?

    init(_ arguments: Arguments, readsGroup: Bool, now: Int64) throws(CommandError) {
        self.readsGroup = readsGroup
        var index = 1
        while index < arguments.count, firstKey == 0 {
            try readOption(arguments, &index, now: now)
            index += 1
        }
        if firstKey == 0 { throw .syntax }
        if readsGroup, group == 0 { throw CommandError("ERR Missing GROUP option for XREADGROUP") }
    }

    /// Reads an option and leaves `index` at its last argument.
    private mutating func readOption(_ arguments: Arguments, _ index: inout Int, now: Int64)
        throws(CommandError)
    {
        let left = arguments.count - index - 1
        if left > 0, arguments.isWord(index, "BLOCK") {
            index += 1
            deadline = try arguments.deadline(milliseconds: index, now: now)
            waits = true
        } else if left > 0, arguments.isWord(index, "COUNT") {
            index += 1
            let most = try arguments.integer(index)
            count = most <= 0 ? .max : Int(most)
        } else if left > 0, arguments.isWord(index, "STREAMS") {
            firstKey = index + 1
            if left % 2 != 0 { throw .unbalanced(readsGroup) }
            streamCount = left / 2
        } else if left > 1, arguments.isWord(index, "GROUP") {
            guard readsGroup else { throw .onlyInGroups("GROUP") }
            group = index + 1
            index += 2
        } else if arguments.isWord(index, "NOACK") {
            guard readsGroup else { throw .onlyInGroups("NOACK") }
            leavesNothingPending = true
        } else if left > 0, readsGroup, arguments.isWord(index, "CLAIM") {
            index += 1
            claimedIdle = try arguments.integer(
                index, in: 0 ... .max, else: CommandError("ERR min-idle-time must be a positive integer"))
        } else {
            throw .syntax
        }
    }

    // MARK: Reading without a group

    /// Checks that all keys hold streams and all IDs are right.
    func checkIDs(_ arguments: Arguments, _ call: inout Call) throws(CommandError) {
        for number in 0..<streamCount {
            _ = try lowerEdge(arguments, number, try call.readStream(arguments[firstKey + number]))
        }
    }

    /// Behind which ID a stream is to be read.
    private func lowerEdge(_ arguments: Arguments, _ number: Int, _ stream: Stream?)
        throws(CommandError) -> StreamID
    {
        let index = firstKey + streamCount + number
        if arguments.isExactly(index, "$") { return stream?.state.lastID ?? .zero }
        if arguments.isExactly(index, "+") {
            guard let stream else { return .zero }
            guard let before = stream.state.lastID.predecessor else {
                throw CommandError("ERR the stream last element ID is 0-0")
            }
            return before
        }
        if arguments.isExactly(index, ">") {
            throw CommandError(
                """
                ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> \
                option.
                """)
        }
        return try arguments.streamID(index)
    }

    /// Has the client wait for entries, if it wants to.
    func wait(_ arguments: Arguments, _ call: inout Call) throws(CommandError) {
        guard waits else { return call.reply.nullArray() }
        // What is the end now will not be when there are entries behind it.
        var ends: [Int: [UInt8]] = [:]
        for number in 0..<streamCount {
            let index = firstKey + streamCount + number
            guard arguments.isExactly(index, "$") else { continue }
            let stream = call.locate(arguments[firstKey + number]).entry?.stream
            ends[index] = (stream?.state.lastID ?? .zero).text
        }
        call.wait(
            forKeys: firstKey..<firstKey + streamCount, of: .stream, until: deadline, orWhenGone: readsGroup,
            retryAt: claimTime(arguments, &call), replacing: ends)
    }

    /// Answers with what the streams have; false if they have nothing, and nothing is answered then.
    func serve(_ arguments: Arguments, _ call: inout Call) throws(CommandError) -> Bool {
        if call.maySlice, try serveInSlices(arguments, &call) { return true }
        let mark = call.reply.mark()
        var served = 0
        for number in 0..<streamCount {
            let key = arguments[firstKey + number]
            guard let stream = try call.readStream(key) else { continue }
            let edge = try lowerEdge(arguments, number, stream)
            guard let last = stream.lastEntryID, last > edge, let start = edge.successor else { continue }
            served += 1
            call.beginStream(key)
            let entries = call.reply.mark()
            let found = call.reply.entries(of: stream, from: start, through: .largest, most: count)
            call.reply.closeArray(found, since: entries)
        }
        if served > 0 { call.reply.closeMap(ofStreams: served, since: mark) }
        return served > 0
    }
}

extension ReadRequest {
    /// The same in slices; false if that is not worth while.
    private func serveInSlices(_ arguments: Arguments, _ call: inout Call) throws(CommandError) -> Bool {
        var most = 0
        for number in 0..<streamCount {
            guard let entry = call.locate(arguments[firstKey + number]).entry, entry.kind.type == .stream
            else { continue }
            most += min(entry.stream.count, count)
        }
        // They are counted only if there may be many.
        guard call.slices(most) else { return false }
        var parts: [StreamPart] = []
        var keys: [[UInt8]] = []
        for number in 0..<streamCount {
            let key = arguments[firstKey + number]
            guard let entry = call.locate(key).entry, entry.kind.type == .stream,
                let start = try lowerEdge(arguments, number, entry.stream).successor
            else { continue }
            let part = StreamPart(
                entry.stream, from: start, through: .largest, most: count, of: [UInt8](key))
            guard part.count > 0 else { continue }
            parts.append(part)
            keys.append([UInt8](key))
        }
        guard call.slices(parts.reduce(0) { $0 + $1.count }) else { return false }
        for number in 0..<streamCount { _ = try call.readStream(arguments[firstKey + number]) }
        if call.reply.version == .resp2 { call.reply.array(parts.count) } else { call.reply.map(parts.count) }
        call.writeInSlices(parts, holding: keys)
        return true
    }
}

extension Call {
    /// Begins a stream's part of a reply, which its entries follow.
    mutating func beginStream(_ key: RawSpan) {
        if reply.version == .resp2 { reply.array(2) }
        reply.bulk(key)
    }
}

extension ReplyWriter {
    /// Puts the head before some streams' parts: of an array of pairs, or of a map.
    mutating func closeMap(ofStreams count: Int, since mark: Int) {
        if version == .resp2 { closeArray(count, since: mark) } else { closeMap(count, since: mark) }
    }
}

extension Arguments {
    /// Whether the argument is this text; as in Redis a zero byte ends it.
    func isExactly(_ index: Int, _ text: StaticString) -> Bool { isWord(index, text) }
}

extension CommandError {
    fileprivate static func unbalanced(_ readsGroup: Bool) -> CommandError {
        readsGroup
            ? CommandError(
                """
                ERR Unbalanced 'xreadgroup' list of streams: for each stream key an ID or '>' must be \
                specified.
                """)
            : CommandError(
                """
                ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be \
                specified.
                """)
    }

    fileprivate static func onlyInGroups(_ option: String) -> CommandError {
        CommandError(
            text: "ERR The \(option) option is only supported by XREADGROUP. You called XREAD instead.")
    }
}
