import RESP
import Reactor
import Synchronization

/// One connection that many tasks send requests over.
///
/// Any task queues its request, encoded, under a lock; the one task that runs the connection, on its
/// loop, writes what is queued in one go and hands out the replies in order.
final class Link: Sendable {
    enum Phase {
        /// Requests may be queued; nothing is sent before the connection stands.
        case waiting
        case open
        case ended(RedisError)
    }

    struct State: ~Copyable {
        var phase = Phase.waiting
        var isRunning = false
        /// Requests that nothing has been written of.
        var output = ByteBuffer()
        var pending = PendingQueue()
        var subscribers = SubscriptionTable()
        /// What wakes the connection's task, while it stands.
        var bell: Registration?
        /// Whether it was woken and has not looked yet.
        var isRung = false
        var version = ProtocolVersion.resp2

        /// Notes that there is something to look at; the bell to ring, if that is needed.
        mutating func ring() -> Registration? {
            guard let bell, !isRung else { return nil }
            isRung = true
            return bell
        }
    }

    let state = Guarded(State())
    /// Whether the connection is for subscriptions alone; in RESP2 they take it over.
    let isSubscriber: Bool

    init(isSubscriber: Bool = false) {
        self.isSubscriber = isSubscriber
    }

    /// The version of the protocol that was agreed on; meaningful once the connection stands.
    var version: ProtocolVersion { state.withLock { $0.version } }

    /// Queues requests and waits for all that answers them.
    ///
    /// `encode` is called under the lock. When the task is cancelled, or the deadline passes, the
    /// replies are dropped when they come.
    func request(
        due: PendingQueue.Due, deadline: Deadline?, _ encode: (inout ByteBuffer) -> Void
    ) async -> Answer {
        // 0 until queued, then the request's number; `.max` once the task is cancelled.
        let number = Atomic<UInt64>(0)
        return await withTaskCancellationHandler {
            await Parked<Answer>.suspend { waiter in
                queue(waiter, number, due, deadline, encode)
            }
        } onCancel: {
            let queued = number.exchange(.max, ordering: .acquiringAndReleasing)
            if queued != 0, queued != .max { abandon(queued) }
        }
    }

    private func queue(
        _ waiter: Parked<Answer>, _ number: borrowing Atomic<UInt64>, _ due: PendingQueue.Due,
        _ deadline: Deadline?,
        _ encode: (inout ByteBuffer) -> Void
    ) {
        var refusal: RedisError?
        var resume: [PendingQueue.Resumption] = []
        let bell = state.withLock { state -> Registration? in
            if case .ended(let error) = state.phase {
                refusal = error
            } else if state.pending.count >= RedisClient.mostQueuedRequests
                || state.output.count >= RedisClient.mostQueuedBytes
            {
                refusal = .tooManyRequests
            } else if !number.compareExchange(
                expected: 0, desired: state.pending.nextNumber, ordering: .acquiringAndReleasing
            ).exchanged {
                refusal = .cancelled
            } else {
                encode(&state.output)
                _ = state.pending.append(waiter, due: due, deadline: deadline)
                // The connection may have come to stand meanwhile.
                if case .replies(0) = due, case .open = state.phase { state.pending.open(&resume) }
                return state.ring()
            }
            return nil
        }
        if let refusal { waiter.resume(returning: .failure(refusal)) }
        for resumption in resume { resumption.waiter.resume(returning: resumption.answer) }
        bell?.signal()
    }

    private func abandon(_ number: UInt64) {
        let waiter = state.withLock { $0.pending.abandon(number) }
        waiter?.resume(returning: .failure(.cancelled))
    }

    /// Waits until the connection stands or has failed.
    func opened() async throws(RedisError) {
        let isOpen = state.withLock { state in if case .open = state.phase { true } else { false } }
        if isOpen { return }
        let answer = await request(due: .replies(0), deadline: nil) { _ in }
        if case .failure(let error) = answer { throw error }
    }

    /// Marks the connection as being run, and lets requests be queued; false if it is run already.
    func begin() -> Bool {
        state.withLock { state in
            guard !state.isRunning else { return false }
            state.isRunning = true
            state.phase = .waiting
            return true
        }
    }

    /// Lets requests go out.
    func open(_ bell: Registration, _ version: ProtocolVersion) {
        var resume: [PendingQueue.Resumption] = []
        state.withLock { state in
            state.phase = .open
            state.bell = bell
            state.isRung = false
            state.version = version
            state.pending.open(&resume)
        }
        for resumption in resume { resumption.waiter.resume(returning: resumption.answer) }
    }

    /// Fails what waits, and whatever comes from now on.
    func end(_ error: RedisError) {
        var resume: [PendingQueue.Resumption] = []
        let subscribers = state.withLock { state in
            state.isRunning = false
            state.phase = .ended(error)
            state.bell = nil
            state.output = ByteBuffer()
            state.pending.removeAll(error, &resume)
            return state.subscribers.removeAll()
        }
        for resumption in resume { resumption.waiter.resume(returning: resumption.answer) }
        for subscriber in subscribers { subscriber.end(error) }
    }
}
