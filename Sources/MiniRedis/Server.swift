import Engine
import Glibc
package import Reactor

/// A Redis server: listens, gives each client a task of its own, and keeps the data in one actor.
package struct Server: Sendable {
    let configuration: Configuration
    /// Where tasks run; the first is the database's own.
    let loops: [EventLoop]
    let environment: ServerEnvironment

    /// How long clients may take to read what is left when the server stops, in milliseconds.
    private let patience: Int64

    /// Long enough for a client that reads at all; supervisors wait for ten seconds or more.
    package static let defaultPatience: Int64 = 3_000

    /// Prepares a server on `loops`, of which the first also runs the database.
    ///
    /// CONFIG REWRITE writes to `configurationFile`, an absolute path.
    package init(
        configuration: Configuration, loops: [EventLoop], log: Log = .silent,
        configurationFile: String? = nil,
        patience: Int64 = Server.defaultPatience
    ) {
        self.init(
            configuration: configuration, loops: loops,
            environment: ServerEnvironment(log: log, configurationFile: configurationFile), patience: patience
        )
    }

    /// The same in an environment that is known already.
    init(
        configuration: Configuration, loops: [EventLoop], environment: ServerEnvironment,
        patience: Int64 = Server.defaultPatience
    ) {
        self.configuration = configuration
        self.loops = loops
        self.patience = patience
        self.environment = environment
    }

    /// Tells the server to stop in good order; callable from anywhere.
    package func stop() { environment.listeners.finish() }

    /// Serves until `stop()`, SHUTDOWN or the cancellation of its task; runs once.
    ///
    /// The server then no longer listens, lets running requests finish, sends the replies and closes
    /// the connections. To be called on the first loop. `ready` is called once, with the addresses
    /// that are listened on.
    package func run(
        ready: @Sendable ([SocketAddress]) -> Void = { _ in }
    ) async throws(ListenFailure) {
        let loop = loops[0]
        var configuration = configuration
        let listeners = environment.listeners
        do throws(ListenFailure) {
            let port = try listeners.open(configuration, on: loop, environment.log)
            // From now on it is the server's port like any other.
            if configuration.choosesFreePort { configuration.port = port }
            configuration.choosesFreePort = false
        } catch {
            listeners.close(environment.log)
            throw error
        }
        let alarm = Alarm(on: loop)
        let database = Database(
            on: loop, configuration: configuration, seed: Self.randomSeed(), expiryAlarm: alarm,
            environment: environment)
        if !environment.sharesProcess { database.adjustOutOfMemoryScore() }
        let reception = Reception(loops)
        environment.entrance.open(reception)
        ready(listeners.addresses)
        let ending = Registration(on: loop)
        await withDiscardingTaskGroup { group in
            group.addTask(on: loop) { await limitFarewell(from: ending, database) }
            group.addTask(on: loop) {
                await serve(database, alarm, reception, untilStopped: ending)
                // Nobody is left to wait for.
                ending.close()
            }
        }
    }

    /// Runs everything that a server does, until it is told to stop and all clients are gone.
    private func serve(
        _ database: Database, _ alarm: Alarm, _ reception: Reception, untilStopped ending: Registration
    ) async {
        let loop = loops[0]
        await withDiscardingTaskGroup { group in
            if environment.clock.isMoved {
                let follower = ClockFollower(on: loop)
                group.addTask(on: loop) { await environment.clock.follow(by: follower, for: database) }
            }
            group.addTask(on: loop) { await database.keepExpiring(alarm) }
            group.addTask(on: loop) { await database.keepSweepingClients() }
            group.addTask(on: loop) { await database.keepReleasing() }
            group.addTask(on: loop) { await database.keepEvicting() }
            group.addTask(on: loop) { await database.keepSampling() }
            for desk in reception.desks {
                group.addTask(on: desk.loop) { await desk.run(for: database) }
            }
            for await listener in environment.listeners.opened {
                group.addTask(on: loop) { await accept(on: listener, for: reception, of: database) }
            }
            ending.signal()
            environment.listeners.close(environment.log)
            environment.entrance.close()
            reception.close()
            await database.dismissClients()
            group.cancelAll()
        }
    }

    /// Closes clients that take too long to read what is left.
    private func limitFarewell(from ending: Registration, _ database: Database) async {
        guard await ending.wait(for: []).contains(.signalled) else { return }
        let deadline = loops[0].deadline(in: patience)
        guard await ending.wait(for: [], until: deadline).contains(.timedOut) else { return }
        await database.abortClients()
    }

    /// Takes connections until the listener is closed.
    private func accept(
        on listener: OpenListener, for reception: Reception, of database: Database
    ) async {
        await withTaskCancellationHandler {
            var backoff = AcceptBackoff()
            while await listener.isReady() {
                do throws(SystemError) {
                    guard let socket = try listener.accept() else { continue }
                    backoff.reset()
                    reception.assign(NewConnection(socket, to: listener, id: database.takeClientID()))
                } catch {
                    guard error.acceptFailure != .connection else { continue }
                    environment.log(.warning, "Accepting client connection: \(error)")
                    // A broken listener is tried again too, as rarely as a shortage is: it costs
                    // little, and a server that no longer listens helps nobody.
                    _ = await loops[0].sleep(until: loops[0].deadline(in: backoff.pause()))
                }
            }
        } onCancel: {
            listener.cancel()
        }
    }

    private static func randomSeed() -> (UInt64, UInt64) {
        (UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max))
    }
}
