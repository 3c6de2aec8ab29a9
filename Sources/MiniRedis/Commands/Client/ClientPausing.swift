import Engine
import RESP

extension SessionCommands {
    static let clientPause = SessionCommand(
        "pause", arity: -3, flags: clientAdminFlags, categories: .connection, group: .connection,
        since: "3.0.0",
        summary: "Puts off all commands, or those that write, for some milliseconds.",
        arguments: [
            .integer("timeout"),
            .oneOf("mode", [.token("WRITE", name: "write"), .token("ALL", name: "all")]).optional.since(
                "6.2.0"),
        ]
    ) { (database, _, arguments, call) throws(CommandError) in
        guard arguments.count <= 4 else { throw .subcommandSyntax(arguments) }
        let isWrite = arguments.isWord(3, "write")
        guard arguments.count == 3 || isWrite || arguments.isWord(3, "all") else {
            throw CommandError("ERR CLIENT PAUSE mode must be WRITE or ALL")
        }
        guard let timeout = Decimal.parse(arguments[2]) else {
            throw CommandError("ERR timeout is not an integer or out of range")
        }
        guard timeout >= 0 else { throw CommandError("ERR timeout is negative") }
        let (end, overflow) = call.now.addingReportingOverflow(timeout)
        guard !overflow else { throw CommandError("ERR timeout is out of range") }
        database.clients.pause.start(isWrite ? .write : .all, until: end, now: call.now)
        call.keepsDueKeys = database.clients.pause.isActive(call.now)
        call.reply.ok()
    }

    static let clientUnpause = SessionCommand(
        "unpause", arity: 2, flags: clientAdminFlags, categories: .connection, group: .connection,
        since: "6.2.0",
        summary: "Lets everybody go on whom CLIENT PAUSE has put off.",
        complexity: "O(N) where N is the number of paused clients"
    ) { (database, _, _, call) throws(CommandError) in
        database.unpause()
        call.keepsDueKeys = false
        call.reply.ok()
    }
}
