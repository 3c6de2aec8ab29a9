import RESP

extension DataCommands {
    static let lpop = DataCommand(
        "lpop", arity: -2, flags: [.write, .fast], categories: .list,
        keys: [.one(1, [.readWrite, .access, .delete])], group: .list, since: "1.0.0",
        summary: "Removes the first elements of a list and returns them; an empty list is deleted.",
        complexity: "O(N) where N is the number of elements returned",
        arguments: [.key(), .integer("count").optional.since("6.2.0")]
    ) { (arguments, call) throws(CommandError) in
        try call.pop(arguments, from: .left)
    }

    static let rpop = DataCommand(
        "rpop", arity: -2, flags: [.write, .fast], categories: .list,
        keys: [.one(1, [.readWrite, .access, .delete])], group: .list, since: "1.0.0",
        summary: "Removes the last elements of a list and returns them; an empty list is deleted.",
        complexity: "O(N) where N is the number of elements returned",
        arguments: [.key(), .integer("count").optional.since("6.2.0")]
    ) { (arguments, call) throws(CommandError) in
        try call.pop(arguments, from: .right)
    }

    static let lmpop = DataCommand(
        "lmpop", arity: -4, flags: .write, categories: .list,
        keys: [.counted(at: 1, [.readWrite, .access, .delete])], group: .list, since: "7.0.0",
        summary: "Removes elements from an end of the first of several lists that exists.",
        complexity: "O(N+M) where N is the number of keys and M the number of elements returned",
        arguments: [
            .integer("numkeys"), .key().multiple,
            .oneOf("where", [.token("LEFT", name: "left"), .token("RIGHT", name: "right")]),
            .integer("count", token: "COUNT").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let request = try ListPopRequest(arguments, at: 1)
        if try !call.servePop(arguments, request) { call.reply.nullArray() }
    }
}

/// From which of several lists, and where, elements are to be popped: LMPOP, and what waits for elements.
struct ListPopRequest {
    let keys: Range<Int>
    let end: ListEnd
    /// How many elements are popped at most; nil for a single one that is answered with its key only.
    let count: Int64?

    /// A single element of one of these keys.
    init(keys: Range<Int>, from end: ListEnd) {
        self.keys = keys
        self.end = end
        count = nil
    }

    /// Reads `numkeys key … LEFT|RIGHT [COUNT n]` from the argument `first` on.
    init(_ arguments: Arguments, at first: Int) throws(CommandError) {
        let keyCount = try arguments.integer(
            first, in: 1...Int64.max, else: CommandError("ERR numkeys should be greater than 0"))
        guard keyCount < Int64(arguments.count - first - 1) else { throw .syntax }
        let place = first + 1 + Int(keyCount)
        keys = first + 1..<place
        end = try arguments.listEnd(place)
        guard arguments.count > place + 1 else {
            count = 1
            return
        }
        guard arguments.isWord(place + 1, "COUNT"), arguments.count > place + 2 else { throw .syntax }
        count = try arguments.integer(
            place + 2, in: 1...Int64.max, else: CommandError("ERR count should be greater than 0"))
        guard arguments.count == place + 3 else { throw .syntax }
    }
}

extension Arguments {
    /// The argument as LEFT or RIGHT.
    func listEnd(_ index: Int) throws(CommandError) -> ListEnd {
        if isWord(index, "LEFT") { return .left }
        guard isWord(index, "RIGHT") else { throw .syntax }
        return .right
    }
}

extension Call {
    /// LPOP and RPOP.
    @inline(__always)
    fileprivate mutating func pop(_ arguments: Arguments, from end: ListEnd) throws(CommandError) {
        if arguments.count > 2 { return try popSeveral(arguments, from: end) }
        var slot = try locate(arguments[1], .list)
        guard let entry = slot.entry else { return reply.null() }
        let list = ListValue(entry)
        guard let element = list.element(at: end) else { return reply.null() }
        reply.bulk(element)
        removeElement(of: list, at: &slot, arguments[1], from: end)
    }

    private mutating func popSeveral(_ arguments: Arguments, from end: ListEnd) throws(CommandError) {
        if arguments.count > 3 { throw .wrongArity(name.description) }
        let count = try arguments.integer(
            2, in: 0...Int64.max, else: CommandError("ERR value is out of range, must be positive"))
        var slot = try locate(arguments[1], .list)
        guard let entry = slot.entry else { return reply.nullArray() }
        if count == 0 { return reply.array(0) }
        _ = popElements(count, of: ListValue(entry), at: &slot, arguments[1], from: end)
    }

    /// Pops elements of the first of some keys that has any, and tells others so; false without a reply and
    /// without a change if none has.
    mutating func servePop(_ arguments: Arguments, _ request: ListPopRequest) throws(CommandError) -> Bool {
        for index in request.keys {
            let key = arguments[index]
            var slot = try locate(key, .list)
            guard let entry = slot.entry else { continue }
            let list = ListValue(entry)
            reply.array(2)
            reply.bulk(key)
            let word: StaticString = request.end == .left ? "LPOP" : "RPOP"
            if let count = request.count {
                let popped = popElements(count, of: list, at: &slot, key, from: request.end)
                effects.propagate(in: keyspace.number) {
                    [Array(word.description.utf8), [UInt8](key), Array(String(popped).utf8)]
                }
            } else if let element = list.element(at: request.end) {
                reply.bulk(element)
                removeElement(of: list, at: &slot, key, from: request.end)
                effects.propagate(in: keyspace.number) { [Array(word.description.utf8), [UInt8](key)] }
            }
            return true
        }
        return false
    }

    /// Removes an element from an end of the list at `slot` and tells so; with the last one the key goes.
    @inline(__always)
    mutating func removeElement(
        of list: ListValue, at slot: inout KeySlot, _ key: RawSpan, from end: ListEnd, count: Int = 1
    ) {
        var list = list
        list.removeElement(at: end, in: keyspace)
        list.shrink(in: keyspace, dataset.settings.collections)
        keyspace.put(list, at: &slot, key: key)
        finishChange(key, &slot, end == .left ? .lpop : .rpop, count: count)
    }

    /// Replies with elements from an end of the list at `slot`, and removes them; returns how many.
    private mutating func popElements(
        _ count: Int64, of list: ListValue, at slot: inout KeySlot, _ key: RawSpan, from end: ListEnd
    ) -> Int {
        let total = list.count
        let popped = Int(min(count, Int64(total)))
        let range = end == .left ? 0..<popped : total - popped..<total
        reply.elements(of: list, range, backwards: end == .right)
        removeElements([range], of: list, at: &slot, key, end == .left ? .lpop : .rpop)
        return popped
    }

    /// Removes some ranges of elements, the last one first, and tells so; a list without elements goes with
    /// its key.
    mutating func removeElements(
        _ ranges: [Range<Int>], of list: ListValue, at slot: inout KeySlot, _ key: RawSpan,
        _ event: KeyspaceEvent
    ) {
        let count = ranges.reduce(0) { $0 + $1.count }
        if count == list.count {
            // All of it goes at once, in slices if it is big.
            effects.notify(key, event, in: keyspace.number)
            return remove(key, at: &slot, count: count)
        }
        var list = list
        for range in ranges { list.remove(from: range.lowerBound, count: range.count, in: keyspace) }
        list.shrink(in: keyspace, dataset.settings.collections)
        keyspace.put(list, at: &slot, key: key)
        finishChange(key, &slot, event, count: count)
    }
}
