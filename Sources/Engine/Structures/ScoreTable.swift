import RESP

/// The members of a big sorted set: a table that finds them, and an index that has them in order.
///
/// Both refer to the same entries, which the table owns.
final class ScoreTable: TableValue {
    let order: ScoreIndex

    /// An empty sorted set; `key` is the secret of its hashes.
    override init(arena: Arena, key: SipKey) {
        order = ScoreIndex(arena: arena)
        super.init(arena: arena, key: key)
    }

    // MARK: Members

    /// The score of a member; nil if it is none.
    @inline(__always)
    func score(of member: RawSpan) -> Double? { find(member)?.score }

    /// Gives a member a score, as far as the rule allows it.
    func set(_ member: RawSpan, _ score: Double, _ rule: ScoreRule) -> ScoreOutcome {
        let hash = table.hash(member)
        guard let entry = table.find(key: member, hash: hash) else {
            let outcome = rule.outcome(adding: score)
            if case .added = outcome { add(member, score, hash: hash) }
            return outcome
        }
        let outcome = rule.outcome(changing: entry.score, by: score)
        if case .updated(let score) = outcome { order.update(entry, score: score) }
        return outcome
    }

    /// Adds what the table does not have.
    @inline(__always)
    private func add(_ member: RawSpan, _ score: Double, hash: UInt64) {
        let entry = Entry.make(member: member, score: score, in: arena)
        insert(entry, hash: hash)
        order.insert(entry)
    }

    /// Adds what the table does not have and what comes behind all that it has.
    func append(_ member: RawSpan, _ score: Double) {
        let entry = Entry.make(member: member, score: score, in: arena)
        insert(entry, hash: table.hash(member))
        order.append(entry)
    }

    /// Removes a member; false if it is none.
    func remove(_ member: RawSpan) -> Bool {
        let hash = table.hash(member)
        guard let entry = table.find(key: member, hash: hash) else { return false }
        order.remove(entry)
        remove(entry, hash: hash)
        return true
    }

    /// Removes the members of some ranks.
    func remove(ranks: Range<Int>) {
        order.remove(ranks: ranks) { remove($0, hash: table.hash($0.key)) }
    }

    // MARK: Gathering

    /// Gives a member a score while the order is left aside: `setOrder` makes up for it.
    ///
    /// `combine` gets the score that the member has, if it has one already.
    @inline(__always)
    func gather(_ member: RawSpan, _ score: Double, _ combine: (Double, Double) -> Double) {
        let hash = table.hash(member)
        if let entry = table.find(key: member, hash: hash) {
            entry.score = combine(entry.score, score)
        } else {
            insert(Entry.make(member: member, score: score, in: arena), hash: hash)
        }
    }

    /// Puts all entries in order that were gathered without.
    func setOrder() {
        assert(order.count == 0)
        for scored in sortedEntries() { order.append(scored.entry) }
    }

    /// The entries of the table in order, whatever the index has.
    func sortedEntries() -> [ScoredEntry] {
        var entries: [ScoredEntry] = []
        entries.reserveCapacity(count)
        table.forEach { entries.append(ScoredEntry(score: $0.score, entry: $0)) }
        entries.sort()
        return entries
    }

    // MARK: Value

    override var memoryUse: Int { super.memoryUse + order.memoryUse + MemoryLayout<ScoreIndex>.size }

    override func releaseSome(blocks budget: Int) -> Bool {
        // The index frees its nodes without a look at the entries.
        super.releaseSome(blocks: budget) && order.releaseNodes(budget, withEntries: false)
    }

    override func beginCopy() -> Value? { ScoreTable(arena: arena, key: table.key) }

    override func copySome(_ elements: Int, from next: inout Int, to copy: Value) -> Bool {
        guard let copy = copy as? ScoreTable else { return false }
        let end = next + min(elements, count - next)
        order.visit(next..<end) { (entry, score) in copy.append(entry.key, score) }
        next = end
        return next < count
    }
}

/// An entry with its score beside it, for sorting.
struct ScoredEntry: Comparable, BitwiseCopyable {
    let score: Double
    let entry: Entry

    @inline(__always)
    static func < (left: ScoredEntry, right: ScoredEntry) -> Bool {
        left.score != right.score
            ? left.score < right.score : Bytes.order(left.entry.key, right.entry.key) < 0
    }
}
