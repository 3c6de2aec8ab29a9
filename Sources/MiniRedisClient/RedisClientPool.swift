import Reactor
import Synchronization

/// A connection that all tasks share, and others that a task can have for itself for a while.
///
/// Commands sent through the pool share one connection, as through a `RedisClient`; those that wait in the
/// server, such as `BLPOP`, have one of the others meanwhile, so they hold nobody up. A connection of one's
/// own is for what belongs to the connection: `WATCH`, `SELECT`, `CLIENT TRACKING`.
///
/// ```swift
/// try await withRedisClientPool { pool in
///     try await pool.set("stock", 5)
///     try await pool.withConnection { connection in
///         try await connection.watch("stock")
///         guard let stock = try await connection.get("stock", as: Int.self), stock > 0 else { return }
///         _ = try await connection.transaction(.decr("stock"))
///     }
/// }
/// ```
///
/// Connections are made when they are first needed.
public final class RedisClientPool: RedisCommandSender {
    /// Most tasks that wait for a connection.
    public static let mostWaiting = 1 << 16

    private let shared: RedisClient
    private let own: [RedisClient]
    private let state: Guarded<State>

    private struct State {
        /// Connections that nobody has, by their indices; the one used last is at the end.
        var free: [Int]
        var isStarted: [Bool]
        /// Who waits for a connection, first come first.
        var waiters: [(number: UInt64, waiter: Parked<Int?>)] = []
        var nextNumber: UInt64 = 0
        /// Takes the connections that are to be made, while the pool runs.
        var start: AsyncStream<Int>.Continuation?
    }

    /// Makes a pool that connects when it is run; besides the shared connection it has at most
    /// `connections` others.
    public init(
        _ address: RedisAddress, connections: Int = 8,
        _ configuration: RedisClient.Configuration = RedisClient.Configuration()
    ) {
        let count = max(connections, 1)
        shared = RedisClient(address, configuration)
        var lasting = configuration
        // A connection that is given back in the middle of something is made anew.
        lasting.reconnection = configuration.reconnection ?? RedisReconnection()
        own = (0..<count).map { [lasting] _ in RedisClient(address, lasting) }
        state = Guarded(
            State(free: Array((0..<count).reversed()), isStarted: Array(repeating: false, count: count)))
    }

    /// Connects, and serves until the task is cancelled or the shared connection is given up.
    public func run() async throws(RedisError) {
        let (starts, start) = AsyncStream.makeStream(
            of: Int.self, bufferingPolicy: .bufferingOldest(own.count))
        for client in own { client.link.prepare() }
        state.withLock { $0.start = start }
        let ending = await withTaskGroup(of: RedisError?.self) { group in
            group.addTask {
                await self.runOwn(starts)
                return nil
            }
            group.addTask {
                do throws(RedisError) { try await self.shared.run() } catch { return error }
                return .closed
            }
            var ending = RedisError.closed
            for await end in group {
                if let end { ending = end }
                group.cancelAll()
            }
            return ending
        }
        state.withLock { state in
            state.start = nil
            state.isStarted = Array(repeating: false, count: own.count)
        }
        for client in own { client.link.end(.closed) }
        if ending != .closed { throw ending }
    }

    /// Runs each connection that is asked for.
    private func runOwn(_ starts: AsyncStream<Int>) async {
        await withDiscardingTaskGroup { group in
            for await index in starts {
                group.addTask {
                    // Its error reaches whoever has the connection.
                    try? await self.own[index].run()
                    self.state.withLock { $0.isStarted[index] = false }
                }
            }
            group.cancelAll()
        }
    }

    /// Sends a command over the shared connection, or over another if it waits in the server.
    ///
    /// One that only means something on a connection of one's own, such as `WATCH` or `SELECT`, is refused.
    public func send<Response>(_ command: RedisCommand<Response>) async throws(RedisError) -> Response {
        guard command.manner != .plain else { return try await shared.send(command) }
        return try await lend(for: command.manner, command.words) { (client) throws(RedisError) in
            try await client.send(command)
        }
    }

    /// Sends the commands of a pipeline over the shared connection, or over another if any waits in the
    /// server, and waits for all replies.
    public func send(_ pipeline: RedisPipeline) async throws(RedisError) -> RedisPipeline.Replies {
        guard pipeline.manner != .plain else { return try await shared.send(pipeline) }
        return try await lend(for: pipeline.manner, nil) { (client) throws(RedisError) in
            try await client.send(pipeline)
        }
    }

    /// Has a connection that nobody else waits on for as long as requests take that wait in the server.
    private func lend<Answer>(
        for manner: CommandManner, _ words: RedisWords?,
        _ body: (RedisClient) async throws(RedisError) -> Answer
    ) async throws(RedisError) -> Answer {
        if manner.isTied {
            let name = words?.words(atMost: 1).first.map { String(decoding: $0, as: UTF8.self) }
            throw .needsOwnConnection(name ?? "this pipeline")
        }
        guard let index = try await take() else { throw .cancelled }
        // What waits still when its task gives up is cut off.
        defer { giveBack(index, true) }
        return try await body(own[index])
    }

    /// The client of the shared connection, for subscriptions and other time limits.
    public var client: RedisClient { shared }
}

// MARK: - Connections of one's own

extension RedisClientPool {
    /// Has a connection for the body alone; waits for one if all are taken.
    ///
    /// What the body changes of the connection it changes back. When it throws, or leaves replies that
    /// have not come, the connection is closed, and the next one who needs it has a new one.
    public func withConnection<Answer>(_ body: (RedisClient) async throws -> Answer) async throws -> Answer {
        guard let index = try await take() else { throw RedisError.cancelled }
        var isInOrder = false
        defer { giveBack(index, isInOrder) }
        let answer = try await body(own[index])
        isInOrder = true
        return answer
    }

    /// The index of a connection; nil when the task is cancelled.
    private func take() async throws(RedisError) -> Int? {
        let number = state.withLock { state in
            state.nextNumber += 1
            return state.nextNumber
        }
        let index = await withTaskCancellationHandler {
            await Parked<Int?>.suspend { waiter in wait(waiter, number) }
        } onCancel: {
            let waiter = state.withLock { state -> Parked<Int?>? in
                guard let place = state.waiters.firstIndex(where: { $0.number == number }) else { return nil }
                return state.waiters.remove(at: place).waiter
            }
            waiter?.resume(returning: nil)
        }
        guard index != Self.tooMany else { throw .tooManyRequests }
        return index
    }

    /// In the place of an index: too many wait already.
    private static let tooMany = -1

    private func wait(_ waiter: Parked<Int?>, _ number: UInt64) {
        // Nil if it is to wait.
        let answer: Int?? = state.withLock { state in
            if Task.isCancelled { return .some(nil) }
            if let index = state.free.popLast() {
                begin(index, &state)
                return index
            }
            guard state.waiters.count < Self.mostWaiting else { return Self.tooMany }
            state.waiters.append((number, waiter))
            return nil
        }
        if let answer { waiter.resume(returning: answer) }
    }

    /// Has the connection made if it is not.
    private func begin(_ index: Int, _ state: inout State) {
        guard !state.isStarted[index], let start = state.start else { return }
        state.isStarted[index] = true
        own[index].link.prepare()
        start.yield(index)
    }

    private func giveBack(_ index: Int, _ isInOrder: Bool) {
        let link = own[index].link
        if !isInOrder || !link.isIdle { link.breakOff() }
        let waiter = state.withLock { state -> Parked<Int?>? in
            guard !state.waiters.isEmpty else {
                state.free.append(index)
                return nil
            }
            begin(index, &state)
            return state.waiters.removeFirst().waiter
        }
        waiter?.resume(returning: index)
    }
}

/// Connects a pool to a server, runs the body, and closes all connections.
///
/// The body begins when the shared connection stands; if none can be made, it throws `RedisError` instead.
public func withRedisClientPool<Answer>(
    _ address: RedisAddress = .tcp(host: "127.0.0.1", port: 6379), connections: Int = 8,
    _ configuration: RedisClient.Configuration = RedisClient.Configuration(),
    _ body: (RedisClientPool) async throws -> Answer
) async throws -> Answer {
    let pool = RedisClientPool(address, connections: connections, configuration)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        // Its error reaches whoever waits for a reply.
        group.addTask { try? await pool.run() }
        defer { group.cancelAll() }
        try await pool.client.link.opened()
        return try await body(pool)
    }
}
