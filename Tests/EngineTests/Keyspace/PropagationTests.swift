import Testing

@testable import Engine
@testable import RESP

/// What commands tell others to do makes the same dataset again, elsewhere and later.
@Suite struct PropagationTests {
    /// Runs random commands; returns the dataset and all that it has told.
    private func record(seed: UInt64, commands count: Int) -> (runner: CommandRunner, told: [Effects.Command])
    {
        var generator = CommandGenerator(seed: seed)
        let runner = CommandRunner(seed: seed)
        runner.dataset.effects.interest = [.commands]
        var told: [Effects.Command] = []
        for _ in 0..<count {
            generator.now = runner.now
            runner.database = Int.random(in: 0..<8, using: &generator.random) == 0 ? 1 : 0
            runner.run(generator.next())
            runner.now += Int64.random(in: 0...40, using: &generator.random)
            if Int.random(in: 0..<20, using: &generator.random) == 0 {
                _ = runner.dataset.expire(now: runner.now, most: 3)
            }
            told += runner.dataset.effects.commands
            runner.dataset.effects.clear()
        }
        return (runner, told)
    }

    @Test(arguments: Array(1...12) as [UInt64])
    func replayedCommandsMakeTheSameDataset(seed: UInt64) {
        let (runner, told) = record(seed: seed, commands: 4000)
        #expect(told.count > 300)
        let copy = CommandRunner(seed: seed + 1000, now: runner.now + 60_000)
        copy.replay(told)
        let differences = DatasetImage(copy.dataset).differences(from: DatasetImage(runner.dataset))
        #expect(differences.isEmpty, "seed \(seed)")
        for keyspace in copy.dataset.keyspaces {
            keyspace.table.checkInvariants()
            keyspace.deadlines.checkInvariants()
        }
    }

    /// The comparison sees it when a single deletion is not told.
    @Test func aMissingCommandIsNoticed() {
        let (runner, told) = record(seed: 99, commands: 400)
        let image = DatasetImage(runner.dataset)
        let missed = told.indices.filter { index in
            var fewer = told
            fewer.remove(at: index)
            let copy = CommandRunner(now: runner.now)
            copy.replay(fewer)
            return DatasetImage(copy.dataset) != image
        }
        #expect(missed.count > 5)
    }

    @Test func readingADueKeyTellsOnlyItsDeletion() {
        let runner = CommandRunner()
        runner.run("SET", "k", "v", "PX", "10")
        runner.dataset.effects.interest = [.commands]
        runner.now += 11
        #expect(runner.run("GET", "k") == "$-1\r\n")
        #expect(runner.dataset.effects.commands.map(\.arguments) == [[Array("DEL".utf8), Array("k".utf8)]])
    }

    @Test func deadlinesAreToldAsUnixTime() {
        let runner = CommandRunner(now: 1_700_000_000_000)
        runner.dataset.effects.interest = [.commands]
        runner.run("SET", "k", "v")
        runner.run("EXPIRE", "k", "100", "nx")
        runner.run("PEXPIREAT", "k", "1700000005000", "LT", "XX")
        runner.run("EXPIRE", "k", "-1")
        runner.dataset.settings.unlinksDueKeys = true
        runner.run("SET", "k", "v")
        runner.run("PEXPIRE", "k", "0")
        let told = runner.dataset.effects.commands.map {
            $0.arguments.map { String(decoding: $0, as: UTF8.self) }
        }
        #expect(
            told == [
                ["SET", "k", "v"], ["PEXPIREAT", "k", "1700000100000", "nx"],
                ["PEXPIREAT", "k", "1700000005000", "LT", "XX"], ["DEL", "k"], ["SET", "k", "v"],
                ["UNLINK", "k"],
            ])
    }

    /// Every command that stores an argument: the value, in memory of its own when it is big, is told
    /// whole, even where the command itself overwrites it again.
    @Test(arguments: [
        ["SET", "k", "V"], ["SET", "k", "V", "PX", "1000"], ["SET", "k", "V", "KEEPTTL"],
        ["SET", "k", "V", "NX", "GET"], ["SETEX", "k", "10", "V"], ["PSETEX", "k", "10", "V"],
        ["SETNX", "k", "V"], ["GETSET", "k", "V"], ["APPEND", "k", "V"], ["SETRANGE", "k", "5", "V"],
        ["MSET", "k", "V", "l", "V"], ["MSET", "k", "V", "k", "w"], ["MSETNX", "k", "V"],
        ["MSETEX", "2", "k", "V", "l", "V"], ["MSETEX", "1", "k", "V", "PX", "1000"],
    ])
    func bigValuesAreToldWhole(_ words: [String]) {
        let big = [UInt8](repeating: 120, count: 2 * RequestReader.bigBulk)
        let runner = CommandRunner()
        runner.dataset.effects.interest = [.commands]
        runner.run(words.map { $0 == "V" ? big : Array($0.utf8) })
        let told = runner.dataset.effects.commands
        let values = words.count { $0 == "V" }
        #expect(told.flatMap(\.arguments).count { $0 == big } == values)
        let copy = CommandRunner(now: runner.now)
        copy.replay(told)
        #expect(DatasetImage(copy.dataset) == DatasetImage(runner.dataset))
    }

    /// Without anybody to tell, the memory that was read into becomes the value's.
    @Test func bigValuesAreNotCopiedForNobody() throws {
        for (isTold, interest) in [(false, []), (false, [.keys]), (true, [.commands])]
            as [(Bool, Effects.Interest)]
        {
            let runner = CommandRunner()
            runner.dataset.effects.interest = interest
            let block = try #require(BulkBlock(filledWith: 65, count: RequestReader.bigBulk))
            var call = Call(runner.dataset, now: runner.now)
            let key = Array("k".utf8)
            var slot = call.locate(key.raw)
            call.store(key.raw, at: &slot, string: block.bytes, block: block, event: .set)
            #expect(block.bytes.byteCount == (isTold ? block.count : 0))
            #expect(slot.entry?.stringCount == block.count)
        }
    }
}

extension BulkBlock {
    /// A complete block of one byte, repeated.
    fileprivate convenience init?(filledWith byte: UInt8, count: Int) {
        self.init(count: count)
        _ = fill { span in
            for index in 0..<count { span.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
            return count
        }
    }
}
