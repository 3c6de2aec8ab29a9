import RESP

/// Members and scores in turn, ordered by score and then by member: a small sorted set.
///
/// A score is an element: a whole number, or the text that clients get to see.
extension Listpack {
    /// The number that the element at `index` is, which is a score.
    @inline(__always)
    func score(at index: Int) -> Double {
        let element = element(at: index)
        if let integer = element.integer { return Double(integer) }
        return Double(decimal: element.bytes) ?? 0
    }

    /// How many members there are.
    @inline(__always)
    var memberCount: Int { count / 2 }

    /// Where a member is; its score is behind it.
    @inline(__always)
    func findMember(_ member: PackedElement) -> Int? { find(member, skip: 1) }

    /// Adds a member in its place.
    mutating func insert(_ member: PackedElement, score: Double, in arena: Arena) {
        insert(member, score: score, at: place(of: member, score: score), in: arena)
    }

    /// Adds a member in front of another, or at the end.
    mutating func insert(_ member: PackedElement, score: Double, at index: Int, in arena: Arena) {
        if let integer = DoubleText.integer(score) {
            insert(member, PackedElement(integer), at: index, in: arena)
        } else {
            DoubleText.with(score) { text in
                // The text lives as long as the closure runs.
                insert(member, unsafe PackedElement(packing: text), at: index, in: arena)
            }
        }
    }

    /// Gives the member at `index` another score, and with it perhaps another place.
    mutating func update(_ member: PackedElement, at index: Int, score: Double, in arena: Arena) {
        remove(at: index, count: 2, in: arena)
        insert(member, score: score, in: arena)
    }

    /// Where a member with a score would be inserted.
    private func place(of member: PackedElement, score: Double) -> Int {
        var at = start
        let end = end
        while at < end {
            let scoreIndex = index(after: at)
            let other = self.score(at: scoreIndex)
            if other > score { break }
            if other == score, element(at: at).order(member) > 0 { break }
            at = index(after: scoreIndex)
        }
        return at
    }

    /// The ranks of the members whose scores lie in a range; empty if there are none.
    func ranks(in range: ScoreRange) -> Range<Int> {
        var (at, rank) = (start, 0)
        let end = end
        var first: Int?
        while at < end {
            let scoreIndex = index(after: at)
            let score = score(at: scoreIndex)
            if range.excludesHigh ? score >= range.high : score > range.high { break }
            if first == nil, range.excludesLow ? score > range.low : score >= range.low { first = rank }
            at = index(after: scoreIndex)
            rank &+= 1
        }
        let low = first ?? rank
        return low..<rank
    }

    /// The ranks of the members between two bounds, if all scores are equal.
    func ranks(from low: borrowing MemberBound, to high: borrowing MemberBound) -> Range<Int> {
        var (at, rank) = (start, 0)
        let end = end
        var first: Int?
        while at < end {
            let member = element(at: at)
            if !member.withText({ high.admits(upTo: $0) }) { break }
            if first == nil, member.withText({ low.admits(from: $0) }) { first = rank }
            at = index(after: index(after: at))
            rank &+= 1
        }
        let low = first ?? rank
        return low..<rank
    }

    /// Calls `body` with members of some ranks and their scores in order, or backwards; it must not change
    /// anything.
    @inline(__always)
    func visitMembers(
        _ ranks: Range<Int>, backwards: Bool = false, _ body: (PackedElement, Double) -> Void
    ) {
        visitPairs(ranks, backwards: backwards) { body(element(at: $0), score(at: $1)) }
    }

    /// The same with the places of members and scores.
    @inline(__always)
    func visitPairs(_ ranks: Range<Int>, backwards: Bool = false, _ body: (Int, Int) -> Void) {
        guard !ranks.isEmpty else { return }
        let first = backwards ? ranks.upperBound &- 1 : ranks.lowerBound
        guard var at = index(number: first &* 2) else { return }
        for number in 0..<ranks.count {
            let scoreIndex = index(after: at)
            body(at, scoreIndex)
            if number &+ 1 == ranks.count { return }
            at = backwards ? index(before: index(before: at)) : index(after: scoreIndex)
        }
    }
}

extension PackedElement {
    /// Negative, zero or positive as the element's text comes before another's, is equal or comes after it.
    func order(_ other: PackedElement) -> Int {
        withText { text in other.withText { Bytes.order(text, $0) } }
    }
}
