import Glibc
import MiniRedis
import MiniRedisClient
import TestSupport
import Testing

/// What the client is tested against: the server of this project, in the process, and a real one.
enum Subject: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case miniRedis
    case redis

    /// Where packages put the real one.
    private static let program = "/usr/bin/redis-server"

    static var hasRedis: Bool {
        // The path is a constant.
        unsafe access(program, X_OK) == 0
    }

    /// Those that are there; `RedisIsInstalled` tells of the other.
    static var all: [Subject] { hasRedis ? allCases : [.miniRedis] }

    var testDescription: String { rawValue }

    /// Runs the body against a fresh server.
    func serve<Answer: Sendable>(_ body: @Sendable (RedisAddress) async throws -> Answer) async throws
        -> Answer
    {
        switch self {
        case .miniRedis:
            return try await withServer { server in try await body(.tcp(host: "127.0.0.1", port: server.port))
            }
        case .redis:
            return try await withTemporaryDirectory { directory in
                let socket = "\(directory)/redis.sock"
                let server = try ChildProcess(
                    Self.program,
                    [
                        "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir",
                        directory,
                    ])
                try server.wait(for: "eady to accept connections")
                return try await body(.unix(path: socket))
            }
        }
    }

    /// Runs the body with a client of a fresh server.
    func connect<Answer: Sendable>(
        _ configuration: RedisClient.Configuration = .init(),
        _ body: @Sendable (RedisClient) async throws -> Answer
    ) async throws -> Answer {
        try await serve { address in
            try await withRedisClient(address, configuration) { client in try await body(client) }
        }
    }
}

extension [Subject] {
    /// Every subject with each version of the protocol.
    static var inBothProtocols: [(Subject, RedisClient.Configuration.ProtocolVersion)] {
        Subject.all.flatMap { [($0, .resp2), ($0, .resp3)] }
    }
}

extension RedisClient.Configuration {
    /// One that differs in what the body sets.
    static func with(_ change: (inout Self) -> Void) -> Self {
        var configuration = Self()
        change(&configuration)
        return configuration
    }
}

/// Says so when the real server is not there to be tested against.
@Suite struct RedisIsInstalled {
    @Test(
        .enabled(
            if: Subject.hasRedis,
            "no redis-server is installed: the client is tested against this project's alone"))
    func redisIsInstalled() {
        #expect(Subject.all.count == 2)
    }
}
