import RESP
import Testing

@testable import Engine

/// All that may be done in slices, and how many slices it takes at least.
private let commands: [(words: [String], slices: Int)] = [
    (["SINTER", "s", "t"], 6), (["SINTER", "s", "t", "few"], 5), (["SUNION", "s", "t"], 12),
    (["SDIFF", "s", "t"], 6), (["SDIFF", "s", "few", "s"], 5), (["SDIFF", "s", "few", "t", "few"], 5),
    (["SINTERCARD", "2", "s", "t"], 5), (["SINTERCARD", "2", "s", "t", "LIMIT", "200"], 2),
    (["SINTERSTORE", "d", "s", "t"], 5), (["SUNIONSTORE", "d", "s", "t", "nothing"], 8),
    (["SUNIONSTORE", "s", "s", "t"], 8), (["SDIFFSTORE", "d", "s", "t"], 5),
    (["SDIFFSTORE", "d", "s", "s"], 5), (["SINTERSTORE", "d", "s", "nothing"], 0),
    (["ZUNION", "2", "z", "y", "WITHSCORES"], 20),
    (["ZUNION", "3", "z", "y", "s", "WEIGHTS", "1", "-2", "3", "AGGREGATE", "MAX", "WITHSCORES"], 20),
    (["ZINTER", "2", "z", "y", "WITHSCORES"], 8), (["ZINTER", "2", "s", "y", "AGGREGATE", "MIN"], 8),
    (["ZDIFF", "2", "z", "y", "WITHSCORES"], 8), (["ZDIFF", "2", "z", "z"], 0),
    (["ZINTERCARD", "2", "z", "y"], 5), (["ZINTERCARD", "2", "z", "y", "LIMIT", "200"], 2),
    (["ZUNIONSTORE", "d", "2", "z", "y"], 20), (["ZINTERSTORE", "z", "2", "z", "y"], 8),
    (["ZDIFFSTORE", "d", "2", "z", "y"], 8), (["ZRANGESTORE", "d", "z", "5", "-6"], 5),
    (["ZRANGESTORE", "z", "z", "+inf", "(3", "BYSCORE", "REV", "LIMIT", "0", "10"], 0),
    (["ZREMRANGEBYRANK", "z", "1", "-2"], 0), (["ZREMRANGEBYRANK", "z", "0", "529"], 0),
    (["ZREMRANGEBYSCORE", "z", "20", "(550"], 0), (["ZREMRANGEBYRANK", "z", "0", "-1"], 0),
    (["GEOSEARCH", "places", "FROMLONLAT", "5", "5", "BYRADIUS", "3000", "km", "ASC", "WITHDIST"], 8),
    (["GEOSEARCH", "places", "FROMLONLAT", "5", "5", "BYRADIUS", "300", "km", "DESC", "COUNT", "30"], 1),
    (["GEOSEARCH", "places", "FROMMEMBER", "p7", "BYBOX", "900", "900", "km", "COUNT", "9", "ANY"], 0),
    (["GEOSEARCH", "places", "FROMLONLAT", "5", "5", "BYBOX", "9", "9999", "km", "WITHCOORD"], 1),
    (["GEOSEARCHSTORE", "d", "places", "FROMLONLAT", "5", "5", "BYRADIUS", "3000", "km"], 8),
    (["GEORADIUS", "places", "5", "5", "2000", "km", "STOREDIST", "places"], 8),
    (["SORT", "numbers"], 15), (["SORT", "numbers", "DESC", "LIMIT", "9", "540"], 15),
    (["SORT", "texts", "ALPHA"], 15), (["SORT", "texts"], 6), (["SORT", "s", "ALPHA", "DESC"], 15),
    (["SORT", "z", "BY", "nosort", "DESC", "LIMIT", "5", "530"], 6),
    (["SORT", "numbers", "BY", "w*", "GET", "#", "GET", "w*"], 15),
    (["SORT", "s", "BY", "nosort", "STORE", "d"], 15), (["SORT", "numbers", "STORE", "numbers"], 15),
    (["SORT", "z", "ALPHA", "GET", "nothing*", "STORE", "d"], 15),
    (["COPY", "s", "d"], 5), (["COPY", "z", "s", "REPLACE"], 5), (["COPY", "h", "h", "DB", "1"], 5),
    (["COPY", "long", "d"], 6), (["LCS", "left", "right"], 8), (["LCS", "left", "right", "LEN"], 8),
    (["LCS", "left", "right", "IDX", "MINMATCHLEN", "3", "WITHMATCHLEN"], 8), (["GET", "huge"], 8),
    (["GETRANGE", "huge", "5", "-9"], 8), (["GETRANGE", "huge", "5", "9"], 0),
    (["XRANGE", "x", "-", "+"], 5), (["XREVRANGE", "x", "+", "-"], 5),
    (["XRANGE", "x", "1-7", "(1-550", "COUNT", "530"], 5),
    (["XREVRANGE", "x", "1-550", "(1-7", "COUNT", "530"], 5), (["XREAD", "STREAMS", "x", "0"], 5),
    (["XREAD", "COUNT", "540", "STREAMS", "x", "none", "1-5", "0"], 5),
    (["XREAD", "STREAMS", "x", "x", "$", "1-12"], 5),
    (["SRANDMEMBER", "s", "540"], 5), (["SRANDMEMBER", "s", "-600"], 8), (["SRANDMEMBER", "few", "900"], 5),
    (["HRANDFIELD", "h", "540", "WITHVALUES"], 5), (["HRANDFIELD", "h", "-600"], 8),
    (["ZRANDMEMBER", "z", "540", "WITHSCORES"], 5), (["ZRANDMEMBER", "z", "600"], 5),
    (["ZRANDMEMBER", "z", "-600", "WITHSCORES"], 8),
    (["LPOS", "numbers", "7"], 8), (["LPOS", "numbers", "8.00000000000000000000"], 4),
    (["LPOS", "same", "v", "COUNT", "0"], 16), (["LPOS", "same", "v", "RANK", "-3", "COUNT", "540"], 16),
    (["LPOS", "same", "v", "RANK", "520", "COUNT", "9"], 8), (["LPOS", "same", "w", "COUNT", "0"], 8),
    (["LPOS", "same", "v", "RANK", "560", "MAXLEN", "550"], 8),
    (["XPENDING", "x", "group", "-", "+", "600"], 12),
    (["XPENDING", "x", "group", "1-7", "1-560", "530"], 12),
    (["XPENDING", "x", "group", "IDLE", "1", "-", "+", "9"], 5),
    (["XPENDING", "x", "group", "-", "(1-5", "600", "consumer"], 1),
    (["BITCOUNT", "huge"], 30), (["BITCOUNT", "huge", "3", "-9", "BIT"], 30), (["BITPOS", "huge", "1"], 30),
    (["BITPOS", "huge", "0"], 0), (["BITPOS", "huge", "1", "5", "-4"], 30),
    (["BITPOS", "huge", "0", "-3", "-1"], 0), (["BITOP", "NOT", "d", "huge"], 30),
    (["BITOP", "XOR", "huge", "huge", "long"], 60), (["BITOP", "ONE", "d", "long", "none", "huge"], 90),
    (["BITOP", "AND", "d", "huge", "huge"], 60),
]

/// Commands on big values, done in slices: the same as at once, whatever else runs in between.
@Suite(.timeLimit(.minutes(10))) struct LongCommandTests {
    /// Elements from which on commands are done in slices here, and a little more.
    private static let fewest = 512
    private static let count = 560

    /// A dataset with those of the big values that a command names.
    private func makeRunner(for words: [String]) -> CommandRunner {
        let runner = CommandRunner(seed: 7)
        runner.dataset.settings.fewestSliced = Self.fewest
        runner.dataset.settings.collections.setEntries = 8
        let limit = Self.count
        // So long that a list does not fit in one node.
        let zeros = String(repeating: "0", count: 20)
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
            ["\($0 * 7919 % limit / 30)", "\($0 * 104_729 % limit / 30)", "p\($0)"]
        }
        fill("RPUSH", "numbers") { ["\($0 * 7919 % limit).\(zeros)"] }
        fill("RPUSH", "texts") { ["text \(zeros) \($0 * 104_729 % limit)"] }
        fill("RPUSH", "same") { _ in ["v"] }
        fill("HSET", "h") { ["f\($0)", "v\($0)"] }
        if words.contains("h") {
            runner.run("HPEXPIRE", "h", "1000", "FIELDS", "2", "f1", "f2")
            runner.run("PEXPIRE", "h", "5000")
        }
        if words.contains("x") {
            for number in 1...limit { runner.run("XADD", "x", "1-\(number)", "f", "\(number)") }
            for number in stride(from: 55, to: limit, by: 100) { runner.run("XDEL", "x", "1-\(number)") }
        }
        if words.contains("group") {
            runner.run("XGROUP", "CREATE", "x", "group", "0")
            runner.run("XREADGROUP", "GROUP", "group", "consumer", "COUNT", "550", "STREAMS", "x", ">")
            runner.run("XREADGROUP", "GROUP", "group", "other", "STREAMS", "x", ">")
        }
        if words.contains("long") { runner.run("SETRANGE", "long", "400000", "end") }
        if words.contains("huge") { runner.run("SETRANGE", "huge", "9000000", "end") }
        if words.contains("left") {
            let text = (0..<300).map { UInt8(97 + $0 * $0 / 7 % 8) }
            runner.run([Array("SET".utf8), Array("left".utf8), text])
            runner.run([Array("SET".utf8), Array("right".utf8), text.reversed()])
        }
        runner.run("SET", "w8", "8")
        if words.contains("w*") {
            for number in 0..<limit where number % 3 != 0 {
                runner.run("SET", "w\(number).\(zeros)", "\(-number)")
            }
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
            ["SADD", "s", "new"], ["SREM", "t", "m300"], ["ZADD", "z", "1", "new"], ["ZREM", "y", "m300"],
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
