import Engine
import RESP
import Reactor

extension SessionCommands {
    static let memory = SessionCommand(
        container: "memory", group: .server, since: "4.0.0", summary: "Tells where memory is.",
        subcommands: [
            memoryDoctor, help("memory", group: .server, since: "4.0.0"), memoryMallocStats, memoryPurge,
            memoryStats, memoryUsage,
        ])

    private static let memoryUsage = SessionCommand(
        "usage", arity: -3, flags: .readonly, keys: [.one(2, .readOnly)], group: .server, since: "4.0.0",
        summary: "Returns the bytes that a key and its value occupy.",
        complexity: "O(N) where N is the number of samples",
        arguments: [.key(), .integer("count", token: "SAMPLES").optional]
    ) { (_, _, arguments, call) throws(CommandError) in
        var index = 3
        while index < arguments.count {
            guard arguments.isWord(index, "SAMPLES"), index + 1 < arguments.count else { throw .syntax }
            guard try arguments.integer(index + 1) >= 0 else { throw .syntax }
            index += 2
        }
        if let bytes = call.memoryUse(of: arguments[2]) {
            call.reply.integer(bytes)
        } else {
            call.reply.null()
        }
    }

    private static let memoryStats = SessionCommand(
        "stats", arity: 2, group: .server, since: "4.0.0",
        summary: "Returns figures about the server's memory.",
        tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"]
    ) { (database, _, _, call) throws(CommandError) in
        database.memoryFigures(now: call.now).write(to: &call.reply)
    }

    private static let memoryDoctor = SessionCommand(
        "doctor", arity: 2, group: .server, since: "4.0.0",
        summary: "Tells what looks wrong with the memory.",
        tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"]
    ) { (database, _, _, call) throws(CommandError) in
        call.reply.verbatim(
            text: database.memoryFigures(now: call.now).diagnosis(clients: database.sessions.count))
    }

    private static let memoryPurge = SessionCommand(
        "purge", arity: 2, group: .server, since: "4.0.0", summary: "Gives unused memory back to the system.",
        complexity: "Depends on how much memory is unused",
        tips: ["request_policy:all_shards", "response_policy:all_succeeded"]
    ) { (_, _, _, call) throws(CommandError) in
        ProcessMemory.trim()
        call.reply.ok()
    }

    private static let memoryMallocStats = SessionCommand(
        "malloc-stats", arity: 2, group: .server, since: "4.0.0",
        summary: "Returns what the allocators hold.",
        tips: ["nondeterministic_output", "request_policy:all_shards", "response_policy:special"]
    ) { (database, _, _, call) throws(CommandError) in
        let heap = ProcessMemory.heap()
        let mapped = database.dataset.mappedMemory
        call.reply.verbatim(
            text: "malloc: \(heap.used) bytes used, \(heap.held) held\n"
                + "keys: \(mapped.used) bytes used, \(mapped.held) held\n"
                + "process: \(ProcessMemory.resident()) bytes resident\n")
    }
}
