import Engine

/// Commands that need the administrator's permission.
extension Database {
    /// Why the client may not run a protected command; nil when it may.
    func refusal(of command: RegisteredCommand, _ session: Session) -> CommandError? {
        let name = command.info.name
        if configuration.enableDebugCommand.isAllowed(local: session.isLocal) { return nil }
        return CommandError(
            text:
                "ERR \("\(name)".uppercased()) command not allowed. If the enable-\(name)-command option is set to \"local\", "
                + "you can run it from a local connection, otherwise you need to set this option in the configuration "
                + "file, and then restart the server.")
    }
}
