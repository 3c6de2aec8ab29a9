import RESP

extension DataCommands {
    static let xack = DataCommand(
        "xack", arity: -4, flags: [.write, .fast], categories: .stream,
        keys: [.one(1, [.readWrite, .update])], group: .stream, since: "5.0.0",
        summary: "Tells a group that entries were dealt with, and returns how many of them were pending.",
        complexity: "O(log(N)) for each ID where N is the number of pending entries",
        arguments: [.key(), .string("group"), .string("id").multiple]
    ) { (arguments, call) throws(CommandError) in
        guard let stream = try call.readStream(arguments[1]), let group = stream.group(arguments[2]) else {
            return call.reply.integer(0)
        }
        for index in 3..<arguments.count { _ = try arguments.streamID(index) }
        var acknowledged = 0
        for index in 3..<arguments.count {
            let id = try arguments.streamID(index)
            guard call.change(stream, { $0.change(group) { $0.acknowledge(id) } }) else { continue }
            acknowledged += 1
            call.effects.changedUnseen(arguments[1], in: call.keyspace.number)
        }
        call.reply.integer(acknowledged)
    }

    static let xpending = DataCommand(
        "xpending", arity: -3, flags: .readonly, categories: .stream,
        keys: [.one(1, .readOnlyAccess)], group: .stream, since: "5.0.0",
        summary: "Returns what a group's consumers have not acknowledged yet, in sum or entry by entry.",
        complexity: "O(N) where N is the number of entries looked at; the sum is O(N) in the consumers",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(), .string("group"),
            .block(
                "filters",
                [
                    .integer("min-idle-time", token: "IDLE").optional.since("6.2.0"), .string("start"),
                    .string("end"), .integer("count"), .string("consumer").optional,
                ]
            ).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        guard arguments.count == 3 || (6...9).contains(arguments.count) else { throw .syntax }
        let request = arguments.count == 3 ? nil : try PendingRequest(arguments)
        guard let group = try call.readStream(arguments[1])?.group(arguments[2]) else {
            throw .noGroup("NOGROUP No such key '", arguments[1], "' or consumer group '", arguments[2], "'")
        }
        guard let request else { return call.reply.pendingSum(of: group) }
        var rows: SortedRows<StreamID>?
        if let index = request.consumer {
            guard let consumer = group.consumer(arguments[index]) else { return call.reply.array(0) }
            rows = consumer.pending
        }
        var walk = PendingWalk(request, group, rows, now: call.now)
        if call.slices(walk.work) { return try call.answerInSlices(walk, arguments) }
        let mark = call.reply.mark()
        var found = 0
        _ = walk.visit { entry in
            call.reply.pending(entry, of: group, now: call.now)
            found += 1
        }
        call.reply.closeArray(found, since: mark)
    }
}

/// The part of XPENDING's words that asks for single entries.
private struct PendingRequest {
    private(set) var minIdle: Int64 = 0
    let start: StreamID
    let end: StreamID
    let most: Int64
    /// Where the consumer's name stands, if entries of one are asked for.
    let consumer: Int?

    init(_ arguments: Arguments) throws(CommandError) {
        var first = 3
        if arguments.isWord(3, "IDLE") {
            minIdle = try arguments.integer(4)
            guard arguments.count >= 8 else { throw .syntax }
            first = 5
        }
        most = max(try arguments.integer(first + 2), 0)
        start = try arguments.rangeStart(first)
        end = try arguments.rangeEnd(first + 1)
        consumer = first + 3 < arguments.count ? first + 3 : nil
    }
}

/// The pending entries that were asked for, one after the other, while none comes or goes.
private struct PendingWalk {
    private let request: PendingRequest
    let group: ConsumerGroup
    /// The IDs of one consumer's, if only they are asked for.
    private let rows: SortedRows<StreamID>?
    private let now: Int64
    private var path: RowPath?
    /// How many more are wanted.
    private var left: Int64

    /// How many entries are looked at, at most.
    let work: Int

    init(_ request: PendingRequest, _ group: ConsumerGroup, _ rows: SortedRows<StreamID>?, now: Int64) {
        self.request = request
        self.group = group
        self.rows = rows
        self.now = now
        path = rows.map { $0.firstPath(from: request.start) } ?? group.pending.firstPath(from: request.start)
        left = request.most
        let count = rows?.count ?? group.pending.count
        work = request.minIdle == 0 ? min(count, Int(left)) : count
    }

    /// Looks at `most` entries more and calls `body` with those that were asked for; false after the last.
    mutating func visit(_ most: Int = .max, _ body: (PendingEntry) -> Void) -> Bool {
        var looks = 0
        while left > 0, let current = path {
            if looks == most { return true }
            looks += 1
            let id = rows.map { $0[current] } ?? group.pending[current].id
            if id > request.end { return false }
            path = rows.map { $0.path(after: current) } ?? group.pending.path(after: current)
            guard let entry = group.find(id) else { continue }
            if request.minIdle != 0, now &- entry.deliveryTime < request.minIdle { continue }
            left -= 1
            body(entry)
        }
        return false
    }
}

extension Call {
    /// Counts the entries, and then answers with them, both in slices.
    fileprivate mutating func answerInSlices(_ walk: PendingWalk, _ arguments: Arguments)
        throws(CommandError)
    {
        let (start, now) = (walk, now)
        var (walk, count) = (walk, 0)
        let steps = [
            LongCommand.Step { (call, _, slice) throws(CommandError) in
                if walk.visit(slice.elements, { _ in count += 1 }) { return true }
                walk = start
                call.reply.array(count)
                return false
            },
            LongCommand.Step { (call, _, slice) throws(CommandError) in
                walk.visit(slice.elements) { call.reply.pending($0, of: start.group, now: now) }
            },
        ]
        try proceed(arguments, reading: 1..<2, steps)
    }
}

extension ReplyWriter {
    /// An entry that is pending, whose it is, for how long and how often it was delivered.
    fileprivate mutating func pending(_ entry: PendingEntry, of group: ConsumerGroup, now: Int64) {
        array(4)
        bulk(entry.id)
        bulk(group.consumer(of: entry)?.name ?? [])
        integer(max(now &- entry.deliveryTime, 0))
        integer(Int64(bitPattern: entry.deliveryCount))
    }

    /// How many entries of a group are pending, the first and the last, and how many for each consumer.
    fileprivate mutating func pendingSum(of group: ConsumerGroup) {
        array(4)
        integer(group.pending.count)
        guard let first = group.pending.first, let last = group.pending.last else {
            null()
            null()
            return nullArray()
        }
        bulk(group.pending[first].id)
        bulk(group.pending[last].id)
        array(group.consumers.count { !$0.pending.isEmpty })
        for consumer in group.consumers where !consumer.pending.isEmpty {
            array(2)
            bulk(consumer.name)
            bulk(decimal: Int64(consumer.pending.count))
        }
    }
}
