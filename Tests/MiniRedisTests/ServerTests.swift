import Glibc
import Testing
import TestSupport

@testable import MiniRedis

@Suite("A server's listeners and its end")
struct ServerTests {
    @Test("a Unix socket has its permissions, and its file goes with the server")
    func unixSocket() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/server.sock"
            try await withServer {
                $0.bind = []
                $0.unixSocket = path
                $0.unixSocketPermissions = 0o600
            } _: { server in
                #expect(server.addresses == ["\(path):0"])
                let answer1 = try TestClient(unixPath: path).command("PING")
                #expect(answer1 == .simple("PONG"))
                var status = stat()
                // The pointers outlive the call.
                #expect(unsafe stat(path, &status) == 0)
                #expect(status.st_mode & 0o777 == 0o600)
            }
            // As above.
            #expect(unsafe access(path, F_OK) != 0)
        }
    }

    @Test("a relative path starts from the configured directory")
    func relativeSocket() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer {
                $0.directory = directory
                $0.unixSocket = "s"
            } _: { _ in
                let answer2 = try TestClient(unixPath: "\(directory)/s").command("PING")
                #expect(answer2 == .simple("PONG"))
            }
        }
    }

    @Test("several addresses share the port, and optional ones may be missing")
    func severalAddresses() async throws {
        try await withServer {
            $0.bind = ["127.0.0.1", "127.0.0.2", "-192.0.2.1"]
        } _: { server in
            #expect(server.addresses == ["127.0.0.1:\(server.port)", "127.0.0.2:\(server.port)"])
        }
    }

    @Test("an address that must be there and isn't stops the start")
    func missingAddress() async throws {
        await #expect(throws: ListenFailure.self) {
            try await withServer {
                $0.bind = ["127.0.0.1", "192.0.2.1"]
            } _: { _ in
            }
        }
    }

    @Test("listens on IPv6 where the machine has it")
    func ipv6() async throws {
        try await withServer {
            $0.bind = ["-::1", "127.0.0.1"]
        } _: { server in
            if server.addresses.contains("[::1]:\(server.port)") {
                let answer3 = try TestClient(port6: server.port).command("PING")
                #expect(answer3 == .simple("PONG"))
            }
            let answer4 = try server.connect().command("PING")
            #expect(answer4 == .simple("PONG"))
        }
    }

    @Test("connections on several loops see one database", arguments: [1, 2, 4])
    func loops(count: Int) async throws {
        try await withServer {
            $0.ioThreads = count
        } _: { server in
            let clients = try (0..<8).map { _ in try server.connect() }
            for client in clients { #expect(try client.command("INCR", "n").string == nil) }
            #expect(try clients[0].command("GET", "n") == .text("8"))
        }
    }

    @Test("a server at its limit turns connections away in Redis's words")
    func maxClients() async throws {
        try await withServer {
            $0.maxClients = 1
        } _: { server in
            let first = try server.connect()
            #expect(try first.command("PING") == .simple("PONG"))
            let answer5 = try server.connect().receive()
            #expect(answer5 == .error("ERR max number of clients reached"))
        }
    }

    @Test(
        "SHUTDOWN ends the server, flushes what others are to get, and answers nothing",
        .timeLimit(.minutes(10)))
    func shutdown() async throws {
        // It never waits for clients that have nothing to get: else it would be for an hour.
        try await withServer(patience: 3_600_000) { server in
            let (client, other) = (try server.connect(), try server.connect())
            #expect(try other.command("PING") == .simple("PONG"))
            #expect(try client.command("SHUTDOWN", "SAVE", "NOSAVE") == .error("ERR syntax error"))
            #expect(try client.command("SHUTDOWN", "NOW", "ABORT") == .error("ERR syntax error"))
            #expect(try client.command("SHUTDOWN", "ABORT") == .error("ERR No shutdown in progress."))
            #expect(
                try client.command("SHUTDOWN", "SAVE") == .error("ERR Errors trying to SHUTDOWN. Check logs.")
            )
            try client.send(
                "*1\r\n$4\r\nPING\r\n*2\r\n$8\r\nSHUTDOWN\r\n$6\r\nNOSAVE\r\n*1\r\n$4\r\nPING\r\n")
            #expect(try client.receiveUntilClosed() == Array("+PONG\r\n".utf8))
            #expect(try other.receiveUntilClosed() == [])
            #expect(throws: TestFailure.self) { try server.connect() }
        }
    }

    @Test("a client that does not read can't keep the server from ending", .timeLimit(.minutes(10)))
    func stubbornClient() async throws {
        // Left alone, the client would have ten seconds; a machine that is busy may take as long once.
        var quickest = Duration.seconds(10)
        for _ in 0..<3 where quickest > .seconds(8) { quickest = try await min(quickest, timeToEnd()) }
        #expect(quickest <= .seconds(8))
    }

    /// How long a server takes to end that has a client which does not read.
    private func timeToEnd() async throws -> Duration {
        let (open, start) = try await withServer(patience: 50) { server in
            let (client, stubborn) = (try server.connect(), try server.connect())
            try client.command([Array("SET".utf8), Array("big".utf8), [UInt8](repeating: 1, count: 8 << 20)])
            try stubborn.send(String(repeating: "GET big\r\n", count: 8))
            // The reply has begun to arrive, and there is more than the sockets' buffers hold.
            #expect(!stubborn.isSilent(for: 30_000))
            try client.send("SHUTDOWN\r\n")
            #expect(try client.receiveUntilClosed() == [])
            return (stubborn.duplicate(), ContinuousClock.now)
        }
        // The server has ended, and the connection was there all the time.
        defer { _ = close(open) }
        return ContinuousClock.now - start
    }
}
