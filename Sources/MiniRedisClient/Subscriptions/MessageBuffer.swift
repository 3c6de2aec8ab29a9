import Reactor
import Synchronization

/// The messages that one subscriber has not read yet: bounded, and told what did not fit.
final class MessageBuffer: Sendable {
    /// What the reader is told.
    typealias Step = Result<RedisSubscription.Event?, RedisError>

    private struct State {
        var messages: [RedisMessage] = []
        /// Index of the oldest message.
        var head = 0
        var bytes = 0
        /// Messages dropped before the oldest one here.
        var missed = 0
        var ending: RedisError?
        var reader: Parked<Step>?

        var count: Int { messages.count - head }

        mutating func removeFirst() -> RedisMessage {
            let message = messages[head]
            bytes -= message.size
            head += 1
            if head == messages.count || head >= 1024 && head * 2 >= messages.count {
                messages.removeFirst(head)
                head = 0
            }
            return message
        }
    }

    private let limit: RedisSubscription.Buffer
    private let state = Guarded(State())

    init(_ limit: RedisSubscription.Buffer) { self.limit = limit }

    /// Hands a message to the reader, or keeps it; the oldest go when there are too many.
    func append(_ message: RedisMessage) {
        let reader = state.withLock { state -> Parked<Step>? in
            guard state.ending == nil else { return nil }
            // Whoever waits has read everything before.
            if let reader = state.reader.take() { return reader }
            state.messages.append(message)
            state.bytes += message.size
            // The latest stays, however large it is.
            while state.count > 1, state.count > limit.messages || state.bytes > limit.bytes {
                _ = state.removeFirst()
                state.missed += 1
            }
            return nil
        }
        reader?.resume(returning: .success(.message(message)))
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
            if state.count > 0 { return .success(.message(state.removeFirst())) }
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
