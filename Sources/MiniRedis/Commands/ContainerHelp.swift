import Engine
import RESP

extension SessionCommands {
    /// The HELP subcommand of a container: its text is made from the rows beside it.
    static func help(
        _ container: StaticString, group: CommandGroup, since: StaticString,
        flags: CommandFlags = [.loading, .stale], categories: ACLCategories = []
    ) -> SessionCommand {
        SessionCommand(
            "help", arity: 2, flags: flags, categories: categories, group: group, since: since,
            summary: "Lists the subcommands."
        ) { (database, _, _, call) throws(CommandError) in
            guard let command = database.commands.all.first(where: { $0.fullName == container.description }),
                let rows = command.subcommands?.all
            else { return }
            ContainerHelp.write(rows, of: container, to: &call.reply)
        }
    }
}

/// The text of a container's HELP, in the form that redis-cli and people know.
enum ContainerHelp {
    static func write(_ rows: [RegisteredCommand], of container: StaticString, to reply: inout ReplyWriter) {
        let name = container.description.uppercased()
        reply.array(1 + rows.count * 2)
        line("\(name) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:", &reply)
        for row in rows.filter({ !isHelp($0) }).sorted(by: { $0.fullName < $1.fullName }) + rows.filter(isHelp) {
            line(([row.info.name.description.uppercased()] + row.info.arguments.map(\.syntax)).joined(separator: " "), &reply)
            line("    " + row.info.summary.description, &reply)
        }
    }

    private static func isHelp(_ row: RegisteredCommand) -> Bool { row.info.name.description == "help" }

    private static func line(_ text: String, _ reply: inout ReplyWriter) {
        reply.buffer.append(UInt8(ascii: "+"))
        reply.buffer.append(text: text)
        reply.buffer.append("\r\n" as StaticString)
    }
}

extension ArgumentSpec {
    /// The piece as usage lines show it: `[NX | XX]`, `[MATCH <pattern>]`, `<key> [<key> ...]`.
    var syntax: String {
        let value: String? =
            switch kind {
            case .token: nil
            case .oneOf(let choices): choices.map(\.syntax).joined(separator: " | ")
            case .block(let parts): parts.map(\.syntax).joined(separator: " ")
            default: "<\(name)>"
            }
        var text = [token.map(\.description), value].compactMap { $0 }.joined(separator: " ")
        if isMultiple { text += " [\(repeatsToken ? text : value ?? text) ...]" }
        return isOptional ? "[\(text)]" : text
    }
}
