import Engine
import Reactor

/// Whether a new connection may become a client.
extension Database {
    /// What the task of a new connection is told.
    enum Admission: Sendable {
        /// Welcome; a silent peer is probed after so many seconds (0 is never).
        case granted(SessionHandle, ConnectionPolicy, keepAlive: Int32)
        /// The connection is told this, and closed.
        case refused(StaticString)
    }

    /// Makes a connection a client, or says why not.
    func admit(_ origin: Session.Origin, outbox: Outbox) -> Admission {
        guard sessions.count < configuration.maxClients else {
            statistics.rejectedConnections += 1
            return .refused("-ERR max number of clients reached\r\n")
        }
        guard origin.isLocal || !configuration.protectedMode || !configuration.password.isEmpty else {
            statistics.rejectedConnections += 1
            return .refused(Self.protectedModeRefusal)
        }
        let session = open(origin, outbox: outbox)
        return .granted(session.handle, policy(for: session), keepAlive: configuration.tcpKeepAlive)
    }

    /// The number of the next client, for a task on the actor's own loop.
    ///
    /// Given to connections as they come: on loops of their own they are admitted in any order.
    nonisolated func takeClientID() -> Int64 {
        assumeIsolated { $0.sessions.takeID() }
    }

    /// Takes a new client in.
    private func open(_ origin: Session.Origin, outbox: Outbox) -> Session {
        statistics.connections += 1
        let now = clock.milliseconds()
        if clients.areDismissed { outbox.close(.afterFlush) }
        return sessions.insert(id: origin.id ?? sessions.takeID()) { handle in
            Session(handle: handle, origin: origin, outbox: outbox, now: now, authenticated: !needsPassword)
        }
    }

    /// Closes all clients when they have got what is due to them, and whoever is admitted from now on.
    ///
    /// The server's end does not reach them by the cancellation of their tasks: each idle client would pay
    /// for a handler with a kilobyte of its task's stack.
    func dismissClients() {
        clients.areDismissed = true
        for session in sessions.all where session.closing == .no { session.outbox.close(.afterFlush) }
    }

    /// Closes all clients without waiting for them to read what is left.
    func abortClients() {
        for session in sessions.all { session.outbox.close(.now) }
    }

    /// Begins with `-DENIED`, by which clients know it; the rest is for people.
    private static let protectedModeRefusal: StaticString = """
        -DENIED This server is in protected mode: it has no password, and takes connections from its own \
        machine only. To let others in, do one of the following: 1) set a password ('requirepass' in \
        redis.conf, or 'CONFIG SET requirepass' from the server's machine); 2) if nobody else can reach \
        the port, turn the mode off with 'CONFIG SET protected-mode no' from the server's machine, and \
        keep that with CONFIG REWRITE; 3) start the server with '--protected-mode no'.\r\n
        """
}

extension Session.Origin {
    /// Whether the client is on the server's own machine.
    var isLocal: Bool {
        isUnixSocket || address.hasPrefix("127.") || address.hasPrefix("[::1]:")
            || address.hasPrefix("[::ffff:127.")
    }
}
