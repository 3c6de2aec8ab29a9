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
/// when it comes. When the connection is lost, what was sent and not answered fails with
/// `RedisError.connectionLost`; what comes later waits for the next connection, which is made as
/// `Configuration.reconnection` says. Commands that wait in the server (`BLPOP`, `WAIT` …) hold up those
/// behind them for as long; a `RedisClientPool` sends them over connections of their own.
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

    /// Connects, again and again if need be, and serves requests until the task is cancelled.
    ///
    /// Requests that are made before wait. It throws when no connection can be made, or when one is
    /// lost and the configuration forbids to make another; then it may be called again. For services
    /// that are run by a group; others use `withRedisClient`.
    public func run() async throws(RedisError) {
        try await configuration.run(link)
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
