import Testing

@testable import Engine

/// What commands on lists tell others: events in order, and words that repeat the change.
@Suite struct ListEffectTests {
    private func told(_ command: String, after setup: [String] = ["RPUSH l a b c"]) -> (
        events: [String], commands: [String]
    ) {
        let runner = EngineRunner()
        for line in setup + [command] {
            _ = runner.run(line.split(separator: " ").map { Array($0.utf8) })
        }
        return (runner.events, runner.propagated)
    }

    @Test func additions() {
        #expect(told("LPUSH n a b") == (["new n", "lpush n"], ["LPUSH n a b"]))
        #expect(told("RPUSH l a") == (["rpush l"], ["RPUSH l a"]))
        #expect(told("RPUSHX n a") == ([], []))
        #expect(told("LPUSHX l a") == (["lpush l"], ["LPUSHX l a"]))
        #expect(told("LINSERT l BEFORE b x") == (["linsert l"], ["LINSERT l BEFORE b x"]))
        #expect(told("LINSERT l BEFORE x x") == ([], []))
        #expect(told("LSET l 0 x") == (["lset l"], ["LSET l 0 x"]))
        #expect(told("LSET l 9 x") == ([], []))
    }

    @Test func removals() {
        #expect(told("LPOP l") == (["lpop l"], ["LPOP l"]))
        #expect(told("RPOP l 2") == (["rpop l"], ["RPOP l 2"]))
        #expect(told("RPOP l 3") == (["rpop l", "del l"], ["RPOP l 3"]))
        #expect(told("RPOP l 0") == ([], []))
        #expect(told("LPOP l", after: ["RPUSH l a"]) == (["lpop l", "del l"], ["LPOP l"]))
        #expect(told("LMPOP 2 n l RIGHT COUNT 9") == (["rpop l", "del l"], ["RPOP l 3"]))
        #expect(told("LMPOP 2 n l LEFT") == (["lpop l"], ["LPOP l 1"]))
        #expect(told("LMPOP 1 n LEFT") == ([], []))
        #expect(told("LREM l 0 a") == (["lrem l"], ["LREM l 0 a"]))
        #expect(told("LREM l 0 a", after: ["RPUSH l a a"]) == (["lrem l", "del l"], ["LREM l 0 a"]))
        #expect(told("LREM l 0 x") == ([], []))
        #expect(told("LTRIM l 1 1") == (["ltrim l"], ["LTRIM l 1 1"]))
        #expect(told("LTRIM l 5 9") == (["ltrim l", "del l"], ["LTRIM l 5 9"]))
        // Redis tells of a trim that removes nothing, but not replicas.
        #expect(told("LTRIM l 0 -1") == (["ltrim l"], []))
        #expect(told("LTRIM n 0 -1") == ([], []))
    }

    @Test func moves() {
        #expect(
            told("LMOVE l m LEFT RIGHT") == (["new m", "rpush m", "lpop l"], ["LMOVE l m LEFT RIGHT"]))
        #expect(
            told("RPOPLPUSH l m", after: ["RPUSH l a", "RPUSH m b"])
                == (["lpush m", "rpop l", "del l"], ["RPOPLPUSH l m"]))
        #expect(told("LMOVE l l LEFT RIGHT") == (["rpush l", "lpop l"], ["LMOVE l l LEFT RIGHT"]))
        #expect(told("LMOVE n l LEFT RIGHT") == ([], []))
    }

    /// What waits tells others what it did in words that never wait.
    @Test func waits() {
        #expect(told("BLPOP n l 0") == (["lpop l"], ["LPOP l"]))
        #expect(told("BRPOP n l 0") == (["rpop l"], ["RPOP l"]))
        #expect(told("BLMPOP 0 2 n l LEFT COUNT 5") == (["lpop l", "del l"], ["LPOP l 3"]))
        #expect(
            told("BLMOVE l m LEFT right 0") == (["new m", "rpush m", "lpop l"], ["LMOVE l m LEFT right"]))
        #expect(told("BRPOPLPUSH l m 0") == (["new m", "lpush m", "rpop l"], ["RPOPLPUSH l m"]))
        #expect(told("BLPOP n 0") == ([], []))
        #expect(told("BLMOVE n l LEFT LEFT 0") == ([], []))
    }
}
