import MiniRedis
import Reactor
import Testing
import TestSupport

@Suite("What a server inside a program is told", .timeLimit(.minutes(10)))
struct RedisServerConfigurationTests {
    private static func values(
        _ names: [String], of configuration: RedisServer.Configuration
    ) async throws -> [String] {
        try await withRedisServer(configuration: configuration) { server in
            let client = try TestClient(adopting: server.connect())
            if let password = configuration.password { try client.command("AUTH", password) }
            return try names.map { try client.command("CONFIG", "GET", $0).elements.last?.string ?? "none" }
        }
    }

    @Test("directives by their names, in any case, and lists word by word")
    func directives() async throws {
        let configuration: RedisServer.Configuration = [
            "MaxMemory": "10mb", "save": "", "client-output-buffer-limit": "pubsub 1mb 512kb 10",
            "requirepass": "two words \"quoted\"", "timeout": "7",
        ]
        #expect(
            try await Self.values(["maxmemory", "save", "timeout", "requirepass"], of: configuration)
                == ["10485760", "", "7", "two words \"quoted\""])
        let limits = try await Self.values(["client-output-buffer-limit"], of: configuration)
        #expect(limits.first?.contains("pubsub 1048576 524288 10") == true)
    }

    @Test("lines of redis.conf")
    func lines() async throws {
        let configuration: RedisServer.Configuration = """
            # a comment
            maxmemory 10mb
            requirepass "two words"
            """
        #expect(configuration["maxmemory"] == nil)
        var changed = configuration
        // What is said later holds.
        changed["maxmemory"] = "20mb"
        changed.password = nil
        try await withRedisServer(configuration: changed) { server in
            let client = try TestClient(adopting: server.connect())
            try client.command("AUTH", "two words")
            #expect(
                try client.command("CONFIG", "GET", "maxmemory")
                    == .array([.text("maxmemory"), .text("20971520")]))
        }
    }

    @Test("conveniences stand for directives")
    func conveniences() async throws {
        var configuration = RedisServer.Configuration()
        configuration.password = "p"
        configuration.maxMemory = 1 << 20
        configuration.databases = 3
        configuration.keyspaceEvents = "Ex"
        #expect(
            configuration == [
                "requirepass": "p", "maxmemory": "1048576", "databases": "3", "notify-keyspace-events": "Ex",
            ])
        #expect(configuration.password == "p" && configuration.maxMemory == 1 << 20)
        #expect(configuration.databases == 3 && configuration.keyspaceEvents == "Ex")
        #expect(
            try await Self.values(
                ["requirepass", "maxmemory", "databases", "notify-keyspace-events"], of: configuration)
                == ["p", "1048576", "3", "xE"])
        configuration.password = nil
        configuration.maxMemory = nil
        configuration.databases = nil
        configuration.keyspaceEvents = nil
        #expect(configuration == RedisServer.Configuration())
        #expect(configuration.password == nil && configuration.maxMemory == nil)
    }

    @Test("by default it listens nowhere and knows of no file, otherwise it is as Redis is")
    func defaults() async throws {
        #expect(
            try await Self.values(["port", "bind", "databases", "maxmemory", "maxclients"], of: [:])
                == ["0", "127.0.0.1", "16", "0", "10000"])
    }

    @Test(
        "what is wrong is told",
        arguments: [
            (["maxmemory": "lots"], "'maxmemory \"lots\"': argument must be a memory value"),
            (["port": "70000"], "'port \"70000\"': argument must be between 0 and 65535 inclusive"),
            ("timeout 1\nport", "'port': wrong number of arguments"),
            ("a 'b", "'a 'b': Unbalanced quotes in configuration line"),
        ] as [(RedisServer.Configuration, String)])
    func mistakes(_ configuration: RedisServer.Configuration, _ text: String) async throws {
        let failure = await #expect(throws: RedisServer.Failure.self) {
            try await RedisServer.start(configuration: configuration)
        }
        #expect(failure?.description == text)
    }

    @Test("a log is written where a file is named")
    func log() async throws {
        try await withTemporaryDirectory { directory in
            try await withRedisServer(
                configuration: ["logfile": "log", "dir": directory, "loglevel": "verbose"]
            ) { server in
                let client = try TestClient(adopting: server.connect())
                try client.send("*1\r\n+\r\n")
                _ = try client.receiveUntilClosed()
            }
            let text = String(decoding: try Files.read("\(directory)/log"), as: UTF8.self)
            #expect(text.contains("Protocol error from client"))
        }
    }
}
