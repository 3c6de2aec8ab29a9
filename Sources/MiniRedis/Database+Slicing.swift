import Engine
import RESP
import Reactor

/// Long replies: written a millisecond at a time, so that nobody else has to wait for them, and not much faster
/// than their clients read.
extension Database {
    /// Output that a client may leave unread before its long reply waits for it, in bytes; more than is
    /// written at once.
    static let mostSlicedOutput = 1 << 20

    /// Writes the reply of the command that just ran, and has what takes too long written in later turns;
    /// false if that was all.
    func slice(_ session: Session, _ call: inout Call) -> Bool {
        guard let reply = call.takeSlicedReply() else { return false }
        session.slicedReply = reply
        if continueReply(reply, session, &call) { return true }
        endReply(of: session)
        return false
    }

    /// Goes on with a client's long reply; returns what its connection does next, and nil when that was all.
    func continueReply(of session: Session, _ call: inout Call) -> Exchange.Outcome? {
        guard let reply = session.slicedReply else { return nil }
        let mark = call.reply.count
        guard continueReply(reply, session, &call) else {
            endReply(of: session)
            return nil
        }
        return outcomeOfSlice(session, call.reply, since: mark)
    }

    /// What the connection of a client does that gets a long reply.
    func outcomeOfSlice(_ session: Session, _ reply: borrowing ReplyWriter, since mark: Int)
        -> Exchange.Outcome
    {
        enforceOutputLimit(session, reply.count)
        if session.closing != .no { return .abort }
        return reply.count > Self.mostSlicedOutput && !isHurried
            ? .stall(most: Self.mostSlicedOutput) : .yield
    }

    /// Writes for a millisecond at most; false if that was all.
    private func continueReply(_ reply: SlicedReply, _ session: Session, _ call: inout Call) -> Bool {
        let start = Ticks.now()
        var goesOn = true
        repeat {
            goesOn = reply.writeSome(&call.reply)
        } while goesOn && Ticks.now() &- start < Self.ticksPerSlice
            && (isHurried || call.reply.count <= Self.mostSlicedOutput)
        let ticks = Ticks.now() &- start
        session.lastCommand?.statistics.ticks &+= ticks
        session.slicedRequest?.ticks &+= ticks
        return goesOn
    }

    /// Ends a client's long reply, whether or not it was written whole, and lets those go on who waited for
    /// what it was read from.
    func endReply(of session: Session) {
        guard let reply = session.slicedReply.take() else { return }
        reply.end()
        noteSlicedTime(session)
        guard !dataset.freeze.isAny else { return }
        isHurried = false
        expectExpiry(at: dataset.firstDeadline ?? .max, lastNow)
        for session in sessions.all where session.isPostponed { session.outbox.wake() }
        if waiting.hasReady { serveWaiting() }
    }

    /// Writes the rest of a client's long reply at once, as something else is to follow it now.
    func completeReply(of session: Session) {
        guard let reply = session.slicedReply else { return }
        var rest = ReplyWriter(version: session.protocolVersion)
        while reply.writeSome(&rest) {}
        session.outbox.keep(rest.buffer.bytes)
        session.isBehind = true
        session.outbox.wake()
        endReply(of: session)
    }

    /// Has long replies written without regard to how fast their clients read, as somebody waits for their end.
    func hurryReplies() {
        guard !isHurried else { return }
        isHurried = true
        sessions.forEach { if $0.slicedReply != nil { $0.outbox.wake() } }
    }

    /// How long a slice takes at most.
    private static let ticksPerSlice = Ticks.count(ofNanoseconds: 500_000)
}
