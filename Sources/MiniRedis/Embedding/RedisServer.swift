import Glibc
import Reactor
import Synchronization

/// A Redis server inside this process.
///
/// It has its own data, clients, configuration and statistics, and shares nothing with other servers in the
/// process but a thread. It speaks RESP2 and RESP3 over a port, a Unix socket, or a pair of sockets within
/// the process, and commands do in it what they do in the server of the command line.
///
/// Tests and programs that need a server for a while use ``withRedisServer(on:configuration:clock:_:)``;
/// this class is for those that can't have it end with a block of code:
///
/// ```swift
/// let server = try await RedisServer.start(on: .freePort)
/// print("connect to 127.0.0.1:\(server.port ?? 0)")
/// await server.stop()
/// ```
///
/// All of it may be used from any task. A server that nobody refers to any more stops by itself.
public final class RedisServer: Sendable {
    /// The name by which clients in this process connect without a socket to listen on; no other server of
    /// the process has it.
    ///
    /// It is for `MiniRedisClient`: `withRedisClient(.inProcess(name: server.name)) { … }`.
    public let name: String
    private let server: Server
    private let seat: LoopHost.Seat
    /// Loops for connections beyond the first (`io-threads`).
    private let furtherThreads: [LoopThread]
    private let ending = Ending()

    private static let count = Atomic<Int>(0)

    // MARK: Starting and stopping

    /// Starts a server, and returns when it serves.
    ///
    /// - Parameters:
    ///   - listening: where it listens; on no socket at all unless this or the configuration says so.
    ///   - configuration: what redis.conf would say.
    ///   - clock: what it takes for the time; the machine's clock unless there is one.
    /// - Returns: the server, which serves.
    /// - Throws: ``Failure`` if a directive is wrong, if it can't listen where it is told to, or if the process
    ///   may have no more threads or descriptors.
    public static func start(
        on listening: Listening = .asConfigured, configuration: Configuration = Configuration(),
        clock: RedisManualClock? = nil
    ) async throws(Failure) -> RedisServer {
        var configuration = try configuration.read()
        configuration.listen(on: listening)
        let server = try RedisServer(configuration, clock?.clock ?? .machine)
        try await server.start()
        return server
    }

    private init(_ configuration: MiniRedis.Configuration, _ clock: ServerClock) throws(Failure) {
        let file = configuration.logFile
        var environment = ServerEnvironment(clock: clock, sharesProcess: true)
        if !file.isEmpty {
            environment.log = Log(
                to: .file(configuration.resolve(file)), level: configuration.logLevel,
                hidesUserData: configuration.hideUserDataFromLog)
        }
        do throws(SystemError) {
            // Whoever asks for more threads does not want to wait for other servers.
            seat = try LoopHost.Seat(alone: configuration.ioThreads > 1)
            var threads: [LoopThread] = []
            for number in 1..<max(configuration.ioThreads, 1) {
                threads.append(try LoopThread(named: "mini-redis-\(number)"))
            }
            furtherThreads = threads
        } catch {
            throw .resources(error.description)
        }
        environment.buffers = seat.host.buffers
        server = Server(
            configuration: configuration, loops: [seat.host.loop] + furtherThreads.map(\.loop),
            environment: environment)
        name = "mini-redis-\(Self.count.add(1, ordering: .relaxed).newValue)"
    }

    private func start() async throws(Failure) {
        let (server, seat, furtherThreads, ending, name) = (server, seat, furtherThreads, ending, name)
        let failure = await withCheckedContinuation { (started: CheckedContinuation<Failure?, Never>) in
            seat.host.start {
                do throws(ListenFailure) {
                    try await server.run { _ in
                        let entrance = server.environment.entrance
                        _ = InProcessPorts.open(name) { entrance.admit($0) }
                        started.resume(returning: nil)
                    }
                    InProcessPorts.close(name)
                } catch {
                    started.resume(returning: .listening(address: error.address, reason: error.reason))
                }
                ending.announce()
                // The task's threads are kept for as long as it needs them.
                withExtendedLifetime((seat, furtherThreads)) {}
            }
        }
        guard let failure else { return }
        await stop()
        throw failure
    }

    /// Stops the server, and returns when all that it had is released: sockets, tasks, threads and memory.
    ///
    /// Clients get the replies to the requests that they have sent; if they don't read them within three
    /// seconds, they are cut off. The task's cancellation changes nothing. Calling it again, or at the same
    /// time, is harmless.
    public func stop() async {
        server.stop()
        await ending.wait()
        for thread in furtherThreads { thread.stopAndJoin() }
        seat.leave()
    }

    deinit { server.stop() }

    /// Waits until the server has ended, because of `stop()` or the command SHUTDOWN; returns early if the
    /// task is cancelled.
    public func waitUntilStopped() async {
        await ending.waitOrCancel()
    }

    // MARK: Reaching it

    /// The TCP port; nil if it listens on none.
    public var port: UInt16? { server.environment.listeners.addresses.lazy.compactMap(\.port).first }

    /// Where it listens: `127.0.0.1:40123`, `[::1]:40123`, `/tmp/redis.sock`.
    public var addresses: [String] {
        server.environment.listeners.addresses.map { $0.isUnix ? $0.host : $0.description }
    }

    /// Connects from within the process, and returns the client's end: a descriptor of a stream socket that
    /// does not block, which the caller has to close.
    ///
    /// For clients that take a connected socket. Those of `MiniRedisClient` connect by ``name``.
    public func connect() throws(Failure) -> CInt {
        do throws(SystemError) {
            return try InProcessPorts.connect(to: name).release()
        } catch {
            throw error.code == ECONNREFUSED ? .stopped : .resources(error.description)
        }
    }
}

extension Configuration {
    /// Adds a place to listen on.
    fileprivate mutating func listen(on place: RedisServer.Listening) {
        switch place {
        case .asConfigured: break
        case .port(0): choosesFreePort = true
        case .port(let number): port = number
        case .unixSocket(let path): unixSocket = path
        }
    }
}
