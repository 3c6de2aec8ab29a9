import RESP

extension DataCommands {
    static let bitop = DataCommand(
        "bitop", arity: -4, flags: [.write, .denyoom], categories: .bitmap,
        keys: [.one(2, [.overwrite, .update]), .all(from: 3, .readOnlyAccess)], group: .bitmap,
        since: "2.6.0",
        summary: "Combines several string values bit by bit and stores the result.",
        complexity: "O(N)",
        arguments: [
            .oneOf(
                "operation",
                [
                    .token("AND", name: "and"), .token("OR", name: "or"), .token("XOR", name: "xor"),
                    .token("NOT", name: "not"), .token("DIFF", name: "diff").since("8.2.0"),
                    .token("DIFF1", name: "diff1").since("8.2.0"),
                    .token("ANDOR", name: "andor").since("8.2.0"), .token("ONE", name: "one").since("8.2.0"),
                ]),
            .key("destkey"), .key("key", spec: 1).multiple,
        ]
    ) { (arguments, call) throws(CommandError) in
        guard let operation = BitOperation(arguments[1]) else { throw .syntax }
        if operation == .not, arguments.count != 4 {
            throw CommandError("ERR BITOP NOT must be called with a single source key.")
        }
        if let name = operation.nameOfPairwise, arguments.count < 5 {
            throw CommandError(text: "ERR BITOP \(name) must be called with at least two source keys.")
        }
        var sources: [Entry?] = []
        sources.reserveCapacity(arguments.count - 3)
        var count = 0
        for index in 3..<arguments.count {
            let entry = try call.readString(arguments[index])
            count = max(count, entry?.stringCount ?? 0)
            sources.append(entry)
        }
        call.storeBits(arguments[2], count: count) { operation.apply(sources, into: &$0) }
        call.reply.integer(count)
    }
}

extension Call {
    /// Stores a new string of `count` bytes under `key`, which `body` fills; without bytes the key goes.
    fileprivate mutating func storeBits(_ key: RawSpan, count: Int, _ body: (inout MutableRawSpan) -> Void) {
        guard count > 0 else {
            var slot = locate(key)
            return remove(key, at: &slot)
        }
        // Filled before the old value goes, as that may be a source.
        let result = RawString(zeros: count)
        result.mutate(body)
        var slot = locate(key)
        let isNew = slot.entry == nil
        keyspace.removeDeadline(&slot)
        if count <= Entry.largestEmbeddedValue {
            keyspace.putBytes(result.bytes, kind: .raw, at: &slot, key: key)
        } else {
            keyspace.putObject(result, kind: .rawObject, at: &slot, key: key)
        }
        finishWrite(key, slot, isNew: isNew, .set)
    }
}
