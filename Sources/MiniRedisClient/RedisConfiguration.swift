import Reactor

/// Where a server is.
public enum RedisAddress: Sendable, Hashable, CustomStringConvertible {
    /// A name, or an address in digits, and a port.
    case tcp(host: String, port: UInt16 = 6379)
    /// The path of a Unix socket.
    case unix(path: String)
    /// A server of the library `MiniRedis` in this process, by its name; no socket is listened on.
    case inProcess(name: String)

    public var description: String { endpoint.description }

    var endpoint: Endpoint {
        switch self {
        case .tcp(let host, let port): .tcp(host: host, port: port)
        case .unix(let path): .unix(path: path)
        case .inProcess(let name): .inProcess(name: name)
        }
    }
}

extension RedisClient {
    /// How a client speaks with its server.
    public struct Configuration: Sendable {
        /// The versions of the protocol.
        public enum ProtocolVersion: Sendable {
            /// What every server speaks; each subscription has a connection of its own then.
            case resp2
            /// Asked for with HELLO; servers that refuse are spoken to in RESP2.
            case resp3
        }

        /// Which version to ask for.
        public var protocolVersion = ProtocolVersion.resp3
        /// Who to authenticate as; the user `default` if there is only a password.
        public var username: String?
        /// None for servers that ask for none.
        public var password: String?
        /// The numbered database that commands act on.
        public var database = 0
        /// The name that CLIENT LIST shows; it must have no space.
        public var clientName = ""
        /// For making the connection, handshake included; nil is for ever.
        ///
        /// A name that is being looked up is waited for nevertheless.
        public var connectTimeout: Duration? = .seconds(10)
        /// For each request and each pipeline, besides the time that its commands wait of their own accord;
        /// nil is for ever.
        ///
        /// `client.within(_:)` has another for some.
        public var requestTimeout: Duration? = .seconds(30)
        /// How a connection that was lost is made anew; nil for not at all: then the client ends.
        public var reconnection: RedisReconnection? = RedisReconnection()
        /// What the server does with messages that are not taken off the connection fast enough; servers
        /// that offer no choice disconnect.
        public var overflow = RedisOverflow.default
        /// The thread that the connection runs on; the shared one if there is none.
        public var thread: RedisClientThread?

        var address = RedisAddress.tcp(host: "127.0.0.1")

        /// The defaults that stand at each property.
        public init() {}
    }
}

extension Duration {
    /// Rounded up, so that nothing ends early; far futures are as far as can be told.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (milliseconds, overflow) = seconds.multipliedReportingOverflow(by: 1000)
        if overflow { return seconds < 0 ? 0 : .max }
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (sum, overflowOfSum) = milliseconds.addingReportingOverflow(rest)
        return overflowOfSum ? .max : max(sum, 0)
    }
}
