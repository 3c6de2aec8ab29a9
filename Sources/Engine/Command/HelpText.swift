public import RESP

extension ReplyWriter {
    /// A container's HELP, made from the rows of its subcommands, in the form that redis-cli and people know.
    public mutating func help(_ container: String, _ rows: [CommandInfo]) {
        array(1 + rows.count * 2)
        let name = container.uppercased()
        helpLine("\(name) <subcommand> [<arg> [value] [opt] ...]. Subcommands are:")
        let sorted = rows.sorted { $0.name.description < $1.name.description }
        for row in sorted.filter({ !$0.isHelp }) + sorted.filter(\.isHelp) {
            let words = [row.name.description.uppercased()] + row.arguments.map(\.syntax)
            helpLine(words.joined(separator: " "))
            helpLine("    " + row.summary.description)
        }
    }

    private mutating func helpLine(_ text: String) {
        buffer.append(UInt8(ascii: "+"))
        buffer.append(text: text)
        buffer.append("\r\n" as StaticString)
    }
}

extension CommandInfo {
    fileprivate var isHelp: Bool { name.description == "help" }
}

extension ArgumentSpec {
    /// The piece as usage lines show it: `[NX | XX]`, `[MATCH <pattern>]`, `<key> [<key> ...]`.
    public var syntax: String {
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
