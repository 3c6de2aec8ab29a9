import Reactor

/// How ready the kernel is to end this process when memory runs out (`oom-score-adj`).
public enum OutOfMemoryAdjustment: String, Sendable, CaseIterable {
    case no
    /// On top of the score that the process had.
    case relative
    case absolute
}

/// Keeps the process's score, and what it was before.
struct OutOfMemoryScore {
    private static let path = "/proc/self/oom_score_adj"
    private static let bounds = -1000...1000

    /// The score that the process had; nil while that is untouched.
    private var original: Int?

    /// Makes the score what the configuration says.
    mutating func follow(_ configuration: Configuration, _ log: Log) throws(DirectiveError) {
        if configuration.outOfMemoryScores != configuration.outOfMemoryScores.sorted() {
            log(
                .warning,
                "Only the privileged may lower a score again, as oom-score-adj-values would have it for children or replicas."
            )
        }
        var step = "read"
        do throws(SystemError) {
            guard configuration.outOfMemoryAdjustment != .no else {
                step = "write"
                if let original { try Self.write(original) }
                original = nil
                return
            }
            let base = if let original { original } else { try Self.read() }
            // A server that follows nobody counts as a master, which has the first value.
            var score = configuration.outOfMemoryScores.first ?? 0
            if configuration.outOfMemoryAdjustment == .relative { score += base }
            step = "write"
            try Self.write(min(max(score, Self.bounds.lowerBound), Self.bounds.upperBound))
            original = base
        } catch {
            log(.warning, "Unable to \(step) oom_score_adj: \(error.reason)")
            throw DirectiveError("Failed to set current oom_score_adj. Check server logs.")
        }
    }

    private static func read() throws(SystemError) -> Int {
        let text = String(decoding: try Files.read(path).filter { $0 > 0x20 }, as: UTF8.self)
        return Int(text) ?? 0
    }

    private static func write(_ score: Int) throws(SystemError) {
        try Files.write(Array("\(score)\n".utf8), to: path)
    }
}

extension Database {
    /// Gives the process the score that the configuration asks for, for a task on the actor's own loop; what
    /// stands in the way is logged.
    nonisolated func adjustOutOfMemoryScore() {
        assumeIsolated { database in
            try? database.outOfMemoryScore.follow(database.configuration, database.log)
        }
    }
}
