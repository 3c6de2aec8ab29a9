import Reactor

/// A connection to a Redis server that any number of tasks share.
///
/// Requests of all tasks go over one connection: they are written together and answered in order.
/// It speaks RESP3, and RESP2 with servers that know no better.
///
/// ```swift
/// try await withRedisClient(.tcp(host: "127.0.0.1", port: 6379)) { client in
///     try await client.set("hello", "world")
///     print(try await client.get("hello", as: String.self) ?? "nothing")
/// }
/// ```
///
/// A request that is cancelled or out of time leaves the connection as it was: its reply is dropped
/// when it comes. When the connection is lost, what waits fails with `RedisError.connectionLost`.
/// Commands that wait in the server (`BLPOP`, `WAIT` …) hold up those behind them: give them a client
/// of their own.
public final class RedisClient: RedisCommandSender {
    /// Most requests that wait for replies; tasks wait for their own, so that only cancelled and
    /// late ones, or as many tasks, can be so many.
    public static let mostQueuedRequests = 1 << 20
    /// Most bytes that wait to be written before further requests are refused; a server takes as much
    /// before it closes a connection (`client-query-buffer-limit`).
    public static let mostQueuedBytes = 1 << 30

    /// Where the server is, and how to speak with it.
    public let configuration: Configuration
    let link = Link()

    /// Makes a client that connects when it is run.
    public init(_ address: RedisAddress, _ configuration: Configuration = Configuration()) {
        var configuration = configuration
        configuration.address = address
        self.configuration = configuration
    }

    /// Connects, and serves requests until the task is cancelled.
    ///
    /// Requests that are made before wait. It throws when no connection can be made, or when it is
    /// lost; then it may be called again. For services that are run by a group; others use
    /// `withRedisClient`.
    public func run() async throws(RedisError) {
        try await configuration.run(link)
    }

    /// Sends a command and reads its reply.
    public func send<Response>(_ command: RedisCommand<Response>) async throws(RedisError) -> Response {
        try await link.send(command, within: configuration.requestTimeout)
    }
}

/// Connects to a server, runs the body, and closes the connection.
///
/// The body begins when the connection stands; if none can be made, it throws `RedisError` instead.
public func withRedisClient<Answer>(
    _ address: RedisAddress = .tcp(host: "127.0.0.1", port: 6379),
    _ configuration: RedisClient.Configuration = RedisClient.Configuration(),
    _ body: (RedisClient) async throws -> Answer
) async throws -> Answer {
    let client = RedisClient(address, configuration)
    return try await client.configuration.withRunning(client.link) { _ in
        try await body(client)
    }
}

extension RedisClient.Configuration {
    /// Runs a connection for as long as the body runs, which begins when it stands.
    func withRunning<Answer>(_ link: Link, _ body: (Link) async throws -> Answer) async throws -> Answer {
        try await withThrowingTaskGroup(of: Void.self) { group in
            // Its error reaches whoever waits for a reply.
            group.addTask { try? await run(link) }
            defer { group.cancelAll() }
            try await link.opened()
            return try await body(link)
        }
    }

    /// Connects, and runs the connection until it ends; cancellation is an end in order.
    func run(_ link: Link) async throws(RedisError) {
        let thread = if let thread { thread } else { try RedisClientThread.shared() }
        guard link.begin() else { throw .alreadyRunning }
        let ending = await withTaskGroup(of: RedisError.self) { group in
            group.addTask(on: thread.thread.loop) {
                let ending = await serve(link, on: thread)
                link.end(ending)
                return ending
            }
            return await group.next() ?? .closed
        }
        if ending != .closed { throw ending }
    }

    /// The life of one connection, on its loop.
    private func serve(_ link: Link, on thread: RedisClientThread) async -> RedisError {
        let loop = thread.thread.loop
        let deadline = connectTimeout.map { loop.deadline(in: $0.wholeMilliseconds) }
        do throws(DialError) {
            let socket = try await thread.connect(to: address.endpoint, until: deadline)
            return await converse(link, on: socket, loop, until: deadline)
        } catch {
            return error == .cancelled ? .closed : .connectionFailed("\(address): \(error)")
        }
    }

    private func converse(
        _ link: Link, on socket: borrowing Socket, _ loop: EventLoop, until deadline: Deadline?
    ) async -> RedisError {
        let registration: Registration
        do throws(SystemError) {
            registration = try Registration(socket.descriptor, on: loop)
            if case .tcp = address { try socket.setNoDelay() }
        } catch {
            return .connectionFailed("\(address): \(error)")
        }
        defer { registration.close() }
        return await withTaskCancellationHandler {
            var inbox = Inbox()
            do throws(RedisError) {
                let handshake = Handshake(configuration: self)
                let version = try await handshake.run(on: socket, registration, &inbox, until: deadline)
                link.open(registration, version)
            } catch {
                return error == .timedOut ? .connectionFailed("\(address): no answer in time") : error
            }
            return await link.converse(on: socket, registration, inbox)
        } onCancel: {
            registration.cancel()
        }
    }
}

extension RedisClientThread {
    fileprivate func connect(to endpoint: Endpoint, until deadline: Deadline?) async throws(DialError)
        -> Socket
    {
        let dialer: Dialer
        do throws(SystemError) { dialer = try self.dialer() } catch { throw .system(error) }
        return try await dialer.connect(to: endpoint, until: deadline)
    }
}
