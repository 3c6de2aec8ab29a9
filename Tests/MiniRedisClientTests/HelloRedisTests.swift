import MiniRedisClient
import TestSupport
import Testing

/// The first example, as a person runs it.
@Suite(.timeLimit(.minutes(10))) struct HelloRedisTests {
    @Test(arguments: Subject.all) func printsTheValue(_ subject: Subject) async throws {
        try await subject.serve { address in
            let arguments =
                switch address {
                case .tcp(host: let host, port: let port): ["--host", host, "--port", "\(port)"]
                case .unix(path: let path): ["--socket", path]
                case .inProcess: throw TestFailure("a program can't reach into another")
                }
            let program = try ChildProcess("hello-redis", arguments)
            #expect(try program.waitForExit() == 0)
            #expect(program.text == "got value from the server; value=world\n")
        }
    }

    @Test(arguments: [
        (
            ["--port", "1"], 1 as Int32,
            "hello-redis: can't connect to 127.0.0.1:1: connect: Connection refused\n"
        ),
        (
            ["--socket", "/nowhere"], 1,
            "hello-redis: can't connect to /nowhere: connect: No such file or directory\n"
        ),
        (["--port", "http"], 1, "hello-redis: 'http' is no port\n"),
        (["--port"], 1, "hello-redis: --port needs a value (see --help)\n"),
        (["--nonsense"], 1, "hello-redis: unknown option '--nonsense' (see --help)\n"),
    ])
    func complainsAndFails(_ arguments: [String], _ status: Int32, _ text: String) throws {
        let program = try ChildProcess("hello-redis", arguments)
        #expect(try program.waitForExit() == status)
        #expect(program.text == text)
    }

    @Test func helps() throws {
        let program = try ChildProcess("hello-redis", ["--help"])
        #expect(try program.waitForExit() == 0)
        #expect(program.text.contains("usage: hello-redis") && program.text.contains("--socket PATH"))
    }
}
