import RESP
import Reactor
import Synchronization

/// What others want a client to get: messages pushed to it, and the order to go.
///
/// Anybody may append; the client's own task takes everything out and sends it. Bounded by its
/// owner's output limits: `held` tells how much waits, and who appends too much closes the client.
final class Outbox: Sendable {
    private struct State: ~Copyable {
        var buffer = ByteBuffer()
        var closing = Closing.no
    }

    /// Whether the client is to be closed.
    enum Closing: Sendable {
        case no
        /// After what waits was sent.
        case afterFlush
        /// At once.
        case now
    }

    private let state = Mutex(State())
    /// Bytes that the client's task has taken out and not sent yet.
    private let unsent = Atomic(0)
    private let registration: Registration

    /// Wakes `registration`'s task whenever there is something to do.
    init(waking registration: Registration) {
        self.registration = registration
    }

    /// Appends encoded bytes and wakes the client's task; returns the bytes that the client has not got yet.
    @discardableResult
    func append(_ bytes: RawSpan) -> Int {
        let held = state.withLock { state -> Int in
            guard state.closing == .no else { return 0 }
            state.buffer.append(bytes)
            return state.buffer.count
        }
        registration.signal()
        return held + unsent.load(ordering: .relaxed)
    }

    /// Bytes that the client has not got yet.
    var held: Int { state.withLock { $0.buffer.count } + unsent.load(ordering: .relaxed) }

    /// Notes how much of what was taken out could not be sent yet.
    func noteUnsent(_ bytes: Int) {
        if unsent.load(ordering: .relaxed) != bytes { unsent.store(bytes, ordering: .relaxed) }
    }

    /// Moves everything that waits behind the bytes of `reply`; says whether the client is to close.
    func drain(into reply: inout ByteBuffer) -> Closing {
        state.withLock { state in
            if !state.buffer.isEmpty {
                reply.append(state.buffer.bytes)
                state.buffer = ByteBuffer()
            }
            return state.closing
        }
    }

    /// Orders the client to close.
    func close(_ how: Closing) {
        state.withLock { state in
            if how == .now { state.buffer = ByteBuffer() }
            state.closing = how
        }
        registration.signal()
    }

    /// Wakes the client's task without a message.
    func wake() { registration.signal() }
}
