import RESP

extension DataCommands {
    static let xinfo: DataCommand = DataCommand(
        container: "xinfo", group: .stream, since: "5.0.0",
        summary: "Tells about a stream, its groups and their consumers.",
        subcommands: [xinfoConsumers, xinfoGroups, xinfoHelp, xinfoStream])

    private static let xinfoStream = DataCommand(
        "stream", arity: -3, flags: .readonly, categories: .stream,
        keys: [.one(2, .readOnlyAccess)], group: .stream, since: "5.0.0",
        summary: "Tells about a stream, with FULL also its first entries and all groups.",
        arguments: [
            .key(),
            .block(
                "full-block",
                [.token("FULL", name: "full"), .integer("count", token: "COUNT").optional]
            ).optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        guard let stream = try call.readStream(arguments[2]) else { throw .noSuchKey }
        guard arguments.count > 3 else { return call.reply.information(of: stream) }
        guard arguments.count == 4 || arguments.count == 6, arguments.isWord(3, "FULL") else {
            throw .subcommandSyntax(arguments)
        }
        var most: Int64 = 10
        if arguments.count == 6 {
            guard arguments.isWord(4, "COUNT") else { throw .subcommandSyntax(arguments) }
            let given = try arguments.integer(5)
            if given >= 0 { most = given }
        }
        call.reply.fullInformation(of: stream, most: most == 0 ? .max : Int(most))
    }

    private static let xinfoGroups = DataCommand(
        "groups", arity: 3, flags: .readonly, categories: .stream,
        keys: [.one(2, .readOnlyAccess)], group: .stream, since: "5.0.0",
        summary: "Tells about the groups that read a stream.",
        complexity: "O(N) where N is the number of groups",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        guard let stream = try call.readStream(arguments[2]) else { throw .noSuchKey }
        call.reply.array(stream.groups.count)
        for group in stream.groups {
            call.reply.map(6)
            call.reply.bulk("name")
            call.reply.bulk(group.name)
            call.reply.bulk("consumers")
            call.reply.integer(group.consumers.count)
            call.reply.bulk("pending")
            call.reply.integer(group.pending.count)
            call.reply.progress(of: group, in: stream)
        }
    }

    private static let xinfoConsumers = DataCommand(
        "consumers", arity: 4, flags: .readonly, categories: .stream,
        keys: [.one(2, .readOnlyAccess)], group: .stream, since: "5.0.0",
        summary: "Tells about the consumers of a group.",
        complexity: "O(N) where N is the number of consumers",
        tips: ["nondeterministic_output"],
        arguments: [.key(), .string("group")]
    ) { (arguments, call) throws(CommandError) in
        guard let stream = try call.readStream(arguments[2]) else { throw .noSuchKey }
        guard let group = stream.group(arguments[3]) else {
            throw .noGroup(
                "NOGROUP No such consumer group '", arguments[3], "' for key name '", arguments[2], "'")
        }
        call.reply.array(group.consumers.count)
        for consumer in group.consumers {
            call.reply.map(4)
            call.reply.bulk("name")
            call.reply.bulk(consumer.name)
            call.reply.bulk("pending")
            call.reply.integer(consumer.pending.count)
            call.reply.bulk("idle")
            call.reply.integer(max(call.now &- consumer.seenTime, 0))
            call.reply.bulk("inactive")
            call.reply.integer(consumer.activeTime.map { call.now &- $0 } ?? -1)
        }
    }

    private static let xinfoHelp: DataCommand = DataCommand(
        "help", arity: 2, flags: [.loading, .stale], categories: .stream,
        group: .stream, since: "5.0.0",
        summary: "Returns a text about the subcommands."
    ) { (arguments, call) throws(CommandError) in
        call.reply.help(arguments[0].text, xinfo.subcommands.map(\.info))
    }
}

extension ReplyWriter {
    /// What XINFO STREAM tells.
    fileprivate mutating func information(of stream: Stream) {
        map(10)
        figures(of: stream)
        bulk("groups")
        integer(stream.groups.count)
        bulk("first-entry")
        if entries(of: stream, from: .zero, through: .largest, most: 1) == 0 { null() }
        bulk("last-entry")
        if reversedEntries(of: stream, from: .zero, through: .largest, most: 1) == 0 { null() }
    }

    /// What XINFO STREAM tells with FULL; lists end after `most` entries.
    fileprivate mutating func fullInformation(of stream: Stream, most: Int) {
        map(9)
        figures(of: stream)
        bulk("entries")
        let mark = mark()
        let found = entries(of: stream, from: .zero, through: .largest, most: most)
        closeArray(found, since: mark)
        bulk("groups")
        array(stream.groups.count)
        for group in stream.groups {
            map(7)
            bulk("name")
            bulk(group.name)
            progress(of: group, in: stream)
            bulk("pel-count")
            integer(group.pending.count)
            bulk("pending")
            pending(of: group, most: most)
            bulk("consumers")
            array(group.consumers.count)
            for each in group.consumers { consumer(each, of: group, most: most) }
        }
    }

    private mutating func figures(of stream: Stream) {
        let state = stream.state
        bulk("length")
        integer(state.count)
        bulk("radix-tree-keys")
        integer(state.nodes.count)
        bulk("radix-tree-nodes")
        integer(stream.radixTreeNodeCount)
        bulk("last-generated-id")
        bulk(state.lastID)
        bulk("max-deleted-entry-id")
        bulk(state.maxDeletedID)
        bulk("entries-added")
        integer(Int64(bitPattern: state.entriesAdded))
        bulk("recorded-first-entry-id")
        bulk(state.firstID)
    }

    /// How far a group has read.
    fileprivate mutating func progress(of group: ConsumerGroup, in stream: Stream) {
        bulk("last-delivered-id")
        bulk(group.lastID)
        bulk("entries-read")
        if let read = group.entriesRead { integer(read) } else { null() }
        bulk("lag")
        if let lag = stream.lag(of: group) { integer(lag) } else { null() }
    }

    private mutating func pending(of group: ConsumerGroup, most: Int) {
        array(min(group.pending.count, most))
        var left = most
        group.pending.forEach { entry in
            if left == 0 { return false }
            left -= 1
            array(4)
            bulk(entry.id)
            bulk(group.consumer(of: entry)?.name ?? [])
            integer(entry.deliveryTime)
            integer(Int64(bitPattern: entry.deliveryCount))
            return true
        }
    }

    private mutating func consumer(_ consumer: Consumer, of group: ConsumerGroup, most: Int) {
        map(5)
        bulk("name")
        bulk(consumer.name)
        bulk("seen-time")
        integer(consumer.seenTime)
        bulk("active-time")
        integer(consumer.activeTime ?? -1)
        bulk("pel-count")
        integer(consumer.pending.count)
        bulk("pending")
        array(min(consumer.pending.count, most))
        var left = most
        consumer.pending.forEach { id in
            if left == 0 { return false }
            left -= 1
            let entry = group.find(id)
            array(3)
            bulk(id)
            integer(entry?.deliveryTime ?? 0)
            integer(Int64(bitPattern: entry?.deliveryCount ?? 0))
            return true
        }
    }
}
