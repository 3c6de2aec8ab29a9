import MiniRedis
import MiniRedisClient
import Testing

// What the pages of the library `MiniRedis` show, as they show it: see `DocumentedSnippetsTests`.

struct SessionStore {
    let client: RedisClient

    func begin(_ session: String, for user: String) async throws {
        try await client.set("session:\(session)", user, expiring: .after(.seconds(1800)))
    }

    func user(of session: String) async throws -> String? {
        try await client.get("session:\(session)", as: String.self)
    }
}

@Suite struct SessionStoreTests {
    @Test func aSessionEndsAfterHalfAnHour() async throws {
        let clock = RedisManualClock()
        try await withRedisServer(clock: clock) { server in
            try await withRedisClient(.inProcess(name: server.name)) { client in
                let store = SessionStore(client: client)
                try await store.begin("abc", for: "ada")

                await clock.advance(by: .seconds(1800))
                #expect(try await store.user(of: "abc") == "ada")

                await clock.advance(by: .milliseconds(1))
                #expect(try await store.user(of: "abc") == nil)
            }
        }
    }
}

struct RedisTrait: TestTrait, SuiteTrait, TestScoping {
    @TaskLocal static var port: UInt16?

    var isRecursive: Bool { true }

    func provideScope(
        for test: Test, testCase: Test.Case?, performing body: @Sendable @concurrent () async throws -> Void
    ) async throws {
        // A suite has no server, each of its tests has.
        guard testCase != nil else { return try await body() }
        try await withRedisServer(on: .freePort) { server in
            try await Self.$port.withValue(server.port) { try await body() }
        }
    }
}

extension Trait where Self == RedisTrait {
    static var redis: Self { RedisTrait() }
}

@Suite(.redis) struct GreetingTests {
    @Test func greets() async throws {
        let port = try #require(RedisTrait.port)
        // Vapor: app.redis.configuration = try RedisConfiguration(hostname: "127.0.0.1", port: Int(port))
        // Hummingbird: ValkeyClient(.hostname("127.0.0.1", port: Int(port)), logger: logger)
        try await withRedisClient(.tcp(host: "127.0.0.1", port: port)) { client in
            try await client.set("greeting", "hello")
            #expect(try await client.get("greeting", as: String.self) == "hello")
        }
    }
}

@Suite struct ShortSnippets {
    @Test func hello() async throws {
        try await withRedisServer { server in
            try await withRedisClient(.inProcess(name: server.name)) { client in
                try await client.set("hello", "world")
                print(try await client.get("hello", as: String.self) ?? "nothing")
            }
        }
    }

    @Test func readme() async throws {
        let clock = RedisManualClock()
        try await withRedisServer(configuration: ["maxmemory": "10mb"], clock: clock) { server in
            try await withRedisClient(.inProcess(name: server.name)) { client in
                try await client.set("session", "abc", expiring: .after(.seconds(1800)))
                await clock.advance(by: .seconds(1801))
                print(try await client.get("session", as: String.self) ?? "gone, and nobody has slept")
            }
        }
    }

    @Test func configuration() async throws {
        try await withRedisServer(
            configuration: ["maxmemory": "10mb", "notify-keyspace-events": "Ex"]
        ) { server in
            print(server.name)
        }
    }

    @Test func byHand() async throws {
        let server = try await RedisServer.start(on: .freePort, configuration: ["requirepass": "secret"])
        print("redis://:secret@127.0.0.1:\(server.port ?? 0)")
        await server.stop()
    }

    // What stands beside the declarations.

    @Test func besideTheServer() async throws {
        let server = try await RedisServer.start(on: .freePort)
        print("connect to 127.0.0.1:\(server.port ?? 0)")
        await server.stop()
    }

    @Test func besideTheConfiguration() async throws {
        try await withRedisServer(configuration: ["maxmemory": "10mb", "databases": "4"]) { server in
            print(server.name)
        }
    }

    @Test func besideTheClock() async throws {
        let clock = RedisManualClock()
        try await withRedisServer(clock: clock) { server in
            try await withRedisClient(.inProcess(name: server.name)) { client in
                try await client.set("session", "abc", expiring: .after(.seconds(1800)))
                await clock.advance(by: .seconds(1801))
                // It is gone, and its keyspace event was sent.
                print(try await client.get("session") == nil)
            }
        }
    }
}
