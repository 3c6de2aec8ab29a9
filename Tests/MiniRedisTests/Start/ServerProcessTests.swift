import Glibc
import Testing
import TestSupport

@testable import MiniRedis

@Suite("The program mini-redis-server")
struct ServerProcessTests {
    private func start(_ arguments: [String], input: String = "") throws -> ChildProcess {
        try ChildProcess("mini-redis-server", arguments, input: input)
    }

    /// Runs `body` beside a server that listens on a Unix socket only.
    private func withProgram(
        _ arguments: [String] = [], _ body: (ChildProcess, String) throws -> Void
    ) async throws {
        try await withTemporaryDirectory { directory in
            let server = try start(
                [
                    "--port", "0", "--dir", directory, "--unixsocket", "s", "--io-threads",
                    "\(TestServer.ioThreads)",
                ] + arguments)
            try server.wait(for: "Ready to accept connections unix")
            try body(server, directory)
        }
    }

    @Test("tells its version")
    func version() throws {
        let server = try start(["--version"])
        #expect(try server.waitForExit() == 0)
        #expect(server.text == "\(ServerVersion.line)\n")
    }

    @Test("tells its usage")
    func help() throws {
        let server = try start(["-h"])
        #expect(try server.waitForExit() == 1)
        #expect(server.text.hasPrefix("Usage: ./mini-redis-server [/path/to/redis.conf] [options] [-]\n"))
    }

    @Test(
        "does not start with a bad directive",
        arguments: [
            (
                ["--nonsense", "1"],
                "line 1\n>>> 'nonsense \"1\"'\nBad directive or wrong number of arguments\n"
            ),
            (["--port"], "line 1\n>>> 'port'\nwrong number of arguments\n"),
            (
                ["--timeout", "1", "--loglevel", "--bla"],
                "line 2\n>>> 'loglevel \"--bla\"'\nargument(s) must be one of the following: "
                    + "debug, verbose, notice, warning, nothing\n"
            ),
            (["/does/not/exist"], "Can't open config file '/does/not/exist': No such file or directory\n"),
            (["--logfile", "/does/not/exist"], "Can't open the log file: No such file or directory\n"),
        ])
    func badDirective(arguments: [String], report: String) throws {
        let server = try start(arguments)
        #expect(try server.waitForExit() == 1)
        #expect(
            server.text.hasPrefix("\n*** FATAL CONFIG FILE ERROR (mini-redis \(ServerVersion.own)) ***\n"))
        #expect(server.text.hasSuffix(report))
    }

    @Test("reads its configuration from standard input too")
    func standardInput() throws {
        let server = try start(["-", "--port", "0", "--bind", ""], input: "nonsense here\n")
        #expect(try server.waitForExit() == 1)
        #expect(server.text.contains(">>> 'nonsense here'"))
    }

    @Test("logs its start in Redis's form")
    func log() async throws {
        try await withProgram { server, _ in
            #expect(server.text.contains(" PID: \(server.id)\n"))
            #expect(server.text.contains("Server initialized"))
            let form = /^\d+:M \d\d [A-Z][a-z][a-z] \d{4} \d\d:\d\d:\d\d\.\d{3} [.*#-] .+$/
            for line in server.text.split(separator: "\n") {
                #expect(line.wholeMatch(of: form) != nil, "\(line)")
            }
        }
    }

    @Test("logs what clients send if it is to debug, unless it is to hide that")
    func frames() async throws {
        try await withProgram(["--loglevel", "debug", "--always-show-logo", "yes"]) { server, directory in
            let client = try TestClient(unixPath: "\(directory)/s")
            try client.command("ECHO", "open")
            try client.command("CONFIG", "SET", "hide-user-data-from-log", "yes", "rdbcompression", "no")
            try client.command("ECHO", "hidden")
            try client.command("CONFIG", "SET", "hide-user-data-from-log", "no")
            try client.command("ECHO", "last")
            try server.wait(for: "bulk(\"last\")")
            #expect(server.text.contains("Running in standalone mode"))
            #expect(server.text.contains("bulk(\"open\")") && !server.text.contains("hidden"))
            #expect(server.text.contains("directives without an effect in this server: rdbcompression\n"))
        }
    }

    @Test(
        "ends in good order on a signal, with clients connected", .timeLimit(.minutes(10)),
        arguments: [SIGTERM, SIGINT])
    func signal(number: Int32) async throws {
        try await withProgram(["--pidfile", "pid"]) { server, directory in
            let client = try TestClient(unixPath: "\(directory)/s")
            #expect(try client.command("PING") == .simple("PONG"))
            // The paths are local copies that outlive the calls.
            #expect(unsafe access("\(directory)/pid", F_OK) == 0)
            server.signal(number)
            #expect(try server.waitForExit() == 0)
            #expect(try client.receiveUntilClosed() == [])
            #expect(
                server.text.contains(
                    number == SIGINT ? "Received SIGINT scheduling" : "Received SIGTERM scheduling"))
            // As above.
            #expect(unsafe access("\(directory)/pid", F_OK) != 0)
            #expect(unsafe access("\(directory)/s", F_OK) != 0)
        }
    }

    @Test("a second signal ends it at once", .timeLimit(.minutes(10)))
    func secondSignal() async throws {
        try await withProgram { server, directory in
            let stubborn = try TestClient(unixPath: "\(directory)/s")
            try stubborn.command([
                Array("SET".utf8), Array("big".utf8), [UInt8](repeating: 1, count: 4 << 20),
            ])
            try stubborn.send(String(repeating: "GET big\r\n", count: 4))
            #expect(!stubborn.isSilent(for: 30_000))
            server.signal(SIGTERM)
            try server.wait(for: "Removing the unix socket file.")
            server.signal(SIGTERM)
            #expect(try server.waitForExit() == 1)
        }
    }

    @Test("does not die of SIGHUP")
    func hangup() async throws {
        try await withProgram { server, directory in
            server.signal(SIGHUP)
            let answer1 = try TestClient(unixPath: "\(directory)/s").command("PING")
            #expect(answer1 == .simple("PONG"))
        }
    }

    @Test("does not start on a port that is taken")
    func busyPort() async throws {
        try await withServer { other in
            let server = try start(["--bind", "127.0.0.1", "--port", "\(other.port)"])
            #expect(try server.waitForExit() == 1)
            #expect(server.text.contains("Failed listening on port \(other.port) (tcp), aborting."))
        }
    }

    @Test("SHUTDOWN ends the program")
    func shutdown() async throws {
        try await withProgram { server, directory in
            try TestClient(unixPath: "\(directory)/s").send("SHUTDOWN NOSAVE\r\n")
            #expect(try server.waitForExit() == 0)
        }
    }

    @Test("writes its log to a file, at its level")
    func logFile() async throws {
        try await withTemporaryDirectory { directory in
            let server = try start([
                "--port", "0", "--bind", "", "--unixsocket", "\(directory)/s", "--logfile",
                "\(directory)/log",
                "--loglevel", "warning",
            ])
            // The path outlives the call.
            while unsafe access("\(directory)/s", F_OK) != 0 { usleep(1_000) }
            server.signal(SIGTERM)
            #expect(try server.waitForExit() == 0)
            #expect(server.text == "")
            var reader = ConfigurationReader()
            // Not a configuration: the first line is at fault, and quoted.
            let failure = #expect(throws: ConfigurationFailure.self) {
                try reader.read(file: "\(directory)/log")
            }
            #expect(failure?.place?.line.contains(" # ") == true)
        }
    }

    @Test("CONFIG REWRITE works on the file that it was started with")
    func rewrite() async throws {
        try await withTemporaryDirectory { directory in
            let file = "\(directory)/redis.conf"
            try write("port 0\nunixsocket \(directory)/s\n", to: file)
            let server = try start([file, "--timeout", "3"])
            try server.wait(for: "Ready to accept connections unix")
            let answer2 = try TestClient(unixPath: "\(directory)/s").command("CONFIG", "REWRITE")
            #expect(answer2 == .ok)
            var reader = ConfigurationReader()
            try reader.read(file: file)
            #expect(reader.configuration.timeout == 3)
        }
    }

    @Test("tells systemd that it is ready, and that it stops")
    func systemd() async throws {
        try await withTemporaryDirectory { directory in
            let manager = try TestDatagrams(path: "\(directory)/notify")
            let server = try ChildProcess(
                "mini-redis-server",
                ["--port", "0", "--unixsocket", "\(directory)/s", "--supervised", "systemd"],
                environment: ["NOTIFY_SOCKET=\(directory)/notify"])
            #expect(try manager.receive() == "STATUS=Ready to accept connections\nREADY=1")
            server.signal(SIGTERM)
            #expect(try manager.receive() == "STOPPING=1")
            #expect(try server.waitForExit() == 0)
        }
    }

    @Test("goes into the background", .timeLimit(.minutes(10)))
    func daemon() async throws {
        try await withTemporaryDirectory { directory in
            let parent = try start([
                "--port", "0", "--unixsocket", "\(directory)/s", "--daemonize", "yes", "--pidfile",
                "\(directory)/pid",
                "--logfile", "\(directory)/log",
            ])
            #expect(try parent.waitForExit() == 0)
            // The parent does not wait for the child to listen.
            while unsafe access("\(directory)/s", F_OK) != 0 { usleep(1_000) }
            let client = try TestClient(unixPath: "\(directory)/s")
            #expect(try client.command("PING") == .simple("PONG"))
            try client.send("SHUTDOWN\r\n")
            #expect(try client.receiveUntilClosed() == [])
        }
    }
}

/// A datagram socket that a program sends to.
private final class TestDatagrams {
    private let descriptor: Int32

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // The path is far shorter than its room.
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
        // The address is a local of exactly that size.
        let result = unsafe withUnsafePointer(to: address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw TestFailure("bind: errno \(errno)") }
    }

    deinit { _ = close(descriptor) }

    /// The next message.
    func receive() throws -> String {
        var poller = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        // The structure is a local that outlives the call.
        guard unsafe poll(&poller, 1, 10_000) > 0 else { throw TestFailure("no message") }
        var bytes = [UInt8](repeating: 0, count: 4096)
        // The kernel writes at most the array's bytes.
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        return String(decoding: bytes.prefix(max(count, 0)), as: UTF8.self)
    }
}
