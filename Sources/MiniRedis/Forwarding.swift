import Reactor

/// Whose messages are to be sent when the present turn's commands have run, in which they may get more.
///
/// To resume a task for each message costs as much as a tenth of sending it. So the actor writes itself what
/// its loop's clients are sent by others, once for all that came in a turn, as Redis does before it sleeps;
/// a client's task goes on only when its socket is full.
struct Forwarding {
    var connections: [Connection] = []

    /// Connections after which descriptors and jobs get their turn: a fraction of a millisecond.
    static let mostPerTurn = 64
}

extension Database: LoopChore {
    /// Sees to it that a client gets what is in its outbox.
    func rouse(_ session: Session) {
        guard let connection = session.connection else { return session.outbox.wake() }
        if forwarding.connections.isEmpty { loop.beforePolling(self) }
        forwarding.connections.append(connection)
    }

    nonisolated func perform() {
        assumeIsolated { $0.forwardMessages() }
    }

    private func forwardMessages() {
        // None is added meanwhile.
        let count = min(forwarding.connections.count, Forwarding.mostPerTurn)
        for index in 0..<count { forwarding.connections[index].forward(in: self) }
        forwarding.connections.removeFirst(count)
        if !forwarding.connections.isEmpty { loop.beforePolling(self) }
    }
}
