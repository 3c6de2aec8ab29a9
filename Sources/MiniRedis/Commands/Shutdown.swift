import Engine
import RESP

extension SessionCommands {
    static let shutdown = SessionCommand(
        "shutdown", arity: -1, flags: [.admin, .noscript, .loading, .stale, .noMulti, .allowBusy],
        group: .server, since: "1.0.0",
        summary: "Ends the server, after a last snapshot where one is asked for.",
        complexity:
            "O(N) when saving, where N is the total number of keys in all databases when saving data, otherwise O(1)",
        arguments: [
            .oneOf("save-selector", [.token("NOSAVE", name: "nosave"), .token("SAVE", name: "save")])
                .optional,
            .token("NOW", name: "now").optional.since("7.0.0"),
            .token("FORCE", name: "force").optional.since("7.0.0"),
            .token("ABORT", name: "abort").optional.since("7.0.0"),
        ]
    ) { (database, session, arguments, call) throws(CommandError) in
        var options: Set<ShutdownOption> = []
        var aborts = false
        for index in 1..<arguments.count {
            if arguments.isWord(index, "abort") {
                aborts = true
            } else if let option = ShutdownOption(rawValue: lowercased([UInt8](arguments[index]))) {
                options.insert(option)
            } else {
                throw .syntax
            }
        }
        guard !(aborts && !options.isEmpty), !options.isSuperset(of: [.save, .nosave]) else { throw .syntax }
        // A shutdown that has begun can't be held up: there is nothing that it waits for.
        if aborts { throw CommandError("ERR No shutdown in progress.") }
        try database.shutDown(options)
        session.closing = .afterFlush
    }
}

extension Database {
    /// Tells the server to stop, unless that would lose what is to be saved.
    func shutDown(_ options: Set<ShutdownOption>) throws(CommandError) {
        log(.notice, "User requested shutdown...")
        if options.contains(.save) {
            log(.warning, "A snapshot was asked for, and this server writes none.")
            guard options.contains(.force) else {
                throw CommandError("ERR Errors trying to SHUTDOWN. Check logs.")
            }
        }
        environment.listeners.finish()
    }
}
