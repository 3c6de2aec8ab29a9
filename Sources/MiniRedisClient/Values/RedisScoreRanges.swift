/// An end of a range of scores; a literal is included.
public enum RedisScoreBound: Sendable, Hashable {
    case including(Double)
    case excluding(Double)

    /// Below all scores.
    public static let lowest = including(-.infinity)
    /// Above all scores.
    public static let highest = including(.infinity)
}

extension RedisScoreBound: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral {
    /// Includes the score.
    public init(floatLiteral score: Double) { self = .including(score) }

    /// Includes the score.
    public init(integerLiteral score: Int) { self = .including(Double(score)) }
}

extension RedisScoreBound: RedisArgument {
    /// Adds the score, behind a parenthesis if it is excluded.
    public func append(to words: inout RedisWords) {
        switch self {
        case .including(let score): words.append(score)
        case .excluding(let score): words.append("(\(score)")
        }
    }
}

/// An end of a range of members in the order of their bytes.
public struct RedisMemberBound: Sendable, Hashable, RedisArgument {
    /// The word that tells it.
    private let word: [UInt8]

    /// Before all members.
    public static let first = Self(word: Array("-".utf8))
    /// Behind all members.
    public static let last = Self(word: Array("+".utf8))

    /// With this member.
    public static func including(_ member: [UInt8]) -> Self { Self(word: Array("[".utf8) + member) }

    /// With this member.
    public static func including(_ member: String) -> Self { including(Array(member.utf8)) }

    /// Without this member.
    public static func excluding(_ member: [UInt8]) -> Self { Self(word: Array("(".utf8) + member) }

    /// Without this member.
    public static func excluding(_ member: String) -> Self { excluding(Array(member.utf8)) }

    /// Adds the member behind a mark, or a sign for an end of all.
    public func append(to words: inout RedisWords) { words.append(word) }
}

/// Some consecutive members of a sorted set.
///
/// The lower end comes first, whichever way the range is read.
public enum RedisSortedSetRange: Sendable, Hashable {
    /// From one rank to another, both included; counted from the end if negative, and the first is the
    /// one read first.
    case ranks(Int, Int)
    /// Those with scores in a range, but the first ones (`offset`), and no more than `limit`.
    case scores(
        from: RedisScoreBound = .lowest, to: RedisScoreBound = .highest, offset: Int = 0, limit: Int? = nil)
    /// Those in a range of members, when all have the same score, but the first ones (`offset`), and no
    /// more than `limit`.
    case members(
        from: RedisMemberBound = .first, to: RedisMemberBound = .last, offset: Int = 0, limit: Int? = nil)

    func append(to words: inout RedisWords, reversed: Bool) {
        switch self {
        case .ranks(let start, let end):
            words.append(start)
            words.append(end)
            if reversed { words.append("REV") }
        case .scores(let lowest, let highest, let offset, let limit):
            words.append(reversed ? highest : lowest)
            words.append(reversed ? lowest : highest)
            words.append("BYSCORE")
            if reversed { words.append("REV") }
            Self.append(offset, limit, to: &words)
        case .members(let first, let last, let offset, let limit):
            words.append(reversed ? last : first)
            words.append(reversed ? first : last)
            words.append("BYLEX")
            if reversed { words.append("REV") }
            Self.append(offset, limit, to: &words)
        }
    }

    private static func append(_ offset: Int, _ limit: Int?, to words: inout RedisWords) {
        guard offset != 0 || limit != nil else { return }
        words.append("LIMIT")
        words.append(offset)
        // A negative count is no limit.
        words.append(limit ?? -1)
    }
}

/// An end of a sorted set.
public enum RedisScoreEnd: String, Sendable, Hashable {
    /// The lowest score's.
    case min = "MIN"
    /// The highest score's.
    case max = "MAX"
}

/// On what ZADD makes itself depend, for each member.
public enum RedisScoreCondition: Sendable, Hashable {
    /// It is no member yet.
    case absent
    /// It is a member.
    case present
    /// It is no member yet, or the score becomes greater.
    case greater
    /// It is no member yet, or the score becomes less.
    case less
    /// It is a member, and its score becomes greater.
    case presentAndGreater
    /// It is a member, and its score becomes less.
    case presentAndLess

    func append(to words: inout RedisWords) {
        switch self {
        case .absent: words.append("NX")
        case .present, .presentAndGreater, .presentAndLess: words.append("XX")
        case .greater, .less: break
        }
        switch self {
        case .greater, .presentAndGreater: words.append("GT")
        case .less, .presentAndLess: words.append("LT")
        case .absent, .present: break
        }
    }
}

/// How the scores that a member has in several sorted sets are made one.
public enum RedisAggregate: String, Sendable, Hashable {
    case sum = "SUM"
    case min = "MIN"
    case max = "MAX"

    static func append(_ weights: [Double], _ aggregate: RedisAggregate?, to words: inout RedisWords) {
        if !weights.isEmpty {
            words.append("WEIGHTS")
            words.append(contentsOf: weights)
        }
        if let aggregate {
            words.append("AGGREGATE")
            words.append(aggregate.rawValue)
        }
    }
}
