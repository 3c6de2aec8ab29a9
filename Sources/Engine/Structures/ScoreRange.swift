/// A range of scores, each end with or without the score that it names; infinite ends are allowed.
struct ScoreRange: Equatable, Sendable {
    var low: Double
    var high: Double
    /// Whether entries with the score `low` lie outside.
    var excludesLow = false
    /// Whether entries with the score `high` lie outside.
    var excludesHigh = false

    /// Whether no score can lie inside.
    var isEmpty: Bool { !(low < high) && !(low == high && !excludesLow && !excludesHigh) }

    /// Whether a score lies inside.
    func contains(_ score: Double) -> Bool {
        (excludesLow ? score > low : score >= low) && (excludesHigh ? score < high : score <= high)
    }
}

/// One end of a range of members that have the same score.
struct MemberBound: ~Escapable {
    private enum Place {
        case lowest
        case member
        case highest
    }

    private let place: Place
    /// The member, if the bound is one.
    let member: RawSpan
    /// Whether the member itself lies outside the range.
    let isExcluded: Bool

    /// An end at a member.
    @_lifetime(copy member)
    init(_ member: RawSpan, isExcluded: Bool) {
        place = .member
        self.member = member
        self.isExcluded = isExcluded
    }

    /// Reads `-`, `+`, `[member` or `(member`; nil when the bytes are none of these.
    @_lifetime(copy argument)
    init?(argument: RawSpan) {
        let first = argument[byte: 0]
        // A zero byte ends the text, as in Redis.
        let isLone = argument.byteCount > 0 && argument[byte: 1] == 0
        if isLone, first == UInt8(ascii: "-") || first == UInt8(ascii: "+") {
            place = first == UInt8(ascii: "-") ? .lowest : .highest
            member = argument.extracting(droppingFirst: 1)
            isExcluded = false
        } else if first == UInt8(ascii: "[") || first == UInt8(ascii: "(") {
            place = .member
            member = argument.extracting(droppingFirst: 1)
            isExcluded = first == UInt8(ascii: "(")
        } else {
            return nil
        }
    }

    /// Whether the bound comes before all members.
    var isLowest: Bool { place == .lowest }
    /// Whether the bound comes after all members.
    var isHighest: Bool { place == .highest }

    /// Whether a member comes after this lower end of a range, or is it.
    func admits(from member: borrowing RawSpan) -> Bool {
        if place != .member { return place == .lowest }
        let order = Bytes.order(member, self.member)
        return isExcluded ? order > 0 : order >= 0
    }

    /// Whether a member comes before this upper end of a range, or is it.
    func admits(upTo member: borrowing RawSpan) -> Bool {
        if place != .member { return place == .highest }
        let order = Bytes.order(member, self.member)
        return isExcluded ? order < 0 : order <= 0
    }
}
