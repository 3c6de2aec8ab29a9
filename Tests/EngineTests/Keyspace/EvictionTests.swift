import RESP
import Testing

@testable import Engine

/// Which keys go, and what is told of it.
@Suite struct EvictionTests {
    /// More than the keys of most tests: what is left to chance is then looked at whole.
    private static let all = 64

    private func keys(_ runner: CommandRunner, in database: Int = 0) -> Set<String> {
        var keys: Set<String> = []
        runner.dataset.keyspaces[database].table.forEach {
            keys.insert(String(decoding: [UInt8]($0.key), as: UTF8.self))
        }
        return keys
    }

    private func evict(
        _ runner: CommandRunner, _ scope: EvictionRule.Scope, _ order: EvictionRule.Order, samples: Int = all
    ) -> Dataset.Eviction {
        runner.dataset.evict(EvictionRule(scope, order), samples: samples, now: runner.now, as: "DEL")
    }

    @Test func theLeastRecentlyUsedGoFirst() {
        let runner = CommandRunner()
        for number in 0..<30 {
            runner.run("SET", "k\(number)", "v")
            runner.now += 1000
        }
        // Reads and writes count, looking does not.
        runner.run("GET", "k0")
        runner.run("APPEND", "k1", "v")
        runner.run("TTL", "k2")
        var gone: [String] = []
        while gone.count < 30 {
            let before = keys(runner)
            #expect(evict(runner, .allKeys, .leastRecent) == .evicted(database: 0))
            gone += before.subtracting(keys(runner))
        }
        #expect(gone.dropLast(2) == ArraySlice((2..<30).map { "k\($0)" }))
        #expect(Set(gone.suffix(2)) == ["k0", "k1"])
        #expect(evict(runner, .allKeys, .leastRecent) == .nothingLeft)
        #expect(runner.dataset.statistics.evicted == 30)
        #expect(runner.dataset.statistics.expired == 0)
    }

    @Test func theLeastOftenUsedGoFirst() {
        let runner = CommandRunner()
        runner.dataset.settings.countsFrequency = true
        runner.dataset.settings.frequencyLogFactor = 0
        for number in 0..<10 {
            runner.run("SET", "k\(number)", "v")
            for _ in 0..<(10 - number) { runner.run("GET", "k\(number)") }
        }
        for number in (0..<10).reversed() {
            #expect(evict(runner, .allKeys, .leastFrequent) == .evicted(database: 0))
            #expect(keys(runner) == Set((0..<number).map { "k\($0)" }))
        }
    }

    @Test func theFirstDueOfAllKeyspacesGoFirst() {
        let runner = CommandRunner()
        for number in 0..<40 {
            runner.database = number % 4
            runner.run("SET", "k\(number)", "v", "PX", "\(100_000 - number * 7)")
            runner.run("SET", "stays\(number)", "v")
        }
        for number in (0..<40).reversed() {
            #expect(evict(runner, .keysWithDeadline, .firstDue) == .evicted(database: number % 4))
            #expect(!keys(runner, in: number % 4).contains("k\(number)"))
        }
        #expect(evict(runner, .keysWithDeadline, .firstDue) == .nothingLeft)
        #expect(runner.dataset.keyspaces.map(\.count) == [10, 10, 10, 10])
    }

    @Test(arguments: [EvictionRule.Order.leastRecent, .leastFrequent, .random, .firstDue])
    func keysWithoutDeadlineAreSpared(order: EvictionRule.Order) {
        let runner = CommandRunner()
        runner.dataset.settings.countsFrequency = order == .leastFrequent
        for number in 0..<200 {
            runner.run("SET", "stays\(number)", "v")
            runner.run("SET", "goes\(number)", "v", "EX", "\(100 + number)")
        }
        for _ in 0..<200 {
            #expect(evict(runner, .keysWithDeadline, order, samples: 5) == .evicted(database: 0))
        }
        #expect(evict(runner, .keysWithDeadline, order, samples: 5) == .nothingLeft)
        #expect(keys(runner) == Set((0..<200).map { "stays\($0)" }))
        runner.dataset.keyspaces[0].table.checkInvariants()
        runner.dataset.keyspaces[0].deadlines.checkInvariants()
    }

    @Test func chanceTakesFromEachKeyspaceInTurn() {
        let runner = CommandRunner()
        for number in 0..<40 {
            runner.database = number % 4
            runner.run("SET", "k\(number)", "v")
        }
        for _ in 0..<20 { _ = evict(runner, .allKeys, .random) }
        #expect(runner.dataset.keyspaces.map(\.count) == [5, 5, 5, 5])
    }

    /// With five samples the pool comes near to the exact order.
    @Test(arguments: [EvictionRule.Scope.allKeys, .keysWithDeadline])
    func fewSamplesFindOldKeys(scope: EvictionRule.Scope) {
        let runner = CommandRunner()
        for number in 0..<10_000 {
            runner.run("SET", "k\(number)", "v", "EX", "\(1_000_000 - number)")
            if number % 10 == 9 { runner.now += 1000 }
        }
        for _ in 0..<5_000 { _ = evict(runner, scope, .leastRecent, samples: 5) }
        let older = keys(runner).count { (Int($0.dropFirst()) ?? 0) < 5_000 }
        // An exact order would leave none; chance alone 2,500.
        #expect(older < 700)
        // The newest are never taken.
        #expect(keys(runner).count { (Int($0.dropFirst()) ?? 0) >= 9_500 } >= 495)
    }

    /// With `k0` to `k19`, each set a second after the one before.
    private func runnerWithTwentyKeys() -> CommandRunner {
        let runner = CommandRunner()
        for number in 0..<20 {
            runner.run("SET", "k\(number)", "v")
            runner.now += 1000
        }
        return runner
    }

    @Test func aCandidateThatIsUsedCompetesAgain() {
        let runner = runnerWithTwentyKeys()
        _ = evict(runner, .allKeys, .leastRecent)
        // These are in the pool as the best that there are.
        for number in 1..<10 { runner.run("GET", "k\(number)") }
        for _ in 0..<10 { _ = evict(runner, .allKeys, .leastRecent) }
        #expect(keys(runner) == Set((1..<10).map { "k\($0)" }))
    }

    @Test func keysThatAreGoneOrOfAnotherRuleAreForgotten() {
        let runner = runnerWithTwentyKeys()
        _ = evict(runner, .allKeys, .leastRecent)
        runner.run("SET", "t", "v", "EX", "100")
        #expect(evict(runner, .keysWithDeadline, .leastRecent) == .evicted(database: 0))
        #expect(keys(runner).count == 19)
        _ = evict(runner, .allKeys, .leastRecent)
        runner.run("DEL", "k2", "k3", "k4")
        for _ in 0..<10 { #expect(evict(runner, .allKeys, .leastRecent) == .evicted(database: 0)) }
        #expect(keys(runner) == Set((15..<20).map { "k\($0)" }))
    }

    @Test func whatIsBeingReadStays() {
        let runner = CommandRunner()
        for number in 0..<5 { runner.run("SET", "k\(number)", "v", "EX", "\(100 + number)") }
        let holds = [FrozenKeys.Hold(Effects.Key(database: 0, key: Array("k0".utf8)), .read)]
        runner.dataset.frozen.insert(holds)
        #expect(evict(runner, .keysWithDeadline, .firstDue) == .evicted(database: 0))
        #expect(evict(runner, .allKeys, .leastRecent) == .evicted(database: 0))
        #expect(evict(runner, .allKeys, .random) == .evicted(database: 0))
        #expect(evict(runner, .keysWithDeadline, .random) == .evicted(database: 0))
        for order in [EvictionRule.Order.leastRecent, .random, .firstDue] {
            #expect(evict(runner, .keysWithDeadline, order) == .frozen)
        }
        #expect(keys(runner) == ["k0"])
        runner.dataset.frozen.remove(holds)
        #expect(evict(runner, .keysWithDeadline, .leastRecent) == .evicted(database: 0))
    }

    @Test func othersAreTold() {
        let runner = CommandRunner()
        let effects = runner.dataset.effects
        runner.run("SADD", "a", "x")
        runner.database = 2
        runner.run("SET", "b", "v")
        effects.interest = [.commands, .keys]
        effects.notified = .all
        for word in ["DEL", "UNLINK"] as [StaticString] {
            _ = runner.dataset.evict(
                EvictionRule(.allKeys, .random), samples: 5, now: runner.now, as: word)
        }
        #expect(effects.events.map(\.kind.name.description) == ["evicted", "evicted"])
        #expect(
            effects.commands.map { String(decoding: $0.arguments[0], as: UTF8.self) } == ["DEL", "UNLINK"])
        #expect(Set(effects.commands.map { String(decoding: $0.arguments[1], as: UTF8.self) }) == ["a", "b"])
        #expect(Set(effects.keys.map(\.database)) == [0, 2])
        #expect(effects.keys.map(\.isOwnDeletion) == [true, true])
        // They have nothing to do with each other.
        var told = 0
        effects.forEachPropagated { (_, _) in told += 1 }
        #expect(told == 2)
    }

    @Test func evictedValuesLeaveTheAccountAtOnce() {
        let runner = CommandRunner()
        let empty = runner.dataset.ownMemory
        for start in stride(from: 0, to: 20_000, by: 100) {
            runner.run(
                [Array("SADD".utf8), Array("s".utf8)] + (start..<start + 100).map { Array("m\($0)".utf8) })
        }
        let full = runner.dataset.ownMemory
        #expect(full > empty + 500_000)
        _ = evict(runner, .allKeys, .random)
        #expect(runner.dataset.ownMemory < empty + 4096)
        // The elements are still to be given back.
        #expect(runner.dataset.pendingMemory > 500_000)
        while !runner.dataset.discarded.releaseSome(blocks: 400) {}
        #expect(runner.dataset.pendingMemory == 0)
    }
}
