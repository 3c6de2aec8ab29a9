import RESP
import Reactor

/// What travels between a connection's task and the `Database` actor: the batch of requests and the
/// replies to it.
///
/// It has one owner at any time. The task fills the reader and sends it over; the actor runs the
/// frames, appends the replies, and sends it back with what the task should do next.
struct Exchange: ~Copyable, Sendable {
    /// What the task does after it has the exchange back.
    enum Outcome: Sendable {
        /// Read more input.
        case next
        /// Send the batch again after others had their turn.
        case yield
        /// Send it again at the given time or when signalled, only then if there is none.
        case pause(until: Deadline?)
        /// The last request waits: send what comes next when signalled or at the given time, with `resumes`.
        case block(until: Deadline?)
        /// Send it again when the client has read its output but for so many bytes, or when signalled.
        case stall(most: Int)
        /// Send the replies and close.
        case close
        /// Close at once; the replies are dropped.
        case abort
    }

    var reader = RequestReader()
    var reply = ReplyWriter()
    var outcome = Outcome.next
    /// Whether the batch is to be sent even without requests: the client has waited in one, which may be
    /// answered by now or have no time left, or it gets a long reply.
    var resumes = false
    /// Whether more waits for the client in its outbox than `reply` could take.
    var isBehind = false
    /// What the task may read and how long it waits; the actor brings it up to date with each batch.
    var policy = ConnectionPolicy()

    /// Takes everything out and leaves an empty exchange.
    mutating func take() -> Exchange {
        let taken = self
        self = Exchange()
        return taken
    }
}

/// What a connection's task needs to know of configuration and client state.
struct ConnectionPolicy: Sendable, Equatable {
    /// Longest bulk string in bytes.
    var bulkLength = 512 << 20
    /// False until the client has authenticated where that is needed.
    var authenticated = true
    /// Most input held for the client, in bytes (`client-query-buffer-limit`).
    var queryBufferLimit = 1 << 30
    /// Whether the client wants no replies (CLIENT REPLY).
    var isMuted = false
    /// Whether frames are logged as they come.
    var logsFrames = false

    var requestLimits: RequestLimits {
        var limits = RequestLimits()
        limits.bulkLength = bulkLength
        limits.authenticated = authenticated
        return limits
    }
}
