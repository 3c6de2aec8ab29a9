import RESP
import Reactor

/// Replies that are sent when all clients of one look at the descriptors had their turns.
///
/// Whoever gets a reply begins to work on it. A load generator, or a proxy, that gets many at once answers with
/// as many requests at once, which spares both sides looks at their descriptors; Redis writes before it looks
/// again, too. Only short replies wait, as each is copied.
struct DeferredReplies: ~Copyable {
    /// A reply and where it goes.
    ///
    /// Without references, which would be counted for each one. No task goes on before the reply is sent, so the
    /// socket is still there.
    private struct Entry {
        let socket: SocketName
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
    var areSeveral: Bool { entries.count > 1 }

    /// Takes a turn, whose reply waits if it may.
    mutating func take(
        _ turn: AttendedTurn, of connection: Connection, _ session: Session, in database: isolated Database
    ) -> Conversation.Step {
        let before = bytes.count
        let step = connection.turn(turn.readiness, session, database, deferring: &bytes)
        if bytes.count > before {
            entries.append(Entry(socket: connection.socketName, turn: turn, end: bytes.count))
        }
        return step
    }

    /// Sends all of them; tasks go on whose sockets don't take theirs.
    mutating func send(in database: isolated Database) {
        guard !entries.isEmpty else { return }
        var start = 0
        var written = 0
        for entry in entries {
            let reply = bytes.bytes.extracting(start..<entry.end)
            start = entry.end
            let sent = Self.send(reply, to: entry.socket)
            written += sent
            if sent < reply.byteCount {
                let session = database.sessions.session(inSlot: Int(entry.turn.key))
                session?.connection?.takeBack(reply.extracting(droppingFirst: sent))
                database.loop.resume(after: entry.turn)
            }
        }
        database.share.traffic.noteWritten(written, writes: entries.count)
        entries.removeAll(keepingCapacity: true)
        bytes.removeAll()
    }

    /// How many bytes the socket took; none if it is broken, which the task learns when it tries again.
    private static func send(_ reply: RawSpan, to socket: SocketName) -> Int {
        do throws(SystemError) {
            if case .bytes(let count) = try socket.write(reply) { return count }
        } catch {}
        return 0
    }
}
