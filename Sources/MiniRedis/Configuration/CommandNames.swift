import Engine

/// What commands are called where that is not their own name (`rename-command`).
///
/// Clients find a command under its new name only; wherever the server tells of a command, in COMMAND, INFO
/// or the log, it stays with the command's own name.
struct CommandNames: Sendable {
    /// A name that stands for a command, in lower case.
    struct Renaming: Sendable {
        let name: [UInt8]
        /// The command's own name.
        let command: String
    }

    private(set) var renamings: [Renaming] = []
    /// Commands, by their own names, that can't be reached under these.
    private(set) var hidden: Set<String> = []

    private static let known = Set(Database.registeredCommands().map(\.fullName))

    /// Takes a name away from a command and gives it another; an empty one is none.
    mutating func rename(_ old: [UInt8], to new: [UInt8]) throws(DirectiveError) {
        let (old, new) = (lowercased(old), lowercased(new))
        guard let command = command(named: old) else {
            throw DirectiveError("No such command in rename-command")
        }
        renamings.removeAll { $0.name == Array(old.utf8) }
        hidden.insert(command)
        guard !new.isEmpty else { return }
        guard self.command(named: new) == nil else {
            throw DirectiveError("Target command name already exists")
        }
        if new == command {
            hidden.remove(command)
        } else {
            renamings.append(Renaming(name: Array(new.utf8), command: command))
        }
    }

    /// The own name of the command that is called so, if one is.
    private func command(named name: String) -> String? {
        if let renaming = renamings.first(where: { $0.name == Array(name.utf8) }) { return renaming.command }
        return Self.known.contains(name) && !hidden.contains(name) ? name : nil
    }
}
