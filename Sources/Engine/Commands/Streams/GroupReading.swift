import RESP

extension DataCommands {
    static let xreadgroup = DataCommand(
        "xreadgroup", arity: -7, flags: [.blocking, .write], categories: .stream,
        keys: [KeySpec(.keyword("STREAMS", from: 4), .range(last: -1, step: 1, limit: 2), .readOnlyAccess)],
        group: .stream, since: "5.0.0",
        summary: "Returns what a consumer of a group is to have next or has not acknowledged, and may wait.",
        complexity: "O(N) for each stream where N is the number of entries returned",
        arguments: [
            .block("group-block", [.string("group"), .string("consumer")], token: "GROUP"),
            .integer("count", token: "COUNT").optional, .integer("milliseconds", token: "BLOCK").optional,
            .integer("min-idle-time", token: "CLAIM").optional.since("8.4.0"),
            .token("NOACK", name: "noack").optional,
            .block("streams", [.key().multiple, .string("id").multiple], token: "STREAMS"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let request = try ReadRequest(arguments, readsGroup: true, now: call.now)
        call.effects.doNotPropagate()
        try request.checkGroups(arguments, &call)
        if try !request.serveGroup(arguments, &call) { try request.wait(arguments, &call) }
    }
}

/// Reading as a consumer of a group.
extension ReadRequest {
    /// Checks that all keys hold streams with the group, and that all IDs are right.
    func checkGroups(_ arguments: Arguments, _ call: inout Call) throws(CommandError) {
        for number in 0..<streamCount {
            let key = arguments[firstKey + number]
            guard try call.readStream(key)?.group(arguments[group]) != nil else {
                throw .noGroup(
                    "NOGROUP No such key '", key, "' or consumer group '", arguments[group],
                    "' in XREADGROUP with GROUP option")
            }
            _ = try historyEdge(arguments, number)
        }
    }

    /// Behind which ID the consumer's history is to be read; nil if it wants what is new.
    private func historyEdge(_ arguments: Arguments, _ number: Int) throws(CommandError) -> StreamID? {
        let index = firstKey + streamCount + number
        if arguments.isExactly(index, ">") { return nil }
        if arguments.isExactly(index, "$") { throw .meaningless("$") }
        if arguments.isExactly(index, "+") { throw .meaningless("+") }
        let id = try arguments.streamID(index)
        // As in Redis this ID and `>` are the same.
        return id == .largest ? nil : id
    }

    /// Answers with what the streams have for the consumer; false if they have nothing, and nothing is
    /// answered then.
    func serveGroup(_ arguments: Arguments, _ call: inout Call) throws(CommandError) -> Bool {
        let mark = call.reply.mark()
        var served = 0
        for number in 0..<streamCount {
            let key = arguments[firstKey + number]
            guard let stream = try call.readStream(key), let reader = stream.group(arguments[group]) else {
                continue
            }
            let edge = try historyEdge(arguments, number)
            let consumer = findConsumer(arguments, key, stream, reader, &call)
            consumer.seenTime = call.now
            if let edge {
                call.beginStream(key)
                call.answerHistory(stream, reader, consumer, behind: edge, most: count)
            } else {
                let idle = claimedIdle.map { call.idleEntries(of: reader, in: stream, $0, most: count) } ?? []
                let hasNew = stream.lastEntryID.map { $0 > reader.lastID } ?? false
                if !hasNew, idle.isEmpty { continue }
                call.beginStream(key)
                let mark = call.reply.mark()
                for entry in idle { call.deliverAgain(entry, key, stream, reader, consumer) }
                var found = idle.count
                if hasNew, found < count {
                    found += deliver(arguments, key, stream, reader, consumer, found, &call)
                }
                call.reply.closeArray(found, since: mark)
            }
            served += 1
        }
        if served > 0 { call.reply.closeMap(ofStreams: served, since: mark) }
        return served > 0
    }

    /// When something that is pending may have been so for long enough to be claimed; nil if nothing will.
    func claimTime(_ arguments: Arguments, _ call: inout Call) -> Int64? {
        guard let claimedIdle else { return nil }
        var earliest: Int64?
        for number in 0..<streamCount where arguments.isExactly(firstKey + streamCount + number, ">") {
            let stream = call.locate(arguments[firstKey + number]).entry?.stream
            guard let time = stream?.group(arguments[group])?.earliestClaim(idle: claimedIdle) else {
                continue
            }
            earliest = min(earliest ?? .max, time)
        }
        return earliest
    }

    /// The consumer, which is made if there is none of its name.
    private func findConsumer(
        _ arguments: Arguments, _ key: RawSpan, _ stream: Stream, _ reader: ConsumerGroup,
        _ call: inout Call
    ) -> Consumer {
        let name = arguments[group + 1]
        if let consumer = reader.consumer(name) { return consumer }
        let consumer = call.makeConsumer(name, key, stream, reader)
        if leavesNothingPending {
            call.effects.propagate(in: call.keyspace.number) {
                [
                    Array("XGROUP".utf8), Array("CREATECONSUMER".utf8), [UInt8](key), reader.name,
                    consumer.name,
                ]
            }
        }
        return consumer
    }

    /// Answers with entries that no consumer of the group has had, after `before` others, and counts them.
    private func deliver(
        _ arguments: Arguments, _ key: RawSpan, _ stream: Stream, _ reader: ConsumerGroup,
        _ consumer: Consumer, _ before: Int, _ call: inout Call
    ) -> Int {
        guard let start = reader.lastID.successor else { return 0 }
        var found = 0
        let arena = call.keyspace.arena
        let isTold = call.effects.interest.contains(.commands)
        let most = count - before
        arena.resize(stream) { stream in
            stream.change(reader) { reader in
                stream.forEach(from: start, through: .largest) { (entry, node) in
                    stream.advance(reader, to: entry.id)
                    if claimedIdle == nil {
                        call.reply.entry(entry, of: node)
                    } else {
                        call.reply.entry(entry, of: node, idle: 0, deliveries: 0)
                    }
                    if !leavesNothingPending {
                        reader.deliver(entry.id, to: consumer, now: call.now)
                        if isTold { call.tellClaim(entry.id, key, reader) }
                    }
                    found += 1
                    return found < most
                }
            }
        }
        if !leavesNothingPending { consumer.activeTime = call.now }
        call.tellLastID(key, reader)
        let wakes = !leavesNothingPending && reader.wakes(deliveryAt: call.now)
        call.effects.changedUnseen(key, in: call.keyspace.number, wakes: wakes)
        return found
    }
}

/// Reading again what was pending too long.
extension Call {
    /// The entries that are pending for so long, the longest first.
    fileprivate func idleEntries(
        of group: ConsumerGroup, in stream: Stream, _ idle: Int64, most: Int
    ) -> [PendingEntry] {
        group.pendingEntries(deliveredBy: now &- idle, most: most) { stream.find($0) != nil }
    }

    /// Makes a pending entry another consumer's, and answers with it.
    fileprivate mutating func deliverAgain(
        _ before: PendingEntry, _ key: RawSpan, _ stream: Stream, _ group: ConsumerGroup, _ consumer: Consumer
    ) {
        guard let (entry, path) = stream.find(before.id) else { return }
        let idle = max(now &- before.deliveryTime, 0)
        let count = Int64(bitPattern: before.deliveryCount)
        reply.entry(entry, of: stream.state.nodes[path], idle: idle, deliveries: count)
        var claimed = before
        claimed.deliveryTime = now
        claimed.deliveryCount &+= 1
        change(stream) { $0.change(group) { $0.put(claimed, for: consumer) } }
        consumer.activeTime = now
        tellClaim(before.id, key, group)
        effects.changedUnseen(key, in: keyspace.number)
    }
}

extension ReplyWriter {
    /// An entry with how long and how often it was delivered before.
    fileprivate mutating func entry(
        _ entry: StreamEntry, of node: StreamNode, idle: Int64, deliveries: Int64
    ) {
        array(4)
        entryParts(entry, of: node)
        integer(idle)
        integer(deliveries)
    }
}

extension Call {
    /// Makes a consumer of a name that none has, and tells so.
    func makeConsumer(_ name: RawSpan, _ key: RawSpan, _ stream: Stream, _ group: ConsumerGroup) -> Consumer {
        let now = now
        let consumer = change(stream) { $0.change(group) { $0.makeConsumer(name, now: now) } }
        effects.changedUnseen(key, .xgroupCreateConsumer, in: keyspace.number)
        return consumer
    }

    /// Answers with what is pending for a consumer; each entry that is still there counts as delivered again.
    fileprivate mutating func answerHistory(
        _ stream: Stream, _ group: ConsumerGroup, _ consumer: Consumer, behind edge: StreamID, most: Int
    ) {
        let mark = reply.mark()
        var found = 0
        var path = edge.successor.flatMap { consumer.pending.firstPath(from: $0) }
        while let current = path, found < most {
            let id = consumer.pending[current]
            if let (entry, nodePath) = stream.find(id) {
                reply.entry(entry, of: stream.state.nodes[nodePath])
                group.redeliver(id, now: now)
            } else {
                reply.array(2)
                reply.bulk(id)
                reply.nullArray()
            }
            found += 1
            path = consumer.pending.path(after: current)
        }
        reply.closeArray(found, since: mark)
    }

    // MARK: Telling others

    /// Tells others what is pending now, or no longer if the entry is gone, as XCLAIM does it.
    func tellClaim(_ id: StreamID, _ key: RawSpan, _ group: ConsumerGroup) {
        guard let entry = group.find(id), let consumer = group.consumer(of: entry) else { return }
        effects.propagate(in: keyspace.number) {
            [
                Array("XCLAIM".utf8), [UInt8](key), group.name, consumer.name, [UInt8(ascii: "0")], id.text,
                Array("TIME".utf8), Array(String(entry.deliveryTime).utf8), Array("RETRYCOUNT".utf8),
                Array(String(Int64(bitPattern: entry.deliveryCount)).utf8), Array("FORCE".utf8),
                Array("JUSTID".utf8), Array("LASTID".utf8), group.lastID.text,
            ]
        }
    }

    /// Tells others how far a group has read.
    func tellLastID(_ key: RawSpan, _ group: ConsumerGroup) {
        effects.propagate(in: keyspace.number) {
            [
                Array("XGROUP".utf8), Array("SETID".utf8), [UInt8](key), group.name, group.lastID.text,
                Array("ENTRIESREAD".utf8), Array(String(group.entriesRead ?? -1).utf8),
            ]
        }
    }
}

extension CommandError {
    fileprivate static func meaningless(_ id: String) -> CommandError {
        CommandError(
            text: """
                ERR The \(id) ID is meaningless in the context of XREADGROUP: you want to read the history of \
                this consumer by specifying a proper ID, or use the > ID to get new messages. The \(id) ID \
                would just return an empty result set.
                """)
    }
}
