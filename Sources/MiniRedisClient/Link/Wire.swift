import Glibc
import Reactor

/// The socket that a connection stands on, and what wakes the task that reads it.
///
/// Whoever holds the link's lock may write; the loop's task alone reads. The socket is closed when
/// both have let go.
final class Wire: Sendable {
    let socket: Socket
    let registration: Registration

    /// Takes over a socket that is connected; on the loop only.
    init(_ socket: consuming Socket, on loop: EventLoop) throws(SystemError) {
        registration = try Registration(socket.descriptor, on: loop)
        self.socket = socket
    }
}

extension RedisError {
    static let closedByServer = RedisError.connectionLost("closed by the server")

    /// What a failed call on the socket means; a server that closes while it is written to resets.
    static func lost(_ error: SystemError) -> RedisError {
        [ECONNRESET, EPIPE].contains(error.code) ? closedByServer : .connectionLost(error.description)
    }
}
