import Engine
import RESP

/// DEBUG's subcommands about lists and listpacks.
extension DebugSubcommand {
    static let listpack = DebugSubcommand(
        name: "LISTPACK", syntax: "<key>", summary: "Writes the elements of a listpack to the log.",
        counts: 3...3
    ) { (database, _, arguments, call) throws(CommandError) in
        guard let (isListpack, lines) = call.listpackLines(ofValueAt: arguments[2]) else { throw .noSuchKey }
        guard isListpack else { throw CommandError("ERR Not a listpack encoded object.") }
        for line in lines { database.log(.notice, line) }
        call.reply.simple("Listpack structure printed on stdout")
    }

    static let quicklist = DebugSubcommand(
        name: "QUICKLIST", syntax: "<key> [<0|1>]",
        summary: "Writes the nodes of a long list to the log, with 1 their elements too.", counts: 3...4
    ) { (database, _, arguments, call) throws(CommandError) in
        let isFull = arguments.count == 4 && !arguments[3].isZero
        guard let (isQuicklist, lines) = call.quicklistLines(ofValueAt: arguments[2], full: isFull) else {
            throw .noSuchKey
        }
        guard isQuicklist else { throw CommandError("ERR Not a quicklist encoded object.") }
        for line in lines { database.log(.notice, line) }
        call.reply.simple("Quicklist structure printed on stdout")
    }

    static let quicklistPackedThreshold = DebugSubcommand(
        name: "QUICKLIST-PACKED-THRESHOLD", syntax: "<size>",
        summary: "Gives elements of so many bytes nodes of their own; with 0 the limit of nodes decides.",
        counts: 3...3
    ) { (database, _, arguments, call) throws(CommandError) in
        guard let size = ConfigurationText.size([UInt8](arguments[2])), size <= largestThreshold else {
            throw CommandError("ERR argument must be a memory value bigger than 1 and smaller than 4gb")
        }
        // In the configuration as well, as CONFIG SET hands that over again.
        database.configuration.collections.listPlainElement = Int(size)
        database.dataset.settings.collections.listPlainElement = Int(size)
        call.reply.ok()
    }

    /// Nodes tell their bytes in 32 bits; a mebibyte is left for what belongs to the element.
    private static let largestThreshold: UInt64 = 1 << 32 - 1 << 20
}
