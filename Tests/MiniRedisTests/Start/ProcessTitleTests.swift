import Reactor
import TestSupport
import Testing

@testable import MiniRedis

@Suite("The process's title")
struct ProcessTitleTests {
    private func start(_ arguments: [String], in directory: String) throws -> ChildProcess {
        let server = try ChildProcess(
            "mini-redis-server",
            ["--port", "0", "--dir", directory, "--unixsocket", "\(directory)/s"] + arguments,
            environment: ["HOME=\(directory)", "LONG=\(String(repeating: "x", count: 1000))"])
        try server.wait(for: "Ready to accept connections unix")
        return server
    }

    /// What `ps` shows.
    private func title(of server: ChildProcess) throws -> String {
        String(decoding: try Files.read("/proc/\(server.id)/cmdline"), as: UTF8.self)
    }

    @Test("tells where the server listens, and follows the configuration")
    func follows() async throws {
        try await withTemporaryDirectory { directory in
            let server = try start([], in: directory)
            let program = try #require(title(of: server).split(separator: " ").first)
            #expect(program.hasSuffix("/mini-redis-server"))
            #expect(try title(of: server) == "\(program) unixsocket:\(directory)/s\0")
            let client = try TestClient(unixPath: "\(directory)/s")
            for (template, text) in [
                (" {title} {server-mode} x ", "\(program)  x"),
                ("{port} {tls-port} {config-file} {unixsocket}", "0 0 - \(directory)/s"),
                ("x{{title}", "x{title}"), ("}", "}"),
                (String(repeating: "y", count: 300), String(repeating: "y", count: 255)),
                ("z", "z"), ("{listen-addr}", "unixsocket:\(directory)/s"),
            ] {
                #expect(try client.command("CONFIG", "SET", "proc-title-template", template) == .ok)
                #expect(try title(of: server) == "\(text)\0")
            }
            // A socket alone would be enough.
            #expect(try client.command("CONFIG", "SET", "proc-title-template", "{unixsocket}") == .ok)
            #expect(
                try client.command("CONFIG", "SET", "proc-title-template", "{nosuch}")
                    == .error(
                        "ERR CONFIG SET failed (possibly related to argument 'proc-title-template') - "
                            + "template format is invalid or contains unknown variables"))
            #expect(try title(of: server) == "\(directory)/s\0")
        }
    }

    @Test("follows the port, once there is one")
    func followsThePort() async throws {
        try await withTemporaryDirectory { directory in
            let server = try start(
                ["--proc-title-template", "{listen-addr}|{port}", "--bind", "127.0.0.1"], in: directory)
            let client = try TestClient(unixPath: "\(directory)/s")
            #expect(try title(of: server) == "unixsocket:\(directory)/s|0\0")
            // Whichever of these is free.
            var port = 20_000
            while try client.command("CONFIG", "SET", "port", "\(port)") != .ok, port < 20_100 { port += 1 }
            #expect(try title(of: server) == "127.0.0.1:\(port)|\(port)\0")
        }
    }

    @Test("is left alone if it is to be, until a template is set")
    func off() async throws {
        try await withTemporaryDirectory { directory in
            let server = try start(["--set-proc-title", "no"], in: directory)
            #expect(try title(of: server).hasSuffix("\0--unixsocket\0\(directory)/s\0--set-proc-title\0no\0"))
            let client = try TestClient(unixPath: "\(directory)/s")
            #expect(
                try client.command("CONFIG", "GET", "set-proc-title")
                    == .array([.text("set-proc-title"), .text("no")]))
            #expect(try client.command("CONFIG", "SET", "proc-title-template", "mine") == .ok)
            #expect(try title(of: server) == "mine\0")
        }
    }

    @Test(
        "templates are read as Redis reads them",
        arguments: [
            ("{title} {listen-addr} {server-mode}", "p 1.2.3.4:7"), ("{{", "{"), ("}}", "}}"),
            ("{{title}", "{title}"),
            ("{title}}", "p}"), ("a {{b", "a {b"), ("  a  b ", "a  b"), ("{config-file}", "/f"),
            ("", ""), (" {server-mode} ", ""), ("{", nil), ("a{title", nil), ("{}", nil), ("{ title}", nil),
            ("{TITLE}", nil), ("{x{title}", nil),
        ] as [(String, String?)])
    func templates(template: String, text: String?) {
        var configuration = Configuration()
        configuration.port = 7
        configuration.bind = ["1.2.3.4", "5.6.7.8"]
        let bytes = TitleTemplate(Array(template.utf8)).text(
            program: Array("p".utf8), file: "/f", configuration)
        #expect(bytes.map { String(decoding: $0, as: UTF8.self) } == text)
    }
}
