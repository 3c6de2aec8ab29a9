/// Why a request, or the connection itself, came to nothing.
public enum RedisError: Error, Sendable, Hashable {
    /// The server answered with an error.
    case server(RedisServerError)
    /// No connection could be made, in words: `127.0.0.1:6379: connect: Connection refused`.
    case connectionFailed(String)
    /// The connection ended while the reply was due; whether the command ran is not known.
    case connectionLost(String)
    /// The client does not run any more, or its `run()` has not been called again since it ended.
    case closed
    /// The reply did not come in time; the command may still run.
    case timedOut
    /// The calling task was cancelled; the command may still run.
    case cancelled
    /// The server sent something that is no RESP, or that answers nothing.
    case protocolViolation(String)
    /// The reply is not of the type that was asked for.
    case unexpectedReply(RESPValue, expected: String)
    /// More is queued than the client takes; see `RedisClient.mostQueuedRequests` and `mostQueuedBytes`.
    case tooManyRequests
    /// The command can't share a connection with others: it changes what replies look like or when they come.
    case needsOwnConnection(String)
    /// A key that the connection watched has changed, so no command of the transaction has run.
    case watchedKeyChanged
    /// `run()` was called while it runs.
    case alreadyRunning
}

extension RedisError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .server(let error): error.message
        case .connectionFailed(let reason): "can't connect to \(reason)"
        case .connectionLost(let reason): "connection lost: \(reason)"
        case .closed: "the client is closed"
        case .timedOut: "no reply in time"
        case .cancelled: "cancelled"
        case .protocolViolation(let reason): "not understood: \(reason)"
        case .unexpectedReply(let value, let expected): "expected \(expected), got \(value)"
        case .tooManyRequests: "too many requests are queued"
        case .needsOwnConnection(let name): "\(name) can't be sent over a connection that requests share"
        case .watchedKeyChanged: "a watched key has changed"
        case .alreadyRunning: "the client runs already"
        }
    }
}

/// An error that the server answered with.
public struct RedisServerError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The whole line: `WRONGTYPE Operation against a key holding the wrong kind of value`.
    public let message: String

    /// Makes an error from its line, without the `-` before it.
    public init(_ message: String) { self.message = message }

    /// The word that programs tell errors apart by, such as `ERR` or `WRONGTYPE`.
    public var code: String {
        String(message.prefix { $0 != " " })
    }

    /// What follows the code, for people.
    public var text: String {
        String(message.drop { $0 != " " }.dropFirst())
    }

    public var description: String { message }
}
