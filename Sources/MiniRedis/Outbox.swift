import RESP
import Reactor
import Synchronization

/// Where a client's task and the rest of the server meet: what others want the client to get, the
/// order to go, and what the task tells of its buffers.
///
/// Anybody may append; the client's own task takes everything out and sends it. Bounded by its
/// owner's output limits: `held` tells how much waits, and who appends too much closes the client.
final class Outbox: Sendable {
    private struct State: ~Copyable {
        var buffer = ByteBuffer()
        var closing = Closing.no
        var shallRelease = false
    }

    /// Whether the client is to be closed.
    enum Closing: Sendable {
        case no
        /// After what waits was sent.
        case afterFlush
        /// At once.
        case now
    }

    private let state = Guarded(State())
    /// What the client's task tells of itself.
    let figures = ConnectionFigures()
    private let registration: Registration

    /// Wakes `registration`'s task whenever there is something to do.
    init(waking registration: Registration) {
        self.registration = registration
    }

    /// Appends encoded bytes and wakes the client's task, or closes the client at once if it would then
    /// have too much to get; false if it was closed for that.
    ///
    /// `isTooMuch` is asked under the lock, so that the task, on a loop of its own, sends nothing of what
    /// is too much. It must not use the outbox.
    func append(_ bytes: RawSpan, unless isTooMuch: (_ held: Int) -> Bool) -> Bool {
        let isKept = state.withLock { state -> Bool in
            guard state.closing == .no else { return true }
            guard !isTooMuch(state.buffer.count + bytes.byteCount + figures.unsent) else {
                state.buffer = ByteBuffer()
                state.closing = .now
                return false
            }
            state.buffer.append(bytes)
            return true
        }
        registration.signal()
        return isKept
    }

    /// Bytes that the client has not got yet.
    var held: Int { waiting + figures.unsent }

    /// Bytes that the client's task has not taken out yet.
    var waiting: Int { state.withLock { $0.buffer.count } }

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

    /// Asks the client's task to give back the memory that it does not need while it waits.
    func askToRelease() {
        state.withLock { $0.shallRelease = true }
        registration.signal()
    }

    /// Whether that was asked since the last call.
    func takeReleaseRequest() -> Bool {
        state.withLock { state in
            defer { state.shallRelease = false }
            return state.shallRelease
        }
    }

    /// Wakes the client's task without a message.
    func wake() { registration.signal() }
}
