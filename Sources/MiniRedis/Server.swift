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
            group.addTask(on: loop) { await database.keepSampling() }
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
    private func serve(_ socket: borrowing Socket, on loop: EventLoop, _ database: Database) async {
        guard let registration = try? Registration(socket.descriptor, on: loop) else { return }
        try? socket.setNoDelay()
        let outbox = Outbox(waking: registration)
        let origin = Session.Origin(
            address: (try? socket.peerAddress.description) ?? "?:0",
            localAddress: (try? socket.localAddress.description) ?? "?:0",
            descriptor: socket.descriptor.number, isUnixSocket: false)
        if let (handle, policy) = await database.open(origin, outbox: outbox) {
            let connection = Connection(
                registration: registration, outbox: outbox, database: database, handle: handle,
                traffic: database.traffic.traffic(of: loop))
            let departure = await withTaskCancellationHandler {
                await connection.run(on: socket, policy: policy)
            } onCancel: {
                registration.cancel()
            }
            await database.close(handle, departure)
        } else {
            // Redis's words; whether they arrive is the client's affair.
            let refusal = Array("-ERR max number of clients reached\r\n".utf8)
            _ = try? socket.write(refusal.span)
        }
        registration.close()
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
