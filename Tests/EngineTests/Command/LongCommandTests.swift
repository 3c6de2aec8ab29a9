import RESP
import Testing

@testable import Engine

/// All that may be done in slices, and how many slices it takes at least.
private let commands: [(words: [String], slices: Int)] = [
    (["SINTER", "s", "t"], 10), (["SINTER", "s", "t", "few"], 7), (["SUNION", "s", "t"], 20),
    (["SDIFF", "s", "t"], 10), (["SDIFF", "s", "few", "s"], 7), (["SDIFF", "s", "few", "t", "few"], 7),
    (["SINTERCARD", "2", "s", "t"], 7), (["SINTERCARD", "2", "s", "t", "LIMIT", "3000"], 3),
    (["SINTERSTORE", "d", "s", "t"], 7), (["SUNIONSTORE", "d", "s", "t", "nothing"], 15),
    (["SUNIONSTORE", "s", "s", "t"], 15), (["SDIFFSTORE", "d", "s", "t"], 7),
    (["SDIFFSTORE", "d", "s", "s"], 7), (["SINTERSTORE", "d", "s", "nothing"], 0),
    (["ZUNION", "2", "z", "y", "WITHSCORES"], 50),
    (["ZUNION", "3", "z", "y", "s", "WEIGHTS", "1", "-2", "3", "AGGREGATE", "MAX", "WITHSCORES"], 50),
    (["ZINTER", "2", "z", "y", "WITHSCORES"], 15), (["ZINTER", "2", "s", "y", "AGGREGATE", "MIN"], 15),
    (["ZDIFF", "2", "z", "y", "WITHSCORES"], 15), (["ZDIFF", "2", "z", "z"], 0),
    (["ZINTERCARD", "2", "z", "y"], 7), (["ZINTERCARD", "2", "z", "y", "LIMIT", "3000"], 3),
    (["ZUNIONSTORE", "d", "2", "z", "y"], 50), (["ZINTERSTORE", "z", "2", "z", "y"], 15),
    (["ZDIFFSTORE", "d", "2", "z", "y"], 15), (["ZRANGESTORE", "d", "z", "5", "-6"], 7),
    (["ZRANGESTORE", "z", "z", "+inf", "(3", "BYSCORE", "REV", "LIMIT", "0", "10"], 0),
    (["ZREMRANGEBYRANK", "z", "1", "-2"], 0), (["ZREMRANGEBYRANK", "z", "0", "8499"], 0),
    (["ZREMRANGEBYSCORE", "z", "100", "(8900"], 0), (["ZREMRANGEBYRANK", "z", "0", "-1"], 0),
    (["GEOSEARCH", "places", "FROMLONLAT", "5", "5", "BYRADIUS", "3000", "km", "ASC", "WITHDIST"], 30),
    (["GEOSEARCH", "places", "FROMLONLAT", "5", "5", "BYRADIUS", "300", "km", "DESC", "COUNT", "30"], 1),
    (["GEOSEARCH", "places", "FROMMEMBER", "p77", "BYBOX", "900", "900", "km", "COUNT", "9", "ANY"], 0),
    (["GEOSEARCH", "places", "FROMLONLAT", "5", "5", "BYBOX", "9", "9999", "km", "WITHCOORD"], 1),
    (["GEOSEARCHSTORE", "d", "places", "FROMLONLAT", "5", "5", "BYRADIUS", "3000", "km"], 30),
    (["GEORADIUS", "places", "5", "5", "2000", "km", "STOREDIST", "places"], 30),
    (["SORT", "numbers"], 40), (["SORT", "numbers", "DESC", "LIMIT", "9", "10000"], 40),
    (["SORT", "texts", "ALPHA"], 40), (["SORT", "texts"], 10), (["SORT", "s", "ALPHA", "DESC"], 40),
    (["SORT", "z", "BY", "nosort", "DESC", "LIMIT", "5", "8500"], 15),
    (["SORT", "numbers", "BY", "w*", "GET", "#", "GET", "w*"], 40),
    (["SORT", "s", "BY", "nosort", "STORE", "d"], 40), (["SORT", "numbers", "STORE", "numbers"], 40),
    (["SORT", "z", "ALPHA", "GET", "nothing*", "STORE", "d"], 40),
    (["COPY", "s", "d"], 7), (["COPY", "z", "s", "REPLACE"], 7), (["COPY", "h", "h", "DB", "1"], 7),
    (["COPY", "long", "d"], 10), (["LCS", "left", "right"], 15), (["LCS", "left", "right", "LEN"], 15),
    (["LCS", "left", "right", "IDX", "MINMATCHLEN", "3", "WITHMATCHLEN"], 15), (["GET", "huge"], 30),
    (["GETRANGE", "huge", "5", "-9"], 30), (["GETRANGE", "huge", "5", "9"], 0),
    (["XRANGE", "x", "-", "+"], 7), (["XREVRANGE", "x", "+", "-"], 7),
    (["XRANGE", "x", "1-77", "(1-8900", "COUNT", "8500"], 7),
    (["XREVRANGE", "x", "1-8900", "(1-77", "COUNT", "8500"], 7), (["XREAD", "STREAMS", "x", "0"], 7),
    (["XREAD", "COUNT", "8800", "STREAMS", "x", "none", "1-5", "0"], 7),
    (["XREAD", "STREAMS", "x", "x", "$", "1-12"], 7),
]

/// Commands on big values, done in slices: the same as at once, whatever else runs in between.
@Suite(.timeLimit(.minutes(2))) struct LongCommandTests {
    /// A little more than is done at once.
    private static let count = 9000

    /// A dataset with those of the big values that a command names.
    private func makeRunner(for words: [String]) -> CommandRunner {
        let runner = CommandRunner(seed: 7)
        let limit = Self.count
        func fill(_ command: String, _ key: String, _ elements: (Int) -> [String]) {
            guard words.contains(key) else { return }
            let all = (0..<limit).flatMap(elements)
            runner.run(([command, key] + all).map { Array($0.utf8) })
        }
        fill("SADD", "s") { ["m\($0)"] }
        fill("SADD", "t") { ["m\($0 + limit / 2)"] }
        fill("SADD", "few") { ["m\($0 * 3)"] }
        fill("ZADD", "z") { ["\($0 * 7919 % limit)", "m\($0)"] }
        fill("ZADD", "y") { ["\($0 % 17)", "m\($0 + limit / 2)"] }
        fill("GEOADD", "places") {
            ["\($0 * 7919 % limit / 700)", "\($0 * 104_729 % limit / 600)", "p\($0)"]
        }
        fill("RPUSH", "numbers") { ["\($0 * 7919 % limit)"] }
        fill("RPUSH", "texts") { ["text \($0 * 104_729 % limit)"] }
        fill("HSET", "h") { ["f\($0)", "v\($0)"] }
        if words.contains("h") {
            runner.run("HPEXPIRE", "h", "1000", "FIELDS", "2", "f1", "f2")
            runner.run("PEXPIRE", "h", "5000")
        }
        if words.contains("x") {
            for number in 1...limit { runner.run("XADD", "x", "1-\(number)", "f", "\(number)") }
            for number in stride(from: 5, to: limit, by: 100) { runner.run("XDEL", "x", "1-\(number)") }
        }
        if words.contains("long") { runner.run("SETRANGE", "long", "4000000", "end") }
        if words.contains("huge") { runner.run("SETRANGE", "huge", "9000000", "end") }
        if words.contains("left") {
            let text = (0..<1600).map { UInt8(97 + $0 * $0 / 7 % 8) }
            runner.run([Array("SET".utf8), Array("left".utf8), text])
            runner.run([Array("SET".utf8), Array("right".utf8), text.reversed()])
        }
        runner.run("SET", "w8", "8")
        if words.contains("w*") {
            for number in 0..<limit where number % 3 != 0 { runner.run("SET", "w\(number)", "\(-number)") }
        }
        return runner
    }

    @Test(arguments: commands.indices) func slicesGiveWhatOneTurnDoes(_ index: Int) {
        let (words, fewest) = commands[index]
        for version in [ProtocolVersion.resp2, .resp3] {
            let (whole, sliced) = (makeRunner(for: words), makeRunner(for: words))
            whole.dataset.effects.interest = [.commands, .keys]
            sliced.dataset.effects.interest = [.commands, .keys]
            whole.dataset.effects.notified = EventClasses(rawValue: .max)
            sliced.dataset.effects.notified = EventClasses(rawValue: .max)
            let wanted = whole.run(words, version)
            var count = 0
            let reply = sliced.run(words, version) { (_, _) in count += 1 }
            #expect(reply == wanted)
            #expect(count >= fewest, "\(words)")
            #expect(sliced.dataset.frozen.isEmpty)
            #expect(sliced.told == whole.told)
            #expect(
                sliced.dataset.effects.events.map { "\($0.kind) \($0.key)" }
                    == whole.dataset.effects.events.map { "\($0.kind) \($0.key)" })
            #expect(sliced.dataset.effects.keys == whole.dataset.effects.keys)
            #expect(DatasetImage(sliced.dataset) == DatasetImage(whole.dataset), "\(words)")
        }
    }

    /// Others read and write in between, but for what the command uses.
    @Test(arguments: commands.indices) func othersHaveTheirTurns(_ index: Int) throws {
        let (words, fewest) = commands[index]
        guard fewest > 0 else { return }
        let (whole, sliced) = (makeRunner(for: words), makeRunner(for: words))
        let wanted = whole.run(words, .resp2)
        let changes = [
            ["SADD", "s", "new"], ["SREM", "t", "m5000"], ["ZADD", "z", "1", "new"], ["ZREM", "y", "m5000"],
            ["LSET", "numbers", "0", "5"], ["RPOP", "texts"], ["HSET", "h", "new", "v"], ["SET", "w8", "0"],
            ["XADD", "x", "2-1", "f", "v"], ["SET", "d", "other"], ["APPEND", "long", "more"],
        ]
        var turns = 0
        let reply = sliced.run(words, .resp2) { (_, _) in
            turns += 1
            #expect(sliced.isHeldBack(["FLUSHALL"]) && !sliced.isHeldBack(["GET", words[1]]))
            for change in changes where words.contains(change[1]) { #expect(sliced.isHeldBack(change)) }
            if !words.contains("w*"), !words.contains("nothing*") {
                #expect(!sliced.isHeldBack(["APPEND", "other", "."]))
                sliced.run(["APPEND", "other", "."], .resp2)
            }
            #expect(sliced.run(["GET", "w8"], .resp2) == "$1\r\n8\r\n")
        }
        #expect(turns >= fewest)
        #expect(reply == wanted)
        sliced.run(["DEL", "other"], .resp2)
        #expect(DatasetImage(sliced.dataset) == DatasetImage(whole.dataset))
    }

    @Test func whatIsGivenUpLeavesNoTrace() {
        for (words, fewest) in commands where fewest > 0 {
            let (whole, sliced) = (makeRunner(for: words), makeRunner(for: words))
            sliced.dataset.effects.interest = [.commands]
            sliced.run(words, .resp2, giveUpAfter: 3) { (_, _) in }
            #expect(sliced.dataset.frozen.isEmpty)
            #expect(sliced.told.isEmpty)
            #expect(DatasetImage(sliced.dataset) == DatasetImage(whole.dataset))
            while !sliced.dataset.discarded.releaseSome(blocks: 1000) {}
        }
    }

    @Test func keysAreHeldAsTheyAreUsed() {
        var frozen = FrozenKeys()
        func hold(_ key: String?, _ use: FrozenKeys.Use) -> FrozenKeys.Hold {
            FrozenKeys.Hold(key.map { Effects.Key(database: 0, key: Array($0.utf8)) }, use)
        }
        let reader = [hold("a", .read), hold("b", .read)]
        let writer = [hold("b", .read), hold("c", .overwrite)]
        let all = [hold(nil, .read)]
        #expect(frozen.admits(reader) && frozen.admits(writer) && frozen.admits(all))
        frozen.insert(reader)
        #expect(frozen.admits(reader) && frozen.admits(writer) && frozen.admits(all))
        #expect(!frozen.admits([hold("a", .overwrite)]))
        frozen.insert(writer)
        // Nobody reads over several turns what is about to change.
        #expect(!frozen.admits([hold("c", .read)]))
        #expect(!frozen.admits([hold("c", .overwrite)]))
        #expect(!frozen.admits(all))
        #expect(frozen.admits(reader))
        frozen.remove(reader)
        #expect(!frozen.isEmpty)
        frozen.remove(writer)
        #expect(frozen.isEmpty && frozen.admits([hold("c", .read)]))
        frozen.insert(all)
        #expect(frozen.admits(reader) && !frozen.admits(writer) && frozen.holdsAll)
        frozen.remove(all)
        #expect(frozen.isEmpty)
    }
}

extension CommandRunner {
    /// What was told to be repeated.
    fileprivate var told: [Effects.Command] { dataset.effects.commands }
}
