import Reactor

/// Serving clients whose tasks wait for their next request.
///
/// Resuming a task for each request costs as much as a tenth of serving it. So while a client's task waits
/// for nothing but input, the actor takes the turns itself, all those of one look at the descriptors as one
/// piece of work; the task goes on when a turn ends otherwise: output that the socket did not take, a request
/// that waits, a pause, a long pipeline, the end.
extension Database: Attendant {
    nonisolated func attend(on loop: EventLoop) {
        assumeIsolated { $0.takeTurns() }
    }

    private func takeTurns() {
        var replies = DeferredReplies()
        swap(&replies, &deferredReplies)
        takeTurns(&replies)
        // Others have sent requests meanwhile, most likely.
        if replies.areSeveral, loop.lookAgain(for: self) { takeTurns(&replies) }
        replies.send(in: self)
        swap(&replies, &deferredReplies)
    }

    private func takeTurns(_ replies: inout DeferredReplies) {
        while let turn = loop.nextAttendedTurn() {
            if replies.isFull { replies.send(in: self) }
            guard let session = sessions.session(inSlot: Int(turn.key)), let connection = session.connection
            else {
                loop.giveBack(turn)
                continue
            }
            if !replies.take(turn, of: connection, session, in: self).isPlainWait { loop.resume(after: turn) }
        }
    }
}
