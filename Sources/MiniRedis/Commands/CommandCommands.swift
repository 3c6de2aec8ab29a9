import Engine
import RESP

extension SessionCommands {
    static let command = SessionCommand(
        "command", arity: -1, flags: [.loading, .stale], categories: .connection, group: .server,
        since: "2.8.13", summary: "Returns what the server knows of all its commands.",
        complexity: "O(N) where N is the number of commands", tips: ["nondeterministic_output_order"],
        subcommands: [
            commandCount, commandDocs, commandGetKeys, commandGetKeysAndFlags, commandHelp, commandInfo,
            commandList,
        ]
    ) { (database, _, _, call) throws(CommandError) in
        database.describeAll(&call.reply)
    }

    private static let commandCount = SessionCommand(
        "count", arity: 2, flags: [.loading, .stale], categories: .connection, group: .server,
        since: "2.8.13", summary: "Returns how many commands there are."
    ) { (database, _, _, call) throws(CommandError) in
        call.reply.integer(database.commands.all.count)
    }

    private static let commandInfo = SessionCommand(
        "info", arity: -2, flags: [.loading, .stale], categories: .connection, group: .server,
        since: "2.8.13", summary: "Returns flags, keys and categories of some commands, or of all.",
        complexity: "O(N) where N is the number of commands asked for",
        tips: ["nondeterministic_output_order"], arguments: [.string("command-name").multiple.optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        guard arguments.count > 2 else { return database.describeAll(&call.reply) }
        call.reply.array(arguments.count - 2)
        for index in 2..<arguments.count {
            if let command = database.command(named: arguments[index]) {
                command.writeInfo(to: &call.reply)
            } else {
                call.reply.null()
            }
        }
    }

    private static let commandDocs = SessionCommand(
        "docs", arity: -2, flags: [.loading, .stale], categories: .connection, group: .server,
        since: "7.0.0", summary: "Returns the documentation of some commands, or of all.",
        complexity: "O(N) where N is the number of commands asked for",
        tips: ["nondeterministic_output_order"], arguments: [.string("command-name").multiple.optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        var commands = database.commands.all
        if arguments.count > 2 {
            commands = (2..<arguments.count).compactMap { database.command(named: arguments[$0]) }
        }
        call.reply.map(commands.count)
        for command in commands {
            call.reply.bulk(text: command.fullName)
            command.writeDocumentation(to: &call.reply)
        }
    }

    private static let commandGetKeys = SessionCommand(
        "getkeys", arity: -3, flags: [.loading, .stale], categories: .connection, group: .server,
        since: "2.8.13", summary: "Returns which arguments of a command are keys.",
        complexity: "O(N) where N is the number of arguments",
        arguments: [.string("command"), .string("arg").multiple.optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        let request = arguments.dropping(first: 2)
        let keys = try database.keys(of: request)
        call.reply.array(keys.count)
        for key in keys { call.reply.bulk(request[key.position]) }
    }

    private static let commandGetKeysAndFlags = SessionCommand(
        "getkeysandflags", arity: -3, flags: [.loading, .stale], categories: .connection, group: .server,
        since: "7.0.0", summary: "Returns which arguments of a command are keys, and what becomes of them.",
        complexity: "O(N) where N is the number of arguments",
        arguments: [.string("command"), .string("arg").multiple.optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        let request = arguments.dropping(first: 2)
        let keys = try database.keys(of: request)
        call.reply.array(keys.count)
        for key in keys {
            call.reply.array(2)
            call.reply.bulk(request[key.position])
            call.reply.words(KeyFlags.named, of: key.flags)
        }
    }

    private static let commandList = SessionCommand(
        "list", arity: -2, flags: [.loading, .stale], categories: .connection, group: .server,
        since: "7.0.0", summary: "Returns the names of all commands, or of those that a filter lets through.",
        complexity: "O(N) where N is the number of commands", tips: ["nondeterministic_output_order"],
        arguments: [
            ArgumentSpec(
                "filterby",
                .oneOf([
                    .string("module-name", token: "MODULE"), .string("category", token: "ACLCAT"),
                    .pattern("pattern", token: "PATTERN"),
                ]), token: "FILTERBY"
            ).optional
        ]
    ) { (database, _, arguments, call) throws(CommandError) in
        var names: [String] = []
        if arguments.count == 2 {
            names = database.commands.family.map(\.fullName)
        } else {
            guard arguments.count == 5, arguments.isWord(2, "FILTERBY") else { throw .syntax }
            let filter = arguments[4]
            if arguments.isWord(3, "PATTERN") {
                let glob = Glob(filter, foldingCase: true)
                for command in database.commands.family where glob.matches(text: command.fullName) {
                    names.append(command.fullName)
                }
            } else if arguments.isWord(3, "ACLCAT") {
                let category = ACLCategories.named.first { filter.isWord($0.1) }?.0
                for command in database.commands.family
                where category.map(command.info.categories.contains) == true {
                    names.append(command.fullName)
                }
            } else if !arguments.isWord(3, "MODULE") {
                throw .syntax
            }
        }
        call.reply.array(names.count)
        for name in names { call.reply.bulk(text: name) }
    }

    private static let commandHelp = help(
        "command", group: .server, since: "5.0.0", categories: .connection)
}

extension Glob {
    fileprivate func matches(text: String) -> Bool {
        // The text's own storage, borrowed for the call.
        unsafe matches(text.utf8Span.span.bytes)
    }
}
