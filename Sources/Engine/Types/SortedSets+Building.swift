import RESP

/// A sorted set that is made of members in order.
struct SortedSetBuilder {
    private(set) var value: SortedSetValue
    private let keyspace: Keyspace
    private let limits: CollectionLimits

    /// Begins a sorted set of so many members, of which the longest is known to have so many bytes.
    init(count: Int, byteCount: Int = 0, in keyspace: Keyspace, _ limits: CollectionLimits) {
        value = SortedSetValue(expecting: count, byteCount: byteCount, in: keyspace, limits)
        self.keyspace = keyspace
        self.limits = limits
    }

    /// Adds a member that comes behind all others, and lies elsewhere.
    mutating func append(_ member: PackedElement, _ score: Double) {
        switch value {
        case .table(let table): member.withText { table.append($0, score) }
        case .packed(var listpack):
            if member.count <= limits.sortedSetValue, listpack.hasRoom(for: member.count) {
                listpack.insert(member.packed, score: score, at: listpack.end, in: keyspace.arena)
                value = .packed(listpack)
            } else {
                // Becomes a table.
                _ = value.set(member, score, in: keyspace, limits)
            }
        }
    }
}

extension SortedSetValue {
    /// The members that a table has gathered: the table itself, or a listpack if they fit.
    init(gathered table: ScoreTable, in keyspace: Keyspace, _ limits: CollectionLimits) {
        guard table.count <= limits.sortedSetEntries, table.fits(limits.sortedSetValue) else {
            table.setOrder()
            self = .table(table)
            return
        }
        var listpack = Listpack(in: keyspace.arena)
        for scored in table.sortedEntries() {
            // The entry stays where it is while the table does not change.
            let member = unsafe PackedElement(packing: scored.entry.key)
            listpack.insert(member, score: scored.score, at: listpack.end, in: keyspace.arena)
        }
        self = .packed(listpack)
    }
}

extension ScoreTable {
    /// Whether no member has more bytes than that.
    fileprivate func fits(_ byteCount: Int) -> Bool {
        var longest = 0
        table.forEach { longest = max(longest, $0.keyCount) }
        return longest <= byteCount
    }
}
