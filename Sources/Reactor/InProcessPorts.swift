import Glibc
import Synchronization

/// Names under which parts of one process take connections from others, with no socket to listen on.
///
/// What `bind` and `connect` are between processes: whoever opens a name gets one end of a pair of
/// sockets for each that connects to it. Names are the process's own; nobody outside can use them.
package enum InProcessPorts {
    /// Takes one end of a new connection; false if it takes no more.
    package typealias Acceptor = @Sendable (consuming Socket) -> Bool

    private static let acceptors = Guarded<[String: Acceptor]>([:])

    /// Gives the name to an acceptor, which may be called on any thread; false if the name is taken.
    package static func open(_ name: String, _ acceptor: @escaping Acceptor) -> Bool {
        acceptors.withLock { table in
            guard table[name] == nil else { return false }
            table[name] = acceptor
            return true
        }
    }

    /// Takes the name back; the acceptor may still be called by whoever connects at this moment.
    package static func close(_ name: String) {
        acceptors.withLock { _ = $0.removeValue(forKey: name) }
    }

    /// Connects to a name; callable from anywhere.
    ///
    /// Fails as a TCP port does that nobody listens on (`ECONNREFUSED`), or for want of descriptors.
    package static func connect(to name: String) throws(SystemError) -> Socket {
        guard let acceptor = acceptors.withLock({ $0[name] }) else {
            throw SystemError("connect", code: ECONNREFUSED)
        }
        return try Socket.pair { (socket) throws(SystemError) in
            guard acceptor(socket) else { throw SystemError("connect", code: ECONNREFUSED) }
        }
    }
}
