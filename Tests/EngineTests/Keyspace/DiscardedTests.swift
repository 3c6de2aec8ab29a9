import Testing

@testable import Engine

/// A value that pretends to be big, and counts the slices in which it is freed.
private final class BigValue: Value {
    let census: Census
    var blocks: Int

    init(_ census: Census, blocks: Int) {
        self.census = census
        self.blocks = blocks
        census.alive += 1
    }

    deinit { census.alive -= 1 }

    override var releaseCost: Int { blocks }

    override func releaseSome(blocks budget: Int) -> Bool {
        blocks -= min(blocks, budget)
        return blocks == 0
    }
}

@Suite struct DiscardedTests {
    private func store(_ value: Value, _ key: String, in runner: CommandRunner) {
        let key = Array(key.utf8)
        let keyspace = runner.dataset.keyspaces[0]
        var slot = keyspace.locate(key.raw)
        keyspace.putObject(value, kind: .rawObject, at: &slot, key: key.raw)
    }

    /// However the key goes, a big value goes later in slices, and a small one at once.
    @Test(arguments: [
        "DEL k", "UNLINK k", "SET k 1", "EXPIRE k 0", "RENAME other k", "COPY other k REPLACE", "FLUSHALL",
    ])
    func bigValuesAreFreedInSlices(command: String) {
        let census = Census()
        let runner = CommandRunner()
        let discarded = runner.dataset.discarded
        var filled = 0
        discarded.whenFilled = { filled += 1 }
        runner.run("SET", "other", "1")
        store(BigValue(census, blocks: 1000), "k", in: runner)
        runner.run(command.split(separator: " ").map { Array($0.utf8) })
        #expect(census.alive == 1)
        #expect(filled == 1)
        #expect(!discarded.isEmpty)
        var slices = 0
        while !discarded.releaseSome(blocks: 100) { slices += 1 }
        #expect(slices >= 9)
        #expect(census.alive == 0)
        #expect(discarded.isEmpty)
    }

    @Test func smallValuesAreFreedAtOnce() {
        let census = Census()
        let runner = CommandRunner()
        store(BigValue(census, blocks: 64), "k", in: runner)
        runner.run("DEL", "k")
        #expect(census.alive == 0)
        #expect(runner.dataset.discarded.isEmpty)
    }

    @Test func aMovedValueIsNotFreed() {
        let census = Census()
        let runner = CommandRunner()
        store(BigValue(census, blocks: 1000), "k", in: runner)
        runner.run("RENAME", "k", "l")
        runner.run("MOVE", "l", "1")
        #expect(runner.dataset.discarded.isEmpty)
        #expect(census.alive == 1)
    }

    @Test(arguments: [false, true])
    func flushedContentsGoSliceBySlice(holdsObjects: Bool) {
        let census = Census()
        let runner = CommandRunner()
        for number in 0..<20_000 {
            runner.run("SET", "key:\(number)", "v", "PX", "\(1000 + number)")
            if holdsObjects { store(CountedValue(census), "object:\(number)", in: runner) }
        }
        let before = runner.dataset.memoryUse
        runner.run("FLUSHALL")
        #expect(runner.run("DBSIZE") == ":0\r\n")
        #expect(runner.dataset.firstDeadline == nil)
        #expect(runner.dataset.memoryUse < before / 10)
        #expect(runner.dataset.discarded.count == (holdsObjects ? 40_000 : 20_000))
        // The new contents are in use while the old ones go.
        var slices = 0
        while !runner.dataset.discarded.releaseSome(blocks: 200) {
            runner.run("SET", "key:\(slices)", "w")
            slices += 1
        }
        #expect(slices > (holdsObjects ? 300 : 3))
        #expect(census.alive == 0)
        #expect(runner.run("DBSIZE") == ":\(slices)\r\n")
        runner.dataset.keyspaces[0].table.checkInvariants()
    }

    @Test func aDatasetTakesItsValuesAlong() {
        let census = Census()
        do {
            let runner = CommandRunner()
            store(CountedValue(census), "k", in: runner)
            store(BigValue(census, blocks: 1000), "l", in: runner)
            store(BigValue(census, blocks: 1000), "m", in: runner)
            runner.run("DEL", "m")
        }
        #expect(census.alive == 0)
    }

    /// With the data set goes all that it has, whether keys have it still or have let go of it.
    @Test(arguments: ["SADD", "ZADD", "HSET"], ["TYPE", "DEL"])
    func nothingOutlivesTheDataset(_ command: String, _ last: String) {
        weak var elements: Arena?
        weak var dropped: DroppedValues?
        do {
            let runner = EngineRunner()
            let words = (0..<2000).map { Array("\($0)".utf8) }
            runner.run([Array(command.utf8), Array("k".utf8)] + words)
            #expect(runner.run(last, "k").utf8.count > 3)
            #expect((runner.dataset.discarded.count == 0) == (last == "TYPE"))
            elements = runner.dataset.elements
            dropped = runner.dataset.discarded.values
        }
        #expect(elements == nil && dropped == nil)
    }

    @Test func longStringsShrinkFromTheirEnd() {
        let string = RawString(zeros: 10 << 20)
        #expect(string.releaseCost > DroppedValues.threshold)
        var slices = 0
        while !string.releaseSome(blocks: 256) {
            slices += 1
            #expect(string.capacity == (10 << 20) - slices << 20)
        }
        #expect(slices == 9)
        #expect(RawString(zeros: 1000).releaseCost <= DroppedValues.threshold)
    }
}
