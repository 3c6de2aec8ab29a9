import RESP

extension DataCommands {
    static let xgroup: DataCommand = DataCommand(
        container: "xgroup", group: .stream, since: "5.0.0",
        summary: "Makes, changes and deletes the groups that read a stream.",
        subcommands: [
            xgroupCreate, xgroupCreateConsumer, xgroupDelConsumer, xgroupDestroy, xgroupHelp, xgroupSetID,
        ])

    private static let xgroupCreate = DataCommand(
        "create", arity: -5, flags: [.write, .denyoom], categories: .stream,
        keys: [.one(2, [.readWrite, .insert])], group: .stream, since: "5.0.0",
        summary: "Makes a group of consumers.",
        arguments: [
            .key(), .string("group"), groupStart, .token("MKSTREAM", name: "mkstream").optional,
            .integer("entries-read", token: "ENTRIESREAD").optional.since("7.0.0"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let options = try GroupOptions(arguments, makesStream: true)
        var slot = try call.locate(arguments[2], .stream)
        if slot.entry == nil, !options.makesStream { throw .noStream }
        if arguments.count > 8 { throw .subcommandSyntax(arguments) }
        let stream = slot.entry?.stream ?? Stream(in: call.keyspace.elements)
        let id = try arguments.isExactly(4, "$") ? stream.state.lastID : arguments.streamID(4)
        guard stream.group(arguments[3]) == nil else {
            throw CommandError("BUSYGROUP Consumer Group name already exists")
        }
        call.change(stream) {
            $0.makeGroup(arguments[3], lastID: id, entriesRead: options.entriesRead)
        }
        call.reply.ok()
        if slot.entry == nil {
            call.finishChange(arguments[2], &slot, stream, .xgroupCreate)
        } else {
            call.effects.changedUnseen(arguments[2], .xgroupCreate, in: call.keyspace.number)
        }
    }

    private static let xgroupSetID = DataCommand(
        "setid", arity: -5, flags: .write, categories: .stream,
        keys: [.one(2, [.readWrite, .update])], group: .stream, since: "5.0.0",
        summary: "Sets which entry a group is taken to have read last.",
        arguments: [
            .key(), .string("group"), groupStart,
            .integer("entries-read", token: "ENTRIESREAD").optional.since("7.0.0"),
        ]
    ) { (arguments, call) throws(CommandError) in
        let options = try GroupOptions(arguments, makesStream: false)
        let (stream, group) = try call.group(arguments)
        guard arguments.count == 5 || arguments.count == 7 else { throw .subcommandSyntax(arguments) }
        let id: StreamID? =
            arguments.isExactly(4, "$")
            ? stream.state.lastID : StreamID.parseEdge(arguments[4], missing: 0)
        guard let id else { throw .invalidStreamID }
        group.lastID = id
        group.entriesRead = options.entriesRead
        call.reply.ok()
        call.effects.changedUnseen(arguments[2], .xgroupSetID, in: call.keyspace.number)
    }

    private static let xgroupDestroy = DataCommand(
        "destroy", arity: 4, flags: .write, categories: .stream,
        keys: [.one(2, [.readWrite, .delete])], group: .stream, since: "5.0.0",
        summary: "Deletes a group with its consumers and all that is pending for them.",
        complexity: "O(1); what is pending is given back afterwards, in slices",
        arguments: [.key(), .string("group")]
    ) { (arguments, call) throws(CommandError) in
        guard let stream = try call.locate(arguments[2], .stream).entry?.stream else { throw .noStream }
        guard let group = stream.group(arguments[3]) else { return call.reply.integer(0) }
        call.change(stream) { $0.delete(group) }
        call.reply.integer(1)
        call.effects.changedUnseen(
            arguments[2], .xgroupDestroy, in: call.keyspace.number, wakes: true)
    }

    private static let xgroupCreateConsumer = DataCommand(
        "createconsumer", arity: 5, flags: [.write, .denyoom], categories: .stream,
        keys: [.one(2, [.readWrite, .insert])], group: .stream, since: "6.2.0",
        summary: "Makes a consumer of a group.",
        arguments: [.key(), .string("group"), .string("consumer")]
    ) { (arguments, call) throws(CommandError) in
        let (stream, group) = try call.group(arguments)
        if group.consumer(arguments[4]) != nil { return call.reply.integer(0) }
        _ = call.makeConsumer(arguments[4], arguments[2], stream, group)
        call.reply.integer(1)
    }

    private static let xgroupDelConsumer = DataCommand(
        "delconsumer", arity: 5, flags: .write, categories: .stream,
        keys: [.one(2, [.readWrite, .delete])], group: .stream, since: "5.0.0",
        summary: "Deletes a consumer of a group, and returns how many entries were pending for it.",
        complexity: "O(N) where N is the number of entries that were pending",
        arguments: [.key(), .string("group"), .string("consumer")]
    ) { (arguments, call) throws(CommandError) in
        let (stream, group) = try call.group(arguments)
        guard let consumer = group.consumer(arguments[4]) else { return call.reply.integer(0) }
        call.reply.integer(consumer.pending.count)
        call.change(stream) { $0.change(group) { $0.delete(consumer) } }
        call.effects.changedUnseen(arguments[2], .xgroupDelConsumer, in: call.keyspace.number)
    }

    private static let xgroupHelp: DataCommand = DataCommand(
        "help", arity: 2, flags: [.loading, .stale], categories: .stream,
        group: .stream, since: "5.0.0",
        summary: "Returns a text about the subcommands."
    ) { (arguments, call) throws(CommandError) in
        call.reply.help(arguments[0].text, xgroup.subcommands.map(\.info))
    }

    /// From where a group reads.
    private static let groupStart: ArgumentSpec = .oneOf(
        "id-selector", [.string("id"), .token("$", name: "new-id")])
}

/// The options of XGROUP CREATE and SETID.
private struct GroupOptions {
    private(set) var makesStream = false
    private(set) var entriesRead: Int64?

    init(_ arguments: Arguments, makesStream takesMakeStream: Bool) throws(CommandError) {
        var index = 5
        while index < arguments.count {
            if takesMakeStream, arguments.isWord(index, "MKSTREAM") {
                makesStream = true
                index += 1
            } else if arguments.isWord(index, "ENTRIESREAD"), index + 1 < arguments.count {
                let read = try arguments.integer(index + 1)
                if read < -1 { throw CommandError("ERR value for ENTRIESREAD must be positive or -1") }
                entriesRead = read < 0 ? nil : read
                index += 2
            } else {
                throw .subcommandSyntax(arguments)
            }
        }
    }
}

extension Call {
    /// The stream and the group that a subcommand is about, which both must be there.
    fileprivate mutating func group(_ arguments: Arguments) throws(CommandError) -> (Stream, ConsumerGroup) {
        guard let stream = try locate(arguments[2], .stream).entry?.stream else { throw .noStream }
        guard let group = stream.group(arguments[3]) else {
            throw .noGroup(
                "NOGROUP No such consumer group '", arguments[3], "' for key name '", arguments[2], "'")
        }
        return (stream, group)
    }
}

extension CommandError {
    fileprivate static let noStream = CommandError(
        """
        ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the \
        MKSTREAM option to create an empty stream automatically.
        """)

    /// A subcommand's words are not as they should be.
    static func subcommandSyntax(_ arguments: Arguments) -> CommandError {
        let name = String(decoding: arguments[1].untilNUL.prefix(128), as: UTF8.self)
        let container = arguments[0].text.uppercased()
        return CommandError(
            text: "ERR unknown subcommand or wrong number of arguments for '\(name)'. Try \(container) HELP.")
    }
}
