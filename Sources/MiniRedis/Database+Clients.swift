import Engine
import RESP
import Reactor

/// How clients end, are held back, and are looked after while they are idle.
extension Database {
    // MARK: Going

    /// Forgets a client that has gone.
    func close(_ handle: SessionHandle, _ departure: Departure) {
        guard let session = sessions[handle] else { return }
        switch departure {
        case .peer: break
        case .protocolError:
            insight.errors.count("ERR")
            log(.verbose, "Protocol error from client: \(session.line(lastNow))")
        case .queryBufferLimit:
            clients.queryLimitDisconnections += 1
            log(.warning, "Closing client that reached max query buffer length: \(session.line(lastNow))")
        }
        forget(session)
    }

    /// Closes a client; the one whose command runs gets its reply first.
    ///
    /// Others are gone at once for everybody, though their connections still have to notice.
    func kill(_ session: Session, by current: Session) {
        if session === current {
            session.closing = .afterFlush
        } else {
            end(session)
        }
    }

    /// Ends a client at once, whatever it does.
    func end(_ session: Session) {
        session.closing = .now
        session.outbox.close(.now)
        forget(session)
    }

    private func forget(_ session: Session) {
        guard sessions.remove(session.handle) != nil else { return }
        if session.isPostponed { endPostponement(session) }
        unblock(session)
        endLong(of: session)
        pubsub.forget(session)
        unwatch(session)
        stopTracking(session)
        stopMonitoring(session)
        session.connection = nil
    }

    /// Ends a client that speaks HTTP: a web page in somebody's browser may have been made to send commands
    /// in a request's body, so nothing more of it is read.
    ///
    /// False if it does not.
    func refuseCrossProtocolScripting(_ name: RawSpan, _ session: Session) -> Bool {
        guard name.isWord("post") || name.isWord("host:") else { return false }
        session.closing = .now
        if lastNow - clients.lastAttackLogged > ClientSupervision.attackLogInterval {
            clients.lastAttackLogged = lastNow
            log(
                .warning,
                """
                Possible SECURITY ATTACK detected: \(session.address) sends HTTP, as a web page would that \
                is made to talk to this server. Connection aborted.
                """)
        }
        return true
    }

    // MARK: Replies

    /// Takes back the reply of a client that wants none (CLIENT REPLY).
    ///
    /// A command has seen to that itself perhaps.
    func mute(_ session: Session, _ call: inout Call, since mark: Int, isMuted: Bool) {
        switch session.replyMode {
        case .on: return
        case .skipNext:
            session.replyMode = .skip
            return
        case .skip: session.replyMode = .on
        case .off: break
        }
        if !isMuted { call.reply.buffer.truncate(to: mark) }
    }

    /// Bytes of output beyond which `enforceOutputBound` is to be asked.
    func outputBound(of session: Session) -> Int {
        let limit = configuration.outputLimits[session.outputClass]
        var bound = Conversation.mostPendingOutput
        if limit.hard > 0 { bound = min(bound, OutputMemory.harmless(below: limit.hard)) }
        if limit.soft > 0 { bound = min(bound, OutputMemory.harmless(below: limit.soft)) }
        return bound
    }

    /// Closes a client that left too many replies unread; true if it is to read before it goes on.
    ///
    /// The last reply begins at `mark`.
    func enforceOutputBound(_ session: Session, _ reply: borrowing ReplyWriter, since mark: Int) -> Bool {
        let held = reply.count
        enforceOutputLimit(session, held, bulk: reply.isBulkString(at: mark) ? held - mark : 0)
        return session.closing == .no && held > Conversation.mostPendingOutput
    }

    // MARK: Pauses

    /// Puts off the client's requests until the pause ends.
    func postpone(_ session: Session) -> Exchange.Outcome {
        session.isPostponed = true
        clients.postponed += 1
        // Who waits for the end of a long command is woken then.
        guard clients.pause.isActive(lastNow) else { return .pause(until: nil) }
        return .pause(until: clock.deadline(in: max(clients.pause.end &- lastNow, 0) &+ 1))
    }

    /// Whether keys that are due are to stay, as the data stands still.
    func keepsDueKeys(_ now: Int64) -> Bool { clients.pause.isActive(now) || dataset.freeze.isAll }

    /// Notes that the client's requests are tried again.
    func endPostponement(_ session: Session) {
        session.isPostponed = false
        clients.postponed -= 1
    }

    /// Ends the pause and lets everybody go on.
    func unpause() {
        clients.pause.stop()
        expectExpiry(at: dataset.firstDeadline ?? .max, lastNow)
        for session in sessions.all where session.isPostponed || session.blocked?.isTimed == true {
            session.outbox.wake()
        }
    }

    // MARK: Idle clients

    /// Looks after idle clients once a second while there is a reason to, until the task is cancelled.
    func keepSweepingClients() async {
        let alarm = Alarm(on: loop)
        clients.alarm = alarm
        startSweeping()
        while await alarm.next() {
            clients.isSweeping = false
            if insight.rests || housekeep({ sweepClients(clock.milliseconds()) }) { startSweeping() }
        }
        clients.alarm = nil
    }

    /// Makes the sweep come round in a second.
    func startSweeping() {
        clients.isSweeping = true
        clients.alarm?.set(.after(milliseconds: ClientSupervision.sweepInterval))
    }

    /// Closes clients that are idle for too long or read too slowly, and has the others give back memory.
    ///
    /// False when nobody has to be looked at again before the next request.
    func sweepClients(_ now: Int64) -> Bool {
        lastNow = now
        if configuration.maxMemoryClients != 0 { evictClients() }
        var isNeeded = configuration.timeout > 0 || configuration.maxMemoryClients != 0
        sessions.forEach { session in
            noteInput(of: session, now)
            let idle = now - session.lastInteraction
            if configuration.timeout > 0, idle > Int64(configuration.timeout) * 1000, !session.isSubscriber,
                !session.isPostponed, session.blocked == nil, !session.options.contains(.monitor)
            {
                log(.verbose, "Closing idle client")
                session.closing = .now
                session.outbox.close(.now)
                return
            }
            if session.outbox.figures.unsent > 0 || session.overSoftLimitSince != 0 {
                isNeeded = true
                enforceOutputLimit(session, session.outbox.kept + session.outbox.figures.unsent)
            }
            guard session.outbox.figures.releasable > 0 else { return }
            isNeeded = true
            if idle >= ClientSupervision.idleBeforeRelease { session.outbox.askToRelease() }
        }
        return isNeeded
    }

    /// A client whose request is on the way is not idle, however long that takes.
    private func noteInput(of session: Session, _ now: Int64) {
        let input = session.outbox.figures.bytesIn
        if input != session.sweptInput, session.outbox.figures.queryUsed > 0 { session.lastInteraction = now }
        session.sweptInput = input
    }

    /// After so long the rest of a batch waits for the other clients' turn: a millisecond.
    static let ticksPerTurn = Ticks.count(ofNanoseconds: 1_000_000)
    /// How long a reading of the clock serves batches: far less than the millisecond in which it is told.
    static let ticksPerClockReading = Ticks.count(ofNanoseconds: 50_000)
}

extension ReplyWriter {
    /// Whether the reply that begins at `position` is a bulk string.
    func isBulkString(at position: Int) -> Bool {
        guard position >= 0, position < count else { return false }
        let type = buffer.bytes[byte: position]
        return type == UInt8(ascii: "$") || type == UInt8(ascii: "=")
    }
}
