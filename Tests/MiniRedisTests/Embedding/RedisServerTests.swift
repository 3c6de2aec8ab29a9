import Glibc
import MiniRedis
import Testing
import TestSupport

@Suite("A server inside a program", .timeLimit(.minutes(10)))
struct RedisServerTests {
    @Test("listens on no socket unless it is told to, and is reached all the same")
    func inProcess() async throws {
        try await withRedisServer { server in
            #expect(server.addresses.isEmpty && server.port == nil)
            let client = try TestClient(adopting: server.connect())
            #expect(try client.command("SET", "k", "v") == .simple("OK"))
            let second = try TestClient(adopting: server.connect())
            #expect(try second.command("GET", "k") == .text("v"))
            #expect(try second.command("CLIENT", "ID") == .integer(2))
            guard case .bulk(let info) = try second.command("CLIENT", "INFO") else {
                Issue.record("no CLIENT INFO")
                return
            }
            let text = String(decoding: info, as: UTF8.self)
            #expect(text.contains(" addr=in-process:0 laddr=in-process:0 "))
        }
    }

    @Test("listens on a free port of the loopback address")
    func freePort() async throws {
        try await withRedisServer(on: .freePort) { server in
            let port = try #require(server.port)
            #expect(server.addresses == ["127.0.0.1:\(port)"])
            #expect(try TestClient(port: port).command("PING") == .simple("PONG"))
            #expect(
                try TestClient(port: port).command("CONFIG", "GET", "port")
                    == .array([.text("port"), .text("\(port)")]))
        }
    }

    @Test("listens on a Unix socket, whose file goes with it")
    func unixSocket() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/redis.sock"
            try await withRedisServer(on: .unixSocket(path: path)) { server throws in
                #expect(server.addresses == [path] && server.port == nil)
                #expect(try TestClient(unixPath: path).command("PING") == .simple("PONG"))
            }
            // The path is a local copy that outlives the call.
            #expect(unsafe access(path, F_OK) != 0)
        }
    }

    @Test("listens where its directives say")
    func configuredPort() async throws {
        let free = try await withRedisServer(on: .freePort) { $0.port }
        let port = try #require(free)
        try await withRedisServer(configuration: ["port": "\(port)"]) { server throws in
            #expect(server.port == port)
            #expect(try TestClient(port: port).command("PING") == .simple("PONG"))
        }
        try await withRedisServer(on: .port(port)) { server in #expect(server.port == port) }
    }

    @Test("several at once see nothing of each other")
    func isolation() async throws {
        try await withRedisServer(configuration: ["maxmemory": "1mb"]) { small in
            try await withRedisServer(configuration: ["requirepass": "p"]) { large in
                #expect(small.name != large.name)
                let one = try TestClient(adopting: small.connect())
                let other = try TestClient(adopting: large.connect())
                #expect(try other.command("PING") == .error("NOAUTH Authentication required."))
                #expect(try other.command("AUTH", "p") == .simple("OK"))
                let long = String(repeating: "x", count: 8 << 20)
                #expect(try other.command("SET", "k", long) == .simple("OK"))
                #expect(try one.command("GET", "k") == .null)
                // The other's data, and this process's, do not count against the limit.
                #expect(try one.command("SET", "mine", "v") == .simple("OK"))
                #expect(try one.command("SETRANGE", "big", "1500000", "v") == .integer(1_500_001))
                // The figure is taken once a millisecond.
                var answer = try one.command("SET", "mine", "w")
                while answer == .simple("OK") { answer = try one.command("SET", "mine", "w") }
                #expect(answer == .error("OOM command not allowed when used memory > 'maxmemory'."))
                #expect(
                    try one.command("SUBSCRIBE", "c")
                        == .array([.text("subscribe"), .text("c"), .integer(1)]))
                #expect(try other.command("PUBLISH", "c", "m") == .integer(0))
                #expect(try other.command("CLIENT", "ID") == .integer(1))
            }
        }
    }

    @Test("SHUTDOWN ends the one server, not the process or others")
    func shutdown() async throws {
        try await withRedisServer { other in
            let server = try await RedisServer.start()
            let client = try TestClient(adopting: server.connect())
            try client.send("SHUTDOWN\r\n")
            #expect(try client.receiveUntilClosed().isEmpty)
            await server.waitUntilStopped()
            #expect(throws: RedisServer.Failure.stopped) { try server.connect() }
            await server.stop()
            await server.stop()
            #expect(try TestClient(adopting: other.connect()).command("PING") == .simple("PONG"))
        }
    }

    @Test("waiting for its end is over when the task is cancelled")
    func cancelledWait() async throws {
        try await withRedisServer { server throws in
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await server.waitUntilStopped() }
                group.cancelAll()
                await group.waitForAll()
            }
            #expect(try TestClient(adopting: server.connect()).command("PING") == .simple("PONG"))
        }
    }

    @Test("stops when nobody refers to it any more, and after its body has thrown")
    func abandoned() async throws {
        let client: TestClient
        do {
            let server = try await RedisServer.start()
            client = try TestClient(adopting: server.connect())
            #expect(try client.command("PING") == .simple("PONG"))
        }
        #expect(try client.receiveUntilClosed().isEmpty)
        let (ends, announce) = AsyncStream.makeStream(of: Int32.self)
        await #expect(throws: CancellationError.self) {
            try await withRedisServer { server in
                announce.yield(try server.connect())
                throw CancellationError()
            }
        }
        announce.finish()
        for await end in ends { #expect(try TestClient(adopting: end).receiveUntilClosed().isEmpty) }
    }

    @Test("a start that fails says why")
    func failures() async throws {
        await #expect(
            throws: RedisServer.Failure.configuration(
                line: "no-such-thing 1", reason: "Bad directive or wrong number of arguments")
        ) { try await RedisServer.start(configuration: ["no-such-thing": "1"]) }
        try await withRedisServer(on: .freePort) { server in
            let port = try #require(server.port)
            await #expect(
                throws: RedisServer.Failure.listening(
                    address: "127.0.0.1:\(port)", reason: "Address already in use")
            ) { try await RedisServer.start(on: .port(port)) }
        }
        await #expect(
            throws: RedisServer.Failure.listening(
                address: "/no/such/directory/s", reason: "No such file or directory")
        ) { try await RedisServer.start(on: .unixSocket(path: "/no/such/directory/s")) }
    }

    @Test("connections on several loops", arguments: ["2", "3"])
    func loops(count: String) async throws {
        try await withRedisServer(configuration: ["io-threads": count]) { server throws in
            for _ in 0..<6 {
                #expect(try TestClient(adopting: server.connect()).command("INCR", "n") != .null)
            }
            #expect(try TestClient(adopting: server.connect()).command("GET", "n") == .text("6"))
        }
    }
}
