import RESP

extension DataCommands {
    static let del = DataCommand(
        "del", arity: -2, flags: .write, categories: .keyspace,
        keys: [.all([.remove, .delete])], group: .generic, since: "1.0.0",
        summary: "Deletes keys.",
        complexity: "O(N) where N is the number of keys; the memory of big values is given back later",
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        call.deleteAll(arguments)
    }

    static let unlink = DataCommand(
        "unlink", arity: -2, flags: [.write, .fast], categories: .keyspace,
        keys: [.all([.remove, .delete])], group: .generic, since: "4.0.0",
        summary: "Deletes keys; their memory may be given back later.",
        complexity: "O(N) where N is the number of keys",
        tips: ["request_policy:multi_shard", "response_policy:agg_sum"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        call.deleteAll(arguments)
    }
}

extension Call {
    /// Deletes every key named and replies with how many there were; big values are freed in slices anyway.
    fileprivate mutating func deleteAll(_ arguments: Arguments) {
        var count = 0
        for index in 1..<arguments.count {
            var slot = locate(arguments[index])
            if slot.entry == nil { continue }
            remove(arguments[index], at: &slot)
            count += 1
        }
        reply.integer(count)
    }
}
