import Glibc
import Reactor
import Synchronization

/// The sockets that a server listens on, and their replacement at run time.
///
/// Its functions are called on the server's first loop, where the listeners live; `finish()` from
/// anywhere.
final class ListenerSet: Sendable {
    /// Listeners as they are opened, for the task that accepts on them; ends when the server is to stop.
    let opened: AsyncStream<OpenListener>
    private let announce: AsyncStream<OpenListener>.Continuation
    private let current = Guarded<[OpenListener]>([])

    init() {
        (opened, announce) = AsyncStream.makeStream()
    }

    /// Where the server listens at present.
    var addresses: [SocketAddress] { current.withLock { $0.map(\.address) } }

    /// Listens on all addresses of a configuration; returns the port, which the system may have chosen.
    ///
    /// What was opened before a failure stays open; the server doesn't go on then.
    func open(_ configuration: Configuration, on loop: EventLoop, _ log: Log) throws(ListenFailure) -> UInt16
    {
        let port = try openTCP(configuration, on: loop, log)
        let path = configuration.unixSocket
        guard !path.isEmpty else { return port }
        do throws(SystemError) {
            let permissions = configuration.unixSocketPermissions
            let listener = try Listener(
                unixPath: configuration.resolve(path), permissions: permissions == 0 ? nil : permissions,
                backlog: configuration.tcpBacklog)
            try add(OpenListener(listener, on: loop))
        } catch {
            log(.warning, "Failed opening Unix socket: \(error)")
            throw ListenFailure(port: 0, kind: "unix", address: path, reason: error.reason)
        }
        return port
    }

    /// Listens on other TCP addresses from now on; if that fails, on those of `old` again.
    ///
    /// The old sockets are closed first, since old and new addresses may overlap (`*` and one address).
    /// Connections stay.
    func rebind(
        from old: Configuration, to new: Configuration, on loop: EventLoop, _ log: Log
    ) throws(ListenFailure) {
        closeTCP()
        do throws(ListenFailure) {
            _ = try openTCP(new, on: loop, log)
        } catch {
            closeTCP()
            // They were open a moment ago; if one is not to be had now, the log tells.
            _ = try? openTCP(old, on: loop, log)
            throw error
        }
    }

    /// Tells the server to stop; callable from anywhere, more than once.
    func finish() { announce.finish() }

    /// Stops listening, and removes the Unix socket's file.
    func close(_ log: Log) {
        let all = current.withLock { listeners in
            defer { listeners = [] }
            return listeners
        }
        for listener in all {
            listener.close()
            guard listener.address.isUnix else { continue }
            log(.notice, "Removing the unix socket file.")
            try? Files.remove(listener.address.host)
        }
    }

    /// A port that is free on one address is nearly always free on the others too.
    private static let portChoices = 8

    private func openTCP(
        _ configuration: Configuration, on loop: EventLoop, _ log: Log
    ) throws(ListenFailure) -> UInt16 {
        var choices = configuration.choosesFreePort ? Self.portChoices : 1
        while true {
            do throws(ListenFailure) {
                return try openTCPOnce(configuration, on: loop, log)
            } catch {
                choices -= 1
                guard choices > 0 else { throw error }
                closeTCP()
            }
        }
    }

    private func openTCPOnce(
        _ configuration: Configuration, on loop: EventLoop, _ log: Log
    ) throws(ListenFailure) -> UInt16 {
        var port = configuration.port
        guard port != 0 || configuration.choosesFreePort else { return 0 }
        var isChosen = !configuration.choosesFreePort
        for address in configuration.bind {
            let isOptional = address.hasPrefix("-")
            let host = isOptional ? String(address.dropFirst()) : address
            do throws(SystemError) {
                let listener = try Listener(
                    host: host, port: isChosen ? port : 0, backlog: configuration.tcpBacklog)
                // Further addresses share the port that the system chose for the first.
                port = listener.address.port ?? port
                isChosen = true
                try add(OpenListener(listener, on: loop))
            } catch {
                log(
                    .warning,
                    "Warning: Could not create server TCP listening socket \(host):\(port): \(error)")
                guard error.meansNoSuchAddress(optional: isOptional) else {
                    throw ListenFailure(
                        port: port, kind: "tcp", address: "\(host):\(port)", reason: error.reason)
                }
            }
        }
        return port
    }

    private func add(_ listener: OpenListener) {
        current.withLock { $0.append(listener) }
        announce.yield(listener)
    }

    private func closeTCP() {
        let closing = current.withLock { listeners in
            let tcp = listeners.filter { !$0.address.isUnix }
            listeners.removeAll { !$0.address.isUnix }
            return tcp
        }
        for listener in closing { listener.close() }
    }
}

/// A server could not listen where it was told to.
package struct ListenFailure: Error, CustomStringConvertible {
    let port: UInt16
    let kind: String
    /// Where that was, and what the system said.
    let address: String
    let reason: String

    package var description: String { "Failed listening on port \(port) (\(kind)), aborting." }
}

/// A socket that takes connections until it is closed, which may be while a task waits for them.
///
/// On the loop's thread only, but for `cancel()`.
final class OpenListener: Sendable {
    let address: SocketAddress
    private let registration: Registration
    /// Nil once it is closed: the port is free again at that moment.
    private let listener: Guarded<Listener?>

    init(_ listener: consuming Listener, on loop: EventLoop) throws(SystemError) {
        address = listener.address
        registration = try Registration(listener.descriptor, on: loop)
        self.listener = Guarded(consume listener)
    }

    /// Waits until there may be a connection to take; false when it was closed or cancelled.
    func isReady() async -> Bool {
        await registration.wait(for: .readable).isDisjoint(with: [.cancelled, .closed])
    }

    /// Takes a connection, if one is there.
    func accept() throws(SystemError) -> Socket? {
        let accepted = try listener.withLock { listener throws(SystemError) -> Listener.Accepted in
            guard listener != nil else { return .wouldBlock }
            return try listener?.accept() ?? .wouldBlock
        }
        switch consume accepted {
        case .socket(let socket): return socket
        case .wouldBlock: return nil
        }
    }

    /// Ends the present wait and all later ones.
    func cancel() { registration.cancel() }

    /// Stops listening and ends the present wait.
    func close() {
        registration.close()
        listener.withLock { $0 = nil }
    }
}

extension SystemError {
    /// Whether an address is only missing on this machine: an optional one, or one of a family that the
    /// kernel does not have.
    ///
    /// Such an address is left out.
    fileprivate func meansNoSuchAddress(optional: Bool) -> Bool {
        guard source == .kernel else { return false }
        switch code {
        case ENOPROTOOPT, EPROTONOSUPPORT, ESOCKTNOSUPPORT, EPFNOSUPPORT, EAFNOSUPPORT: return true
        default: return optional && code == EADDRNOTAVAIL
        }
    }
}
