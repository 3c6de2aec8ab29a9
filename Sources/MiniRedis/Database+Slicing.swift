import Engine
import RESP
import Reactor

/// Long commands: done half a millisecond at a time, so that nobody else has to wait for them, and with replies
/// that are written not much faster than their clients read.
extension Database {
    /// Output that a client may leave unread before its long reply waits for it, in bytes; more than is
    /// written at once.
    static let mostSlicedOutput = 1 << 20

    /// Does the first part of what the command that just ran has left to do; nil if that was all.
    ///
    /// It is put off when it may not use its keys now, and when somebody waits for others that do: else
    /// long readers could follow each other for ever while a writer waits.
    func slice(_ session: Session, _ call: inout Call) -> Dispatched? {
        guard let long = call.takeLongCommand() else { return nil }
        guard !isHurried, long.begin() else {
            hurry()
            return .postponed
        }
        session.longCommand = long
        if advance(long, session, &call) { return .sliced }
        endLong(of: session)
        return nil
    }

    /// Goes on with a client's long command; returns what its connection does next, and nil when that was all.
    func continueLong(of session: Session, _ call: inout Call) -> Exchange.Outcome? {
        guard let long = session.longCommand else { return nil }
        // Nothing changes during a pause.
        if long.writes, clients.pause.isActive(call.now) { return postpone(session) }
        let mark = call.reply.count
        guard advance(long, session, &call) else {
            endLong(of: session)
            return nil
        }
        return outcomeOfSlice(session, call.reply, since: mark)
    }

    /// What the connection of a client does whose command goes on.
    func outcomeOfSlice(_ session: Session, _ reply: borrowing ReplyWriter, since mark: Int)
        -> Exchange.Outcome
    {
        enforceOutputLimit(session, reply.count)
        if session.closing != .no { return .abort }
        return reply.count > Self.mostSlicedOutput && !isHurried
            ? .stall(most: Self.mostSlicedOutput) : .yield
    }

    /// Goes on for half a millisecond at most; false if that was all.
    private func advance(_ long: LongCommand, _ session: Session, _ call: inout Call) -> Bool {
        let start = Ticks.now()
        var goesOn = true
        repeat {
            goesOn = advanceOnce(long, session, &call)
        } while goesOn && Ticks.now() &- start < Self.ticksPerSlice
            && (isHurried || call.reply.count <= Self.mostSlicedOutput)
        let ticks = Ticks.now() &- start
        session.lastCommand?.statistics.ticks &+= ticks
        session.slicedRequest?.ticks &+= ticks
        if !dataset.effects.isEmpty { publishEffects(by: session) }
        return goesOn
    }

    private func advanceOnce(_ long: LongCommand, _ session: Session, _ call: inout Call) -> Bool {
        do throws(CommandError) {
            return try long.advance(&call)
        } catch {
            session.lastCommand?.statistics.failed &+= 1
            answer(error, &call.reply)
            return false
        }
    }

    /// Ends a client's long command, whether or not it was done, and lets those go on who waited for that.
    func endLong(of session: Session) {
        guard let long = session.longCommand.take() else { return }
        long.end()
        noteSlicedTime(session)
        guard !dataset.freeze.isAny else { return }
        isHurried = false
        expectExpiry(at: dataset.firstDeadline ?? .max, lastNow)
        // Writers first: readers might hold them up again, for ever if there are many.
        let waiters = sessions.all.filter(\.isPostponed)
        for session in waiters where session.isAboutToWrite { session.outbox.wake() }
        for session in waiters where !session.isAboutToWrite { session.outbox.wake() }
        if waiting.hasReady { serveWaiting() }
    }

    /// Writes the rest of a client's long reply at once, as something else is to follow it now.
    func completeReply(of session: Session) {
        guard let long = session.longCommand else { return }
        var call = Call(
            dataset, database: session.database, now: lastNow,
            reply: ReplyWriter(version: session.protocolVersion))
        while advanceOnce(long, session, &call) {}
        session.outbox.keep(call.reply.buffer.bytes)
        session.isBehind = true
        session.outbox.wake()
        endLong(of: session)
    }

    /// Has long commands go on without regard to how fast their clients read, as somebody waits for their end.
    func hurry() {
        guard !isHurried else { return }
        isHurried = true
        sessions.forEach { if $0.longCommand != nil { $0.outbox.wake() } }
    }

    /// How long a slice takes at most.
    private static let ticksPerSlice = Ticks.count(ofNanoseconds: 500_000)
}

extension Session {
    /// Whether the request that was put off is one that writes.
    fileprivate var isAboutToWrite: Bool { lastCommand?.info.flags.contains(.write) ?? false }
}
