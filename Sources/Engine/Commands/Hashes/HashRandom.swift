import RESP

extension DataCommands {
    static let hrandfield = DataCommand(
        "hrandfield", arity: -2, flags: .readonly, categories: .hash,
        keys: [.one(1, .readOnlyAccess)], group: .hash, since: "6.2.0",
        summary: "Returns random fields of a hash, with their values if asked to.",
        complexity: "O(N) where N is the count without its sign",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(),
            .block("options", [.integer("count"), .token("WITHVALUES", name: "withvalues").optional])
                .optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        if arguments.count > 2 { return try call.pickFields(arguments) }
        guard let hash = try call.readHash(arguments[1]),
            let (field, _) = hash.random(using: &call.dataset.random)
        else { return call.reply.null() }
        call.reply.bulk(field)
    }

    static let hscan = DataCommand(
        "hscan", arity: -3, flags: .readonly, categories: .hash,
        keys: [.one(1, .readOnlyAccess)], group: .hash, since: "2.8.0",
        summary: "Returns some fields of a hash with their values, and a cursor from which to go on.",
        complexity: "O(1) a call, O(N) for a whole pass until the cursor is 0 again, N being the fields",
        tips: ["nondeterministic_output"],
        arguments: [
            .key(), .integer("cursor"), .pattern("pattern", token: "MATCH").optional,
            .integer("count", token: "COUNT").optional, .token("NOVALUES", name: "novalues").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        guard let (entry, scan) = try call.beginScan(arguments, .hash, takesNoValues: true) else { return }
        let leavesValues = scan.options.leavesValues
        // As in Redis a scan deletes nothing: what is due is passed over, so that every step stays short.
        let hash = ReadHash(value: HashValue(entry), cutoff: call.cutoff(of: entry))
        if case .table(let table) = hash.value {
            return call.scan(table.table, scan, arguments) { (entry, reply) in
                if table.isDue(entry, before: hash.cutoff) { return 0 }
                reply.bulk(entry.key)
                if leavesValues { return 1 }
                reply.bulk(entry)
                return 2
            }
        }
        call.scanWhole(scan, arguments) { (glob, reply) in
            var found = 0
            hash.value.forEach(cutoff: hash.cutoff) { field, value in
                guard glob.matches(field) else { return true }
                reply.bulk(field)
                if !leavesValues { reply.bulk(value) }
                found += leavesValues ? 1 : 2
                return true
            }
            return found
        }
    }
}

extension Call {
    /// HRANDFIELD with a count: that many different fields, or with a negative one that many picks.
    fileprivate mutating func pickFields(_ arguments: Arguments) throws(CommandError) {
        let count = try arguments.integer(2)
        if count == .min {
            throw CommandError(
                "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")
        }
        let withValues = arguments.isWord(3, "WITHVALUES")
        if arguments.count > 4 || arguments.count == 4 && !withValues { throw .syntax }
        if withValues, count.magnitude > UInt64(Int64.max / 2) {
            throw .valueOutOfRange
        }
        guard let hash = try readHash(arguments[1]), count != 0 else { return reply.array(0) }
        // Of its own, as the call itself can't be captured.
        let dataset = dataset
        if count < 0 || count == 1 {
            let picks = Int(count.magnitude)
            return try writePicks(
                arguments[1], picks, of: hash.count, { $0.pairs(picks, withValues) }
            ) { reply in
                guard let (field, value) = hash.random(using: &dataset.random) else { return }
                reply.pair(field, value, withValues)
            }
        }
        let wanted = Int(min(count, Int64(hash.count)))
        reply.pairs(wanted, withValues)
        if case .table(let table) = hash.value, hash.cutoff == .min, slices(wanted) {
            var sample = TableSample(wanted, of: table)
            return writeInSlices(holding: arguments[1]) { reply, slice in
                sample.visit(slice.elements, using: &dataset.random) { entry in
                    // The entry stays where it is while the hash does not change.
                    reply.pair(unsafe PackedElement(entry.key), entry.packedString, withValues)
                    return !slice.isFull(reply)
                }
            }
        }
        hash.choose(wanted, using: &dataset.random) { reply.pair($0, $1, withValues) }
    }
}

extension ReadHash {
    /// A field picked at random, with its value.
    fileprivate func random(
        using generator: inout some RandomNumberGenerator
    ) -> (PackedElement, PackedElement)? {
        var picked: (PackedElement, PackedElement)?
        switch value {
        case .packed(let listpack):
            let number = Int.random(in: 0..<max(listpack.count / 2, 1), using: &generator)
            guard let index = listpack.index(number: number * 2) else { return nil }
            picked = (listpack.element(at: index), listpack.element(at: listpack.index(after: index)))
        case .table(let table):
            // Few fields are due and still there, as a rule.
            for _ in 0..<64 {
                guard let entry = table.table.random(using: &generator) else { return nil }
                if table.isDue(entry, before: cutoff) { continue }
                // The entry stays where it is while the hash does not change.
                return (unsafe PackedElement(entry.key), entry.packedString)
            }
            choose(1, using: &generator) { picked = ($0, $1) }
        case .packedWithDeadlines: choose(1, using: &generator) { picked = ($0, $1) }
        }
        return picked
    }

    /// Calls `body` with `wanted` different fields, every choice of them being as likely as any other.
    fileprivate func choose(
        _ wanted: Int, using generator: inout some RandomNumberGenerator,
        _ body: (PackedElement, PackedElement) -> Void
    ) {
        if case .table(let table) = value, cutoff == .min {
            var sample = TableSample(wanted, of: table)
            _ = sample.visit(using: &generator) { entry in
                // The entry stays where it is while the hash does not change.
                body(unsafe PackedElement(entry.key), entry.packedString)
                return true
            }
            return
        }
        var selection = Selection(wanted, of: count)
        value.forEach(cutoff: cutoff) { field, value in
            if selection.takesNext(using: &generator) { body(field, value) }
            return selection.missing > 0
        }
    }
}

extension ReplyWriter {
    /// The head of so many fields, each with its value if asked for: pairs in RESP3, one row in RESP2.
    fileprivate mutating func pairs(_ count: Int, _ withValues: Bool) {
        array(withValues && version == .resp2 ? count * 2 : count)
    }

    fileprivate mutating func pair(_ field: PackedElement, _ value: PackedElement, _ withValues: Bool) {
        if withValues, version == .resp3 { array(2) }
        bulk(field)
        if withValues { bulk(value) }
    }
}
