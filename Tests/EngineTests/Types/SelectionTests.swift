import Testing

@testable import Engine

/// Random choices, made some at a time, against what is known of all of them.
@Suite struct SelectionTests {
    private static let count = 900

    /// A data set with a set and a sorted set of the same members.
    private let runner: CommandRunner

    init() {
        runner = CommandRunner(seed: 5)
        runner.dataset.settings.collections.setEntries = 8
        for number in 0..<Self.count {
            runner.run("SADD", "s", "m\(number)")
            runner.run("ZADD", "z", "\(number)", "m\(number)")
        }
    }

    private func entry(_ key: String) throws -> Entry {
        let key = Array(key.utf8)
        // The array lives until the key is found.
        return try #require(unsafe runner.dataset.keyspaces[0].locate(key.span.bytes).entry)
    }

    private func table() throws -> MemberTable {
        guard case .table(let table) = SetValue(try entry("s")) else {
            throw CommandError("the set has no table")
        }
        return table
    }

    /// Few, of which each is picked by itself, and so many that all are gone through.
    static let wanted = [0, 1, 7, 299, 300, 301, 899, 900]

    @Test(arguments: wanted) func entriesOfATableComeOnce(_ wanted: Int) throws {
        for most in [6, 20, .max] {
            var sample = TableSample(wanted, of: try table())
            var picked: [[UInt8]] = []
            var goesOn = true
            while goesOn {
                goesOn = sample.visit(most, using: &runner.dataset.random) { entry in
                    picked.append([UInt8](entry.key))
                    return picked.count % 5 != 0
                }
            }
            #expect(picked.count == wanted && Set(picked).count == wanted)
        }
    }

    @Test(arguments: wanted) func membersOfASortedSetComeOnce(_ wanted: Int) throws {
        let set = SortedSetValue(try entry("z"))
        for most in [1, 20, .max] {
            var sample = RankSample(wanted, of: set)
            var picked: [Double] = []
            var goesOn = true
            while goesOn {
                goesOn = sample.visit(most, using: &runner.dataset.random) { member, score in
                    #expect(member.copy == Array("m\(Int(score))".utf8))
                    picked.append(score)
                    return picked.count % 5 != 0
                }
            }
            #expect(picked.count == wanted && Set(picked).count == wanted)
            if wanted == Self.count { #expect(picked == picked.sorted(by: >)) }
        }
    }

    /// Every element is as likely to be chosen as any other: of 400 choices of a third or two thirds, none is
    /// chosen six standard deviations more or less often than it should be.
    @Test(arguments: [300, 600]) func allAreAsLikely(_ wanted: Int) throws {
        let set = SortedSetValue(try entry("z"))
        let rounds = 400
        var ofTable: [[UInt8]: Int] = [:]
        var ofRanks: [Double: Int] = [:]
        for _ in 0..<rounds {
            var sample = TableSample(wanted, of: try table())
            while sample.visit(
                50, using: &runner.dataset.random,
                {
                    ofTable[[UInt8]($0.key), default: 0] += 1; return true
                })
            {}
            var ranks = RankSample(wanted, of: set)
            while ranks.visit(
                50, using: &runner.dataset.random,
                {
                    ofRanks[$1, default: 0] += 1; return true
                })
            {}
        }
        let share = Double(wanted) / Double(Self.count)
        let expected = Double(rounds) * share
        let bound = 6 * (expected * (1 - share)).squareRoot()
        #expect(ofTable.count == Self.count && ofRanks.count == Self.count)
        for times in Array(ofTable.values) + Array(ofRanks.values) {
            #expect(abs(Double(times) - expected) < bound)
        }
    }
}
