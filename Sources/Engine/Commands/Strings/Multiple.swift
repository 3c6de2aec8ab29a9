import RESP

extension DataCommands {
    static let mget = DataCommand(
        "mget", arity: -2, flags: [.readonly, .fast], categories: .string,
        keys: [.all(.readOnlyAccess)], group: .string, since: "1.0.0",
        summary: "Returns the string values of several keys; nothing for those that hold no string.",
        complexity: "O(N) where N is the number of keys",
        tips: ["request_policy:multi_shard"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        call.reply.array(arguments.count - 1)
        for index in 1..<arguments.count {
            if let entry = call.read(arguments[index]), entry.kind.isString {
                call.reply.bulk(entry)
            } else {
                call.reply.null()
            }
        }
    }

    static let mset = DataCommand(
        "mset", arity: -3, flags: [.write, .denyoom], categories: .string,
        keys: [.all(step: 2, [.overwrite, .update])], group: .string, since: "1.0.1",
        summary: "Gives several keys their string values at once.",
        complexity: "O(N) where N is the number of keys",
        tips: ["request_policy:multi_shard", "response_policy:all_succeeded"],
        arguments: [.block("data", [.key(), .string("value")]).multiple]
    ) { (arguments, call) throws(CommandError) in
        guard arguments.count % 2 == 1 else { throw .wrongArity("mset") }
        call.setPairs(arguments)
        call.reply.ok()
    }

    static let msetnx = DataCommand(
        "msetnx", arity: -3, flags: [.write, .denyoom], categories: .string,
        keys: [.all(step: 2, [.overwrite, .insert])], group: .string, since: "1.0.1",
        summary: "Gives several keys their string values, or none of them if any key exists.",
        complexity: "O(N) where N is the number of keys",
        arguments: [.block("data", [.key(), .string("value")]).multiple]
    ) { (arguments, call) throws(CommandError) in
        guard arguments.count % 2 == 1 else { throw .wrongArity("msetnx") }
        for index in stride(from: 1, to: arguments.count, by: 2)
        where call.use(arguments[index]).entry != nil {
            return call.reply.integer(0)
        }
        call.setPairs(arguments)
        call.reply.integer(1)
    }
}

extension Call {
    /// Stores keys and values that stand in turn from the first argument on.
    fileprivate mutating func setPairs(_ arguments: Arguments) {
        for index in stride(from: 1, to: arguments.count - 1, by: 2) {
            var slot = locate(arguments[index])
            store(
                arguments[index], at: &slot, string: arguments[index + 1], block: arguments.block(index + 1),
                event: .set)
        }
    }
}

extension KeyFlags {
    /// The commonest pair: the value is read and returned.
    static let readOnlyAccess: KeyFlags = [.readOnly, .access]
}
