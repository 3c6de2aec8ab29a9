import Engine

extension RegisteredCommand {
    /// How the command is written: the name in capitals and all arguments.
    var syntax: String {
        ([fullName.uppercased().replacing("|", with: " ")] + info.arguments.map(\.syntax)).joined(
            separator: " ")
    }
}
