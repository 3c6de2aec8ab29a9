import RESP

/// Operations on big sets, done while others have their turns.
extension Call {
    /// Replies with what an operation makes of several sets.
    mutating func answerInSlices(
        _ operation: SetOperation, _ sets: [Entry?], _ arguments: Arguments, keys: Range<Int>
    ) throws(CommandError) {
        guard operation.needsScratch(for: sets) else {
            var filter = SetFilter(operation, sets)
            var found: [PackedElement] = []
            var sent = 0
            return try proceed(
                arguments, reading: keys,
                [
                    LongCommand.Step { (_, _, slice) throws(CommandError) in
                        filter.advance(slice.elements) { found.append($0) }
                    },
                    LongCommand.Step { (call, _, slice) throws(CommandError) in
                        if sent == 0 { call.reply.set(found.count) }
                        return slice.visit(&sent, upTo: found.count, &call) { $1.reply.bulk(found[$0]) }
                    },
                ])
        }
        let scratch = UnfinishedSet(emptyScratch(operation, of: sets, isStored: false), self)
        var merger = SetMerger(operation, sets, into: scratch, limits: dataset.settings.collections)
        var walk: SetWalk?
        try proceed(
            arguments, reading: keys,
            [
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    merger.advance(slice.elements, in: call.keyspace)
                },
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    if walk == nil {
                        call.reply.set(scratch.value.count)
                        walk = SetWalk(scratch.value)
                    }
                    return walk?.advance(slice.elements) { call.reply.bulk($0) } ?? false
                },
            ])
    }

    /// Stores what an operation makes of several sets under the first argument, and replies with its size.
    mutating func storeInSlices(
        _ operation: SetOperation, _ sets: [Entry?], _ arguments: Arguments, _ event: KeyspaceEvent
    ) throws(CommandError) {
        let scratch = UnfinishedSet(emptyScratch(operation, of: sets, isStored: true), self)
        let limits = dataset.settings.collections
        let step: LongCommand.Step
        if operation == .union || operation.needsScratch(for: sets) {
            var merger = SetMerger(operation, sets, into: scratch, limits: limits)
            step = LongCommand.Step { (call, _, slice) throws(CommandError) in
                merger.advance(slice.elements, in: call.keyspace)
            }
        } else {
            var filter = SetFilter(operation, sets)
            step = LongCommand.Step { (call, _, slice) throws(CommandError) in
                let keyspace = call.keyspace
                var result = scratch.value
                defer { scratch.value = result }
                return filter.advance(slice.elements) { _ = result.insert($0, in: keyspace, limits) }
            }
        }
        try proceed(
            arguments, reading: 2..<arguments.count, writing: 1, [step],
            finish: LongCommand.Finish { (call, arguments) throws(CommandError) in
                var result = scratch.take()
                call.store(&result, of: operation, arguments[1], event)
            })
    }

    /// Replies with how many members all sets have, up to `limit` unless that is 0.
    mutating func countInSlices(
        _ sets: [Entry?], _ arguments: Arguments, keys: Range<Int>, limit: Int64
    ) throws(CommandError) {
        var filter = SetFilter(.intersection, sets)
        var found: Int64 = 0
        try proceed(
            arguments, reading: keys,
            [
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    let goesOn = filter.advance(slice.elements) { _ in found += 1 }
                    if goesOn, limit == 0 || found < limit { return true }
                    call.reply.integer(limit == 0 ? found : min(found, limit))
                    return false
                }
            ])
    }
}

extension SetOperation {
    /// About how many members have to be looked at.
    func work(on sets: [Entry?]) -> Int {
        if self == .intersection, sets.contains(nil) { return 0 }
        let counts = sets.map { $0.map { SetValue($0).count } ?? 0 }
        switch self {
        case .intersection: return counts.min() ?? 0
        case .difference where !needsScratch(for: sets): return counts.first ?? 0
        case .difference, .union: return counts.reduce(0, +)
        }
    }
}

/// The members of one set that all others have, or none of them, found in slices.
private struct SetFilter {
    private var walk: SetWalk?
    private let others: [SetValue]
    private let isWanted: Bool

    init(_ operation: SetOperation, _ entries: [Entry?]) {
        var sets = entries.compactMap { $0.map(SetValue.init) }
        isWanted = operation == .intersection
        if isWanted {
            sets.sort { $0.count < $1.count }
            walk = sets.count == entries.count ? sets.first.map { SetWalk($0) } : nil
            others = Array(sets.dropFirst())
        } else {
            walk = (entries.first ?? nil).map { SetWalk(SetValue($0)) }
            // The largest is the likeliest to have a member.
            others = entries.dropFirst().compactMap { $0.map(SetValue.init) }.sorted { $0.count > $1.count }
        }
    }

    /// Calls `body` with the members found among about so many more; false if those were the last.
    mutating func advance(_ elements: Int, _ body: (PackedElement) -> Void) -> Bool {
        let (others, isWanted) = (others, isWanted)
        return walk?.advance(elements) { member in
            for other in others where other.contains(member) != isWanted { return }
            body(member)
        } ?? false
    }
}

/// Several sets put together in one, or taken from the first one, in slices.
private struct SetMerger {
    private let result: UnfinishedSet
    private var walks: SetWalks
    private let subtracts: Bool
    private let limits: CollectionLimits

    init(
        _ operation: SetOperation, _ entries: [Entry?], into result: UnfinishedSet, limits: CollectionLimits
    ) {
        self.result = result
        walks = SetWalks(entries.compactMap { $0.map(SetValue.init) })
        subtracts = operation == .difference
        self.limits = limits
    }

    /// Puts in, or takes away, about so many members more; false if those were the last.
    mutating func advance(_ elements: Int, in keyspace: Keyspace) -> Bool {
        let removes = subtracts && walks.number > 0
        var value = result.value
        defer { result.value = value }
        if removes, value.count == 0 { return false }
        return walks.advance(elements) { member in
            if removes {
                _ = value.remove(member, in: keyspace)
            } else {
                _ = value.insert(member, in: keyspace, limits)
            }
        }
    }
}
