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
        ) { (database, _, arguments, call) throws(CommandError) in
            guard let command = database.commands.all.first(where: { $0.fullName == container.description }),
                let rows = command.subcommands?.all
            else { return }
            call.reply.help(arguments[0].text, rows.map(\.info))
        }
    }
}
