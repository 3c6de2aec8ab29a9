import Engine

/// The table of commands in the README.
package enum CommandCatalogue {
    /// Markdown, a table for each group; subcommands have lines of their own.
    package static func markdown() -> String {
        let rows = Database.registeredCommands().flatMap(Self.lines)
        var text = ""
        for group in CommandGroup.allCases {
            let lines = rows.filter { $0.group == group }.sorted { $0.syntax < $1.syntax }
            if lines.isEmpty { continue }
            text += "### \(title(of: group))\n\n| command | since | |\n|---|---|---|\n"
            for line in lines {
                text += "| `\(escaped(line.syntax))` | \(line.since) | \(escaped(line.summary)) |\n"
            }
            text += "\n"
        }
        return text
    }

    private struct Line {
        let group: CommandGroup
        let syntax: String
        let since: String
        let summary: String
    }

    private static func lines(_ command: RegisteredCommand) -> [Line] {
        let below = command.subcommands?.all.flatMap(Self.lines) ?? []
        if case .container = command.body { return below }
        let info = command.info
        let note = info.deprecation.map { " *Superseded since \($0.since) by \($0.replacement).*" } ?? ""
        let line = Line(
            group: info.group, syntax: command.syntax, since: "\(info.since)",
            summary: "\(info.summary)\(note)")
        return [line] + below
    }

    private static func title(of group: CommandGroup) -> String {
        let words = group.rawValue.replacing("-", with: " ")
        return words.prefix(1).uppercased() + words.dropFirst()
    }

    /// A bar would end the table's cell.
    private static func escaped(_ text: String) -> String { text.replacing("|", with: "\\|") }
}
