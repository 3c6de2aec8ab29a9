import Reactor
import Synchronization

/// What one subscriber has not read yet: bounded, and told what did not fit.
final class MessageBuffer: Sendable {
    /// What the reader is told.
    typealias Step = Result<RedisSubscription.Event?, RedisError>

    private struct State {
        var events: [RedisSubscription.Event] = []
        /// Index of the oldest event.
        var head = 0
        var bytes = 0
        /// Messages dropped before the oldest event here, and whether a gap was among them.
        var missed = 0
        var isInterrupted = false
        /// Whether the server has confirmed the subscription.
        var hasBegun = false
        var ending: RedisError?
        var reader: Parked<Step>?

        var count: Int { events.count - head }

        mutating func removeFirst() -> RedisSubscription.Event {
            let event = events[head]
            bytes -= event.size
            head += 1
            if head == events.count || head >= 1024 && head * 2 >= events.count {
                events.removeFirst(head)
                head = 0
            }
            return event
        }

        /// Makes room by forgetting the oldest event, of which something has to be told nevertheless.
        mutating func drop() {
            switch removeFirst() {
            case .message: missed += 1
            case .missed(let count), .dropped(let count, _): missed += count
            case .interrupted: isInterrupted = true
            }
        }
    }

    private let limit: RedisSubscription.Buffer
    private let state = Guarded(State())

    init(_ limit: RedisSubscription.Buffer) { self.limit = limit }

    /// Hands an event to the reader, or keeps it; the oldest go when there are too many.
    func append(_ event: RedisSubscription.Event) {
        let reader = state.withLock { state -> Parked<Step>? in
            guard state.ending == nil else { return nil }
            // Whoever waits has read everything before.
            if let reader = state.reader.take() { return reader }
            state.events.append(event)
            state.bytes += event.size
            // The latest stays, however large it is.
            while state.count > 1, state.count > limit.messages || state.bytes > limit.bytes { state.drop() }
            return nil
        }
        reader?.resume(returning: .success(event))
    }

    /// Notes that the server has confirmed the subscription.
    func begin() {
        state.withLock { $0.hasBegun = true }
    }

    /// Tells the reader that the connection was lost and stands again.
    func interrupt() {
        // A subscription that begins only now misses nothing.
        if state.withLock({ $0.hasBegun }) { append(.interrupted) }
    }

    /// Lets the reader read what is there, and no more.
    func end(_ error: RedisError) {
        let reader = state.withLock { state in
            if state.ending == nil { state.ending = error }
            return state.reader.take()
        }
        reader?.resume(returning: Self.step(ending: error))
    }

    /// The next event; nil at the end, or when the task is cancelled.
    func next() async throws(RedisError) -> RedisSubscription.Event? {
        let step = await withTaskCancellationHandler {
            await Parked<Step>.suspend { reader in
                if let step = begin(reader) { reader.resume(returning: step) }
            }
        } onCancel: {
            // The reader may come to wait only after this; it looks for cancellation itself.
            let reader = state.withLock { $0.reader.take() }
            reader?.resume(returning: .success(nil))
        }
        return try step.get()
    }

    /// What there is to read; nil if the reader is to wait.
    private func begin(_ reader: Parked<Step>) -> Step? {
        state.withLock { state in
            if state.missed > 0 {
                defer { state.missed = 0 }
                return .success(.missed(state.missed))
            }
            if state.isInterrupted {
                state.isInterrupted = false
                return .success(.interrupted)
            }
            if state.count > 0 { return .success(state.removeFirst()) }
            if let ending = state.ending { return Self.step(ending: ending) }
            if Task.isCancelled { return .success(nil) }
            precondition(state.reader == nil, "a subscription has one reader at a time")
            state.reader = reader
            return nil
        }
    }

    /// A client that is closed in order ends the sequence in order.
    private static func step(ending: RedisError) -> Step {
        ending == .closed ? .success(nil) : .failure(ending)
    }
}

extension RedisSubscription.Event {
    /// What it counts for in the bytes of a `RedisSubscription.Buffer`.
    fileprivate var size: Int {
        switch self {
        case .message(let message): message.size
        case .dropped(_, let topic): topic.count
        case .missed, .interrupted: 0
        }
    }
}
