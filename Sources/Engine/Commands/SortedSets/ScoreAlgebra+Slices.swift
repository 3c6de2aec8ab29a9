import RESP

/// Operations on big sorted sets, done while others have their turns.
extension Call {
    /// Replies with what an operation makes of several sorted sets.
    mutating func answerInSlices(
        _ request: AlgebraRequest, _ operation: SetOperation, _ arguments: Arguments
    ) throws(CommandError) {
        let withScores = request.withScores
        let keys = 2..<2 + request.sources.count
        var sent = 0
        if operation == .union {
            let union = ScoredUnion(request, self)
            return try proceed(
                arguments, reading: keys,
                [
                    LongCommand.Step { (_, _, slice) throws(CommandError) in union.gather(slice.elements) },
                    LongCommand.Step { (_, _, slice) throws(CommandError) in union.order(slice.elements) },
                    LongCommand.Step { (call, _, slice) throws(CommandError) in
                        let entries = union.entries
                        if sent == 0 { call.reply.scoredArray(entries.count, withScores: withScores) }
                        return slice.visit(&sent, upTo: entries.count, &call) { (number, call) in
                            // The entries stay where they are while the table does not change.
                            let member = unsafe PackedElement(entries[number].entry.key)
                            call.reply.scored(member, entries[number].score, withScores: withScores)
                        }
                    },
                ])
        }
        let members = ScoredMembers(request, operation)
        try proceed(
            arguments, reading: keys,
            members.steps + [
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    let found = members.inOrder
                    if sent == 0 { call.reply.scoredArray(found.count, withScores: withScores) }
                    return slice.visit(&sent, upTo: found.count, &call) { (number, call) in
                        call.reply.scored(found[number].member, found[number].score, withScores: withScores)
                    }
                }
            ])
    }

    /// Stores what an operation makes of several sorted sets, and replies with its size.
    mutating func storeInSlices(
        _ request: AlgebraRequest, _ operation: SetOperation, _ arguments: Arguments, _ event: KeyspaceEvent
    ) throws(CommandError) {
        let keys = 3..<3 + request.sources.count
        let limits = dataset.settings.collections
        var next = 0
        if operation == .union {
            let union = ScoredUnion(request, self)
            // What may have to be packed is no matter of slices.
            var isSmall: Bool { union.count <= limits.sortedSetEntries }
            return try proceed(
                arguments, reading: keys, writing: 1,
                [
                    LongCommand.Step { (_, _, slice) throws(CommandError) in union.gather(slice.elements) },
                    LongCommand.Step { (_, _, slice) throws(CommandError) in
                        !isSmall && union.order(slice.elements)
                    },
                    LongCommand.Step { (call, _, slice) throws(CommandError) in
                        slice.visit(&next, upTo: union.entries.count, &call) { (number, _) in
                            union.index(number)
                        }
                    },
                ],
                finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                    let isPacked = isSmall
                    let table = union.take()
                    let result =
                        isPacked ? SortedSetValue(gathered: table, in: call.keyspace, limits) : .table(table)
                    call.storeResult(table.count > 0 ? result : nil, arguments[1], event)
                })
        }
        let members = ScoredMembers(request, operation)
        var copy: UnfinishedSortedSet?
        try proceed(
            arguments, reading: keys, writing: 1,
            members.steps + [
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    let found = members.inOrder
                    if copy == nil, !found.isEmpty {
                        copy = UnfinishedSortedSet(count: found.count, byteCount: members.longest, call)
                    }
                    return slice.visit(&next, upTo: found.count, &call) { (number, _) in
                        copy?.builder.append(found[number].member, found[number].score)
                    }
                }
            ],
            finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                call.storeResult(copy?.take(), arguments[1], event)
            })
    }

    /// Replies with how many members all sorted sets have in common, up to a limit if there is one.
    mutating func countInSlices(_ request: AlgebraRequest, _ arguments: Arguments) throws(CommandError) {
        var filter = ScoredFilter(request, .intersection)
        let limit = request.limit
        var found: Int64 = 0
        try proceed(
            arguments, reading: 2..<2 + request.sources.count,
            [
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    let goesOn = filter.advance(slice.elements) { (_, _) in found += 1 }
                    if goesOn, limit <= 0 || found < limit { return true }
                    call.reply.integer(limit <= 0 ? found : min(found, limit))
                    return false
                }
            ])
    }
}

/// The members of an intersection or a difference, found and then brought into order in slices.
private final class ScoredMembers {
    private var filter: ScoredFilter
    private var found: [ScoredMember] = []
    private var sort: SlicedSort<ScoredMember>?
    /// How many bytes the longest member has.
    private(set) var longest = 0

    init(_ request: AlgebraRequest, _ operation: SetOperation) {
        filter = ScoredFilter(request, operation)
    }

    /// The members in order, once they are.
    var inOrder: [ScoredMember] { sort?.items ?? [] }

    /// What comes before the members can be used.
    var steps: [LongCommand.Step] {
        [
            LongCommand.Step { (_, _, slice) throws(CommandError) in self.find(slice.elements) },
            LongCommand.Step { (_, _, slice) throws(CommandError) in self.order(slice.elements) },
        ]
    }

    /// Looks at about so many members more; false if those were the last.
    private func find(_ elements: Int) -> Bool {
        var found: [ScoredMember] = []
        var longest = longest
        let goesOn = filter.advance(elements) { (member, score) in
            found.append(ScoredMember(score: score, member: member))
            longest = max(longest, member.count)
        }
        self.longest = longest
        self.found += found
        return goesOn
    }

    /// Brings about so many members more into order; false when all are.
    private func order(_ elements: Int) -> Bool {
        if sort == nil {
            sort = SlicedSort(found)
            found = []
        }
        return sort?.advance(elements) { $0 < $1 } ?? false
    }
}
