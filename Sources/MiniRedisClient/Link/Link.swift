import RESP
import Reactor
import Synchronization

/// One connection that many tasks send requests over, and those that come in its place when it is lost.
///
/// Any task queues its request, encoded, under a lock, and writes it at once if the connection is idle.
/// Else the one task that runs the connection, on its loop, writes what is queued in one go; it reads,
/// and hands out the replies in order.
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
        /// Requests that are not written.
        var output = ByteBuffer()
        var pending = PendingQueue()
        /// The number of the first request that was queued after bytes were last written, and how many
        /// bytes at the end of the output are of such.
        var firstUnsent: UInt64 = 1
        var unsentBytes = 0
        var subscribers = SubscriptionTable()
        /// Where to write, while the connection stands.
        var wire: Wire?
        /// Whether the task that reads was woken to write and has not looked yet.
        var isRung = false
        /// What wakes the task that looks at the deadlines, while there is one.
        var timekeeper: Registration?
        /// When that task will look by itself.
        var nextLook: Deadline?
        /// What wakes the task that ends waits in the server, while there is one.
        var unblocker: Registration?
        /// The server's number for the connection; nil if it has told none.
        var clientID: Int64?
        var version = ProtocolVersion.resp2

        /// Whom to wake because of a request that has just been queued.
        mutating func ring(_ deadline: Deadline?) -> Bells {
            var bells = Bells()
            if !output.isEmpty, let wire, !isRung {
                isRung = true
                bells.writer = wire.registration
            }
            if let deadline, let timekeeper, nextLook.map({ deadline < $0 }) ?? true {
                nextLook = deadline
                bells.timekeeper = timekeeper
            }
            return bells
        }
    }

    /// Tasks to wake once the lock is let go.
    struct Bells {
        var writer: Registration?
        var timekeeper: Registration?

        func ring() {
            writer?.signal()
            timekeeper?.signal()
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

    /// Whether nothing is due from the server.
    var isIdle: Bool { state.withLock { $0.pending.count == 0 } }

    /// Queues requests and waits for all that answers them.
    ///
    /// `encode` is called under the lock. When the task is cancelled, or the deadline passes, the
    /// replies are dropped when they come.
    func request(
        due: PendingQueue.Due, for subscriber: MessageBuffer? = nil, deadline: Deadline?, waits: Bool = false,
        isolation: isolated (any Actor)? = #isolation, _ encode: (inout ByteBuffer) -> Void
    ) async -> Answer {
        // 0 until queued, then the request's number; `.max` once the task is cancelled.
        let number = Atomic<UInt64>(0)
        return await withTaskCancellationHandler {
            // Else the task would leave its actor to wait.
            _ = isolation
            return await Parked<Answer>.suspend { waiter in
                queue(waiter, number, due, subscriber, deadline, waits, encode)
            }
        } onCancel: {
            let queued = number.exchange(.max, ordering: .acquiringAndReleasing)
            if queued != 0, queued != .max { abandon(queued) }
        }
    }

    private func queue(
        _ waiter: Parked<Answer>, _ number: borrowing Atomic<UInt64>, _ due: PendingQueue.Due,
        _ subscriber: MessageBuffer?, _ deadline: Deadline?, _ waits: Bool,
        _ encode: (inout ByteBuffer) -> Void
    ) {
        var refusal: RedisError?
        var isOpened = false
        let bells = state.withLock { state -> Bells in
            if case .ended(let error) = state.phase {
                refusal = error
            } else if state.pending.count >= RedisClient.mostQueuedRequests
                || state.output.count >= RedisClient.mostQueuedBytes
            {
                refusal = .tooManyRequests
            } else if case .replies(0) = due, case .open = state.phase {
                // The connection has come to stand meanwhile.
                isOpened = true
            } else if !number.compareExchange(
                expected: 0, desired: state.pending.nextNumber, ordering: .acquiringAndReleasing
            ).exchanged {
                refusal = .cancelled
            } else {
                let isIdle = state.pending.count == 0 && state.output.isEmpty
                state.encode(encode)
                state.pending.append(waiter, due: due, for: subscriber, deadline: deadline, waits: waits)
                if isIdle, state.output.count <= Self.largestDirectWrite { state.writeAtOnce() }
                return state.ring(deadline)
            }
            return Bells()
        }
        if let refusal { waiter.resume(returning: .failure(refusal)) }
        if isOpened { waiter.resume(returning: .many([])) }
        bells.ring()
    }

    /// Larger requests are left to the loop, so that nobody holds the lock for long.
    private static let largestDirectWrite = 64 << 10

    private func abandon(_ number: UInt64) {
        let (waiter, bell) = state.withLock { ($0.pending.abandon(number), $0.bellForWaits) }
        waiter?.resume(returning: .failure(.cancelled))
        bell?.signal()
    }

    /// Waits until the connection stands or has failed.
    func opened(by deadline: Deadline? = nil) async throws(RedisError) {
        let isOpen = state.withLock { state in if case .open = state.phase { true } else { false } }
        if isOpen { return }
        let answer = await request(due: .replies(0), deadline: deadline) { _ in }
        if case .failure(let error) = answer { throw error }
    }
}

extension Link.State {
    /// Writes what is queued, if there is a connection that takes it; the rest is left to the loop.
    ///
    /// That spares a request on an idle connection the way to the loop and back. An error is left to
    /// the loop too, which meets it when it reads.
    mutating func writeAtOnce() {
        guard let wire, !output.isEmpty else { return }
        if let count = try? write(to: wire.socket, atMost: output.count), count > 0 { isRung = false }
    }

    /// Writes once; gives how many bytes the socket took.
    mutating func write(to socket: borrowing Socket, atMost limit: Int) throws(SystemError) -> Int {
        guard case .bytes(let count) = try socket.write(output.bytes.extracting(first: limit)) else {
            return 0
        }
        output.consume(count)
        firstUnsent = pending.nextNumber
        unsentBytes = 0
        return count
    }

    /// Queues the bytes of a request.
    mutating func encode(_ encode: (inout ByteBuffer) -> Void) {
        let before = output.count
        encode(&output)
        unsentBytes += output.count - before
    }
}
