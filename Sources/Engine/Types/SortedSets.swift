import RESP

/// A sorted set in whichever encoding, as commands change it.
///
/// In hand it is apart from its entry: a change may move or replace what the entry refers to, so whoever
/// changes a key's sorted set puts it back with `Keyspace.put`.
enum SortedSetValue {
    case packed(Listpack)
    case table(ScoreTable)

    /// The sorted set of an entry.
    @inline(__always)
    init(_ entry: Entry) {
        assert(entry.kind.type == .sortedSet)
        if entry.kind == .packedSortedSet {
            self = .packed(entry.listpack)
        } else {
            // The kind says what the object is.
            self = .table(unsafe unsafeDowncast(entry.object, to: ScoreTable.self))
        }
    }

    /// An empty sorted set of the encoding that Redis begins with for so many members, of which the first
    /// has so many bytes.
    init(expecting count: Int, byteCount: Int = 0, in keyspace: Keyspace, _ limits: CollectionLimits) {
        if count <= limits.sortedSetEntries, byteCount <= limits.sortedSetValue {
            self = .packed(Listpack(in: keyspace.arena))
        } else {
            self = .table(ScoreTable(arena: keyspace.elements, key: keyspace.sipKey))
        }
    }

    // MARK: Reading

    /// How many members there are.
    @inline(__always)
    var count: Int {
        switch self {
        case .packed(let listpack): listpack.memberCount
        case .table(let table): table.count
        }
    }

    /// The score of a member; nil if it is none.
    @inline(__always)
    func score(of member: PackedElement) -> Double? {
        switch self {
        case .packed(let listpack):
            listpack.findMember(member).map { listpack.score(at: listpack.index(after: $0)) }
        case .table(let table): member.withText { table.score(of: $0) }
        }
    }

    /// How many members come before a member, and its score; nil if it is none.
    func rank(of member: PackedElement) -> (rank: Int, score: Double)? {
        switch self {
        case .packed(let listpack):
            guard let index = listpack.findMember(member) else { return nil }
            var (at, rank) = (listpack.start, 0)
            while at < index {
                at = listpack.index(after: listpack.index(after: at))
                rank &+= 1
            }
            return (rank, listpack.score(at: listpack.index(after: index)))
        case .table(let table):
            return member.withText { text in
                table.find(text).map { (table.order.rank(of: $0), $0.score) }
            }
        }
    }

    /// The ranks of the members whose scores lie in a range.
    func ranks(in range: ScoreRange) -> Range<Int> {
        switch self {
        case .packed(let listpack): listpack.ranks(in: range)
        case .table(let table): table.order.ranks(in: range)
        }
    }

    /// The ranks of the members between two bounds, if all scores are equal.
    func ranks(from low: borrowing MemberBound, to high: borrowing MemberBound) -> Range<Int> {
        switch self {
        case .packed(let listpack): listpack.ranks(from: low, to: high)
        case .table(let table): table.order.ranks(from: low, to: high)
        }
    }

    /// Calls `body` with the members of some ranks and their scores in order, or backwards; it must not
    /// change the sorted set.
    ///
    /// Members of a table come as bytes, even if they are a number's.
    @inline(__always)
    func visit(_ ranks: Range<Int>, backwards: Bool = false, _ body: (PackedElement, Double) -> Void) {
        switch self {
        case .packed(let listpack): listpack.visitMembers(ranks, backwards: backwards, body)
        case .table(let table):
            table.order.visit(ranks, backwards: backwards) { (entry, score) in
                // The entry stays where it is while the sorted set does not change.
                body(unsafe PackedElement(entry.key), score)
            }
        }
    }

    /// The member of a rank, which must be below `count`, and its score.
    func member(at rank: Int) -> (PackedElement, Double)? {
        var found: (PackedElement, Double)?
        visit(rank..<rank &+ 1) { found = ($0, $1) }
        return found
    }

    /// Mixes the members and scores into a digest, whatever their order.
    func mix(into digest: inout DatasetDigest) {
        visit(0..<count) { (member, score) in
            var one = DatasetDigest()
            member.withText { one.mix($0) }
            DoubleText.withDigits(score) { one.mix($0) }
            digest.combine(one)
        }
    }

    // MARK: Changing

    /// Gives a member a score, as far as the rule allows it.
    @inline(__always)
    mutating func set(
        _ member: PackedElement, _ score: Double, _ rule: ScoreRule = [], in keyspace: Keyspace,
        _ limits: CollectionLimits
    ) -> ScoreOutcome {
        if case .table(let table) = self {
            return keyspace.arena.resize(table) { table in member.withText { table.set($0, score, rule) } }
        }
        return setPacked(member, score, rule, in: keyspace, limits)
    }

    private mutating func setPacked(
        _ member: PackedElement, _ score: Double, _ rule: ScoreRule, in keyspace: Keyspace,
        _ limits: CollectionLimits
    ) -> ScoreOutcome {
        guard case .packed(var listpack) = self else { return .refused }
        if let index = listpack.findMember(member) {
            let current = listpack.score(at: listpack.index(after: index))
            let outcome = rule.outcome(changing: current, by: score)
            if case .updated(let score) = outcome {
                listpack.update(member, at: index, score: score, in: keyspace.arena)
                self = .packed(listpack)
            }
            return outcome
        }
        let outcome = rule.outcome(adding: score)
        guard case .added = outcome else { return outcome }
        if listpack.memberCount < limits.sortedSetEntries, member.count <= limits.sortedSetValue,
            listpack.hasRoom(for: member.count)
        {
            listpack.insert(member, score: score, in: keyspace.arena)
            self = .packed(listpack)
            return outcome
        }
        convertToTable(in: keyspace)
        return set(member, score, rule, in: keyspace, limits)
    }

    /// Removes a member; false if it is none.
    @inline(__always)
    mutating func remove(_ member: PackedElement, in keyspace: Keyspace) -> Bool {
        switch self {
        case .table(let table):
            return keyspace.arena.resize(table) { table in member.withText { table.remove($0) } }
        case .packed(var listpack):
            guard let index = listpack.findMember(member) else { return false }
            listpack.remove(at: index, count: 2, in: keyspace.arena)
            self = .packed(listpack)
            return true
        }
    }

    /// Removes the members of some ranks, which must exist.
    mutating func remove(ranks: Range<Int>, in keyspace: Keyspace) {
        guard !ranks.isEmpty else { return }
        switch self {
        case .table(let table):
            keyspace.arena.resize(table) { $0.remove(ranks: ranks) }
        case .packed(var listpack):
            guard let index = listpack.index(number: ranks.lowerBound &* 2) else { return }
            listpack.remove(at: index, count: ranks.count &* 2, in: keyspace.arena)
            self = .packed(listpack)
        }
    }

    /// Becomes a table if so many members are to be set that a listpack would not hold them.
    @inline(__always)
    mutating func prepare(for count: Int, in keyspace: Keyspace, _ limits: CollectionLimits) {
        if case .packed = self, count > limits.sortedSetEntries { convertToTable(in: keyspace) }
    }

    private mutating func convertToTable(in keyspace: Keyspace) {
        if case .packed(let listpack) = self { _ = becomeTable(from: listpack, in: keyspace) }
    }

    /// Becomes a table, if it is none.
    mutating func becomeTable(in keyspace: Keyspace) -> ScoreTable {
        switch self {
        case .table(let table): table
        case .packed(let listpack): becomeTable(from: listpack, in: keyspace)
        }
    }

    private mutating func becomeTable(from listpack: Listpack, in keyspace: Keyspace) -> ScoreTable {
        let table = ScoreTable(arena: keyspace.elements, key: keyspace.sipKey)
        listpack.visitMembers(0..<listpack.memberCount) { (member, score) in
            member.withText { table.append($0, score) }
        }
        listpack.free(in: keyspace.arena)
        self = .table(table)
        return table
    }

    /// Gives back what the sorted set occupies, if no entry has it.
    func free(in keyspace: Keyspace) {
        if case .packed(let listpack) = self { listpack.free(in: keyspace.arena) }
    }
}

extension Keyspace {
    /// Gives the key of `slot` this sorted set, in the place of the one that it was made from, or as a new
    /// key.
    @inline(__always)
    func put(_ value: SortedSetValue, at slot: inout KeySlot, key: RawSpan) {
        guard let entry = slot.entry else {
            let entry =
                switch value {
                case .packed(let listpack):
                    Entry.make(key: key, listpack: listpack, kind: .packedSortedSet, in: arena)
                case .table(let table): Entry.make(key: key, object: table, kind: .sortedSet, in: arena)
                }
            return insert(entry, at: &slot)
        }
        switch value {
        case .packed(let listpack): entry.listpack = listpack
        case .table(let table):
            if entry.kind != .sortedSet { entry.exchangeBlock(for: table, kind: .sortedSet, in: arena) }
        }
    }
}

extension ReplyWriter {
    /// A double in its shortest text: a number of its own in RESP3, else a bulk string.
    @inline(__always)
    mutating func double(_ value: Double) {
        DoubleText.with(value) { double($0) }
    }

    /// The head of an array of members, each with its score if wanted: pairs in RESP3, else in turn.
    mutating func scoredArray(_ count: Int, withScores: Bool) {
        array(withScores && version == .resp2 ? count * 2 : count)
    }

    /// A member and its score if wanted, as elements of a `scoredArray`.
    @inline(__always)
    mutating func scored(_ member: PackedElement, _ score: Double, withScores: Bool) {
        if withScores, version == .resp3 { array(2) }
        bulk(member)
        if withScores { double(score) }
    }
}
