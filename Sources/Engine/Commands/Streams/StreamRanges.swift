import RESP

extension DataCommands {
    static let xlen = DataCommand(
        "xlen", arity: 2, flags: [.readonly, .fast], categories: .stream,
        keys: [.one(1, .readOnly)], group: .stream, since: "5.0.0",
        summary: "Returns how many entries a stream has.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.reply.integer(try call.readStream(arguments[1])?.count ?? 0)
    }

    static let xrange = DataCommand(
        "xrange", arity: -4, flags: .readonly, categories: .stream,
        keys: [.one(1, .readOnlyAccess)], group: .stream, since: "5.0.0",
        summary: "Returns the entries of a stream between two IDs.",
        complexity: "O(N) where N is the number of entries returned",
        arguments: [
            .key(), .string("start"), .string("end"), .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let start = try arguments.rangeStart(2)
        let end = try arguments.rangeEnd(3)
        try call.answerRange(arguments, from: start, through: end, isReversed: false)
    }

    static let xrevrange = DataCommand(
        "xrevrange", arity: -4, flags: .readonly, categories: .stream,
        keys: [.one(1, .readOnlyAccess)], group: .stream, since: "5.0.0",
        summary: "Returns the entries of a stream between two IDs, the last one first.",
        complexity: "O(N) where N is the number of entries returned",
        arguments: [
            .key(), .string("end"), .string("start"), .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let start = try arguments.rangeStart(3)
        let end = try arguments.rangeEnd(2)
        try call.answerRange(arguments, from: start, through: end, isReversed: true)
    }
}

extension Call {
    /// Answers XRANGE or XREVRANGE.
    fileprivate mutating func answerRange(
        _ arguments: Arguments, from start: StreamID, through end: StreamID, isReversed: Bool
    ) throws(CommandError) {
        var most: Int64?
        var index = 4
        while index < arguments.count {
            guard arguments.isWord(index, "COUNT"), index + 1 < arguments.count else { throw .syntax }
            most = max(try arguments.integer(index + 1), 0)
            index += 2
        }
        guard let stream = try readStream(arguments[1]) else { return reply.array(0) }
        if most == 0 { return reply.nullArray() }
        if slices(min(stream.count, Int(most ?? .max))) {
            let part = StreamPart(
                stream, from: start, through: end, most: Int(most ?? .max), isReversed: isReversed)
            return writeInSlices([part], holding: [[UInt8](arguments[1])])
        }
        let mark = reply.mark()
        let count =
            isReversed
            ? reply.reversedEntries(of: stream, from: start, through: end, most: Int(most ?? .max))
            : reply.entries(of: stream, from: start, through: end, most: Int(most ?? .max))
        reply.closeArray(count, since: mark)
    }
}

extension ReplyWriter {
    /// At most so many entries of a stream between two IDs, which are counted, without the head of an array.
    mutating func entries(
        of stream: Stream, from start: StreamID, through end: StreamID, most: Int
    ) -> Int {
        var count = 0
        stream.forEach(from: start, through: end) { (item, node) in
            entry(item, of: node)
            count += 1
            return count < most
        }
        return count
    }

    /// The same from the last one to the first.
    mutating func reversedEntries(
        of stream: Stream, from start: StreamID, through end: StreamID, most: Int
    ) -> Int {
        var count = 0
        stream.forEachReversed(from: start, through: end) { (item, node) in
            entry(item, of: node)
            count += 1
            return count < most
        }
        return count
    }
}
