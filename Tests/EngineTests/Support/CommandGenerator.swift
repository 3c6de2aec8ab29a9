@testable import Engine

/// Makes commands at random from the rows' own grammar: mostly sensible, sometimes absurd.
struct CommandGenerator {
    var random: SeededGenerator
    /// Unix time in milliseconds, around which deadlines lie.
    var now: Int64 = 0
    private let rows: [(words: [StaticString], info: CommandInfo)]

    /// Commands that empty much at once; were they as frequent as others, not much would ever be there.
    private static let rare = ["flushall", "flushdb", "swapdb"]

    /// A command that touches no key and takes millions of steps.
    private static let slow = "pfselftest"

    init(seed: UInt64) {
        random = SeededGenerator(seed: seed)
        rows = DataCommands.all.filter { $0.info.name.description != Self.slow }.flatMap { row in
            row.subcommands.isEmpty
                ? [([row.info.name], row.info)]
                : row.subcommands.map { ([row.info.name, $0.info.name], $0.info) }
        }
    }

    /// The next command.
    mutating func next() -> [[UInt8]] {
        var row = rows[Int.random(in: 0..<rows.count, using: &random)]
        while Self.rare.contains(row.info.name.description), chance(95) {
            row = rows[Int.random(in: 0..<rows.count, using: &random)]
        }
        var words = row.words.map { Array($0.description.utf8) }
        for argument in row.info.arguments { append(argument, to: &words) }
        return words
    }

    private mutating func append(_ spec: ArgumentSpec, to words: inout [[UInt8]]) {
        if spec.isOptional, chance(60) { return }
        for repetition in 0..<(spec.isMultiple ? Int.random(in: 1...3, using: &random) : 1) {
            if let token = spec.token, repetition == 0 || spec.repeatsToken {
                words.append(Array(token.description.utf8))
            }
            switch spec.kind {
            case .token: break
            case .oneOf(let choices):
                append(choices[Int.random(in: 0..<choices.count, using: &random)], to: &words)
            case .block(let parts): for part in parts { append(part, to: &words) }
            default: words.append(Array(value(spec).utf8))
            }
        }
    }

    private mutating func value(_ spec: ArgumentSpec) -> String {
        let name = spec.name.description
        switch spec.kind {
        case .key: return "k\(Int.random(in: 0..<12, using: &random))"
        case .pattern: return pick(["*", "k?", "k1*", "k[0-5]"])
        case .double: return pick(["1.5", "-2", "1e3", "0.1", "nan", "x"])
        case .unixTime:
            let time = now + Int64.random(in: -2000...20_000, using: &random)
            return String(name.contains("milliseconds") ? time : time / 1000)
        case .integer where name == "milliseconds": return String(Int.random(in: -5...5000, using: &random))
        case .integer where name == "seconds": return String(Int.random(in: -1...5, using: &random))
        case .integer where name == "cursor" || name == "numkeys": return pick(["0", "1", "2"])
        case .integer where name.contains("db") || name.contains("index"):
            return pick(["0", "1", "2", "3", "9"])
        case .integer:
            if chance(3) { return pick(["9223372036854775807", "-9223372036854775808", "1.5", ""]) }
            return String(Int.random(in: -20...120, using: &random))
        default:
            return string()
        }
    }

    private mutating func string() -> String {
        switch Int.random(in: 0..<8, using: &random) {
        case 0: return ""
        case 1: return "string"
        case 2: return String(repeating: "x", count: Int.random(in: 1...60, using: &random))
        case 3: return String(repeating: "long ", count: Int.random(in: 50...80, using: &random))
        case 4: return pick(["1.25", "-0", "01", "9223372036854775807", "1e2"])
        default: return String(Int.random(in: -100...20_000, using: &random))
        }
    }

    private mutating func pick(_ choices: [String]) -> String {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    private mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &random) < percent }
}
