/// Where one stands in a source of an operation that is gone through in slices.
struct WeightedWalk {
    private let source: WeightedSource
    /// The next rank in a sorted set.
    private var next = 0
    private var walk: SetWalk?

    init(_ source: WeightedSource) {
        self.source = source
        if case .plain(let set) = source.members { walk = SetWalk(set) }
    }

    /// Calls `body` with about so many members more and their scores; false if those were the last.
    @inline(__always)
    mutating func advance(_ elements: Int, _ body: (PackedElement, Double) -> Void) -> Bool {
        switch source.members {
        case .none: return false
        case .plain: return walk?.advance(elements) { body($0, 1) } ?? false
        case .sorted(let set):
            let end = min(next + elements, source.count)
            set.visit(next..<end, body)
            next = end
            return next < source.count
        }
    }
}

extension AlgebraRequest {
    /// About how many members have to be looked at.
    func work(_ operation: SetOperation) -> Int {
        switch operation {
        case .union: sources.reduce(0) { $0 + $1.count }
        case .intersection, .difference: sources.first?.count ?? 0
        }
    }
}

/// The members of an intersection or a difference, found in slices.
struct ScoredFilter {
    private var walk: WeightedWalk?
    private let first: WeightedSource?
    private let others: [WeightedSource]
    private let aggregate: ScoreAggregate
    private let intersects: Bool

    init(_ request: AlgebraRequest, _ operation: SetOperation) {
        intersects = operation == .intersection
        aggregate = request.aggregate
        first = request.sources.first
        let others = request.sources.dropFirst()
        // The largest is the likeliest to have a member.
        self.others =
            intersects ? Array(others) : others.filter { $0.count > 0 }.sorted { $0.count > $1.count }
        if !intersects, self.others.contains(where: { $0.entry == request.sources.first?.entry }) { return }
        walk = first.map { WeightedWalk($0) }
    }

    /// Calls `body` with the members found among about so many more; false if those were the last.
    mutating func advance(_ elements: Int, _ body: (PackedElement, Double) -> Void) -> Bool {
        guard let first else { return false }
        let (others, aggregate, intersects) = (others, aggregate, intersects)
        return walk?.advance(elements) { (member, score) in
            let packed = member.packed
            guard intersects else {
                if !others.contains(where: { $0.score(of: packed) != nil }) { body(member, score) }
                return
            }
            var total = first.weighted(score)
            for source in others {
                guard let other = source.entry == first.entry ? score : source.score(of: packed) else {
                    return
                }
                total = aggregate(total, other * source.weight)
            }
            body(member, total)
        } ?? false
    }
}

/// The members of a union with their scores, put together and then in order, all in slices.
final class ScoredUnion {
    private let table: Unfinished<ScoreTable>
    private let aggregate: ScoreAggregate
    private let sources: [WeightedSource]
    private var walks: [WeightedWalk]
    private var number = 0
    private var nextBucket = 0
    private var sort: SlicedSort<ScoredEntry>?
    private var found: [ScoredEntry] = []

    init(_ request: AlgebraRequest, _ call: borrowing Call) {
        let keyspace = call.keyspace
        table = Unfinished(ScoreTable(arena: keyspace.elements, key: keyspace.sipKey), call.dataset)
        aggregate = request.aggregate
        sources = request.sources
        walks = sources.map { WeightedWalk($0) }
    }

    /// How many members there are, once they are put together.
    var count: Int { table.value.count }

    /// The members in order, once they are.
    var entries: [ScoredEntry] { sort?.items ?? [] }

    /// Puts together about so many members more; false if those were the last.
    func gather(_ elements: Int) -> Bool {
        guard number < walks.count else { return false }
        let (table, aggregate, source) = (table.value, aggregate, sources[number])
        let goesOn = walks[number].advance(elements) { (member, score) in
            member.withText { table.gather($0, source.weighted(score)) { aggregate($0, $1) } }
        }
        if !goesOn { number += 1 }
        return number < walks.count
    }

    /// Brings about so many members more into order; false when all are.
    func order(_ elements: Int) -> Bool {
        guard sort == nil else { return sort?.advance(elements) { $0 < $1 } ?? false }
        let members = table.value
        found.reserveCapacity(count)
        let end = min(nextBucket + elements / EntryTable.growLoad, members.table.bucketCount)
        for index in nextBucket..<end {
            members.table.visit(members.table.bucket(at: index)) {
                found.append(ScoredEntry(score: $0.score, entry: $0))
            }
        }
        nextBucket = end
        guard nextBucket == members.table.bucketCount else { return true }
        sort = SlicedSort(found)
        found = []
        return true
    }

    /// Adds the members to the table's index from number `next` on, in order.
    func index(_ next: Int) { table.value.order.append(entries[next].entry) }

    /// Gives out the table.
    func take() -> ScoreTable { table.take() }
}
