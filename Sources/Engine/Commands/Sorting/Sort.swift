import RESP

extension DataCommands {
    static let sort = DataCommand(
        "sort", arity: -2, flags: [.write, .denyoom],
        categories: [.set, .sortedset, .list, .dangerous],
        keys: [
            .one(1, .readOnlyAccess), SortRequest.patternKeys,
            KeySpec(
                .unknown, .unknown, [.overwrite, .update],
                notes: "Behind STORE, which may stand anywhere among the options."
            ).found { SortRequest.appendDestination($0, to: &$1) },
        ],
        group: .generic, since: "1.0.0",
        summary: "Sorts the elements of a list, a set or a sorted set, and returns or stores them.",
        complexity:
            "O(N+M*log(M)) where N is how many elements there are and M how many are returned, or O(N) unsorted",
        arguments: SortRequest.grammar + [
            ArgumentSpec("destination", .key(spec: 2), token: "STORE").optional
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.sort(arguments, SortRequest(arguments, mayStore: true))
    }

    static let sortRO = DataCommand(
        "sort_ro", arity: -2, flags: .readonly, categories: [.set, .sortedset, .list, .dangerous],
        keys: [.one(1, .readOnlyAccess), SortRequest.patternKeys], group: .generic, since: "7.0.0",
        summary: "Returns the elements of a list, a set or a sorted set in order.",
        complexity:
            "O(N+M*log(M)) where N is how many elements there are and M how many are returned, or O(N) unsorted",
        arguments: SortRequest.grammar
    ) { (arguments, call) throws(CommandError) in
        try call.sort(arguments, SortRequest(arguments, mayStore: false))
    }
}

extension SortRequest {
    fileprivate static let grammar: [ArgumentSpec] = [
        .key(), .pattern("by-pattern", token: "BY").optional,
        .block("limit", [.integer("offset"), .integer("count")], token: "LIMIT").optional,
        .pattern("get-pattern", token: "GET").optional.multipleWithToken,
        .oneOf("order", [.token("ASC", name: "asc"), .token("DESC", name: "desc")]).optional,
        .token("ALPHA", name: "sorting").optional,
    ]

    /// Keys that nobody knows before the elements are read.
    fileprivate static let patternKeys = KeySpec(
        .unknown, .unknown, .readOnlyAccess,
        notes: "Behind BY and GET, where names are made from the elements that are sorted."
    ).found { _, _ in }

    /// Finds the last destination, as far as that goes without a reading of all options.
    fileprivate static func appendDestination(_ arguments: Arguments, to keys: inout [KeyReference]) {
        var destination: Int?
        var index = 2
        while index < arguments.count {
            if arguments.isWord(index, "LIMIT") {
                index += 2
            } else if arguments.isWord(index, "GET") || arguments.isWord(index, "BY") {
                index += 1
            } else if arguments.isWord(index, "STORE"), index + 1 < arguments.count {
                destination = index + 1
            }
            index += 1
        }
        if let destination { keys.append(KeyReference(destination, [.overwrite, .update])) }
    }
}

/// Elements to sort: views that last until the value which they are of changes.
private struct SortSource {
    var elements: [PackedElement] = []
    /// How many the value has, if only those in `range` were read.
    var isRanged = false
    /// What keeps copies of elements that do not stay where they are.
    var copies: [[UInt8]] = []
}

extension Call {
    fileprivate mutating func sort(_ arguments: Arguments, _ given: consuming SortRequest)
        throws(CommandError)
    {
        var request = given
        let entry = read(arguments[1])
        if let entry, entry.kind.type == .set { request.orderMembers() }
        if maySlice, let entry, let walk = SortWalk(entry, request), slices(walk.count) {
            return try sortInSlices(walk, request, arguments)
        }
        var source = SortSource()
        if let entry { source = try gather(entry, arguments[1], request) }
        let elements: [PackedElement]
        if request.keepsOrder {
            elements =
                source.isRanged
                ? source.elements : Array(source.elements[request.range(of: source.elements.count)])
        } else {
            elements = try order(source.elements, arguments, request)
        }
        try withExtendedLifetime(source.copies) { () throws(CommandError) in
            if let destination = request.destination {
                store(elements, arguments, request, destination)
            } else {
                try answer(elements, arguments, request)
            }
        }
    }

    // MARK: Reading

    /// Reads the elements of a value; if they keep their order, only those that are wanted.
    private mutating func gather(_ entry: Entry, _ key: RawSpan, _ request: borrowing SortRequest)
        throws(CommandError) -> SortSource
    {
        var source = SortSource()
        switch entry.kind.type {
        case .list: gather(ListValue(entry), request, &source)
        case .set:
            let set = SetValue(entry)
            source.elements.reserveCapacity(set.count)
            set.forEach { member in
                source.elements.append(member)
                return true
            }
        case .sortedSet: gather(indexed(entry, key), request, &source)
        default: throw .wrongType
        }
        return source
    }

    private func gather(_ list: ListValue, _ request: borrowing SortRequest, _ source: inout SortSource) {
        var range = 0..<list.count
        if request.keepsOrder {
            range = request.range(of: list.count)
            source.isRanged = true
        }
        // Nodes that are compressed are read elsewhere.
        var staysInPlace = true
        if case .nodes(let nodes) = list { staysInPlace = nodes.settings.compressDepth == 0 }
        source.elements.reserveCapacity(range.count)
        let isBackwards = request.keepsOrder && request.isDescending
        let start = isBackwards ? list.count - 1 - range.lowerBound : range.lowerBound
        list.visit(from: start, count: range.count, backwards: isBackwards) { element in
            if staysInPlace || element.isInteger {
                source.elements.append(element)
            } else {
                let copy = element.copy
                // The bytes stay in place, as the array is kept.
                source.elements.append(unsafe PackedElement(copy.span.bytes))
                source.copies.append(copy)
            }
            return true
        }
    }

    private func gather(
        _ table: ScoreTable, _ request: borrowing SortRequest, _ source: inout SortSource
    ) {
        var ranks = 0..<table.count
        if request.keepsOrder {
            ranks = request.range(of: table.count)
            source.isRanged = true
            if request.isDescending {
                ranks = table.count - ranks.upperBound..<table.count - ranks.lowerBound
            }
        }
        source.elements.reserveCapacity(ranks.count)
        table.order.visit(ranks, backwards: request.keepsOrder && request.isDescending) { (entry, _) in
            // The entry stays where it is while the sorted set does not change.
            source.elements.append(unsafe PackedElement(packing: entry.key))
        }
    }

    /// A sorted set as a table, which it becomes for good: so clients see it after Redis has sorted it.
    private func indexed(_ entry: Entry, _ key: RawSpan) -> ScoreTable {
        var set = SortedSetValue(entry)
        if case .table(let table) = set { return table }
        let table = set.becomeTable(in: keyspace)
        var slot = KeySlot(hash: keyspace.hash(key), entry: entry)
        keyspace.put(set, at: &slot, key: key)
        return table
    }

    // MARK: Sorting

    /// The wanted elements in order.
    private mutating func order(
        _ elements: [PackedElement], _ arguments: Arguments, _ request: borrowing SortRequest
    ) throws(CommandError) -> [PackedElement] {
        let range = request.range(of: elements.count)
        var name: [UInt8] = []
        if request.isAlphabetic {
            // Others that store the same must not depend on a language.
            let wholly = request.destination != nil
            var items: [SortedElements.Text] = []
            items.reserveCapacity(elements.count)
            for element in elements {
                let text =
                    request.by.map { $0.value(of: element, arguments, &self, name: &name) } ?? element
                items.append(SortedElements.Text(element, by: text, wholly: wholly))
            }
            return SortedElements.sort(
                &items, descending: request.isDescending, wholly: wholly, range: range)
        }
        var items: [SortedElements.Number] = []
        items.reserveCapacity(elements.count)
        var isNumeric = true
        for element in elements {
            let text = request.by.map { $0.value(of: element, arguments, &self, name: &name) } ?? element
            items.append(SortedElements.Number(element, by: text, isNumeric: &isNumeric))
        }
        guard isNumeric else { throw .notNumeric }
        return SortedElements.sort(&items, descending: request.isDescending, range: range)
    }

    // MARK: Results

    private mutating func answer(
        _ elements: [PackedElement], _ arguments: Arguments, _ request: borrowing SortRequest
    ) throws(CommandError) {
        let mark = reply.mark()
        let gets = request.gets
        if gets.isEmpty {
            reply.array(elements.count)
            for element in elements { reply.bulk(element) }
            return
        }
        var name: [UInt8] = []
        reply.array(elements.count * gets.count)
        for element in elements {
            answer(element, gets, arguments, &name)
            try boundReply(since: mark)
        }
    }

    /// Replies with what belongs to an element.
    mutating func answer(
        _ element: PackedElement, _ gets: [SortPattern], _ arguments: Arguments, _ name: inout [UInt8]
    ) {
        if gets.isEmpty { reply.bulk(element) }
        for get in gets {
            if let value = get.value(of: element, arguments, &self, name: &name) {
                reply.bulk(value)
            } else {
                reply.null()
            }
        }
    }

    /// Gives a key a list of the result, and answers how long that is.
    private mutating func store(
        _ elements: [PackedElement], _ arguments: Arguments, _ request: borrowing SortRequest,
        _ destination: Int
    ) {
        let limits = dataset.settings.collections
        let list = Quicklist(limits.list, in: keyspace.elements)
        let gets = request.gets
        var name: [UInt8] = []
        for element in elements { append(element, gets, to: list, arguments, &name) }
        storeSorted(list, arguments[destination])
    }

    /// Adds what belongs to an element to a result.
    mutating func append(
        _ element: PackedElement, _ gets: [SortPattern], to list: Quicklist, _ arguments: Arguments,
        _ name: inout [UInt8]
    ) {
        if gets.isEmpty { element.withText { list.append($0) } }
        for get in gets {
            if let value = get.value(of: element, arguments, &self, name: &name) {
                value.withText { list.append($0) }
            } else {
                list.append(RawSpan())
            }
        }
    }

    /// Gives a key the list that was made, and answers how long it is.
    mutating func storeSorted(_ list: Quicklist, _ key: RawSpan) {
        let (count, limits) = (list.count, dataset.settings.collections)
        replace(key, .sortstore, count: count) { (keyspace, slot) in
            if count > 0 {
                keyspace.put(ListValue(made: list, in: keyspace, limits), at: &slot, key: key)
            }
        }
        reply.integer(count)
    }
}
