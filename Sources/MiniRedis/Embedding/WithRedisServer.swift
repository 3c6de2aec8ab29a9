/// Runs the body with a server of its own in this process, and stops the server afterwards.
///
/// ```swift
/// try await withRedisServer { server in
///     try await withRedisClient(.inProcess(name: server.name)) { client in
///         try await client.set("hello", "world")
///         print(try await client.get("hello", as: String.self) ?? "nothing")
///     }
/// }
/// ```
///
/// The body begins when the server serves. When it has returned or thrown, the server is stopped and all
/// that it had is released before this returns. Any number of servers may run at once; none sees another's
/// keys, clients or settings.
///
/// - Parameters:
///   - listening: where it listens; on no socket at all unless this or the configuration says so.
///   - configuration: what redis.conf would say.
///   - clock: what it takes for the time; the machine's clock unless there is one.
///   - body: what is done with the server.
/// - Returns: what the body returns.
/// - Throws: ``RedisServer/Failure`` if the server can't start, and what the body throws.
public func withRedisServer<Answer>(
    on listening: RedisServer.Listening = .asConfigured,
    configuration: RedisServer.Configuration = RedisServer.Configuration(), clock: RedisManualClock? = nil,
    _ body: (RedisServer) async throws -> Answer
) async throws -> Answer {
    let server = try await RedisServer.start(on: listening, configuration: configuration, clock: clock)
    let answer: Answer
    do {
        answer = try await body(server)
    } catch {
        await server.stop()
        throw error
    }
    await server.stop()
    return answer
}
