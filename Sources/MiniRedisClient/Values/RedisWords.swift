import RESP

/// The words of one command, already in the form in which they are sent.
///
/// A command of usual length lies in the value itself: making one allocates nothing.
public struct RedisWords: Sendable {
    /// Room for a name, a key and a short value.
    private static let inlineCapacity = 112
    /// What stands around a word at most: `$`, a length, and two line ends.
    private static let longestFrame = 1 + 20 + 4

    /// Each word as a bulk string, while they fit.
    private var inline = InlineArray<112, UInt8>(repeating: 0)
    private var inlineCount = 0
    /// Each word as a bulk string, once they did not fit.
    private var spilled: [UInt8] = []
    /// How many words there are, the command's name included.
    public private(set) var count = 0

    /// Begins with the command's name.
    init(_ name: StaticString) {
        append(name)
    }

    /// Begins with any word.
    public init(_ first: some RedisArgument) {
        first.append(to: &self)
    }

    /// Adds one word.
    public mutating func append(_ word: some RedisArgument) {
        word.append(to: &self)
    }

    /// Adds words.
    public mutating func append(contentsOf words: [some RedisArgument]) {
        for word in words { word.append(to: &self) }
    }

    /// Adds one word from its bytes.
    public mutating func append(bytes: some Collection<UInt8>) {
        Array(bytes).append(to: &self)
    }

    /// Adds a word of the protocol.
    mutating func append(_ word: StaticString) {
        // A literal of ASCII letters: constant memory of just that length.
        let bytes = unsafe UnsafeRawBufferPointer(start: word.utf8Start, count: word.utf8CodeUnitCount)
        // As above.
        append(word: unsafe bytes.bytes)
    }

    /// Adds one word from its bytes.
    mutating func append(word: RawSpan) {
        count += 1
        guard spilled.isEmpty, inlineCount + word.byteCount + Self.longestFrame <= Self.inlineCapacity else {
            return appendOutside(word)
        }
        let start = inlineCount
        var span = inline.mutableSpan
        // There is room for the word and the longest frame behind what is there.
        inlineCount += unsafe span.withUnsafeMutableBytes { unsafe Self.write(word, to: $0, at: start) }
    }

    /// Writes a word with its frame; gives the length of both.
    ///
    /// There must be room for them.
    private static func write(
        _ word: RawSpan, to room: UnsafeMutableRawBufferPointer, at start: Int
    ) -> Int {
        let length = word.byteCount
        var at = start
        // The caller has made sure that there is room, for lengths of three digits.
        unsafe room[at] = UInt8(ascii: "$")
        at += 1
        if length >= 100 {
            unsafe room[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: length / 100)
            at += 1
        }
        if length >= 10 {
            unsafe room[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: length / 10 % 10)
            at += 1
        }
        unsafe room[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: length % 10)
        unsafe room[at + 1] = UInt8(ascii: "\r")
        unsafe room[at + 2] = UInt8(ascii: "\n")
        at += 3
        // As long as the room says.
        unsafe word.withUnsafeBytes { bytes in
            unsafe UnsafeMutableRawBufferPointer(rebasing: room[at...]).copyMemory(from: bytes)
        }
        at += length
        // As above.
        unsafe room[at] = UInt8(ascii: "\r")
        unsafe room[at + 1] = UInt8(ascii: "\n")
        return at + 2 - start
    }

    /// Adds a word to the array, and moves there what was in the value.
    private mutating func appendOutside(_ word: RawSpan) {
        if spilled.isEmpty {
            spilled.reserveCapacity(inlineCount + word.byteCount + Self.longestFrame)
            for index in 0..<inlineCount { spilled.append(inline[index]) }
            inlineCount = 0
        }
        spilled.append(UInt8(ascii: "$"))
        Decimal.withText(of: Int64(word.byteCount)) { spilled.append(bytesOf: $0) }
        spilled.append(UInt8(ascii: "\r"))
        spilled.append(UInt8(ascii: "\n"))
        spilled.append(bytesOf: word)
        spilled.append(UInt8(ascii: "\r"))
        spilled.append(UInt8(ascii: "\n"))
    }
}

// MARK: - What is sent

extension RedisWords {
    /// How many bytes all words take with their frames.
    var encodedCount: Int { spilled.isEmpty ? inlineCount : spilled.count }

    /// Lends each word as a bulk string, one behind the other.
    func withEncoded<Answer>(_ body: (RawSpan) -> Answer) -> Answer {
        // The value's own storage, or the array's, borrowed for the call.
        spilled.isEmpty
            ? body(unsafe inline.span.bytes.extracting(first: inlineCount)) : body(unsafe spilled.span.bytes)
    }

    /// Adds the command to an array as it is sent.
    func append(to array: inout [UInt8]) {
        array.append(UInt8(ascii: "*"))
        if count < 10 {
            array.append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: count))
        } else {
            Decimal.withText(of: Int64(count)) { array.append(bytesOf: $0) }
        }
        array.append(UInt8(ascii: "\r"))
        array.append(UInt8(ascii: "\n"))
        withEncoded { array.append(bytesOf: $0) }
    }

    /// The words one by one.
    var words: [[UInt8]] { words(atMost: count) }

    /// The first words.
    func words(atMost limit: Int) -> [[UInt8]] {
        withEncoded { span in
            var all: [[UInt8]] = []
            var at = 0
            while at < span.byteCount, all.count < limit {
                var length = 0
                at += 1
                // The frames are this type's own.
                while true {
                    let digit = unsafe span.unsafeLoad(fromByteOffset: at, as: UInt8.self)
                    at += 1
                    guard digit != UInt8(ascii: "\r") else { break }
                    length = length * 10 + Int(digit &- UInt8(ascii: "0"))
                }
                at += 1
                var word: [UInt8] = []
                word.append(bytesOf: span.extracting(at..<(at + length)))
                all.append(word)
                at += length + 2
            }
            return all
        }
    }
}

extension RedisWords: Hashable {
    /// Whether both are the same words.
    public static func == (a: Self, b: Self) -> Bool { a.words == b.words }

    /// Feeds the words to a hash.
    public func hash(into hasher: inout Hasher) { hasher.combine(words) }
}

extension ByteBuffer {
    /// Appends a command as RESP sends it.
    mutating func append(_ words: borrowing RedisWords) {
        append(UInt8(ascii: "*"))
        append(decimal: words.count)
        append("\r\n" as StaticString)
        words.withEncoded { append($0) }
    }
}

extension [UInt8] {
    /// Appends a copy of the span's bytes.
    mutating func append(bytesOf span: RawSpan) {
        // The bytes are copied while they are lent.
        unsafe span.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
