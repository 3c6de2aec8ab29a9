import Glibc

/// What an error of `accept()` means for the listener.
package enum AcceptFailure: Equatable, Sendable {
    /// That one connection has come to nothing; the next may be taken at once.
    case connection
    /// The process or the machine is out of descriptors or memory: try again after a pause, or the
    /// waiting connection makes the loop spin.
    case shortage
    /// The listener itself is broken.
    case fatal
}

extension SystemError {
    /// What this error means when `accept()` has thrown it.
    package var acceptFailure: AcceptFailure {
        switch code {
        // accept(2): Linux also hands over errors of the new connection's network.
        case ECONNABORTED, EPROTO, EPERM, ENETDOWN, ENOPROTOOPT, EHOSTDOWN, ENONET, EHOSTUNREACH,
            EOPNOTSUPP, ENETUNREACH, ETIMEDOUT:
            .connection
        case EMFILE, ENFILE, ENOBUFS, ENOMEM:
            .shortage
        default:
            .fatal
        }
    }
}

/// How long to pause before accepting again, longer with each shortage in a row.
package struct AcceptBackoff: Equatable, Sendable {
    /// Short enough that one closed connection is soon replaced.
    package static let shortest: Int64 = 10
    /// Long enough to cost nothing, short enough that clients' own time limits don't pass.
    package static let longest: Int64 = 1_000

    private var next = shortest

    package init() {}

    /// The milliseconds to pause after one more shortage.
    package mutating func pause() -> Int64 {
        defer { next = min(next * 2, Self.longest) }
        return next
    }

    /// Starts over, after a connection has been accepted.
    package mutating func reset() {
        next = Self.shortest
    }
}
