import Testing

@testable import Engine

/// What PFADD and its family tell others.
@Suite struct HyperLogLogEffectTests {
    @Test func changesAreTold() {
        let runner = EngineRunner()
        #expect(runner.run("PFADD", "k") == ":1\r\n")
        #expect(runner.events == ["new k", "pfadd k"] && runner.propagated == ["PFADD k"])
        #expect(runner.run("PFADD", "k") == ":0\r\n")
        #expect(runner.events.isEmpty && runner.propagated.isEmpty)
        #expect(runner.run("PFADD", "k", "a", "a", "b") == ":1\r\n")
        #expect(runner.events == ["pfadd k"] && runner.propagated == ["PFADD k a a b"])
        #expect(runner.run("PFADD", "k", "b", "a") == ":0\r\n")
        #expect(runner.events.isEmpty && runner.propagated.isEmpty)
    }

    /// The first count after a change is remembered in the value, which others must do too.
    @Test func theFirstCountIsToldSilently() {
        let runner = EngineRunner()
        runner.run("PFADD", "k", "a", "b")
        #expect(runner.run("PFCOUNT", "k") == ":2\r\n")
        #expect(runner.events.isEmpty && runner.propagated == ["PFCOUNT k"])
        #expect(runner.run("PFCOUNT", "k") == ":2\r\n")
        #expect(runner.propagated.isEmpty)
        #expect(runner.run("PFCOUNT", "k", "none") == ":2\r\n")
        #expect(runner.propagated.isEmpty)
        #expect(runner.run("PFCOUNT", "none") == ":0\r\n")
        #expect(runner.run("PFMERGE", "k") == "+OK\r\n")
        #expect(runner.events == ["pfadd k"] && runner.propagated == ["PFMERGE k"])
        runner.run("PFCOUNT", "k")
        #expect(runner.propagated == ["PFCOUNT k"])
        runner.run("PFMERGE", "new", "k")
        #expect(runner.events == ["new new", "pfadd new"])
    }

    @Test func aChangeOfEncodingIsTold() {
        let runner = EngineRunner()
        runner.run("PFADD", "k", "a")
        #expect(runner.run("PFDEBUG", "encoding", "k") == "+sparse\r\n" && runner.propagated.isEmpty)
        #expect(runner.run("PFDEBUG", "toDense", "k") == ":1\r\n")
        #expect(runner.events.isEmpty && runner.propagated == ["PFDEBUG toDense k"])
        #expect(runner.run("PFDEBUG", "TODENSE", "k") == ":0\r\n" && runner.propagated.isEmpty)
        #expect(runner.run("PFDEBUG", "GETREG", "k").hasPrefix("*16384\r\n") && runner.propagated.isEmpty)
    }

    @Test func aDeadlineStays() {
        let runner = EngineRunner()
        runner.run("PFADD", "k", "a")
        runner.run("PEXPIRE", "k", "5000")
        runner.run(["PFADD", "k"].map { Array($0.utf8) } + (0..<5000).map { Array("\($0)".utf8) })
        #expect(runner.run("PFDEBUG", "ENCODING", "k") == "+dense\r\n")
        #expect(runner.run("PTTL", "k") == ":5000\r\n")
    }
}
