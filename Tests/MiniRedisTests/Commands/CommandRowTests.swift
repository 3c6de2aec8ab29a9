import Engine
import Testing

@testable import MiniRedis

/// What rows say of their commands must agree with itself, as everything else derives from it.
@Suite struct CommandRowTests {
    /// What rows say takes memory once in a process, however many servers it has.
    @Test func serversShareTheFactsOfRows() throws {
        let tables = (0..<2).map { _ in CommandTable(Database.registeredCommands()) }
        for (first, second) in zip(tables[0].family, tables[1].family) {
            #expect(first !== second && first.info === second.info)
        }
    }

    /// A row under its full name.
    struct Row: Sendable, CustomTestStringConvertible {
        let name: String
        let info: CommandInfo
        let isContainer: Bool
        let isSubcommand: Bool

        var testDescription: String { name }

        /// How many words come before the arguments.
        var words: Int { isSubcommand ? 2 : 1 }
    }

    static let rows: [Row] = rows(DataCommands.all) + rows(SessionCommands.all)

    private static func rows<Body>(_ commands: [Command<Body>], of parent: String? = nil) -> [Row] {
        commands.flatMap { command in
            let name = (parent.map { $0 + "|" } ?? "") + command.info.name.description
            let row = Row(
                name: name, info: command.info, isContainer: command.body == nil, isSubcommand: parent != nil)
            return [row] + rows(command.subcommands, of: name)
        }
    }

    @Test func rowsAreThere() {
        let names = Set(Self.rows.map(\.name))
        #expect(names.isSuperset(of: ["get", "set", "ping", "pubsub", "pubsub|channels"]))
    }

    @Test func namesAreDifferentAndLowerCase() {
        var seen: Set<String> = []
        for row in Self.rows {
            #expect(seen.insert(row.name).inserted, "\(row.name) has two rows")
            #expect(row.name == row.name.lowercased() && !row.name.contains(" "), "\(row.name)")
        }
    }

    @Test func summariesAreSentencesOfTheirOwn() {
        var seen: [String: String] = [:]
        for row in Self.rows where !row.name.hasSuffix("|help") {
            let summary = row.info.summary.description
            #expect(summary.hasSuffix(".") && summary.count > 10, "\(row.name): \(summary)")
            #expect(summary.first?.isUppercase == true, "\(row.name): \(summary)")
            if let other = seen.updateValue(row.name, forKey: summary) {
                Issue.record("\(row.name) and \(other) share a summary")
            }
        }
    }

    @Test(arguments: rows) func versionsAndComplexityAreTold(_ row: Row) {
        let version = row.info.since.description.split(separator: " ").last ?? ""
        #expect(version.split(separator: ".").map { Int($0) != nil } == [true, true, true], "\(version)")
        #expect(!row.info.complexity.description.isEmpty)
    }

    @Test(arguments: rows) func flagsDoNotContradict(_ row: Row) {
        let flags = row.info.flags
        #expect(!flags.contains([.write, .readonly]))
        if flags.contains(.denyoom) { #expect(flags.contains(.write)) }
        #expect(row.info.accepts(abs(row.info.arity)))
        if row.isContainer { #expect(row.info.arity == -2 && row.info.keys.isEmpty) }
    }

    // MARK: Grammar

    /// The fewest and the most words of a piece; nil means any number.
    private func count(_ spec: ArgumentSpec) -> (least: Int, most: Int?) {
        var (least, most): (Int, Int?) =
            switch spec.kind {
            case .token: (0, 0)
            case .oneOf(let choices):
                combine(choices) {
                    $0.min() ?? 0
                } most: {
                    $0.max() ?? 0
                }
            case .block(let parts):
                combine(parts) {
                    $0.reduce(0, +)
                } most: {
                    $0.reduce(0, +)
                }
            default: (1, 1)
            }
        if spec.token != nil {
            least += 1
            most = most.map { $0 + 1 }
        }
        if spec.isMultiple { most = nil }
        return (spec.isOptional ? 0 : least, most)
    }

    private func combine(
        _ parts: [ArgumentSpec], least: ([Int]) -> Int, most: ([Int]) -> Int
    ) -> (Int, Int?) {
        let counts = parts.map(count)
        let bounded = counts.compactMap(\.most)
        return (least(counts.map(\.least)), bounded.count == counts.count ? most(bounded) : nil)
    }

    /// Commands whose arity in Redis is another than its grammar for them tells: they check further by themselves.
    static let exceptions: Set<String> = [
        "client|kill", "command", "debug", "geosearch", "geosearchstore", "quit",
    ]

    @Test(arguments: rows.filter { !$0.isContainer && !exceptions.contains($0.name) })
    func arityAgreesWithTheGrammar(_ row: Row) {
        let counts = row.info.arguments.map(count)
        let least = counts.reduce(row.words) { $0 + $1.least }
        let most = counts.reduce(Optional(row.words)) { sum, next in
            sum.flatMap { sum in next.most.map { sum + $0 } }
        }
        if row.info.arity >= 0 {
            #expect(row.info.arity == least && least == most)
        } else {
            #expect(-row.info.arity == least)
            #expect(most != least, "the grammar takes no more than \(least) words: the arity could be exact")
        }
    }

    /// All pieces, those inside of others too.
    private func flattened(_ specs: [ArgumentSpec]) -> [ArgumentSpec] {
        specs.flatMap { spec in
            switch spec.kind {
            case .oneOf(let inner), .block(let inner): flattened(inner)
            default: [spec]
            }
        }
    }

    /// The piece that stands at `index` in every call; nil when that depends on the call.
    private func argument(at index: Int, _ row: Row) -> ArgumentSpec? {
        var position = row.words
        for spec in row.info.arguments {
            let size = count(spec)
            if index == position { return flattened([spec]).first }
            if index < position + size.least, case .block(let parts) = spec.kind {
                return index - position < parts.count ? parts[index - position] : nil
            }
            guard size.most == size.least else { return nil }
            position += size.least
        }
        return nil
    }

    private func isKey(_ spec: ArgumentSpec, of index: Int) -> Bool {
        if case .key(index) = spec.kind { true } else { false }
    }

    @Test(arguments: rows) func keySpecsPointAtKeys(_ row: Row) {
        let all = flattened(row.info.arguments)
        for (index, spec) in row.info.keys.enumerated() where !spec.flags.contains(.notKey) {
            // Names that are made from what other keys hold stand nowhere.
            if case .unknown = spec.begin { continue }
            #expect(all.contains { isKey($0, of: index) }, "no argument belongs to key spec \(index)")
            guard case .index(let begin) = spec.begin, let argument = argument(at: begin, row) else {
                continue
            }
            if case .number(let number, _, _) = spec.find, number == 0 {
                if case .integer = argument.kind { continue }
                Issue.record("key spec \(index) counts by '\(argument.name)'")
            } else {
                #expect(isKey(argument, of: index), "key spec \(index) begins at '\(argument.name)'")
            }
        }
        for argument in all {
            guard case .key(let index) = argument.kind else { continue }
            #expect(row.info.keys.indices.contains(index), "'\(argument.name)' belongs to key spec \(index)")
        }
    }

    @Test(arguments: rows) func namesOfArgumentsAreWords(_ row: Row) {
        for argument in flattened(row.info.arguments) {
            let name = argument.name.description
            #expect(!name.isEmpty && !name.contains(" ") && name == name.lowercased(), "'\(name)'")
            if let token = argument.token?.description {
                // Units are written small, as in Redis.
                let isUnit = ["m", "km", "ft", "mi"].contains(token)
                #expect(isUnit || token == token.uppercased(), "'\(token)'")
            } else if case .token = argument.kind {
                Issue.record("'\(name)' is a word without a word")
            }
        }
    }
}
