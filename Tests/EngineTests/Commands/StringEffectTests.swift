import Testing

@testable import Engine

/// What string and bitmap commands tell replicas and subscribers.
@Suite struct StringEffectTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var before: [[String]]
        var command: String
        var propagated: [String]
        var events: [String]

        var testDescription: String { command }

        init(_ before: [String], _ command: String, _ propagated: [String], _ events: [String]) {
            self.before = before.map { $0.split(separator: " ").map(String.init) }
            self.command = command
            self.propagated = propagated
            self.events = events
        }
    }

    private func run(_ test: Case) -> EngineRunner {
        let runner = EngineRunner()
        for words in test.before { runner.run(words.map { Array($0.utf8) }) }
        runner.run(test.command.split(separator: " ").map { Array($0.utf8) })
        return runner
    }

    /// The clock of the runner stands at 1,000,000 milliseconds.
    @Test(arguments: [
        Case([], "SET k v", ["SET k v"], ["new k", "set k"]),
        Case(["SET k a"], "SET k v", ["SET k v"], ["set k"]),
        Case([], "SET k v EX 10", ["SET k v PXAT 1010000"], ["new k", "set k", "expire k"]),
        Case([], "SET k v EXAT 2000 GET", ["SET k v PXAT 2000000"], ["new k", "set k", "expire k"]),
        Case([], "SET k v NX", ["SET k v NX"], ["new k", "set k"]),
        Case([], "SET k v NX PX 1", ["SET k v PXAT 1000001"], ["new k", "set k", "expire k"]),
        Case(["SET k a"], "SET k v XX GET KEEPTTL", ["SET k v XX KEEPTTL"], ["set k"]),
        Case(["SET k a"], "SET k v IFEQ a", ["SET k v"], ["set k"]),
        Case(["SET k a"], "SET k v IFEQ b", [], []),
        Case(["SET k a"], "SET k v NX", [], []),
        Case(["SET k a"], "SET k v PXAT 1000000", ["SET k v PXAT 1000000"], ["set k", "expire k"]),
        Case(["SET k a EX 9"], "SET k v XX EXAT 1", ["SET k v PXAT 1000"], ["set k", "expire k"]),
        Case(["SET k a"], "SET k v NX PXAT 1", [], []),
        Case([], "SET k v PXAT 1", ["SET k v PXAT 1"], ["new k", "set k", "expire k"]),
        Case([], "SET k v XX PXAT 1", [], []),
        Case([], "SETEX k 10 v", ["SET k v PXAT 1010000"], ["new k", "set k", "expire k"]),
        Case([], "PSETEX k 10 v", ["SET k v PXAT 1000010"], ["new k", "set k", "expire k"]),
        Case([], "SETNX k v", ["SETNX k v"], ["new k", "set k"]),
        Case([], "GETSET k v", ["SET k v"], ["new k", "set k"]),
        Case(["SET k v"], "GETDEL k", ["DEL k"], ["del k"]),
        Case(["SET k v"], "GETEX k", [], []),
        Case(["SET k v"], "GETEX k PERSIST", [], []),
        Case(["SET k v EX 5"], "GETEX k PERSIST", ["PERSIST k"], ["persist k"]),
        Case(["SET k v"], "GETEX k EX 10", ["PEXPIREAT k 1010000"], ["expire k"]),
        Case(["SET k v"], "GETEX k PXAT 5", ["DEL k"], ["del k"]),
        Case([], "GETEX k PXAT 5", [], []),
        Case(["SET k v"], "APPEND k w", ["APPEND k w"], ["append k"]),
        Case(["SET k v"], "SETRANGE k 2 w", ["SETRANGE k 2 w"], ["setrange k"]),
        Case([], "SETRANGE k 2 w", ["SETRANGE k 2 w"], ["new k", "setrange k"]),
        Case([], "MSET a 1 b 2", ["MSET a 1 b 2"], ["new a", "set a", "new b", "set b"]),
        Case([], "MSETNX a 1 a 2", ["MSETNX a 1 a 2"], ["new a", "set a", "set a"]),
        Case(["SET b 1"], "MSETNX a 1 b 2", [], []),
        Case([], "INCR n", ["INCR n"], ["new n", "incrby n"]),
        Case(["SET n 5"], "DECRBY n 2", ["DECRBY n 2"], ["incrby n"]),
        Case(["SET n 5"], "INCRBYFLOAT n 0.5", ["SET n 5.5 KEEPTTL"], ["incrbyfloat n"]),
        Case(["SET n x"], "INCRBYFLOAT n 0.5", [], []),
        Case(
            [], "MSETEX 2 a 1 b 2 EX 10", ["MSETEX 2 a 1 b 2 PXAT 1010000"],
            ["new a", "set a", "expire a", "new b", "set b", "expire b"]),
        Case([], "MSETEX 1 a 1 KEEPTTL", ["MSETEX 1 a 1 KEEPTTL"], ["new a", "set a"]),
        Case(
            ["SET a 1"], "MSETEX 2 a 1 b 2 PXAT 7", ["MSETEX 2 a 1 b 2 PXAT 7"],
            ["set a", "expire a", "new b", "set b", "expire b"]),
        Case(["SET k v"], "DELEX k IFEQ v", ["DEL k"], ["del k"]),
        Case(["SET k v"], "DELEX k IFEQ w", [], []),
        Case(["SET k v"], "DELIFEQ k v", ["DEL k"], ["del k"]),
        Case(["SET n 10"], "INCREX n BYINT 5", ["SET n 15 KEEPTTL"], ["incrby n"]),
        Case(["SET n 10"], "INCREX n BYFLOAT 0.5", ["SET n 10.5 KEEPTTL"], ["incrbyfloat n"]),
        Case(["SET n 10 EX 500"], "INCREX n PERSIST", ["SET n 11"], ["incrby n", "persist n"]),
        Case(["SET n 10"], "INCREX n EX 100", ["SET n 11 PXAT 1100000"], ["incrby n", "expire n"]),
        Case(["SET n 10 EX 500"], "INCREX n EX 10 ENX", ["SET n 11 KEEPTTL"], ["incrby n"]),
        Case(["SET n 10"], "INCREX n EX 10 ENX", ["SET n 11 PXAT 1010000"], ["incrby n", "expire n"]),
        Case(["SET n 10"], "INCREX n EXAT 1", ["DEL n"], ["del n"]),
        Case([], "INCREX n EXAT 1", [], []),
        Case(["SET n 50"], "INCREX n BYINT 100 UBOUND 80", [], []),
        Case(["SET n 50"], "INCREX n BYINT 100 UBOUND 80 SATURATE", ["SET n 80 KEEPTTL"], ["incrby n"]),
        Case([], "SETBIT k 7 1", ["SETBIT k 7 1"], ["new k", "setbit k"]),
        Case(["SETBIT k 7 1"], "SETBIT k 7 1", [], []),
        Case(["SETBIT k 7 1"], "SETBIT k 8 0", ["SETBIT k 8 0"], ["setbit k"]),
        Case(["SETBIT k 7 1"], "BITFIELD k SET u8 0 1", [], []),
        Case(["SETBIT k 7 1"], "BITFIELD k SET u8 0 2", ["BITFIELD k SET u8 0 2"], ["setbit k"]),
        Case([], "BITFIELD k GET u8 0", [], []),
        Case([], "BITFIELD k OVERFLOW FAIL SET u2 0 9", ["BITFIELD k OVERFLOW FAIL SET u2 0 9"], ["new k"]),
        Case(["SET a x"], "BITOP NOT d a", ["BITOP NOT d a"], ["new d", "set d"]),
        Case(["SET d x"], "BITOP OR d a b", ["BITOP OR d a b"], ["del d"]),
        Case([], "BITOP OR d a b", [], []),
    ])
    func effectsAreRedis(_ test: Case) {
        let runner = run(test)
        #expect(runner.propagated == test.propagated)
        #expect(runner.events == test.events)
    }
}
