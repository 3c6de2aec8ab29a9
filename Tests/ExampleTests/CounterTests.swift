import MiniRedis
import TestSupport
import Testing

/// The counter, as a person runs it.
@Suite(.timeLimit(.minutes(10))) struct CounterTests {
    @Test func aThousandTasksLoseNoStep() async throws {
        try await withServer { server in
            let program = try ChildProcess("counter", ["--port", "\(server.port)"])
            #expect(try program.waitForExit() == 0)
            #expect(program.text == "1000 tasks counted to 10000, 10 steps each\n")
            #expect(try server.connect().command("DBSIZE") == .integer(0))
        }
    }

    @Test(arguments: [
        (["--port", "1"], "counter: can't connect to 127.0.0.1:1: connect: Connection refused\n"),
        (["--tasks", "0"], "counter: --tasks needs a number from 1 to 1000000\n"),
        (["--steps"], "counter: what is '--steps'? (see --help)\n"),
        (["--nonsense", "1"], "counter: unknown option '--nonsense' (see --help)\n"),
    ])
    func complainsAndFails(_ arguments: [String], _ text: String) throws {
        let program = try ChildProcess("counter", arguments)
        #expect(try program.waitForExit() == 1)
        #expect(program.text == text)
    }
}
