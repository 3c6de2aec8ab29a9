import RESP
import Reactor

/// One client's connection: its task waits for input, for room to write, for its outbox or for the end of a
/// pause, and lets the conversation take a turn, until either side closes.
///
/// The conversation lives here, not in the frames of asynchronous functions, which would be far larger. On the
/// database's loop the actor takes turns and sends messages for the task while that waits for input: see
/// `Database+Attending` and `Forwarding`.
final class Connection {
    let handle: SessionHandle
    private let registration: Registration
    private let socket: Socket
    private let conversation: LoopBound<Conversation>

    /// Begins the conversation with the client that `handle` names.
    init(
        _ registration: Registration, _ socket: consuming Socket, _ handle: SessionHandle,
        _ conversation: consuming Conversation
    ) {
        self.registration = registration
        self.socket = socket
        self.handle = handle
        self.conversation = LoopBound(conversation, on: registration.loop)
    }

    /// Serves a client on the database's own loop, from hello to goodbye; no asynchronous call is made for
    /// a request.
    static func serve(_ arrival: NewConnection, in database: isolated Database) async {
        guard let (connection, session) = arrival.enter(database) else { return }
        var step = Conversation.Step.wait(.readable, until: nil)
        while true {
            switch step {
            case .wait(let interest, let deadline):
                let readiness = await connection.registration.wait(
                    for: interest, until: deadline, attendedBy: step.isPlainWait ? database : nil,
                    as: UInt32(truncatingIfNeeded: connection.handle.slot))
                step = connection.turn(readiness, session, database)
            case .yield:
                await database.loop.yield()
                step = connection.proceed(session, database)
            case .cross:
                step = connection.proceed(session, database)
            case .end:
                database.close(connection.handle, connection.departure)
                return connection.registration.close()
            }
        }
    }

    /// Takes a turn, for the task or in its place.
    @inline(never)
    func turn(_ readiness: Readiness, _ session: Session, _ database: isolated Database)
        -> Conversation.Step
    {
        conversation.withState { $0.turn(readiness, socket, of: session, in: database) }
    }

    /// Takes a turn in the task's place; a short reply is left to be sent later.
    @inline(never)
    func turn(
        _ readiness: Readiness, _ session: Session, _ database: isolated Database,
        deferring replies: inout ByteBuffer
    ) -> Conversation.Step {
        conversation.withState {
            $0.turn(readiness, socket, of: session, in: database, deferring: &replies)
        }
    }

    /// Takes back what the socket did not take of the reply that was left; the task is to go on with it.
    func takeBack(_ rest: RawSpan) {
        conversation.withState { $0.takeBack(rest) }
    }

    /// By what the reply that was left is sent; good until the task goes on.
    var socketName: SocketName { socket.name }

    @inline(never)
    private func proceed(_ session: Session, _ database: isolated Database) -> Conversation.Step {
        conversation.withState { $0.proceed(socket, of: session, in: database) }
    }

    /// Sends what others have left for the client, without its task if that goes; on the database's loop.
    func forward(in database: isolated Database) {
        conversation.withState { $0.forward(socket) }
    }

    /// Why the conversation ended.
    private var departure: Departure { conversation.withState { $0.departure } }

    /// Serves a client on another loop than the database's; each batch of requests crosses over and comes
    /// back.
    static func serve(_ arrival: NewConnection, on loop: EventLoop, awayFrom database: Database) async {
        guard let connection = await arrival.enter(database, from: loop) else { return }
        var step = Conversation.Step.wait(.readable, until: nil)
        while true {
            switch step {
            case .wait(let interest, let deadline):
                let readiness = await connection.registration.wait(for: interest, until: deadline)
                step = connection.turn(readiness)
            case .yield:
                await loop.yield()
                step = connection.proceed()
            case .cross:
                step = await connection.cross(to: database)
            case .end:
                await database.close(connection.handle, connection.departure)
                return connection.registration.close()
            }
        }
    }

    @inline(never)
    private func turn(_ readiness: Readiness) -> Conversation.Step {
        conversation.withState { $0.turn(readiness, socket) }
    }

    @inline(never)
    private func proceed() -> Conversation.Step {
        conversation.withState { $0.proceed(socket) }
    }

    /// Has a batch run on the database's loop.
    @inline(never)
    private func cross(to database: Database) async -> Conversation.Step {
        var answered = await database.execute(handle, sent: conversation.withState { $0.send() })
        return conversation.withState { $0.receive(&answered, socket) }
    }
}
