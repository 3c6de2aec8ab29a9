import RESP

/// A search among many places, whose result is brought into order, all in slices.
private final class LongGeoSearch {
    private let table: ScoreTable
    private let request: GeoRequest
    private var search: GeoSearch
    private var matches: SlicedSort<GeoMatch>?
    private var members: SlicedSort<ScoredMember>?

    init(_ shape: GeoShape, _ table: ScoreTable, _ request: GeoRequest) {
        self.table = table
        self.request = request
        search = GeoSearch(shape, request.wanted)
    }

    /// What was found, to be answered.
    var found: [GeoMatch] { matches?.items ?? search.matches }

    /// The same in the order of scores, to be stored.
    var scored: [ScoredMember] { members?.items ?? [] }

    /// Looks at so many places more; false if those were the last.
    func find(_ count: Int) -> Bool { search.advance(count, in: table) }

    /// Brings what is to be answered into order.
    func order(_ budget: Int) -> Bool {
        if request.order == .none { return false }
        if matches == nil { matches = SlicedSort(search.matches) }
        return request.order == .nearestFirst
            ? matches?.advance(budget) { $0.distance < $1.distance } ?? false
            : matches?.advance(budget) { $0.distance > $1.distance } ?? false
    }

    /// Brings what is to be stored into order.
    func orderScores(_ budget: Int) -> Bool {
        if members == nil {
            let (storesDistance, unit) = (request.storesDistance, request.unit.inMetres)
            members = SlicedSort(
                search.matches.map {
                    ScoredMember(score: storesDistance ? $0.distance / unit : $0.score, member: $0.member)
                })
        }
        return members?.advance(budget) { $0 < $1 } ?? false
    }
}

extension Call {
    /// Answers or stores what lies in a shape, while others have their turns.
    mutating func searchInSlices(
        _ shape: GeoShape, _ table: ScoreTable, _ request: GeoRequest, _ arguments: Arguments,
        _ form: GeoRequest.Form, source: Int
    ) throws(CommandError) {
        let search = LongGeoSearch(shape, table, request)
        let find = LongCommand.Step { (_, _, slice) throws(CommandError) in search.find(slice.elements) }
        var next = 0
        guard let destination = request.destination else {
            return try proceed(
                arguments, reading: source..<source + 1,
                [
                    find,
                    LongCommand.Step { (_, _, slice) throws(CommandError) in search.order(slice.elements) },
                    LongCommand.Step { (call, _, slice) throws(CommandError) in
                        let found = search.found
                        if next == 0 { call.reply.array(found.count) }
                        return slice.visit(&next, upTo: found.count, &call) { (number, call) in
                            call.answer(found[number], request)
                        }
                    },
                ])
        }
        var copy: UnfinishedSortedSet?
        try proceed(
            arguments, reading: source..<source + 1, writing: destination,
            [
                find,
                LongCommand.Step { (_, _, slice) throws(CommandError) in
                    search.orderScores(slice.elements)
                },
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    let scored = search.scored
                    if copy == nil, !scored.isEmpty {
                        let longest = scored.reduce(0) { max($0, $1.member.count) }
                        copy = UnfinishedSortedSet(count: scored.count, byteCount: longest, call)
                    }
                    return slice.visit(&next, upTo: scored.count, &call) { (number, _) in
                        copy?.builder.append(scored[number].member, scored[number].score)
                    }
                },
            ],
            finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                call.storeResult(copy?.take(), arguments[destination], form.event, countsMembers: true)
            })
    }
}
