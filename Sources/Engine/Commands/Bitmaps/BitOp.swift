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
        if call.slicesString(count) {
            return try call.storeInSlices(operation, of: sources, count: count, arguments)
        }
        call.store(operation, of: sources, count: count, at: arguments[2])
        call.reply.integer(count)
    }
}

extension Call {
    /// Stores what the operation makes of the sources, `count` bytes, under `key`; without bytes the key goes.
    fileprivate mutating func store(
        _ operation: BitOperation, of sources: [Entry?], count: Int, at key: RawSpan
    ) {
        var slot = locate(key)
        guard count > 0 else { return remove(key, at: &slot) }
        let isNew = slot.entry == nil
        if let old = slot.entry, let raw = old.rawString, raw.fits(count), !sources.contains(old) {
            // Long blocks are costly to come by, and nobody reads this one any more.
            raw.truncate(to: count)
            raw.ensureCount(count)
            raw.mutate { operation.apply(sources, to: 0..<count, of: &$0) }
            keyspace.removeDeadline(&slot)
            return finishWrite(key, slot, isNew: false, .set)
        }
        // Filled before the old value goes, as that may be a source.
        let result = RawString(zeros: count)
        result.mutate { operation.apply(sources, to: 0..<count, of: &$0) }
        keyspace.removeDeadline(&slot)
        if count <= Entry.largestEmbeddedValue {
            keyspace.putBytes(result.bytes, kind: .raw, at: &slot, key: key)
        } else {
            keyspace.putObject(result, kind: .rawObject, at: &slot, key: key)
        }
        finishWrite(key, slot, isNew: isNew, .set)
    }

    /// The same for a long result, which is not stored before it is complete.
    fileprivate mutating func storeInSlices(
        _ operation: BitOperation, of sources: [Entry?], count: Int, _ arguments: Arguments
    ) throws(CommandError) {
        let made = Unfinished(RawString(zeros: count), dataset)
        var start = 0
        let step = LongCommand.Step { (_, _, slice) throws(CommandError) in
            let end = min(start + slice.bytes / sources.count + 1, count)
            made.value.mutate { operation.apply(sources, to: start..<end, of: &$0) }
            start = end
            return start < count
        }
        let finish = LongCommand.Finish { (call, arguments) throws(CommandError) in
            let key = arguments[2]
            var slot = call.locate(key)
            let isNew = slot.entry == nil
            call.keyspace.removeDeadline(&slot)
            call.keyspace.putObject(made.take(), kind: .rawObject, at: &slot, key: key)
            call.finishWrite(key, slot, isNew: isNew, .set)
            call.reply.integer(count)
        }
        try proceed(arguments, reading: 3..<arguments.count, writing: 2, [step], finish: finish)
    }
}

extension RawString {
    /// Whether its block is a good place for `count` bytes: large enough, and not mostly empty then.
    fileprivate func fits(_ count: Int) -> Bool {
        count > Entry.largestEmbeddedValue && count <= capacity && count >= capacity / 2
    }
}
