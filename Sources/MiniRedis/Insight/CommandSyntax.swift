import Engine

/// How a command is written, as help texts and the README show it: `SET key value [NX | XX] …`.
extension RegisteredCommand {
    /// The name in capitals and all arguments.
    var syntax: String {
        ([fullName.uppercased().replacing("|", with: " ")] + info.arguments.map(\.syntax)).joined(separator: " ")
    }

    /// The lines that HELP answers for a container: each subcommand's syntax and, indented, what it does.
    var helpLines: [String] {
        let name = fullName.uppercased()
        var lines = ["\(name) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:"]
        for subcommand in subcommands?.all ?? [] {
            lines.append(String(subcommand.syntax.dropFirst(name.count + 1)))
            lines.append("    \(subcommand.info.summary)")
        }
        return lines
    }
}

extension ArgumentSpec {
    /// The piece with its word; brackets around what may be left out, dots behind what may be repeated.
    var syntax: String {
        var text = token.map { "\($0)" } ?? ""
        let value = valueSyntax
        if !value.isEmpty { text += text.isEmpty ? value : " \(value)" }
        if isMultiple { text += repeatsToken || token == nil ? " [\(text) ...]" : " [\(value) ...]" }
        return isOptional ? "[\(text)]" : text
    }

    private var valueSyntax: String {
        switch kind {
        case .token: ""
        case .oneOf(let parts):
            isOptional && token == nil
                ? parts.map(\.syntax).joined(separator: " | ")
                : "<\(parts.map(\.syntax).joined(separator: " | "))>"
        case .block(let parts): parts.map(\.syntax).joined(separator: " ")
        default: "\(name)"
        }
    }
}
