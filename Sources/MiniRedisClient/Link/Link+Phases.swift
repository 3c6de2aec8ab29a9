import RESP
import Reactor
import Synchronization

/// How a link begins, is lost, comes back, and ends.
extension Link {
    /// Lets requests be queued; false if the link is being run already.
    func begin() -> Bool {
        state.withLock { state in
            guard !state.isRunning else { return false }
            state.isRunning = true
            state.phase = .waiting
            return true
        }
    }

    /// Lets requests wait for the connection of a link that has ended and is about to begin again.
    func prepare() {
        state.withLock { state in
            if !state.isRunning, case .ended = state.phase { state.phase = .waiting }
        }
    }

    /// Closes the connection, whatever is queued or due on it, so that the next request has another.
    func breakOff() {
        var resume: [PendingQueue.Resumption] = []
        let wire = state.withLock { state -> Wire? in
            guard case .open = state.phase, let wire = state.wire else { return nil }
            state.phase = .waiting
            state.wire = nil
            state.output = ByteBuffer()
            state.unsentBytes = 0
            state.pending.removeFirst(before: .max, .connectionLost("broken off"), &resume)
            return wire
        }
        for resumption in resume { resumption.resume() }
        wire?.socket.shutDown()
    }

    /// Lets requests go out; what is followed is followed again first.
    func open(_ wire: Wire, _ terms: Handshake.Terms) {
        let version = terms.version
        var resume: [PendingQueue.Resumption] = []
        var unable: [MessageBuffer] = []
        let bell = state.withLock { state in
            state.phase = .open
            state.wire = wire
            state.isRung = false
            state.version = version
            state.clientID = terms.clientID
            state.pending.open(&resume)
            if version == .resp3 || isSubscriber {
                state.followAgain()
            } else {
                // A connection that others share can't be subscribed in RESP2.
                unable = state.subscribers.removeAll()
            }
            return state.bellForWaits
        }
        bell?.signal()
        for resumption in resume { resumption.resume() }
        for subscriber in unable {
            subscriber.end(.connectionLost("the server has come back with RESP2 only"))
        }
    }

    /// Fails what may have been sent; the rest waits for the next connection.
    func interrupt(_ error: RedisError) {
        var resume: [PendingQueue.Resumption] = []
        state.withLock { state in
            guard case .open = state.phase else { return }
            state.phase = .waiting
            state.wire = nil
            state.pending.removeFirst(before: state.firstUnsent, error, &resume)
            // The unwritten rest of what has failed.
            state.output.consume(state.output.count - state.unsentBytes)
        }
        for resumption in resume { resumption.resume() }
    }

    /// Fails what waits, and whatever comes from now on.
    func end(_ error: RedisError) {
        var resume: [PendingQueue.Resumption] = []
        let subscribers = state.withLock { state in
            state.isRunning = false
            state.phase = .ended(error)
            state.wire = nil
            state.output = ByteBuffer()
            state.unsentBytes = 0
            state.pending.removeFirst(before: .max, error, &resume)
            return state.subscribers.removeAll()
        }
        for resumption in resume { resumption.resume() }
        for subscriber in subscribers { subscriber.end(error) }
    }

    /// Gives up on requests whose time is over, until the task is cancelled; on the loop only.
    ///
    /// It looks when the earliest deadline has come that was known when it looked before, or after
    /// `patience`: so requests of the usual limit need not wake it.
    func keepTime(on loop: EventLoop, patience: Duration?) async {
        let bell = Registration(on: loop)
        state.withLock { $0.timekeeper = bell }
        await withTaskCancellationHandler {
            while true {
                let next = expire(by: loop.deadline(in: 0), patience)
                let readiness = await bell.wait(for: [], until: next)
                if readiness.contains(.cancelled) { break }
            }
        } onCancel: {
            bell.cancel()
        }
        state.withLock { $0.timekeeper = nil }
        bell.close()
    }

    private func expire(by now: Deadline, _ patience: Duration?) -> Deadline? {
        var resume: [PendingQueue.Resumption] = []
        var bell: Registration?
        let next = state.withLock { state in
            state.pending.expire(by: now, &resume)
            bell = state.bellForWaits
            let idle = patience.map { Deadline.after(milliseconds: $0.wholeMilliseconds) }
            state.nextLook = state.pending.earliest ?? idle
            return state.nextLook
        }
        for resumption in resume { resumption.resume() }
        bell?.signal()
        return next
    }
}

extension Link.State {
    /// Queues, before everything else, what subscribes again to all that is followed.
    fileprivate mutating func followAgain() {
        guard !subscribers.isEmpty else { return }
        var first = ByteBuffer()
        for kind in [SubscriptionKind.channel, .pattern, .shard] {
            let names = subscribers.names(of: kind)
            guard !names.isEmpty else { continue }
            var words = RedisWords(kind.subscribe)
            words.append(contentsOf: names)
            first.append(words)
            pending.prepend(due: .confirmations(names.count), resuming: kind)
        }
        first.append(output.bytes)
        swap(&first, &output)
    }
}
