import Reactor
import Synchronization

/// Where connections come in that no socket is listened on for: from within the process.
///
/// Such a connection is a pair of sockets of which the server serves one, as if it had accepted it. So
/// there is one code path from the bytes on, the client may be any that takes a connected socket, and the
/// kernel bounds what is on the way, as over any socket.
final class InProcessEntrance: Sendable {
    private let reception = Guarded<Reception?>(nil)

    /// What CLIENT LIST shows as both ends of such a connection.
    static let address = "in-process:0"

    /// Lets connections in.
    func open(_ reception: Reception) {
        self.reception.withLock { $0 = reception }
    }

    /// Lets no more in.
    func close() {
        reception.withLock { $0 = nil }
    }

    /// Takes the server's end of a connection; false if the server does not run.
    ///
    /// Callable from anywhere.
    func admit(_ socket: consuming Socket) -> Bool {
        guard let reception = reception.withLock({ $0 }) else { return false }
        reception.assign(NewConnection(socket, at: Self.address))
        return true
    }
}
