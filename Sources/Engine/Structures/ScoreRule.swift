/// Under which conditions ZADD gives a member a score.
struct ScoreRule: OptionSet, BitwiseCopyable {
    let rawValue: UInt8

    /// Members that are there already stay as they are (NX).
    static var onlyAdds: ScoreRule { ScoreRule(rawValue: 1) }
    /// Nothing is added (XX).
    static var onlyUpdates: ScoreRule { ScoreRule(rawValue: 2) }
    /// Scores only rise (GT).
    static var onlyRaises: ScoreRule { ScoreRule(rawValue: 4) }
    /// Scores only fall (LT).
    static var onlyLowers: ScoreRule { ScoreRule(rawValue: 8) }
    /// The score is added to the one that the member has (INCR).
    static var increments: ScoreRule { ScoreRule(rawValue: 16) }

    /// What becomes of something that is no member.
    @inline(__always)
    func outcome(adding score: Double) -> ScoreOutcome {
        contains(.onlyUpdates) ? .refused : .added(score)
    }

    /// What becomes of a member with the score `current`.
    @inline(__always)
    func outcome(changing current: Double, by given: Double) -> ScoreOutcome {
        if contains(.onlyAdds) { return .refused }
        let score = contains(.increments) ? current + given : given
        if score.isNaN { return .notANumber }
        if contains(.onlyLowers) && score >= current || contains(.onlyRaises) && score <= current {
            return .refused
        }
        return score == current ? .kept(score) : .updated(score)
    }
}

/// What ZADD did with a member.
enum ScoreOutcome: Equatable {
    case added(Double)
    case updated(Double)
    /// The score is the one that the member had; 0 and -0 are the same.
    case kept(Double)
    /// A condition was not met.
    case refused
    /// Infinities of both signs were added up.
    case notANumber
}
