/// When a connection that was lost is made anew: at once, then after pauses that double.
///
/// A part of each pause is left to chance, so that clients of a server that has come back do not all
/// arrive at the same moment.
public struct RedisReconnection: Sendable, Hashable {
    /// The pause after the first attempt that failed.
    public var firstPause: Duration
    /// No pause is longer.
    public var longestPause: Duration
    /// So many attempts in a row may fail before it is given up; nil is for ever.
    public var attempts: Int?
    /// Whether the first connection of all is tried for as well; else its failure is told at once.
    public var includesFirstConnection: Bool

    /// Pauses from 20 milliseconds to 5 seconds, for ever, once there has been a connection.
    public init(
        firstPause: Duration = .milliseconds(20), longestPause: Duration = .seconds(5), attempts: Int? = nil,
        includesFirstConnection: Bool = false
    ) {
        self.firstPause = firstPause
        self.longestPause = longestPause
        self.attempts = attempts
        self.includesFirstConnection = includesFirstConnection
    }

    func backoff() -> Backoff { Backoff(settings: self, hasStood: includesFirstConnection) }

    /// The state of trying.
    struct Backoff {
        let settings: RedisReconnection
        /// Whether there has been a connection, or none is needed.
        var hasStood: Bool
        /// Attempts in a row that have failed.
        private(set) var failures = 0

        init(settings: RedisReconnection, hasStood: Bool) {
            self.settings = settings
            self.hasStood = hasStood
        }

        /// A connection has stood, and was lost.
        mutating func reset() {
            hasStood = true
            failures = -1
        }

        /// How long to wait before the next attempt; nil to give up.
        ///
        /// `chance` is from 0 to 1.
        mutating func next(after error: RedisError, chance: Double = .random(in: 0...1)) -> Duration? {
            guard hasStood, error.mayPass else { return nil }
            failures += 1
            if let attempts = settings.attempts, failures >= attempts { return nil }
            guard failures > 0 else { return .zero }
            // From the 30th on all are the longest.
            let doubled = settings.firstPause * (1 << min(failures - 1, 30))
            let pause = min(doubled, settings.longestPause)
            return pause * (0.5 + 0.5 * min(max(chance, 0), 1))
        }
    }
}

extension RedisError {
    /// Whether another attempt may have more luck: not if the server refuses who we are.
    fileprivate var mayPass: Bool {
        switch self {
        case .server(let error): !["WRONGPASS", "NOAUTH", "NOPERM", "NOPROTO"].contains(error.code)
        case .connectionFailed, .connectionLost, .protocolViolation: true
        default: false
        }
    }
}
