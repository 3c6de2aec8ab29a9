import RESP

extension DataCommands {
    static let geoadd = DataCommand(
        "geoadd", arity: -5, flags: [.write, .denyoom], categories: .geo,
        keys: [.one(1, [.readWrite, .update])], group: .geo, since: "3.2.0",
        summary: "Adds places to a sorted set under names, or gives names other places.",
        complexity: "O(log(N)) for each place, where N is how many members the sorted set has",
        arguments: [
            .key(),
            .oneOf("condition", [.token("NX", name: "nx"), .token("XX", name: "xx")]).optional.since("6.2.0"),
            .token("CH", name: "change").optional.since("6.2.0"),
            .block("data", [.double("longitude"), .double("latitude"), .string("member")]).multiple,
        ]
    ) { (arguments, call) throws(CommandError) in
        try call.addPlaces(arguments)
    }

    static let geopos = DataCommand(
        "geopos", arity: -2, flags: .readonly, categories: .geo,
        keys: [.one(1, .readOnlyAccess)], group: .geo, since: "3.2.0",
        summary: "Returns the longitudes and latitudes of members.",
        complexity: "O(1) for each member",
        arguments: [.key(), .string("member").optional.multiple]
    ) { (arguments, call) throws(CommandError) in
        let entry = try call.read(arguments[1], .sortedSet)
        call.reply.array(arguments.count - 2)
        for index in 2..<arguments.count {
            if let point = entry?.place(ofMember: arguments[index]) {
                call.reply.coordinates(point)
            } else {
                call.reply.nullArray()
            }
        }
    }

    static let geodist = DataCommand(
        "geodist", arity: -4, flags: .readonly, categories: .geo,
        keys: [.one(1, .readOnlyAccess)], group: .geo, since: "3.2.0",
        summary: "Returns how far two members are from each other.",
        arguments: [
            .key(), .string("member1"), .string("member2"), GeoRequest.unitGrammar.optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        var unit = GeoUnit.metres
        if arguments.count == 5 {
            unit = try GeoRequest.unit(arguments[4])
        } else if arguments.count > 5 {
            throw .syntax
        }
        let entry = try call.read(arguments[1], .sortedSet)
        guard let from = entry?.place(ofMember: arguments[2]), let to = entry?.place(ofMember: arguments[3])
        else { return call.reply.null() }
        GeoPoint.withText(ofDistance: from.distance(to: to) / unit.inMetres) { call.reply.bulk($0) }
    }

    static let geohash = DataCommand(
        "geohash", arity: -2, flags: .readonly, categories: .geo,
        keys: [.one(1, .readOnlyAccess)], group: .geo, since: "3.2.0",
        summary: "Returns the geohashes of members as other systems write them.",
        complexity: "O(1) for each member",
        arguments: [.key(), .string("member").optional.multiple]
    ) { (arguments, call) throws(CommandError) in
        let entry = try call.read(arguments[1], .sortedSet)
        call.reply.array(arguments.count - 2)
        for index in 2..<arguments.count {
            if let score = entry?.score(ofMember: arguments[index]) {
                let text = GeoHash(score: score).text
                // The array lives until its bytes are copied.
                call.reply.bulk(unsafe text.span.bytes)
            } else {
                call.reply.null()
            }
        }
    }
}

extension Call {
    /// GEOADD: a ZADD of the scores that stand for the places.
    fileprivate mutating func addPlaces(_ arguments: Arguments) throws(CommandError) {
        var rule: ScoreRule = []
        var countsChanges = false
        var start = 2
        while start < arguments.count {
            if arguments.isWord(start, "NX") {
                rule.insert(.onlyAdds)
            } else if arguments.isWord(start, "XX") {
                rule.insert(.onlyUpdates)
            } else if arguments.isWord(start, "CH") {
                countsChanges = true
            } else {
                break
            }
            start += 1
        }
        let rest = arguments.count - start
        guard rest > 0, rest % 3 == 0, !rule.isSuperset(of: [.onlyAdds, .onlyUpdates]) else { throw .syntax }
        let first = GeoHash(try GeoRequest.point(arguments, start)).score
        // All places are read before anything changes.
        var others: [Double] = []
        for index in Swift.stride(from: start + 3, to: arguments.count, by: 3) {
            others.append(GeoHash(try GeoRequest.point(arguments, index)).score)
        }
        let addition = ScoreAddition(
            first: first, others: others, member: start + 2, stride: 3, rule: rule,
            countsChanges: countsChanges)
        let before = effects.changes
        try add(addition, arguments)
        guard effects.changes != before else { return }
        effects.propagate(in: keyspace.number) {
            var words = [Array("ZADD".utf8)]
            for index in 1..<start { words.append([UInt8](arguments[index])) }
            for (number, score) in ([first] + others).enumerated() {
                words.append(Decimal.withText(of: Int64(score)) { [UInt8]($0) })
                words.append([UInt8](arguments[start + 2 + number * 3]))
            }
            return words
        }
    }
}

extension Entry {
    /// The place of a member of the entry's sorted set; nil if it is none.
    fileprivate func place(ofMember member: RawSpan) -> GeoPoint? {
        score(ofMember: member).map { GeoHash(score: $0).point }
    }
}

extension ReplyWriter {
    /// A longitude and a latitude.
    mutating func coordinates(_ point: GeoPoint) {
        array(2)
        double(point.longitude)
        double(point.latitude)
    }
}
