import Engine
import RESP

/// The requests that took longer than `slowlog-log-slower-than` allows: the last `slowlog-max-len` of them.
struct SlowLog {
    /// One of them.
    struct Entry {
        let number: Int64
        /// When it was over, in Unix seconds.
        let time: Int64
        let microseconds: Int64
        let request: Request
    }

    /// What is kept of a request: the first bytes of its first words, and who sent it.
    struct Request {
        let words: [[UInt8]]
        let address: String
        let name: [UInt8]

        /// Words, and bytes of each, that are kept at most.
        static let mostWords = 32
        static let longestWord = 128

        /// Copies what is kept.
        init(_ arguments: Arguments, address: String, name: [UInt8]) {
            let isLong = arguments.count > Self.mostWords
            let shown = isLong ? Self.mostWords - 1 : arguments.count
            words =
                (0..<shown).map { Self.word($0, of: arguments) }
                + (isLong ? [Array("... (\(arguments.count - shown) more arguments)".utf8)] : [])
            self.address = address
            self.name = name
        }

        private static func word(_ index: Int, of arguments: Arguments) -> [UInt8] {
            if SecretArguments.contain(index, of: arguments) {
                return Array(SecretArguments.replacement.description.utf8)
            }
            let word = arguments[index]
            // Of a big string whose memory has become the value's only the length is known here.
            let count = arguments.block(index)?.count ?? word.byteCount
            guard count > longestWord || count > word.byteCount else { return [UInt8](word) }
            let first = [UInt8](word.extracting(first: longestWord))
            return first + Array("... (\(count - first.count) more bytes)".utf8)
        }
    }

    /// A ring: the oldest is at `start` once it is full.
    private var ring: [Entry] = []
    private var start = 0
    private var nextNumber: Int64 = 0
    /// How many are kept at most.
    var capacity = 0 {
        didSet {
            guard capacity != oldValue else { return }
            ring = Array(newest(capacity).reversed())
            start = 0
        }
    }

    /// How many there are.
    var count: Int { ring.count }

    /// Adds one, in the place of the oldest if there are too many.
    mutating func add(_ request: Request, microseconds: Int64, time: Int64) {
        guard capacity > 0 else { return }
        let entry = Entry(number: nextNumber, time: time, microseconds: microseconds, request: request)
        nextNumber += 1
        if ring.count < capacity {
            ring.append(entry)
        } else {
            ring[start] = entry
            start = (start + 1) % ring.count
        }
    }

    /// Forgets all; numbers go on.
    mutating func removeAll() {
        ring = []
        start = 0
    }

    /// The last so many, the newest first.
    func newest(_ count: Int) -> [Entry] {
        (0..<min(max(count, 0), ring.count)).map { ring[(start + ring.count - 1 - $0) % ring.count] }
    }
}
