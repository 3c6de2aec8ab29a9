/// A member that lies in a shape; a view that lasts until the sorted set changes.
struct GeoMatch: BitwiseCopyable {
    let member: PackedElement
    let score: Double
    /// Metres from the centre.
    let distance: Double

    /// Where the member is.
    var point: GeoPoint { GeoHash(score: score).point }
}

/// Looks for the members of a sorted set that lie in a shape.
struct GeoSearch {
    /// Which members are wanted, if not all.
    enum Wanted {
        case all
        /// So many, whichever come first.
        case any(Int)
        /// So many that are nearest to the centre.
        case nearest(Int)
        /// So many that are farthest from it.
        case farthest(Int)
    }

    /// What was found: cell by cell, and in a cell by score; in no order if there was more than wanted.
    private(set) var matches: [GeoMatch] = []
    private let measure: GeoMeasure
    private let filter: GeoFilter
    /// How many matches there may be.
    private let most: Int
    private let choice: Choice
    /// Whether the matches are a heap, the one that goes next on top.
    private var isHeap = false
    /// Metres beyond which nothing is wanted any more.
    private var reach = Double.infinity
    /// The cells still to be looked at, the next one last, and where in that one to go on.
    private var cells: [GeoHash]
    private var rank: Int?

    private enum Choice {
        case first
        case near
        case far
    }

    /// Begins a search for what is wanted of a shape.
    init(_ shape: GeoShape, _ wanted: Wanted) {
        measure = GeoMeasure(shape)
        filter = GeoFilter(shape)
        cells = shape.cells.reversed()
        switch wanted {
        case .all: (most, choice) = (.max, .first)
        case .any(let count): (most, choice) = (count, .first)
        case .nearest(let count): (most, choice) = (count, .near)
        case .farthest(let count): (most, choice) = (count, .far)
        }
    }

    /// Finds what is wanted of a shape in a sorted set.
    init(_ shape: GeoShape, in set: SortedSetValue, _ wanted: Wanted) {
        self.init(shape, wanted)
        switch set {
        case .table(let table): while advance(.max, in: table) {}
        case .packed(let listpack):
            let candidates = candidates(of: listpack)
            for cell in shape.cells where !isComplete { look(at: cell.scores, of: listpack, candidates) }
        }
    }

    /// Looks at so many members more of a sorted set, the same each time; false if those were the last.
    mutating func advance(_ members: Int, in table: ScoreTable) -> Bool {
        guard let cell = cells.last, !isComplete else { return false }
        let start = rank ?? table.order.count(below: cell.scores.low, orEqual: false)
        let looked = look(at: cell.scores, of: table.order, from: start, most: members)
        if looked < members {
            cells.removeLast()
            rank = nil
        } else {
            rank = start + looked
        }
        return !cells.isEmpty
    }

    /// Whether nothing more is wanted.
    private var isComplete: Bool { choice == .first && matches.count >= most }

    // MARK: Looking

    /// Looks at members from a rank on, until their scores leave the range; returns how many.
    private mutating func look(
        at scores: ScoreRange, of order: borrowing ScoreIndex, from rank: Int, most: Int
    ) -> Int {
        guard let start = order.position(at: rank) else { return 0 }
        var (leaf, slot) = (start.leaf, start.slot)
        var looked = 0
        while true {
            let count = leaf.count
            while slot < count, looked < most {
                let score = leaf.score(at: slot)
                if score >= scores.high { return looked }
                looked &+= 1
                // Not below zero, and far from the largest.
                if filter.passes(UInt64(score)) {
                    // The entry stays where it is while the sorted set does not change.
                    consider(unsafe PackedElement(leaf.entry(at: slot).key), score)
                    if isComplete { return looked }
                }
                slot &+= 1
            }
            guard looked < most, let next = leaf.next else { return looked }
            (leaf, slot) = (next, 0)
        }
    }

    /// What may lie in the shape, read once for all cells.
    private func candidates(of listpack: Listpack) -> [(member: Int, score: Double)] {
        var candidates: [(member: Int, score: Double)] = []
        listpack.visitPairs(0..<listpack.memberCount) { (member, index) in
            let score = listpack.score(at: index)
            if score >= 0, score < 0x1p60, filter.passes(UInt64(score)) {
                candidates.append((member, score))
            }
        }
        return candidates
    }

    private mutating func look(
        at scores: ScoreRange, of listpack: Listpack, _ candidates: [(member: Int, score: Double)]
    ) {
        for (member, score) in candidates where score >= scores.low {
            if score >= scores.high { return }
            consider(listpack.element(at: member), score)
            if isComplete { return }
        }
    }

    @inline(__always)
    private mutating func consider(_ member: PackedElement, _ score: Double) {
        let point = GeoHash(score: score).point
        guard let distance = measure.distance(to: point, most: reach) else { return }
        let match = GeoMatch(member: member, score: score, distance: distance)
        if matches.count < most { matches.append(match) } else { exchange(for: match) }
    }

    // MARK: Choosing

    /// Puts a match in the place of the worst one, if it is better.
    private mutating func exchange(for match: GeoMatch) {
        if !isHeap {
            isHeap = true
            for index in stride(from: matches.count / 2 - 1, through: 0, by: -1) { sift(from: index) }
        }
        guard let worst = matches.first, isWorse(worst, match) else { return }
        matches[0] = match
        sift(from: 0)
        if choice == .near { reach = matches[0].distance }
    }

    private func isWorse(_ left: GeoMatch, _ right: GeoMatch) -> Bool {
        choice == .near ? left.distance > right.distance : left.distance < right.distance
    }

    /// Moves a match down until both below it are better.
    private mutating func sift(from start: Int) {
        var index = start
        while true {
            var worst = index
            for child in [2 * index + 1, 2 * index + 2] where child < matches.count {
                if isWorse(matches[child], matches[worst]) { worst = child }
            }
            if worst == index { return }
            matches.swapAt(index, worst)
            index = worst
        }
    }
}
