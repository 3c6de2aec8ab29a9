import Engine
import RESP

/// The table of commands as COMMAND asks for it.
extension Database {
    /// Writes what is known of each command.
    func describeAll(_ reply: inout ReplyWriter) {
        reply.array(commands.all.count)
        for command in commands.all { command.writeInfo(to: &reply) }
    }

    /// The command of this full name: a subcommand's is behind its container's and `|`.
    func command(named name: RawSpan) -> RegisteredCommand? {
        var bar: Int?
        for index in 0..<name.byteCount where name[byte: index] == UInt8(ascii: "|") {
            if bar != nil { return nil }
            bar = index
        }
        guard let bar else { return commands.find(name) }
        return commands.find(name.extracting(0..<bar))?.subcommands?
            .find(name.extracting((bar + 1)..<name.byteCount))
    }

    /// The command or subcommand that a request means.
    func command(of request: Arguments) -> RegisteredCommand? {
        guard let command = commands.find(request[0]) else { return nil }
        guard request.count > 1, let subcommands = command.subcommands else { return command }
        return subcommands.find(request[1])
    }

    /// The keys of a request as COMMAND GETKEYS tells them.
    func keys(of request: Arguments) throws(CommandError) -> [KeyReference] {
        guard let info = command(of: request)?.info else {
            throw CommandError("ERR Invalid command specified")
        }
        guard info.hasKeys else { throw CommandError("ERR The command has no key arguments") }
        guard info.accepts(request.count) else {
            throw CommandError("ERR Invalid number of arguments specified for command")
        }
        let keys = info.keys(of: request) ?? []
        guard !keys.isEmpty || info.flags.contains(.noMandatoryKeys) else {
            throw CommandError("ERR Invalid arguments specified for command")
        }
        return keys
    }
}

extension CommandTable {
    /// All commands, each followed by its subcommands.
    var family: [RegisteredCommand] { all.flatMap { [$0] + ($0.subcommands?.family ?? []) } }
}
