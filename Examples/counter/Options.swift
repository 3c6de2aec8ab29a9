import Glibc
import MiniRedisClient

/// What the command line asks for.
struct Options {
    var host = "127.0.0.1"
    var port: UInt16 = 6379
    var tasks = 1_000
    var steps = 10

    static let usage = """
        usage: counter [--host HOST] [--port PORT] [--tasks COUNT] [--steps COUNT]

        Has many tasks count together in a Redis server, and checks that no step is lost.

          --host HOST    where the server is; 127.0.0.1 unless given
          --port PORT    its port; 6379 unless given
          --tasks COUNT  tasks at once; 1000 unless given
          --steps COUNT  steps of each task; 10 unless given
        """

    /// Words of the command line that mean nothing.
    struct Fault: Error, CustomStringConvertible {
        let description: String
    }

    /// Where the server is.
    var address: RedisAddress { .tcp(host: host, port: port) }

    /// Reads the words behind the program's name; nil when they ask for help.
    init?(_ words: some Collection<String>) throws {
        var words = Array(words)[...]
        while let word = words.popFirst() {
            if word == "--help" || word == "-h" { return nil }
            guard let value = words.popFirst() else {
                throw Fault(description: "what is '\(word)'? (see --help)")
            }
            switch word {
            case "--host": host = value
            case "--port": port = try Self.number(value, word, 1...UInt16.max)
            case "--tasks": tasks = try Self.number(value, word, 1...1_000_000)
            case "--steps": steps = try Self.number(value, word, 1...1_000_000)
            default: throw Fault(description: "unknown option '\(word)' (see --help)")
            }
        }
    }

    private static func number<Number: FixedWidthInteger>(
        _ text: String, _ option: String, _ range: ClosedRange<Number>
    ) throws -> Number {
        guard let number = Number(text), range.contains(number) else {
            throw Fault(
                description: "\(option) needs a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }
}

/// Prints to standard error.
func complain(_ text: String) {
    let line = Array("\(text)\n".utf8)
    // The array outlives the call, which reads no more than it has.
    _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
}
