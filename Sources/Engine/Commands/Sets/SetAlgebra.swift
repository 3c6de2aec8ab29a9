import RESP

extension DataCommands {
    static let sinter = DataCommand(
        "sinter", arity: -2, flags: .readonly, categories: .set,
        keys: [.all(.readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Returns the members that all of several sets have.",
        complexity: "O(N*M) at worst, where N is the size of the smallest set and M the number of sets",
        tips: ["nondeterministic_output_order"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        try call.answer(.intersection, arguments, keys: 1..<arguments.count)
    }

    static let sintercard = DataCommand(
        "sintercard", arity: -3, flags: .readonly, categories: .set,
        keys: [.counted(at: 1, .readOnlyAccess)], group: .set, since: "7.0.0",
        summary: "Returns how many members all of several sets have in common.",
        complexity: "O(N*M) at worst, where N is the size of the smallest set and M the number of sets",
        arguments: [
            .integer("numkeys"), .key().multiple, .integer("limit", token: "LIMIT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let count = try arguments.integer(
            1, in: 1...Int64(Int.max), else: CommandError("ERR numkeys should be greater than 0"))
        guard count <= Int64(arguments.count - 2) else {
            throw CommandError("ERR Number of keys can't be greater than number of args")
        }
        var limit: Int64 = 0
        var index = 2 + Int(count)
        while index < arguments.count {
            guard arguments.isWord(index, "LIMIT"), index + 1 < arguments.count else { throw .syntax }
            limit = try arguments.integer(
                index + 1, in: 0...Int64.max, else: CommandError("ERR LIMIT can't be negative"))
            index += 2
        }
        let keys = 2..<2 + Int(count)
        let sets = try call.sets(arguments, keys: keys)
        if call.slices(SetOperation.intersection.work(on: sets)) {
            return try call.countInSlices(sets, arguments, keys: keys, limit: limit)
        }
        var found: Int64 = 0
        SetOperation.intersection.forEach(of: sets) { _ in
            found += 1
            return found != limit
        }
        call.reply.integer(found)
    }

    static let sinterstore = DataCommand(
        "sinterstore", arity: -3, flags: [.write, .denyoom], categories: .set,
        keys: [.one(1, [.overwrite, .update]), .all(from: 2, .readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Stores the members that all of several sets have.",
        complexity: "O(N*M) at worst, where N is the size of the smallest set and M the number of sets",
        arguments: [.key("destination"), .key(spec: 1).multiple]
    ) { (arguments, call) throws(CommandError) in
        try call.store(.intersection, arguments, .sinterstore)
    }

    static let sunion = DataCommand(
        "sunion", arity: -2, flags: .readonly, categories: .set,
        keys: [.all(.readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Returns the members that any of several sets has.",
        complexity: "O(N) where N is the number of members of all sets together",
        tips: ["nondeterministic_output_order"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        try call.answer(.union, arguments, keys: 1..<arguments.count)
    }

    static let sunionstore = DataCommand(
        "sunionstore", arity: -3, flags: [.write, .denyoom], categories: .set,
        keys: [.one(1, [.overwrite, .update]), .all(from: 2, .readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Stores the members that any of several sets has.",
        complexity: "O(N) where N is the number of members of all sets together",
        arguments: [.key("destination"), .key(spec: 1).multiple]
    ) { (arguments, call) throws(CommandError) in
        try call.store(.union, arguments, .sunionstore)
    }

    static let sdiff = DataCommand(
        "sdiff", arity: -2, flags: .readonly, categories: .set,
        keys: [.all(.readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Returns the members of the first set that none of the others has.",
        complexity: "O(N) where N is the number of members of all sets together",
        tips: ["nondeterministic_output_order"],
        arguments: [.key().multiple]
    ) { (arguments, call) throws(CommandError) in
        try call.answer(.difference, arguments, keys: 1..<arguments.count)
    }

    static let sdiffstore = DataCommand(
        "sdiffstore", arity: -3, flags: [.write, .denyoom], categories: .set,
        keys: [.one(1, [.overwrite, .update]), .all(from: 2, .readOnlyAccess)], group: .set, since: "1.0.0",
        summary: "Stores the members of the first set that none of the others has.",
        complexity: "O(N) where N is the number of members of all sets together",
        arguments: [.key("destination"), .key(spec: 1).multiple]
    ) { (arguments, call) throws(CommandError) in
        try call.store(.difference, arguments, .sdiffstore)
    }
}

extension Call {
    /// The sets of these keys, nil for those that don't exist; throws when one holds something else.
    fileprivate mutating func sets(_ arguments: Arguments, keys: Range<Int>) throws(CommandError) -> [Entry?]
    {
        var sets: [Entry?] = []
        sets.reserveCapacity(keys.count)
        for index in keys { sets.append(try read(arguments[index], .set)) }
        return sets
    }

    /// Replies with what an operation makes of several sets.
    fileprivate mutating func answer(_ operation: SetOperation, _ arguments: Arguments, keys: Range<Int>)
        throws(CommandError)
    {
        let sets = try sets(arguments, keys: keys)
        if slices(operation.work(on: sets)) {
            return try answerInSlices(operation, sets, arguments, keys: keys)
        }
        let mark = reply.mark()
        var found = 0
        if operation.needsScratch(for: sets) {
            let result = scratch(operation, of: sets, isStored: false)
            result.forEach { member in
                reply.bulk(member)
                found += 1
                return true
            }
            result.free(in: keyspace)
        } else {
            operation.forEach(of: sets) { member in
                reply.bulk(member)
                found += 1
                return true
            }
        }
        reply.closeSet(found, since: mark)
    }

    /// Stores what an operation makes of several sets under the first argument, and replies with its size.
    fileprivate mutating func store(
        _ operation: SetOperation, _ arguments: Arguments, _ event: KeyspaceEvent
    ) throws(CommandError) {
        let sets = try sets(arguments, keys: 2..<arguments.count)
        if slices(operation.work(on: sets)) {
            return try storeInSlices(operation, sets, arguments, event)
        }
        var result = scratch(operation, of: sets)
        store(&result, of: operation, arguments[1], event)
    }

    /// Gives a key the set that an operation has made, and replies with its size.
    mutating func store(
        _ result: inout SetValue, of operation: SetOperation, _ key: RawSpan, _ event: KeyspaceEvent
    ) {
        let limits = dataset.settings.collections
        let count = result.count
        if operation == .intersection, count <= limits.setIntegers, result.holdsIntegersOnly {
            result.convertToIntegers(in: keyspace, limits)
        }
        let value = result
        replace(key, event) { (keyspace, slot) in
            if count > 0 { keyspace.put(value, at: &slot, key: key) }
        }
        if count == 0 { result.free(in: keyspace) }
        reply.integer(Int64(count))
    }

    /// A set of its own with what an operation makes of several sets.
    ///
    /// One that is to be stored goes through the same encodings as in Redis.
    private func scratch(_ operation: SetOperation, of sets: [Entry?], isStored: Bool = true) -> SetValue {
        let limits = dataset.settings.collections
        var result = emptyScratch(operation, of: sets, isStored: isStored)
        if operation == .difference, operation.needsScratch(for: sets) {
            subtract(sets, from: &result, limits)
        } else {
            operation.forEach(of: sets) { member in
                _ = result.insert(member, in: keyspace, limits)
                return true
            }
        }
        return result
    }

    /// The set in which a result is put together.
    func emptyScratch(_ operation: SetOperation, of sets: [Entry?], isStored: Bool) -> SetValue {
        let kinds = sets.compactMap { $0?.kind }
        var result = SetValue.integers(IntSet(in: keyspace.arena))
        if !isStored, kinds.contains(where: { $0 != .integerSet }) {
            result.free(in: keyspace)
            result = .table(MemberTable(arena: keyspace.elements, key: keyspace.sipKey))
        } else if operation == .intersection, !kinds.contains(.integerSet) {
            result.startPacked(in: keyspace)
        }
        return result
    }

    /// The difference by removing from a copy of the first set what the others have.
    private func subtract(_ sets: [Entry?], from result: inout SetValue, _ limits: CollectionLimits) {
        for (number, entry) in sets.enumerated() {
            guard let entry else { continue }
            SetValue(entry).forEach { member in
                if number == 0 {
                    _ = result.insert(member, in: keyspace, limits)
                } else {
                    _ = result.remove(member, in: keyspace)
                }
                return true
            }
            if result.count == 0 { return }
        }
    }
}

/// What SINTER, SUNION and SDIFF make of several sets.
enum SetOperation {
    case intersection
    case union
    case difference

    /// Whether the result is to be put together in a set before any of it is known.
    ///
    /// A union is; a difference if that takes less work than to look each member up in all other sets, by
    /// Redis's estimate.
    func needsScratch(for sets: [Entry?]) -> Bool {
        switch self {
        case .intersection: return false
        case .union: return sets.count > 1
        case .difference:
            guard let first = sets.first ?? nil, !sets.dropFirst().contains(first) else { return false }
            let counts = sets.compactMap { $0.map { SetValue($0).count } }
            return SetValue(first).count * counts.count / 2 > counts.reduce(0, +)
        }
    }

    /// Calls `body` with each member of the result until it returns false; of a union with those of all
    /// sets, so that a member may come several times.
    func forEach(of sets: [Entry?], _ body: (PackedElement) -> Bool) {
        switch self {
        case .intersection: Self.intersect(sets, body)
        case .difference: Self.subtract(sets, body)
        case .union:
            var goesOn = true
            for case let set? in sets where goesOn {
                SetValue(set).forEach { member in
                    goesOn = body(member)
                    return goesOn
                }
            }
        }
    }

    /// The members of the smallest set that are in all others.
    private static func intersect(_ entries: [Entry?], _ body: (PackedElement) -> Bool) {
        var sets: [SetValue] = []
        for entry in entries {
            guard let entry else { return }
            sets.append(SetValue(entry))
        }
        sets.sort { $0.count < $1.count }
        guard let first = sets.first else { return }
        first.forEach { member in
            for index in 1..<max(sets.count, 1) where !sets[index].contains(member) { return true }
            return body(member)
        }
    }

    /// The members of the first set that are in no other.
    private static func subtract(_ entries: [Entry?], _ body: (PackedElement) -> Bool) {
        guard let entry = entries.first ?? nil else { return }
        // The largest is the likeliest to have a member.
        let others = entries.dropFirst().compactMap { $0.map(SetValue.init) }.sorted { $0.count > $1.count }
        SetValue(entry).forEach { member in
            for other in others where other.contains(member) { return true }
            return body(member)
        }
    }
}
