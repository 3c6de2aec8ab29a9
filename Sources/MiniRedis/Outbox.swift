import Broadcasting
import RESP
import Reactor
import Synchronization

/// Where a client's task and the rest of the server meet: what others want the client to get, the
/// order to go, and what the task tells of its buffers.
///
/// Anybody may add; the client's own task, or the actor on its behalf, takes out as much as the client is
/// likely to read next. What stays here is bounded by the limits that its owner gives.
final class Outbox: Sendable {
    private struct State: ~Copyable {
        var backlog = Backlog()
        var closing = Closing.no
        var shallRelease = false
        /// Whether the client's task will look for messages without being woken once more.
        var isAnnounced = false

        mutating func announce() -> Bool {
            defer { isAnnounced = true }
            return !isAnnounced
        }
    }

    /// Whether the client is to be closed.
    enum Closing: Sendable {
        case no
        /// After what waits was sent.
        case afterFlush
        /// At once.
        case now
    }

    /// What adding a message came to.
    struct Added {
        /// How many older messages have gone for it.
        var dropped = 0
        /// Whether the client was closed instead.
        var isClosed = false
        /// Whether the client's task has to hear of it: it will not look of its own accord.
        var isNews = false
    }

    /// What taking out came to.
    struct Drained {
        let closing: Closing
        /// Whether more waits than was taken out.
        let isBehind: Bool
        /// Whether the task is to give back the memory that it does not need while it waits.
        let shallRelease: Bool
    }

    /// Bytes beyond which a client's replies take up no more of what waits: as many as a buffer that
    /// connections share, and enough to send at once.
    static let mostDrained = LoopShare.outputCapacity

    private let state = Guarded(State())
    /// What the client's task tells of itself.
    let figures = ConnectionFigures()
    private let registration: Registration

    /// Wakes `registration`'s task whenever there is something to do.
    init(waking registration: Registration) {
        self.registration = registration
    }

    // MARK: Adding

    /// Adds a message that must not be lost, or closes the client at once if it would then have too much
    /// to get.
    ///
    /// `isTooMuch` is asked under the lock, so that the task, on a loop of its own, sends nothing of what
    /// is too much. It must not use the outbox.
    func keep(_ message: SharedMessage, unless isTooMuch: (_ held: Int) -> Bool) -> Added {
        state.withLock { state in
            guard state.closing == .no else { return Added() }
            guard !isTooMuch(state.backlog.keptBytes + message.count + figures.unsent) else {
                state.backlog.removeAll()
                state.closing = .now
                return Added(isClosed: true, isNews: true)
            }
            state.backlog.keep(message)
            return Added(isNews: state.announce())
        }
    }

    /// Adds a message, in the place of the oldest if there are too many.
    func add(_ message: SharedMessage, within limit: Backlog.Limit) -> Added {
        state.withLock { state in
            guard state.closing == .no else { return Added() }
            let dropped = state.backlog.add(message, within: limit)
            return Added(dropped: dropped, isNews: state.announce())
        }
    }

    /// Adds what the client is to get after all that waits already.
    func keep(_ bytes: RawSpan) {
        state.withLock { $0.backlog.keep(bytes) }
    }

    // MARK: Taking

    /// Bytes that the client has not got yet.
    var held: Int { waiting + figures.unsent }

    /// Bytes that nobody has taken out yet.
    var waiting: Int { state.withLock { $0.backlog.bytes } }

    /// Those of them that must not be lost.
    var kept: Int { state.withLock { $0.backlog.keptBytes } }

    /// Moves what waits behind the bytes of `reply`, as far as it is to hold so much.
    func drain(into reply: inout ByteBuffer) -> Drained {
        state.withLock { state in
            if !state.backlog.isEmpty {
                state.backlog.drain(into: &reply, upTo: Self.mostDrained, tell: MissedNotice.write)
            }
            defer { state.shallRelease = false }
            // Who is behind comes back when all of `reply` is sent.
            state.isAnnounced = !state.backlog.isEmpty
            return Drained(
                closing: state.closing, isBehind: state.isAnnounced, shallRelease: state.shallRelease)
        }
    }

    // MARK: Orders

    /// Orders the client to close.
    func close(_ how: Closing) {
        state.withLock { state in
            if how == .now { state.backlog.removeAll() }
            state.closing = how
        }
        registration.signal()
    }

    /// Asks the client's task to give back the memory that it does not need while it waits.
    func askToRelease() {
        state.withLock { $0.shallRelease = true }
        registration.signal()
    }

    /// Wakes the client's task without a message.
    func wake() { registration.signal() }
}
