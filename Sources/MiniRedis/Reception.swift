import Glibc
import Reactor
import Synchronization

/// Spreads new connections over a server's loops, in turn.
struct Reception: Sendable {
    let desks: [ReceptionDesk]
    private let next: SharedCounter

    init(_ loops: [EventLoop]) {
        desks = loops.map(ReceptionDesk.init)
        next = SharedCounter()
    }

    /// Hands a connection to a loop.
    func assign(_ connection: NewConnection) {
        desks[next.increment() % desks.count].take(connection)
    }

    /// Takes no more; the desks end with the last of their connections.
    func close() {
        for desk in desks { desk.close() }
    }
}

/// Counts for all listeners of a server.
private final class SharedCounter: Sendable {
    private let value = Atomic<UInt>(0)

    func increment() -> Int {
        Int(truncatingIfNeeded: value.add(1, ordering: .relaxed).oldValue & 0xffff_ffff)
    }
}

/// Where one loop takes its new connections in.
struct ReceptionDesk: Sendable {
    let loop: EventLoop
    private let arriving: AsyncStream<NewConnection>
    private let announce: AsyncStream<NewConnection>.Continuation

    init(_ loop: EventLoop) {
        self.loop = loop
        (arriving, announce) = AsyncStream.makeStream()
    }

    func take(_ connection: NewConnection) { announce.yield(connection) }

    func close() { announce.finish() }

    /// Serves each connection in a task of its own on the loop; returns when it is closed and all have ended.
    func run(for database: Database) async {
        let arriving = arriving
        await TaskNest.run(on: loop) { nest in
            for await connection in arriving { nest.add { await connection.serve(on: $0, database) } }
        }
    }
}

/// A connection that was accepted and is no client yet.
final class NewConnection: Sendable {
    /// The number that the client will have; given when it is admitted if there is none yet.
    private let id: Int64?
    /// Taken out by the task that serves it, so that it is closed as soon as that is done.
    private let arrived: Guarded<Socket?>
    /// The path of the Unix socket that it came to, or what stands for it; nil for TCP.
    private let unixAddress: String?

    init(_ socket: consuming Socket, to listener: OpenListener, id: Int64) {
        self.id = id
        arrived = Guarded(socket)
        unixAddress = listener.address.isUnix ? listener.address.description : nil
    }

    /// A connection from within the process, shown under an address that is nobody's.
    init(_ socket: consuming Socket, at address: String) {
        id = nil
        arrived = Guarded(socket)
        unixAddress = address
    }

    /// The client from hello to goodbye; on its loop.
    ///
    /// What is on the way while the client is there is kept small: each idle client pays for it.
    func serve(on isolation: isolated LoopIsolation, _ database: Database) async {
        if isolation.loop === database.loop {
            await Connection.serve(self, in: database)
        } else {
            await Connection.serve(self, on: isolation.loop, awayFrom: database)
        }
    }

    /// Has the database decide; apart, so that its variables need no room while the client is there.
    @inline(never)
    func enter(_ database: isolated Database) -> (Connection, Session)? {
        guard let door = Door(arrived.withLock { $0.take() }, on: database.loop) else { return nil }
        let admission = database.admit(origin(door.socket), outbox: door.outbox)
        guard let connection = pass(door, admission, database),
            let session = database.sessions[connection.handle]
        else { return nil }
        session.connection = connection
        return (connection, session)
    }

    /// Has the database on another loop decide.
    @inline(never)
    func enter(_ database: Database, from loop: EventLoop) async -> Connection? {
        guard let door = Door(arrived.withLock { $0.take() }, on: loop) else { return nil }
        let admission = await database.admit(origin(door.socket), outbox: door.outbox)
        return pass(door, admission, database)
    }

    /// A socket on its loop, and where the server can reach its task.
    private struct Door: ~Copyable {
        let socket: Socket
        let registration: Registration
        let outbox: Outbox

        /// Nil if there is no socket, or the loop can't watch it.
        init?(_ socket: consuming Socket?, on loop: EventLoop) {
            guard let socket, let registration = try? Registration(socket.descriptor, on: loop, armed: .input)
            else {
                return nil
            }
            self.socket = socket
            self.registration = registration
            outbox = Outbox(waking: registration)
        }
    }

    /// Begins a conversation, or tells the client why there is none.
    private func pass(_ door: consuming Door, _ admission: Database.Admission, _ database: Database)
        -> Connection?
    {
        switch admission {
        case .granted(let handle, let policy, let keepAlive):
            configure(door.socket, keepAlive: keepAlive)
            let conversation = Conversation(
                door.registration, door.outbox, database.loopShares.share(of: door.registration.loop),
                policy: policy, log: database.log)
            return Connection(door.registration, door.socket, handle, conversation)
        case .refused(let text):
            // Whether that arrives is the client's own affair.
            let bytes = Array(text.description.utf8)
            _ = try? door.socket.write(bytes.span)
            door.registration.close()
            return nil
        }
    }

    private func origin(_ socket: borrowing Socket) -> Session.Origin {
        let unknown = "?:0"
        return Session.Origin(
            id: id, address: unixAddress ?? (try? socket.peerAddress.description) ?? unknown,
            localAddress: unixAddress ?? (try? socket.localAddress.description) ?? unknown,
            descriptor: socket.descriptor.number, isUnixSocket: unixAddress != nil)
    }

    /// Sets the options of TCP; a connection that breaks meanwhile is noticed when it is read from.
    private func configure(_ socket: borrowing Socket, keepAlive seconds: Int32) {
        guard unixAddress == nil else { return }
        try? socket.setNoDelay()
        if seconds > 0 { try? socket.setKeepAlive(seconds: seconds) }
    }
}
