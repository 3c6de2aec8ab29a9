import RESP

extension DataCommands {
    static let exists = DataCommand(
        "exists", arity: -2, flags: [.readonly, .fast], categories: .keyspace,
        keys: [.all([.readOnly])], group: .generic, since: "1.0.0",
        summary: "Counts how many of the keys named exist; one that is named twice counts twice.",
        complexity: "O(N) where N is the number of keys to check",
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        var count = 0
        for index in 1..<arguments.count where call.look(arguments[index]) != nil { count += 1 }
        call.reply.integer(count)
    }

    static let touch = DataCommand(
        "touch", arity: -2, flags: [.readonly, .fast], categories: .keyspace,
        keys: [.all([.readOnly])], group: .generic, since: "3.2.1",
        summary: "Marks keys as just used and counts those that exist.",
        complexity: "O(N) where N is the number of keys that will be touched",
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        var count = 0
        for index in 1..<arguments.count {
            guard let entry = call.look(arguments[index]) else { continue }
            // Clients that leave clocks alone otherwise ask for this one to be moved.
            call.touch(entry)
            count += 1
        }
        call.reply.integer(count)
    }

    static let type = DataCommand(
        "type", arity: 2, flags: [.readonly, .fast], categories: .keyspace,
        keys: [.one(1, [.readOnly])], group: .generic, since: "1.0.0",
        summary: "Returns the type of a key's value.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.reply.simple(call.look(arguments[1])?.kind.type.name ?? "none")
    }
}
