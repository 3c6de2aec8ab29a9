import TestSupport
import Testing

/// The example of a server in a test, as a person runs it.
@Suite(.timeLimit(.minutes(10))) struct ServerInATestTests {
    @Test func allChecksPass() throws {
        let program = try ChildProcess("server-in-a-test", [])
        #expect(try program.waitForExit() == 0)
        let lines = program.text.split(separator: "\n")
        #expect(
            lines.dropLast().sorted() == [
                "passed: a minute later it begins anew, and nobody waits for it",
                "passed: three attempts are admitted, a fourth is not",
                "passed: users don't count against each other",
            ])
        #expect(lines.last?.hasPrefix("3 checks with 3 servers in ") == true)
        #expect(lines.last?.hasSuffix(" ms, 0 failed") == true)
    }
}
