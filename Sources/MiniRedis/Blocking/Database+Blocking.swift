import Engine
import RESP
import Reactor

/// Clients that wait in a command, as BLPOP lets them.
///
/// Nothing runs while they wait: a change of one of their keys, the end of their time, CLIENT UNBLOCK or
/// their going wakes them.
extension Database {
    /// Has the client wait with the command that just ran and found nothing.
    func block(
        _ session: Session, _ wait: Wait, _ command: RegisteredCommand, _ arguments: Arguments,
        _ database: Int
    ) {
        let request = BlockedRequest(wait, command, arguments, database: database, client: session.handle)
        session.blocked = request
        waiting.join(request)
        if !waiting.isEmpty { dataset.effects.interest.insert(.awaited) }
        if !dataset.effects.isEmpty { publishEffects(by: session) }
    }

    /// What a client's connection does while its request waits.
    func outcomeOfWait(_ session: Session, _ now: Int64) -> Exchange.Outcome {
        // During a pause nothing is tried again.
        let retryTime = session.blocked?.retryTime.map { max($0, clients.pause.end) }
        let next = [session.blocked?.deadline, retryTime].compactMap(\.self).min()
        return .block(until: next.flatMap { clock.deadline(in: max($0 &- now, 0)) })
    }

    /// Whether the client of a batch still waits in a request; it is answered now if its time is over.
    func stillWaits(_ session: Session, _ exchange: inout Exchange) -> Bool {
        exchange.resumes = false
        guard let request = session.blocked else { return false }
        let now = clock.milliseconds()
        if let deadline = request.deadline, deadline <= now {
            endWait(of: request, session)
            return false
        }
        if let retryTime = request.retryTime, retryTime <= now, !clients.pause.isActive(now) {
            request.retryTime = nil
            // Those who came before it have the same right.
            for key in request.keys { waiting.noteReady(key) }
            serveWaiting()
            if request.isOver { return false }
        }
        exchange.outcome = outcomeOfWait(session, now)
        return true
    }

    /// Answers a client that waits as if its time were over, or with an error.
    func endWait(of request: BlockedRequest, _ session: Session, with error: CommandError? = nil) {
        var reply = ReplyWriter(version: session.protocolVersion)
        if let error { answer(error, &reply) } else { request.lateReply(&reply) }
        request.command.statistics.calls &+= 1
        if error != nil { request.command.statistics.failed &+= 1 }
        finish(request, session, reply, ticks: 0)
    }

    /// Forgets that a client waits.
    func unblock(_ session: Session) {
        guard let request = session.blocked.take() else { return }
        waiting.leave(request)
        if waiting.isEmpty { dataset.effects.interest.remove(.awaited) }
    }

    /// Gives a client that waited its reply, which took so many ticks to find.
    private func finish(
        _ request: BlockedRequest, _ session: Session, _ reply: consuming ReplyWriter, ticks: UInt64
    ) {
        unblock(session)
        session.commandCount &+= 1
        if ticks >= observation.threshold {
            let words = request.words
            noteTime(request.command, words.request(0), session, ticks: ticks)
            noteTime(of: .unblocking, ticks: ticks)
        }
        if session.replyMode == .on {
            session.outbox.keep(reply.buffer.bytes)
            let bulk = reply.isBulkString(at: 0) ? reply.count : 0
            enforceOutputLimit(session, session.outbox.kept + session.outbox.figures.unsent, bulk: bulk)
        } else if session.replyMode == .skip {
            session.replyMode = .on
        }
        // The next request's reply comes behind this one.
        session.isBehind = true
        session.outbox.wake()
    }

    // MARK: Serving

    /// Runs the requests again that wait for what has become ready, and for what becomes ready by that.
    ///
    /// Each serves one client at most once for each that waits, so it ends.
    func serveWaiting() {
        guard !isServing else { return }
        isServing = true
        let now = clock.milliseconds()
        var heldBack: [Effects.Key] = []
        while waiting.hasReady {
            for key in waiting.takeReady() where !serve(key, now) { heldBack.append(key) }
        }
        isServing = false
        guard !heldBack.isEmpty else { return }
        // What is being read may not be changed; the end of that comes back here.
        for key in heldBack { waiting.noteReady(key) }
        hurry()
    }

    /// Serves those who wait for a key; false if one of them has to wait for the end of a long command.
    private func serve(_ key: Effects.Key, _ now: Int64) -> Bool {
        guard let line = waiting.line(of: key) else { return true }
        var held = dataset.type(of: key, now: now)
        for request in line.requests {
            if held == nil, line.minders == 0 { return true }
            guard !request.isOver, request.isServable(by: held) else { continue }
            let words = request.words
            if dataset.freeze.isAny, dataset.frozen.holdsBack(request.command.info, words.request(0)) {
                return false
            }
            retry(request, now)
            held = dataset.type(of: key, now: now)
        }
        return true
    }

    /// Runs a request again; the client goes on waiting if there is still nothing.
    private func retry(_ request: BlockedRequest, _ now: Int64) {
        guard let session = sessions[request.client] else { return }
        let start = Ticks.now()
        var call = Call(
            dataset, database: request.database, now: now,
            reply: ReplyWriter(version: session.protocolVersion))
        call.mayWait = true
        call.leavesClocks = session.options.contains(.noTouch)
        call.keepsDueKeys = keepsDueKeys(now)
        if request.command.info.flags.contains(.denyoom), makeRoom(in: call.keyspace) == .none {
            answer(.outOfMemory, &call.reply)
        } else {
            let words = request.words
            perform(request.command, words.request(0), session, &call)
        }
        // If it waits again, it keeps its place in the line.
        let wait = call.takeWait()
        let isServed = wait == nil
        if let wait, wait.retryTime != request.retryTime {
            request.retryTime = wait.retryTime
            // Its connection waits for another moment.
            session.outbox.wake()
        }
        if isServed {
            let ticks = Ticks.now() &- start
            request.command.statistics.calls &+= 1
            request.command.statistics.ticks &+= ticks
            if configuration.latencyTracking { request.command.latency.record(ticks) }
            session.lastInteraction = now
            finish(request, session, call.takeReply(), ticks: ticks)
        }
        if !dataset.effects.isEmpty { publishEffects(by: session) }
        if isServed, session.tracking != nil {
            let words = request.words
            noteReads(request.command, words.request(0), by: session)
        }
    }
}
