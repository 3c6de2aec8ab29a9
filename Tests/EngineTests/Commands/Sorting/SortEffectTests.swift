import Testing

/// What SORT tells others.
@Suite struct SortEffectTests {
    private let runner = EngineRunner()

    init() {
        runner.run("RPUSH", "l", "3", "1", "2")
    }

    @Test func storingTellsItsOwnWords() {
        runner.run("SORT", "l", "STORE", "d")
        #expect(runner.propagated == ["SORT l STORE d"])
        #expect(runner.events == ["new d", "sortstore d"])
        runner.run("SORT", "l", "STORE", "d", "DESC")
        #expect(runner.events == ["sortstore d"])
        runner.run("SORT", "none", "STORE", "d")
        #expect(runner.events == ["del d"] && runner.propagated == ["SORT none STORE d"])
        runner.run("SORT", "none", "STORE", "d")
        #expect(runner.events == [] && runner.propagated == [])
    }

    @Test func readingTellsNothing() {
        runner.run("ZADD", "z", "1", "a", "2", "b")
        runner.run("SORT", "z", "ALPHA")
        #expect(runner.events == [] && runner.propagated == [])
    }

    /// Keys that a pattern leads to are deleted when they are due.
    @Test func dueWeightsAreToldAsDeleted() {
        runner.run("SET", "w1", "5", "PX", "10")
        runner.now += 11
        runner.run("SORT", "l", "BY", "w*")
        #expect(runner.propagated == ["DEL w1"] && runner.events == ["expired w1"])
    }
}
