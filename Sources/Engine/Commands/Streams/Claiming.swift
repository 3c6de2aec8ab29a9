import RESP

extension DataCommands {
    static let xclaim = DataCommand(
        "xclaim", arity: -6, flags: [.write, .fast], categories: .stream,
        keys: [.one(1, [.readWrite, .update])], group: .stream, since: "5.0.0",
        summary: "Makes pending entries another consumer's, as if they had been delivered to it.",
        complexity: "O(log(N)) for each ID where N is the number of pending entries",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(), .string("group"), .string("consumer"), .string("min-idle-time"), .string("id").multiple,
            .integer("ms", token: "IDLE").optional,
            .unixTime("unix-time-milliseconds", token: "TIME").optional,
            .integer("count", token: "RETRYCOUNT").optional, .token("FORCE", name: "force").optional,
            .token("JUSTID", name: "justid").optional, .string("lastid", token: "LASTID").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let (stream, group) = try call.groupToClaim(arguments)
        let request = try ClaimRequest(arguments, now: call.now)
        call.effects.doNotPropagate()
        var tellsLastID = false
        if request.lastID > group.lastID {
            group.lastID = request.lastID
            tellsLastID = true
        }
        let consumer = call.claimant(arguments, stream, group)
        let mark = call.reply.mark()
        var found = 0
        for index in 5..<request.idEnd {
            let id = try arguments.streamID(index)
            switch call.claim(id, request, arguments[1], stream, group, consumer) {
            case .refused: break
            case .gone: tellsLastID = false
            case .claimed:
                tellsLastID = false
                found += 1
            }
        }
        if tellsLastID {
            call.tellLastID(arguments[1], group)
            call.effects.changedUnseen(arguments[1], in: call.keyspace.number)
        }
        call.reply.closeArray(found, since: mark)
    }

    static let xautoclaim = DataCommand(
        "xautoclaim", arity: -6, flags: [.write, .fast], categories: .stream,
        keys: [.one(1, [.readWrite, .delete])], group: .stream, since: "6.2.0",
        summary: "Makes pending entries that were long idle another consumer's, from some ID on.",
        complexity: "O(N) where N is ten times the COUNT",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(), .string("group"), .string("consumer"), .string("min-idle-time"), .string("start"),
            .integer("count", token: "COUNT").optional, .token("JUSTID", name: "justid").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        var request = ClaimRequest(minIdle: try arguments.minIdle(4, "XAUTOCLAIM"), now: call.now)
        let start = try arguments.rangeStart(5)
        let most = try request.readScanOptions(arguments)
        let (stream, group) = try call.groupToClaim(arguments)
        call.effects.doNotPropagate()
        let consumer = call.claimant(arguments, stream, group)
        call.reply.array(3)
        let mark = call.reply.mark()
        var (found, left, attempts) = (0, most, most &* ClaimRequest.attemptsPerEntry)
        var gone: [StreamID] = []
        var path = group.pending.firstPath(from: start)
        while attempts > 0, left > 0, let current = path {
            attempts -= 1
            let id = group.pending[current].id
            switch call.claim(id, request, arguments[1], stream, group, consumer) {
            case .refused: break
            case .claimed:
                found += 1
                left -= 1
            case .gone:
                gone.append(id)
                left -= 1
            }
            path = id.successor.flatMap { group.pending.firstPath(from: $0) }
        }
        call.reply.closeArray(found, since: mark)
        call.reply.insert(path.map { group.pending[$0].id } ?? .zero, at: mark)
        call.reply.array(gone.count)
        for id in gone { call.reply.bulk(id) }
    }
}

/// What XCLAIM and XAUTOCLAIM do with the entries that they find.
private struct ClaimRequest {
    let minIdle: Int64
    /// Unix time in milliseconds that counts as that of the delivery.
    private var deliveryTime: Int64
    private(set) var deliveryCount: UInt64?
    /// Whether entries are claimed that are not pending.
    private(set) var isForced = false
    /// Whether only IDs are answered, and deliveries not counted.
    private(set) var wantsIDs = false
    private(set) var lastID = StreamID.zero
    /// Behind the last ID.
    private(set) var idEnd = 5

    /// XAUTOCLAIM looks at so many entries for each that it may return.
    static let attemptsPerEntry: Int64 = 10

    init(minIdle: Int64, now: Int64) {
        self.minIdle = minIdle
        deliveryTime = now
    }

    /// Reads XCLAIM's words.
    init(_ arguments: Arguments, now: Int64) throws(CommandError) {
        self.init(minIdle: try arguments.minIdle(4, "XCLAIM"), now: now)
        while idEnd < arguments.count, StreamID.parse(arguments[idEnd]) != nil { idEnd += 1 }
        var index = idEnd
        while index < arguments.count {
            let hasNext = index + 1 < arguments.count
            if arguments.isWord(index, "FORCE") {
                isForced = true
            } else if arguments.isWord(index, "JUSTID") {
                wantsIDs = true
            } else if hasNext, arguments.isWord(index, "IDLE") {
                index += 1
                deliveryTime = now &- (try arguments.claimNumber(index, "Invalid IDLE option argument"))
            } else if hasNext, arguments.isWord(index, "TIME") {
                index += 1
                deliveryTime = try arguments.claimNumber(index, "Invalid TIME option argument")
            } else if hasNext, arguments.isWord(index, "RETRYCOUNT") {
                index += 1
                let count = try arguments.claimNumber(index, "Invalid RETRYCOUNT option argument")
                deliveryCount = count >= 0 ? UInt64(count) : nil
            } else if hasNext, arguments.isWord(index, "LASTID") {
                index += 1
                lastID = try arguments.streamID(index)
            } else {
                throw CommandError(
                    bytes: Array("ERR Unrecognized XCLAIM option '".utf8) + arguments[index].untilNUL
                        + Array("'".utf8))
            }
            index += 1
        }
        // Clients' clocks may be wrong, which is no reason to refuse their claims.
        if deliveryTime < 0 || deliveryTime > now { deliveryTime = now }
    }

    /// Reads XAUTOCLAIM's options, and returns how many entries are asked for.
    mutating func readScanOptions(_ arguments: Arguments) throws(CommandError) -> Int64 {
        var most: Int64 = 100
        var index = 6
        while index < arguments.count {
            if arguments.isWord(index, "COUNT"), index + 1 < arguments.count {
                index += 1
                most = try arguments.integer(
                    index, in: 1...(.max / 16), else: CommandError("ERR COUNT must be > 0"))
            } else if arguments.isWord(index, "JUSTID") {
                wantsIDs = true
            } else {
                throw .syntax
            }
            index += 1
        }
        return most
    }

    /// What an entry is after it was claimed.
    func claimed(_ id: StreamID, _ before: PendingEntry?) -> PendingEntry {
        var entry =
            before ?? PendingEntry(id: id, deliveryTime: deliveryTime, deliveryCount: 1, consumer: 0)
        entry.deliveryTime = deliveryTime
        if let deliveryCount {
            entry.deliveryCount = deliveryCount
        } else if !wantsIDs {
            entry.deliveryCount &+= 1
        }
        return entry
    }
}

/// What became of an attempt to claim an entry.
private enum ClaimOutcome {
    case claimed
    /// The entry was deleted, and is not pending any more.
    case gone
    case refused
}

extension Call {
    /// The stream and the group whose entries are to be claimed, which both must be there.
    fileprivate mutating func groupToClaim(_ arguments: Arguments) throws(CommandError) -> (
        Stream, ConsumerGroup
    ) {
        guard let stream = try readStream(arguments[1]), let group = stream.group(arguments[2]) else {
            throw .noGroup("NOGROUP No such key '", arguments[1], "' or consumer group '", arguments[2], "'")
        }
        return (stream, group)
    }

    /// The consumer that claims, which is made if there is none of its name.
    fileprivate func claimant(
        _ arguments: Arguments, _ stream: Stream, _ group: ConsumerGroup
    ) -> Consumer {
        let consumer =
            group.consumer(arguments[3]) ?? makeConsumer(arguments[3], arguments[1], stream, group)
        consumer.seenTime = now
        return consumer
    }

    /// Claims an entry, and answers with it if that was possible.
    fileprivate mutating func claim(
        _ id: StreamID, _ request: ClaimRequest, _ key: RawSpan, _ stream: Stream, _ group: ConsumerGroup,
        _ consumer: Consumer
    ) -> ClaimOutcome {
        let before = group.find(id)
        guard let (entry, path) = stream.find(id) else {
            guard before != nil else { return .refused }
            tellClaim(id, key, group)
            _ = change(stream) { $0.change(group) { $0.acknowledge(id) } }
            effects.changedUnseen(key, in: keyspace.number)
            return .gone
        }
        if let before, request.minIdle > 0, now &- before.deliveryTime < request.minIdle { return .refused }
        guard before != nil || request.isForced else { return .refused }
        let claimed = request.claimed(id, before)
        change(stream) { $0.change(group) { $0.put(claimed, for: consumer) } }
        if request.wantsIDs { reply.bulk(id) } else { reply.entry(entry, of: stream.state.nodes[path]) }
        consumer.activeTime = now
        tellClaim(id, key, group)
        let wakes = group.wakes(deliveryAt: claimed.deliveryTime)
        effects.changedUnseen(key, in: keyspace.number, wakes: wakes)
        return .claimed
    }
}

extension ReplyWriter {
    /// Puts an ID before what was written since `mark`.
    fileprivate mutating func insert(_ id: StreamID, at mark: Int) {
        var head = ReplyWriter(version: version)
        head.bulk(id)
        buffer.insert(head.buffer.bytes, at: mark)
    }
}

extension Arguments {
    /// For how many milliseconds an entry must have been idle to be claimed.
    fileprivate func minIdle(_ index: Int, _ command: String) throws(CommandError) -> Int64 {
        max(try claimNumber(index, "Invalid min-idle-time argument", command), 0)
    }

    fileprivate func claimNumber(
        _ index: Int, _ complaint: String, _ command: String = "XCLAIM"
    ) throws(CommandError) -> Int64 {
        guard let number = Decimal.parse(self[index]) else {
            throw CommandError(text: "ERR \(complaint) for \(command)")
        }
        return number
    }
}
