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
    private var conversation: Conversation

    /// Begins the conversation with the client that `handle` names.
    init(
        _ registration: Registration, _ socket: consuming Socket, _ handle: SessionHandle,
        _ conversation: consuming Conversation
    ) {
        self.registration = registration
        self.socket = socket
        self.handle = handle
        self.conversation = conversation
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
                database.close(connection.handle, connection.conversation.departure)
                return connection.registration.close()
            }
        }
    }

    /// Takes a turn, for the task or in its place.
    @inline(never)
    func turn(_ readiness: Readiness, _ session: Session, _ database: isolated Database)
        -> Conversation.Step
    {
        conversation.turn(readiness, socket, of: session, in: database)
    }

    /// Takes a turn in the task's place; a short reply is left to be sent later.
    @inline(never)
    func turn(
        _ readiness: Readiness, _ session: Session, _ database: isolated Database,
        deferring replies: inout ByteBuffer
    ) -> Conversation.Step {
        conversation.turn(readiness, socket, of: session, in: database, deferring: &replies)
    }

    /// Sends the reply that was left; false if the task has to go on with the rest.
    func send(_ reply: RawSpan) -> Bool {
        conversation.send(reply, socket)
    }

    @inline(never)
    private func proceed(_ session: Session, _ database: isolated Database) -> Conversation.Step {
        conversation.proceed(socket, of: session, in: database)
    }

    /// Sends what others have left for the client, without its task if that goes; on the database's loop.
    func forward(in database: isolated Database) {
        conversation.forward(socket)
    }

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
                await database.close(connection.handle, connection.conversation.departure)
                return connection.registration.close()
            }
        }
    }

    @inline(never)
    private func turn(_ readiness: Readiness) -> Conversation.Step {
        conversation.turn(readiness, socket)
    }

    @inline(never)
    private func proceed() -> Conversation.Step {
        conversation.proceed(socket)
    }

    /// Has a batch run on the database's loop.
    @inline(never)
    private func cross(to database: Database) async -> Conversation.Step {
        let answered = await database.execute(handle, sent: conversation.send())
        return conversation.receive(answered, socket)
    }
}
