import RESP
import Reactor

/// Replies that are sent when all clients of one look at the descriptors had their turns.
///
/// Whoever gets a reply begins to work on it. A load generator, or a proxy, that gets many at once answers with
/// as many requests at once, which spares both sides looks at their descriptors; Redis writes before it looks
/// again, too. Only short replies wait, as each is copied.
struct DeferredReplies: ~Copyable {
    private struct Entry {
        let connection: Connection
        let turn: AttendedTurn
        let end: Int
    }

    private var bytes = ByteBuffer()
    private var entries: [Entry] = []

    /// Bytes of a reply that may wait.
    static let longest = 1024
    /// How many wait: whoever was first is not to wait for long.
    private static let most = 64

    var isFull: Bool { entries.count >= Self.most }

    /// Takes a turn, whose reply waits if it may.
    mutating func take(
        _ turn: AttendedTurn, of connection: Connection, _ session: Session, in database: isolated Database
    ) -> Conversation.Step {
        let before = bytes.count
        let step = connection.turn(turn.readiness, session, database, deferring: &bytes)
        if bytes.count > before {
            entries.append(Entry(connection: connection, turn: turn, end: bytes.count))
        }
        return step
    }

    /// Sends all of them; tasks go on whose sockets don't take theirs.
    mutating func send(on loop: EventLoop) {
        guard !entries.isEmpty else { return }
        var start = 0
        for entry in entries {
            if !entry.connection.send(bytes.bytes.extracting(start..<entry.end)) {
                loop.resume(after: entry.turn)
            }
            start = entry.end
        }
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll()
    }
}
