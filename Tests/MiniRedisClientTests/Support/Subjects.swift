import Glibc
import MiniRedis
import MiniRedisClient
import TestSupport
import Testing

/// What the client is tested against: the server of this project, in the process, and real ones.
enum Subject: String, CaseIterable, CustomTestStringConvertible, Sendable {
    case miniRedis
    case redis
    case valkey

    /// Where packages put the real ones; a variable of the environment names another place.
    private var program: String? {
        switch self {
        case .miniRedis: nil
        case .redis: Self.variable("MINI_REDIS_TEST_REDIS") ?? "/usr/bin/redis-server"
        case .valkey: Self.variable("MINI_REDIS_TEST_VALKEY") ?? "/usr/bin/valkey-server"
        }
    }

    private static func variable(_ name: String) -> String? {
        // The environment is not changed meanwhile; the text is copied.
        unsafe getenv(name).flatMap { unsafe String(validatingCString: $0) }
    }

    /// Whether it can be started here.
    var isInstalled: Bool {
        guard let program else { return true }
        // The path is text that outlives the call.
        return unsafe access(program, X_OK) == 0
    }

    /// Those that are there; `RealServersAreInstalled` tells of the others.
    static let all = allCases.filter(\.isInstalled)

    var testDescription: String { rawValue }

    /// Runs the body against a fresh server.
    func serve<Answer: Sendable>(_ body: @Sendable (RedisAddress) async throws -> Answer) async throws
        -> Answer
    {
        switch self {
        case .miniRedis:
            return try await withServer { server in try await body(.tcp(host: "127.0.0.1", port: server.port))
            }
        case .redis, .valkey:
            return try await withTemporaryDirectory { directory in
                let socket = "\(directory)/redis.sock"
                let server = try ChildProcess(
                    program ?? "",
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
            try await withRedisClient(address, configuration.patient) { client in try await body(client) }
        }
    }
}

extension RedisClient.Configuration {
    /// With more time for connections and requests, unless there is a limit of the test's own: all tests run at
    /// once, and a sanitizer makes each of them many times slower.
    var patient: Self {
        var configuration = self
        if requestTimeout == Self().requestTimeout { configuration.requestTimeout = .seconds(300) }
        if connectTimeout == Self().connectTimeout { configuration.connectTimeout = .seconds(300) }
        return configuration
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

/// Says so when a real server is not there to be tested against.
@Suite struct RealServersAreInstalled {
    @Test(
        .enabled(
            if: Subject.redis.isInstalled,
            "no redis-server is installed: the client is not tested against it"))
    func redisIsInstalled() {
        #expect(Subject.all.contains(.redis))
    }

    @Test(
        .enabled(
            if: Subject.valkey.isInstalled,
            "no valkey-server is installed: the client is not tested against it"))
    func valkeyIsInstalled() {
        #expect(Subject.all.contains(.valkey))
    }
}

/// The answer of what may fail at first, a connection that is not there yet say; ends with the task too.
@discardableResult
func whenItSucceeds<Answer: Sendable>(_ attempt: () async throws -> Answer) async throws -> Answer {
    while true {
        do {
            return try await attempt()
        } catch {
            try Task.checkCancellation()
            await Task.yield()
        }
    }
}
