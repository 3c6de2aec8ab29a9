import Engine
import RESP
import Reactor

extension SessionCommands {
    static let info = SessionCommand(
        "info", arity: -1, flags: [.loading, .stale], categories: .dangerous, group: .server, since: "1.0.0",
        summary: "Returns figures about the server, section by section.",
        tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"],
        arguments: [.string("section").multiple.optional]
    ) { (database, _, arguments, call) throws(CommandError) in
        let selection = InfoSelection((1..<arguments.count).map { arguments[$0].text })
        call.reply.verbatim(text: database.info(selection, now: call.now))
    }

    static let time = SessionCommand(
        "time", arity: 1, flags: [.loading, .stale, .fast], group: .server, since: "2.6.0",
        summary: "Returns the server's clock: Unix time in seconds, and the microseconds beyond.",
        tips: ["nondeterministic_output"]
    ) { (database, _, _, call) throws(CommandError) in
        let now = database.clock.microseconds()
        call.reply.array(2)
        call.reply.bulk(decimal: now / 1_000_000)
        call.reply.bulk(decimal: now % 1_000_000)
    }

    static let lolwut = SessionCommand(
        "lolwut", arity: -1, flags: [.readonly, .fast], group: .server, since: "5.0.0",
        summary: "Draws a maze and tells the version.",
        arguments: [
            .integer("version", token: "VERSION").optional, .integer("columns").optional,
            .integer("rows").optional,
        ]
    ) { (database, _, arguments, call) throws(CommandError) in
        var index = 1
        if arguments.count >= 3, arguments.isWord(1, "VERSION") {
            _ = try arguments.integer(2)
            index = 3
        }
        var sizes: [Int] = []
        while index < arguments.count, sizes.count < 2 {
            sizes.append(Int(clamping: try arguments.integer(index)))
            index += 1
        }
        call.reply.verbatim(
            text: Maze.drawing(columns: sizes.first ?? 60, rows: sizes.count > 1 ? sizes[1] : 10)
                + "\nNo two of these mazes are alike. Redis ver. \(ServerVersion.redis)\n")
    }
}

/// A maze of slanted walls: each place leans one way or the other, by chance.
enum Maze {
    /// A drawing of so many places, at least one and at most a screen's worth.
    static func drawing(columns: Int, rows: Int) -> String {
        var text = ""
        for _ in 0..<min(max(rows, 1), 100) {
            for _ in 0..<min(max(columns, 1), 200) { text += Bool.random() ? "╱" : "╲" }
            text += "\n"
        }
        return text
    }
}
