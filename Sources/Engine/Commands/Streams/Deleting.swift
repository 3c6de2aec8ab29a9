import RESP

extension DataCommands {
    static let xdelex = DataCommand(
        "xdelex", arity: -5, flags: [.write, .fast], categories: .stream,
        keys: [.one(1, [.readWrite, .delete])], group: .stream, since: "8.2.0",
        summary: "Removes entries from a stream, as far as the groups that refer to them allow it.",
        complexity: "O(1) for each entry, however long the stream is",
        arguments: [.key(), referencePolicy.optional, idList]
    ) { (arguments, call) throws(CommandError) in
        let request = try DeleteRequest(arguments, from: 2)
        var slot = try call.locate(arguments[1], .stream)
        call.reply.array(request.count)
        guard let stream = slot.entry?.stream else { return call.reply.missing(request.count) }
        var removed = 0
        for index in request.ids {
            let id = try arguments.streamID(index)
            let outcome = call.delete(id, request.policy, arguments[1], stream)
            call.reply.integer(outcome.rawValue)
            removed += outcome == .deleted ? 1 : 0
        }
        call.finishDeletion(arguments[1], &slot, stream, removed: removed)
    }

    static let xackdel = DataCommand(
        "xackdel", arity: -6, flags: [.write, .fast], categories: .stream,
        keys: [.one(1, [.readWrite, .delete])], group: .stream, since: "8.2.0",
        summary:
            "Tells a group that entries were dealt with, and removes them as far as other groups allow it.",
        complexity: "O(1) for each entry, however long the stream is",
        arguments: [.key(), .string("group"), referencePolicy.optional, idList]
    ) { (arguments, call) throws(CommandError) in
        let request = try DeleteRequest(arguments, from: 3)
        var slot = try call.locate(arguments[1], .stream)
        call.reply.array(request.count)
        guard let stream = slot.entry?.stream, let group = stream.group(arguments[2]) else {
            return call.reply.missing(request.count)
        }
        var removed = 0
        for index in request.ids {
            let id = try arguments.streamID(index)
            guard call.change(stream, { $0.change(group) { $0.acknowledge(id) } }) else {
                call.reply.integer(DeleteOutcome.missing.rawValue)
                continue
            }
            call.effects.changedUnseen(arguments[1], in: call.keyspace.number)
            let outcome = call.delete(id, request.policy, arguments[1], stream)
            removed += outcome == .deleted ? 1 : 0
            // What was pending may be gone from the stream already: then nothing is left of it now.
            call.reply.integer((outcome == .referenced ? outcome : .deleted).rawValue)
        }
        call.finishDeletion(arguments[1], &slot, stream, removed: removed)
    }

    /// The IDs with their number in front.
    private static let idList: ArgumentSpec = .block(
        "ids", [.integer("numids"), .string("id").multiple], token: "IDS")
}

/// What became of an entry that was to be deleted, by the numbers that clients know.
private enum DeleteOutcome: Int {
    case missing = -1
    case deleted = 1
    /// It stays, as some group has yet to deal with it.
    case referenced = 2
}

/// The words of XDELEX and XACKDEL behind the names.
private struct DeleteRequest {
    private(set) var policy = ReferencePolicy.keep
    /// Where the IDs stand.
    private(set) var ids = 0..<0

    var count: Int { ids.count }

    init(_ arguments: Arguments, from first: Int) throws(CommandError) {
        var hasPolicy = false
        var index = first
        while index < arguments.count {
            if let policy = ReferencePolicy(arguments[index]), !hasPolicy {
                self.policy = policy
                hasPolicy = true
                index += 1
            } else if arguments.isWord(index, "IDS"), index + 1 < arguments.count, ids.isEmpty {
                let number = try arguments.idCount(index + 1)
                guard number <= arguments.count - index - 2 else { throw .idCount }
                ids = index + 2..<index + 2 + number
                index = ids.upperBound
            } else if !ids.isEmpty {
                throw .idCount
            } else {
                throw .syntax
            }
        }
        if ids.isEmpty { throw .syntax }
        for index in ids { _ = try arguments.streamID(index) }
    }
}

extension Call {
    /// Deletes an entry as far as groups that refer to it allow it.
    fileprivate func delete(
        _ id: StreamID, _ policy: ReferencePolicy, _ key: RawSpan, _ stream: Stream
    ) -> DeleteOutcome {
        switch policy {
        case .keep: break
        case .delete:
            if change(stream, { $0.dropReferences(to: id) }) {
                effects.changedUnseen(key, in: keyspace.number)
            }
        case .acknowledged: if stream.isReferenced(id), stream.find(id) != nil { return .referenced }
        }
        return change(stream) { $0.deleteByName(id) } ? .deleted : .missing
    }

    /// Tells of the end of entries, if any went.
    fileprivate mutating func finishDeletion(
        _ key: RawSpan, _ slot: inout KeySlot, _ stream: Stream, removed: Int
    ) {
        if removed == 0 { return }
        stream.settleFirst()
        finishChange(key, &slot, stream, .xdel, count: removed)
    }
}

extension ReplyWriter {
    /// For so many IDs that they are not there.
    fileprivate mutating func missing(_ count: Int) {
        for _ in 0..<count { integer(DeleteOutcome.missing.rawValue) }
    }
}

extension Arguments {
    fileprivate func idCount(_ index: Int) throws(CommandError) -> Int {
        Int(
            try integer(
                index, in: 1...Int64(Int32.max),
                else: CommandError("ERR Number of IDs must be a positive integer")))
    }
}

extension CommandError {
    fileprivate static let idCount = CommandError(
        "ERR The `numids` parameter must match the number of arguments")
}
