import RESP

extension DataCommands {
    static let geosearch = DataCommand(
        "geosearch", arity: -7, flags: .readonly, categories: .geo,
        keys: [.one(1, .readOnlyAccess)], group: .geo, since: "6.2.0",
        summary: "Returns the members whose places lie inside a circle, a box or a polygon.",
        complexity:
            "O(N+log(M)) where N is how many members lie around the shape and M how many there are",
        arguments: [
            .key(), GeoRequest.areaGrammar, GeoRequest.orderGrammar, GeoRequest.countGrammar(),
        ] + GeoRequest.replyGrammar
    ) { (arguments, call) throws(CommandError) in
        try call.searchPlaces(arguments, .search, source: 1)
    }

    static let geosearchstore = DataCommand(
        "geosearchstore", arity: -8, flags: [.write, .denyoom], categories: .geo,
        keys: [.one(1, [.overwrite, .update]), .one(2, .readOnlyAccess)], group: .geo, since: "6.2.0",
        summary: "Stores the members whose places lie inside a circle, a box or a polygon.",
        complexity:
            "O(N+log(M)) where N is how many members lie around the shape and M how many there are",
        arguments: [
            .key("destination"), .key("source", spec: 1), GeoRequest.areaGrammar, GeoRequest.orderGrammar,
            GeoRequest.countGrammar(), .token("STOREDIST", name: "storedist").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.searchPlaces(arguments, .searchStore, source: 2)
    }

    static let georadius = DataCommand(
        "georadius", arity: -6, flags: [.write, .denyoom], categories: .geo,
        keys: GeoRequest.storingKeys(from: 6), group: .geo, since: "3.2.0",
        summary: "Returns or stores the members whose places lie around coordinates.",
        complexity:
            "O(N+log(M)) where N is how many members lie around the circle and M how many there are",
        deprecated: Deprecation(
            since: "6.2.0", replacement: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` argument"),
        arguments: [
            .key(), .double("longitude"), .double("latitude"), .double("radius"), GeoRequest.unitGrammar,
        ] + GeoRequest.replyGrammar
            + [GeoRequest.countGrammar(anySince: "6.2.0"), GeoRequest.orderGrammar, GeoRequest.storeGrammar]
    ) { (arguments, call) throws(CommandError) in
        try call.searchPlaces(arguments, .radius(mayStore: true), source: 1)
    }

    static let georadiusRO = DataCommand(
        "georadius_ro", arity: -6, flags: .readonly, categories: .geo,
        keys: [.one(1, .readOnlyAccess)], group: .geo, since: "3.2.10",
        summary: "Returns the members whose places lie around coordinates.",
        complexity:
            "O(N+log(M)) where N is how many members lie around the circle and M how many there are",
        deprecated: Deprecation(
            since: "6.2.0", replacement: "`GEOSEARCH` with the `BYRADIUS` argument"),
        arguments: [
            .key(), .double("longitude"), .double("latitude"), .double("radius"), GeoRequest.unitGrammar,
        ] + GeoRequest.replyGrammar
            + [GeoRequest.countGrammar(anySince: "6.2.0"), GeoRequest.orderGrammar]
    ) { (arguments, call) throws(CommandError) in
        try call.searchPlaces(arguments, .radius(mayStore: false), source: 1)
    }

    static let georadiusbymember = DataCommand(
        "georadiusbymember", arity: -5, flags: [.write, .denyoom], categories: .geo,
        keys: GeoRequest.storingKeys(from: 5), group: .geo, since: "3.2.0",
        summary: "Returns or stores the members whose places lie around a member's.",
        complexity:
            "O(N+log(M)) where N is how many members lie around the circle and M how many there are",
        deprecated: Deprecation(
            since: "6.2.0",
            replacement: "`GEOSEARCH` and `GEOSEARCHSTORE` with the `BYRADIUS` and `FROMMEMBER` arguments"),
        arguments: [
            .key(), .string("member"), .double("radius"), GeoRequest.unitGrammar,
        ] + GeoRequest.replyGrammar
            + [GeoRequest.countGrammar(), GeoRequest.orderGrammar, GeoRequest.storeGrammar]
    ) { (arguments, call) throws(CommandError) in
        try call.searchPlaces(arguments, .radiusByMember(mayStore: true), source: 1)
    }

    static let georadiusbymemberRO = DataCommand(
        "georadiusbymember_ro", arity: -5, flags: .readonly, categories: .geo,
        keys: [.one(1, .readOnlyAccess)], group: .geo, since: "3.2.10",
        summary: "Returns the members whose places lie around a member's.",
        complexity:
            "O(N+log(M)) where N is how many members lie around the circle and M how many there are",
        deprecated: Deprecation(
            since: "6.2.0", replacement: "`GEOSEARCH` with the `BYRADIUS` and `FROMMEMBER` arguments"),
        arguments: [
            .key(), .string("member"), .double("radius"), GeoRequest.unitGrammar,
        ] + GeoRequest.replyGrammar + [GeoRequest.countGrammar(), GeoRequest.orderGrammar]
    ) { (arguments, call) throws(CommandError) in
        try call.searchPlaces(arguments, .radiusByMember(mayStore: false), source: 1)
    }
}

extension GeoRequest.Form {
    /// What is told of a result that is stored.
    var event: KeyspaceEvent { if case .searchStore = self { .geosearchstore } else { .georadiusstore } }
}

extension GeoRequest {
    /// The keys of a command whose options may name where the result is stored.
    fileprivate static func storingKeys(from start: Int) -> [KeySpec] {
        [
            .one(1, .readOnlyAccess),
            KeySpec(
                .keyword("STORE", from: start), .range(last: 0, step: 1, limit: 0), [.overwrite, .update]),
            KeySpec(
                .keyword("STOREDIST", from: start), .range(last: 0, step: 1, limit: 0), [.overwrite, .update]),
        ]
    }
}

extension Call {
    /// Answers or stores what lies in a shape.
    fileprivate mutating func searchPlaces(_ arguments: Arguments, _ form: GeoRequest.Form, source: Int)
        throws(CommandError)
    {
        let set = try read(arguments[source], .sortedSet).map(SortedSetValue.init)
        let request = try GeoRequest(arguments, form, set)
        var matches: [GeoMatch] = []
        if case .table(let table) = set, let shape = request.shape, slices(table.count) {
            return try searchInSlices(shape, table, request, arguments, form, source: source)
        }
        if let set, let shape = request.shape {
            matches = GeoSearch(shape, in: set, request.wanted).matches
        }
        if let destination = request.destination {
            return store(matches, of: request, arguments[destination], form)
        }
        switch request.order {
        case .none: break
        case .nearestFirst: matches.sort { $0.distance < $1.distance }
        case .farthestFirst: matches.sort { $0.distance > $1.distance }
        }
        reply.array(matches.count)
        for match in matches { answer(match, request) }
    }

    /// Answers with a member as far as it was asked for.
    mutating func answer(_ match: GeoMatch, _ request: GeoRequest) {
        if request.extraParts > 0 { reply.array(request.extraParts + 1) }
        reply.bulk(match.member)
        if request.withDistance {
            GeoPoint.withText(ofDistance: match.distance / request.unit.inMetres) { reply.bulk($0) }
        }
        // What lies in a cell has a score that fits.
        if request.withHash { reply.integer(Int64(match.score)) }
        if request.withCoordinates { reply.coordinates(match.point) }
    }

    /// Gives a key a sorted set of what was found, and answers how much that is.
    private mutating func store(
        _ matches: [GeoMatch], of request: GeoRequest, _ key: RawSpan, _ form: GeoRequest.Form
    ) {
        var stored: SortedSetValue?
        if !matches.isEmpty {
            var scored: [(score: Double, member: PackedElement)] = matches.map {
                (request.storesDistance ? $0.distance / request.unit.inMetres : $0.score, $0.member)
            }
            scored.sort { $0.score != $1.score ? $0.score < $1.score : $0.member.order($1.member) < 0 }
            let longest = scored.reduce(0) { max($0, $1.member.count) }
            var copy = SortedSetBuilder(
                count: scored.count, byteCount: longest, in: keyspace, dataset.settings.collections)
            for (score, member) in scored { copy.append(member, score) }
            stored = copy.value
        }
        storeResult(stored, key, form.event, countsMembers: true)
    }
}
