/// A choice of some of several things that come one after the other, each choice being as likely as any other.
struct Selection {
    /// How many things are to come.
    private var left: Int
    /// How many of those are still to be chosen.
    private(set) var missing: Int

    init(_ wanted: Int, of count: Int) {
        left = count
        missing = min(wanted, count)
    }

    /// Whether the next thing belongs to the choice.
    mutating func takesNext(using generator: inout some RandomNumberGenerator) -> Bool {
        guard missing > 0, left > 0 else { return false }
        // Of those that are left, so many are still wanted: each is taken with that probability.
        let takes = Int.random(in: 0..<left, using: &generator) < missing
        left -= 1
        if takes { missing -= 1 }
        return takes
    }
}

/// Different entries of a table picked at random, some at a time, while the table does not change.
struct TableSample<Table: TableValue> {
    private let value: Table
    private var selection: Selection
    /// How many are still to be picked one by one, which is faster if they are few of many.
    private var scattered = 0
    /// The addresses of those that were.
    private var picked: Set<UInt> = []
    /// The bucket that comes next, if the buckets are gone through.
    private var next = 0

    /// So many entries of `value`, which has at least as many.
    init(_ wanted: Int, of value: Table) {
        self.value = value
        if wanted <= value.count / 3 {
            selection = Selection(0, of: 0)
            scattered = wanted
            picked.reserveCapacity(wanted)
        } else {
            selection = Selection(wanted, of: value.count)
        }
    }

    /// Calls `body` with some of the entries, so that about `most` are looked at, until it answers false;
    /// returns whether there are more.
    mutating func visit(
        _ most: Int = .max, using generator: inout some RandomNumberGenerator, _ body: (Entry) -> Bool
    ) -> Bool {
        var goesOn = true
        var looks = 0
        while scattered > 0, goesOn, looks < most {
            guard let entry = value.table.random(using: &generator) else { return false }
            looks += 1
            // Only the address is used; the entry stays where it is while the table does not change.
            guard unsafe picked.insert(UInt(bitPattern: entry.pointer)).inserted else { continue }
            scattered -= 1
            goesOn = body(entry)
        }
        let end = min(next + most / EntryTable.growLoad, value.table.bucketCount)
        while selection.missing > 0, goesOn, next < end {
            value.table.visit(value.table.bucket(at: next)) { entry in
                if selection.takesNext(using: &generator), !body(entry) { goesOn = false }
            }
            next += 1
        }
        return scattered > 0 || selection.missing > 0
    }
}

/// The same of a sorted set's members.
struct RankSample {
    private let value: SortedSetValue
    private var selection: Selection
    private var scattered = 0
    /// The ranks of those that were picked one by one.
    private var picked: Set<Int> = []
    /// The ranks that are still to be gone through.
    private var ranks: Range<Int>
    private let isWhole: Bool

    /// So many members of `value`, which has at least as many.
    init(_ wanted: Int, of value: SortedSetValue) {
        self.value = value
        let count = value.count
        isWhole = wanted == count
        ranks = 0..<count
        if wanted <= count / 3 {
            selection = Selection(0, of: 0)
            scattered = wanted
            picked.reserveCapacity(wanted)
        } else {
            selection = Selection(wanted, of: count)
        }
    }

    /// Calls `body` with some of the members and their scores, so that about `most` are looked at, until it
    /// answers false; returns whether there are more.
    mutating func visit(
        _ most: Int = .max, using generator: inout some RandomNumberGenerator,
        _ body: (PackedElement, Double) -> Bool
    ) -> Bool {
        var goesOn = true
        var looks = 0
        while scattered > 0, goesOn, looks < most {
            looks += 1
            let rank = Int.random(in: ranks, using: &generator)
            guard picked.insert(rank).inserted, let (member, score) = value.member(at: rank) else { continue }
            scattered -= 1
            goesOn = body(member, score)
        }
        while selection.missing > 0, goesOn, looks < most, !ranks.isEmpty {
            // All of them come as Redis has them: from the end.
            let some = isWhole ? ranks.suffix(Self.stride) : ranks.prefix(Self.stride)
            ranks = isWhole ? ranks.dropLast(some.count) : ranks.dropFirst(some.count)
            looks += some.count
            value.visit(some, backwards: isWhole) { (member, score) in
                if selection.takesNext(using: &generator), !body(member, score) { goesOn = false }
            }
        }
        return scattered > 0 || selection.missing > 0
    }

    /// How many members are gone through at once: enough that finding the first costs little.
    private static let stride = 64
}
