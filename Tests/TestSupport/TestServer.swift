package import MiniRedis
import Reactor
import Synchronization

/// A real server on a thread of its own inside the test's process, on a free port.
public struct TestServer: Sendable {
    public let port: UInt16
    /// Where it listens, as `host:port` or `path:0`.
    public let addresses: [String]

    /// How many loops servers are tested with unless a test says otherwise.
    public static let ioThreads = TestEnvironment.ioThreads ?? Configuration().ioThreads

    /// A new connection to it.
    public func connect() throws -> TestClient { try TestClient(port: port) }
}

/// Runs `body` against a server with this configuration, and stops it afterwards.
///
/// The port is chosen by the system, the address is IPv4's loopback and the loops are as many as
/// `TestServer.ioThreads` unless `configure` says otherwise.
/// CONFIG REWRITE writes to `configurationFile`, if one is given; when it stops, the server waits
/// `patience` milliseconds for clients that don't read.
package func withServer<Answer: Sendable>(
    configurationFile: String? = nil, patience: Int64 = 3_000,
    _ configure: (inout Configuration) -> Void = { _ in },
    _ body: @Sendable (TestServer) async throws -> Answer
) async throws -> Answer {
    var configuration = Configuration()
    configuration.choosesFreePort = true
    configuration.bind = ["127.0.0.1"]
    configuration.ioThreads = TestServer.ioThreads
    configure(&configuration)
    let threads = try (0..<max(configuration.ioThreads, 1)).map { try LoopThread(named: "test-loop-\($0)") }
    let server = Server(
        configuration: configuration, loops: threads.map(\.loop), configurationFile: configurationFile,
        patience: patience)
    let answer = try await run(server, on: threads[0].loop, body)
    for thread in threads { thread.stopAndJoin() }
    return answer
}

private func run<Answer: Sendable>(
    _ server: Server, on loop: EventLoop, _ body: @Sendable (TestServer) async throws -> Answer
) async throws -> Answer {
    let (started, announce) = AsyncStream.makeStream(of: TestServer.self)
    return try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask(on: loop) {
            defer { announce.finish() }
            try await server.run { addresses in
                announce.yield(
                    TestServer(
                        port: addresses.lazy.compactMap(\.port).first ?? 0,
                        addresses: addresses.map(\.description)))
            }
        }
        guard let test = await started.first(where: { _ in true }) else {
            try await group.next()
            throw TestFailure("the server did not start")
        }
        let answer = try await body(test)
        group.cancelAll()
        try await group.waitForAll()
        return answer
    }
}

/// Why a test can't go on.
public struct TestFailure: Error, CustomStringConvertible {
    public let description: String

    /// Says it in words.
    public init(_ description: String) { self.description = description }
}
