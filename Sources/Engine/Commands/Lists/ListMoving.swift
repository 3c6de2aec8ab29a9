import RESP

extension DataCommands {
    static let lmove = DataCommand(
        "lmove", arity: 5, flags: [.write, .denyoom], categories: .list,
        keys: [.one(1, [.readWrite, .access, .delete]), .one(2, [.readWrite, .insert])], group: .list,
        since: "6.2.0",
        summary: "Moves an element from an end of one list to an end of another, and returns it.",
        arguments: [
            .key("source"), .key("destination", spec: 1),
            .oneOf("wherefrom", [.token("LEFT", name: "left"), .token("RIGHT", name: "right")]),
            .oneOf("whereto", [.token("LEFT", name: "left"), .token("RIGHT", name: "right")]),
        ]
    ) { (arguments, call) throws(CommandError) in
        let (origin, goal) = (try arguments.listEnd(3), try arguments.listEnd(4))
        if try !call.serveMove(arguments, from: origin, to: goal) { call.reply.null() }
    }

    static let rpoplpush = DataCommand(
        "rpoplpush", arity: 3, flags: [.write, .denyoom], categories: .list,
        keys: [.one(1, [.readWrite, .access, .delete]), .one(2, [.readWrite, .insert])], group: .list,
        since: "1.2.0",
        summary: "Moves the last element of a list to the front of another, and returns it.",
        deprecated: Deprecation(
            since: "6.2.0", replacement: "`LMOVE` with the `RIGHT` and `LEFT` arguments"),
        arguments: [.key("source"), .key("destination", spec: 1)]
    ) { (arguments, call) throws(CommandError) in
        if try !call.serveMove(arguments, from: .right, to: .left) { call.reply.null() }
    }
}

extension Call {
    /// Moves an element of the list of argument 1 to that of argument 2, and replies with it; false without
    /// a reply and without a change if there is no element.
    ///
    /// What is told to others are the command's own words, unless the caller says otherwise.
    mutating func serveMove(
        _ arguments: Arguments, from origin: ListEnd, to goal: ListEnd
    ) throws(CommandError) -> Bool {
        var source = try locate(arguments[1], .list)
        guard let entry = source.entry else { return false }
        var target = try locate(arguments[2], .list)
        let list = ListValue(entry)
        guard let element = list.element(at: origin) else { return false }
        reply.bulk(element)
        // As in Redis, a number in a row of nodes counts for no bytes when the other list may become one.
        let byteCount = if case .nodes = list, element.isInteger { 0 } else { element.count }
        if target.entry == entry {
            rotate(list, element, byteCount, at: &source, arguments[1], from: origin, to: goal)
            return true
        }
        let isNew = target.entry == nil
        var other = target.entry.map(ListValue.init) ?? ListValue(in: keyspace)
        other.prepare(for: 1, byteCount: byteCount, in: keyspace, dataset.settings.collections)
        element.withText { other.push($0, at: goal, in: keyspace) }
        keyspace.put(other, at: &target, key: arguments[2])
        finishWrite(arguments[2], target, isNew: isNew, goal == .left ? .lpush : .rpush)
        removeElement(of: list, at: &source, arguments[1], from: origin, count: 0)
        return true
    }

    /// Moves an element within its list.
    private mutating func rotate(
        _ list: ListValue, _ element: PackedElement, _ byteCount: Int, at slot: inout KeySlot,
        _ key: RawSpan, from origin: ListEnd, to goal: ListEnd
    ) {
        var list = list
        // A copy: removing the element ends what it is a view of.
        let text = element.copy
        list.removeElement(at: origin, in: keyspace)
        list.prepare(for: 1, byteCount: byteCount, in: keyspace, dataset.settings.collections)
        // The array lives until the element is added.
        unsafe list.push(text.span.bytes, at: goal, in: keyspace)
        list.shrink(in: keyspace, dataset.settings.collections)
        keyspace.put(list, at: &slot, key: key)
        finishWrite(key, slot, isNew: false, goal == .left ? .lpush : .rpush)
        effects.changed(key, origin == .left ? .lpop : .rpop, in: keyspace.number, count: 0)
    }
}
