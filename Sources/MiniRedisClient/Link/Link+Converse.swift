import RESP
import Reactor
import Synchronization

/// What the task that runs a connection does, on the connection's loop.
extension Link {
    /// Bytes written at once: others on the loop, and whoever queues, get their turn in between.
    private static let largestWrite = 64 << 10
    /// Memory that an idle connection may keep for writing.
    private static let keptOutput = 256 << 10
    /// Replies for which an idle connection may keep room.
    private static let keptValues = 1 << 10

    private static let ends: Readiness = [.cancelled, .closed]
    private static let brings: Readiness = [.readable, .hangup]
    private static let both: Interest = [.readable, .writable]

    /// Writes requests and hands out replies until the connection ends; says why it did.
    func converse(on wire: Wire, _ inbox: consuming Inbox) async -> RedisError {
        var resume: [PendingQueue.Resumption] = []
        do throws(RedisError) {
            while true {
                let isWritten = try flush(wire)
                let readiness = await wire.registration.wait(for: isWritten ? .readable : Self.both)
                if !readiness.isDisjoint(with: Self.ends) { return .closed }
                if !readiness.isDisjoint(with: Self.brings) {
                    try inbox.read(from: wire.socket)
                    try deliver(&inbox, from: wire, &resume)
                }
            }
        } catch {
            return error
        }
    }

    /// Writes a part of what is queued; true if that was all.
    private func flush(_ wire: Wire) throws(RedisError) -> Bool {
        do throws(SystemError) {
            return try state.withLock { state throws(SystemError) in
                state.isRung = false
                // Broken off, it may have a successor that the output is for; the next reading tells.
                guard state.wire === wire, !state.output.isEmpty else { return true }
                _ = try state.write(to: wire.socket, atMost: Self.largestWrite)
                guard state.output.isEmpty else { return false }
                state.output.shrink(to: Self.keptOutput)
                return true
            }
        } catch {
            throw .lost(error)
        }
    }

    /// Hands out replies and messages in the order in which they came.
    private func deliver(
        _ inbox: inout Inbox, from wire: Wire, _ resume: inout [PendingQueue.Resumption]
    ) throws(RedisError) {
        var isBrokenOff = false
        var bell: Registration?
        let isUnderstood = state.withLock { state in
            isBrokenOff = state.wire !== wire
            if isBrokenOff { return true }
            defer { bell = state.bellForWaits }
            if isSubscriber || inbox.hasPushes { return deliverEach(of: inbox.values, &state, &resume) }
            return state.pending.take(all: &inbox.values, &resume)
        }
        inbox.empty(keeping: Self.keptValues)
        for resumption in resume { resumption.resume() }
        resume.removeAll(keepingCapacity: true)
        bell?.signal()
        if isBrokenOff { throw .connectionLost("broken off") }
        if !isUnderstood { throw .protocolViolation("a reply to no request") }
    }

    private func deliverEach(
        of values: [RESPValue], _ state: inout State, _ resume: inout [PendingQueue.Resumption]
    ) -> Bool {
        for value in values {
            if let message = message(value, state.version) {
                guard state.subscribers.take(message) == .confirmation else { continue }
                switch state.pending.confirm(&resume) {
                case .begun(let subscriber)?: subscriber.begin()
                case .resumed(let kind)?: state.subscribers.resumed(kind)
                case nil: break
                }
                continue
            }
            if let kind = state.pending.resumes, case .error(let error) = value {
                // What was followed before is refused now.
                for subscriber in state.subscribers.removeAll(of: kind) { subscriber.end(.server(error)) }
            }
            if !state.pending.take(value, &resume) { return false }
        }
        return true
    }

    /// The parts of a push message, which RESP2 sends as an array; nil for a reply.
    private func message(_ value: RESPValue, _ version: ProtocolVersion) -> [RESPValue]? {
        switch value {
        case .push(let parts): parts
        case .array(let parts) where isSubscriber && version == .resp2: parts
        default: nil
        }
    }
}
