import Engine
import Glibc
import Reactor
import Synchronization

/// A Redis server: listens, gives each client a task of its own, and keeps the data in one actor.
struct Server: Sendable {
    let configuration: Configuration
    let loops: [EventLoop]

    /// Serves until its task is cancelled; all clients are closed in order then.
    func run() async throws(SystemError) {
        let loop = loops[0]
        let alarm = Alarm(on: loop)
        let database = Database(
            on: loop, configuration: configuration, seed: try randomSeed(), expiryAlarm: alarm)
        let listener = try Listener(host: "127.0.0.1", port: configuration.port)
        await withDiscardingTaskGroup { group in
            group.addTask(executorPreference: loop) { await accept(on: listener, for: database) }
            group.addTask(executorPreference: loop) {
                while await alarm.next() {
                    while await !database.expireDue() { await loop.yield() }
                }
            }
        }
    }

    /// Takes connections and runs each in a child task, spread over the loops.
    private func accept(on listener: borrowing Listener, for database: Database) async {
        let loop = loops[0]
        guard let registration = try? Registration(listener.descriptor, on: loop) else { return }
        var backoff = AcceptBackoff()
        var next = 0
        await withDiscardingTaskGroup { group in
            while true {
                let readiness = await registration.wait(for: .readable)
                if readiness.contains(.cancelled) || readiness.contains(.closed) { return }
                do throws(SystemError) {
                    switch try listener.accept() {
                    case .socket(let socket):
                        backoff.reset()
                        let target = loops[next % loops.count]
                        next += 1
                        group.addTask(executorPreference: target) {
                            await serve(socket, on: target, database)
                        }
                    case .wouldBlock: break
                    }
                } catch {
                    switch error.acceptFailure {
                    case .connection: break
                    case .shortage: _ = await loop.sleep(until: loop.deadline(in: backoff.pause()))
                    case .fatal: return
                    }
                }
            }
        }
    }

    /// One client from hello to goodbye.
    private func serve(_ socket: borrowing Socket, on loop: EventLoop, _ database: Database) async {
        try? socket.setNoDelay()
        guard let registration = try? Registration(socket.descriptor, on: loop) else { return }
        let outbox = Outbox(waking: registration)
        let origin = Session.Origin(
            address: (try? socket.peerAddress.description) ?? "?:0",
            localAddress: (try? socket.localAddress.description) ?? "?:0",
            descriptor: socket.descriptor.number, isUnixSocket: false)
        guard let (handle, policy) = await database.open(origin, outbox: outbox) else {
            return
        }
        let connection = Connection(registration: registration, outbox: outbox, database: database, handle: handle)
        await connection.run(on: socket, policy: policy)
        registration.close()
        await database.close(handle)
    }

    private func randomSeed() throws(SystemError) -> (UInt64, UInt64) {
        (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    }
}
