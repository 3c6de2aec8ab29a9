/// Something that can be a word of a command: text, bytes, a number.
public protocol RedisArgument: Sendable {
    /// Adds itself as one word.
    func append(to words: inout RedisWords)
}

extension String: RedisArgument {
    /// Adds the text as UTF-8.
    public func append(to words: inout RedisWords) { words.append(bytes: utf8) }
}

extension Substring: RedisArgument {
    /// Adds the text as UTF-8.
    public func append(to words: inout RedisWords) { words.append(bytes: utf8) }
}

extension Array: RedisArgument where Element == UInt8 {
    /// Adds the bytes as they are.
    public func append(to words: inout RedisWords) { words.append(bytes: self) }
}

extension ArraySlice: RedisArgument where Element == UInt8 {
    /// Adds the bytes as they are.
    public func append(to words: inout RedisWords) { words.append(bytes: self) }
}

extension Int: RedisArgument {
    /// Adds the number in decimal.
    public func append(to words: inout RedisWords) { words.append(bytes: String(self).utf8) }
}

extension Int64: RedisArgument {
    /// Adds the number in decimal.
    public func append(to words: inout RedisWords) { words.append(bytes: String(self).utf8) }
}

extension Double: RedisArgument {
    /// Adds the shortest text that reads back as the same number.
    public func append(to words: inout RedisWords) { words.append(bytes: description.utf8) }
}

/// The words of one command, already in the form in which they are sent.
public struct RedisWords: Sendable, Hashable {
    /// Each word as a bulk string.
    private(set) var encoded: [UInt8] = []
    /// How many words there are, the command's name included.
    public private(set) var count = 0

    /// Room made at first: the name and two short words.
    private static let firstCapacity = 64

    /// Begins with the command's name.
    init(_ name: StaticString) {
        encoded.reserveCapacity(Self.firstCapacity)
        let length = name.utf8CodeUnitCount
        // A literal of ASCII letters: constant memory of just that length.
        unsafe append(bytes: UnsafeBufferPointer(start: name.utf8Start, count: length))
    }

    /// Begins with any word.
    public init(_ first: some RedisArgument) {
        encoded.reserveCapacity(Self.firstCapacity)
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
        let length = bytes.count
        encoded.append(UInt8(ascii: "$"))
        Self.append(decimal: length, to: &encoded)
        encoded.append(UInt8(ascii: "\r"))
        encoded.append(UInt8(ascii: "\n"))
        encoded.append(contentsOf: bytes)
        encoded.append(UInt8(ascii: "\r"))
        encoded.append(UInt8(ascii: "\n"))
        count += 1
    }

    private static func append(decimal value: Int, to bytes: inout [UInt8]) {
        if value >= 10 { append(decimal: value / 10, to: &bytes) }
        bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
    }

    /// The word at `index` as far as a name goes, in capitals; for looking it up.
    func name(at index: Int) -> String {
        var rest = encoded[...]
        for _ in 0..<index { rest = Self.afterWord(rest) }
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")) else { return "" }
        let word = rest[(end + 1)...].prefix { $0 != UInt8(ascii: "\r") }.prefix(Self.longestName)
        return String(decoding: word, as: UTF8.self).uppercased()
    }

    /// No command's name is longer.
    private static let longestName = 24

    private static func afterWord(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return [] }
        let length =
            Int(String(decoding: bytes[bytes.startIndex..<end].dropFirst().dropLast(), as: UTF8.self)) ?? 0
        return bytes[(end + 1)...].dropFirst(length + 2)
    }
}
