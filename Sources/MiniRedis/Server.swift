import Engine
import Glibc
package import Reactor

/// A Redis server: listens, gives each client a task of its own, and keeps the data in one actor.
package struct Server: Sendable {
    let configuration: Configuration
    /// Where tasks run; the first is the database's own.
    let loops: [EventLoop]

    /// Prepares a server on `loops`, of which the first also runs the database.
    package init(configuration: Configuration, loops: [EventLoop]) {
        self.configuration = configuration
        self.loops = loops
    }

    /// Serves until its task is cancelled; clients are closed in order then.
    ///
    /// To be called on the first loop. `ready` is called once with the addresses that are listened on.
    package func run(ready: @Sendable ([SocketAddress]) -> Void = { _ in }) async throws(SystemError) {
        let loop = loops[0]
        let alarm = Alarm(on: loop)
        let database = Database(
            on: loop, configuration: configuration, seed: Self.randomSeed(), expiryAlarm: alarm)
        var listeners: [Owned<Listener>] = []
        for host in configuration.bind {
            listeners.append(Owned(try Listener(host: host, port: configuration.port)))
        }
        ready(listeners.map { $0.value.address })
        await withDiscardingTaskGroup { group in
            for listener in listeners {
                group.addTask(on: loop) { await accept(on: listener.value, for: database) }
            }
            group.addTask(on: loop) { await database.keepExpiring(alarm) }
            group.addTask(on: loop) { await database.keepSweepingClients() }
            group.addTask(on: loop) { await database.keepReleasing() }
        }
    }

    /// Takes connections and runs each in a child task, spread over the loops.
    private func accept(on listener: borrowing Listener, for database: Database) async {
        let loop = loops[0]
        guard let registration = try? Registration(listener.descriptor, on: loop) else { return }
        await withTaskCancellationHandler {
            await accept(on: listener, registration, for: database)
        } onCancel: {
            registration.cancel()
        }
        registration.close()
    }

    private func accept(
        on listener: borrowing Listener, _ registration: Registration, for database: Database
    ) async {
        var backoff = AcceptBackoff()
        var next = 0
        await withDiscardingTaskGroup { group in
            while await registration.wait(for: .readable).isDisjoint(with: [.cancelled, .closed]) {
                do throws(SystemError) {
                    guard case .socket(let accepted) = try listener.accept() else { continue }
                    backoff.reset()
                    let socket = Owned(accepted)
                    let loop = loops[next % loops.count]
                    next += 1
                    group.addTask(on: loop) { await serve(socket.value, on: loop, database) }
                } catch {
                    switch error.acceptFailure {
                    case .connection: continue
                    case .shortage:
                        let pause = loops[0].deadline(in: backoff.pause())
                        _ = await loops[0].sleep(until: pause)
                    case .fatal: return
                    }
                }
            }
        }
    }

    /// One client from hello to goodbye.
    ///
    /// What is on the way while the client is there is kept small: each idle client pays for it.
    private func serve(_ socket: borrowing Socket, on loop: EventLoop, _ database: Database) async {
        guard let registration = try? Registration(socket.descriptor, on: loop) else { return }
        if let connection = await admit(socket, registration, to: database) {
            await withTaskCancellationHandler {
                await connection.run(on: socket)
            } onCancel: {
                registration.cancel()
            }
            await database.close(connection.handle, connection.departure)
        }
        registration.close()
    }

    /// Has the database take the client in, or tells the client that it does not.
    @inline(never)
    private func admit(
        _ socket: borrowing Socket, _ registration: Registration, to database: Database
    ) async -> Connection? {
        try? socket.setNoDelay()
        let outbox = Outbox(waking: registration)
        if let (handle, policy) = await database.open(Self.origin(of: socket), outbox: outbox) {
            return Connection(registration, outbox, database, handle, policy: policy)
        }
        // Redis's words; whether they arrive is the client's affair.
        let refusal = Array("-ERR max number of clients reached\r\n".utf8)
        _ = try? socket.write(refusal.span)
        return nil
    }

    /// Where a client comes from.
    @inline(never)
    private static func origin(of socket: borrowing Socket) -> Session.Origin {
        Session.Origin(
            address: (try? socket.peerAddress.description) ?? "?:0",
            localAddress: (try? socket.localAddress.description) ?? "?:0",
            descriptor: socket.descriptor.number, isUnixSocket: false)
    }

    private static func randomSeed() -> (UInt64, UInt64) {
        (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    }
}

/// Shares one owned thing with a task that uses it alone.
private final class Owned<Value: ~Copyable & Sendable>: Sendable {
    let value: Value

    init(_ value: consuming Value) { self.value = value }
}
