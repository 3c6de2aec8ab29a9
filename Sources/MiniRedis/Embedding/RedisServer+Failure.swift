extension RedisServer {
    /// Why a server did not start, or could not be connected to.
    public enum Failure: Error, Sendable, Hashable, CustomStringConvertible {
        /// A directive that there is not, or a value that it does not take; `line` is as redis.conf has it.
        case configuration(line: String?, reason: String)
        /// An address or a path that can't be listened on: taken, not there, not permitted.
        case listening(address: String, reason: String)
        /// The process may have no more threads or descriptors, in words.
        case resources(String)
        /// The server has been stopped.
        case stopped

        public var description: String {
            switch self {
            case .configuration(nil, let reason): reason
            case .configuration(let line?, let reason): "'\(line)': \(reason)"
            case .listening(let address, let reason): "can't listen on \(address): \(reason)"
            case .resources(let reason): reason
            case .stopped: "the server has been stopped"
            }
        }
    }

    /// Where a server listens, beside what its configuration says.
    ///
    /// Whatever it is: from within the process it can always be connected to, see ``RedisServer/name``.
    public enum Listening: Sendable, Hashable {
        /// Nowhere but where `port`, `bind` and `unixsocket` say: with the defaults, on no socket at all.
        case asConfigured
        /// On a TCP port of the addresses that `bind` names; 0 lets the system choose a free one.
        case port(UInt16)
        /// On a Unix socket of this path; its file goes with the server.
        case unixSocket(path: String)

        /// On a TCP port that the system chooses: see ``RedisServer/port``.
        public static let freePort = Listening.port(0)
    }
}
