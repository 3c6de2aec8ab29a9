import RESP

/// NX, XX, IFEQ, IFNE, IFDEQ, IFDNE: what a key has to hold for SET, MSETEX or DELEX to change it.
enum ValueCondition {
    case none
    /// NX
    case absent
    /// XX
    case present
    /// IFEQ, or IFNE when negated, and the index of its argument.
    case equal(Int, negated: Bool)
    /// IFDEQ, or IFDNE when negated, and the index of its argument: the digest in hexadecimal.
    case digest(Int, negated: Bool)

    /// NX or XX, if `word` is one of them.
    init?(existence word: RawSpan) {
        if word.isWord("NX") {
            self = .absent
        } else if word.isWord("XX") {
            self = .present
        } else {
            return nil
        }
    }

    /// A comparison with the argument at `argument`, if `word` names one.
    init?(comparison word: RawSpan, argument: Int) {
        if word.isWord("IFEQ") {
            self = .equal(argument, negated: false)
        } else if word.isWord("IFNE") {
            self = .equal(argument, negated: true)
        } else if word.isWord("IFDEQ") {
            self = .digest(argument, negated: false)
        } else if word.isWord("IFDNE") {
            self = .digest(argument, negated: true)
        } else {
            return nil
        }
    }

    /// Whether there is none.
    var isNone: Bool { if case .none = self { true } else { false } }

    /// Whether it looks at the value, not only for the key.
    var isComparison: Bool {
        switch self {
        case .equal, .digest: true
        case .none, .absent, .present: false
        }
    }

    /// Whether both are the same word; their arguments may differ.
    func isSameWord(as other: ValueCondition) -> Bool {
        switch (self, other) {
        case (.none, .none), (.absent, .absent), (.present, .present): true
        case (.equal(_, let a), .equal(_, let b)), (.digest(_, let a), .digest(_, let b)): a == b
        default: false
        }
    }

    /// Whether the key's entry meets it; a missing key equals nothing.
    func holds(_ entry: Entry?, _ arguments: Arguments) throws(CommandError) -> Bool {
        switch self {
        case .none: return true
        case .absent: return entry == nil
        case .present: return entry != nil
        case .equal(let index, let negated):
            guard let entry else { return negated }
            guard entry.kind.isString else { throw .wrongType }
            return entry.withString { $0.equals(arguments[index]) } != negated
        case .digest(let index, let negated):
            guard let entry else { return negated }
            guard entry.kind.isString else { throw .wrongType }
            let wanted = arguments[index]
            guard wanted.byteCount == ValueDigest.count else {
                throw CommandError("ERR must be exactly 16 hexadecimal characters")
            }
            return entry.withString { ValueDigest($0).matches(wanted) } != negated
        }
    }
}

/// What stands for a string's value in DIGEST, IFDEQ and IFDNE: its XXH3 hash in hexadecimal.
struct ValueDigest {
    /// How many digits there are.
    static var count: Int { 16 }

    private let hash: UInt64

    init(_ value: RawSpan) { hash = XXH3.hash(value) }

    /// The digit at `index` in lower case.
    private func digit(_ index: Int) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: hash &>> UInt64(60 &- 4 &* index)) & 0xf
        return value < 10 ? UInt8(ascii: "0") &+ value : UInt8(ascii: "a") &+ value &- 10
    }

    /// Whether the text has the same digits, letters in either case.
    func matches(_ text: RawSpan) -> Bool {
        guard text.byteCount == Self.count else { return false }
        for index in 0..<Self.count where text[byte: index].asciiLowercased != digit(index) { return false }
        return true
    }

    /// Writes the digits as a bulk string.
    func write(to reply: inout ReplyWriter) {
        var digits = InlineArray<16, UInt8>(repeating: 0)
        for index in 0..<Self.count { digits[index] = digit(index) }
        // The array is a local that outlives the call.
        unsafe reply.bulk(digits.span.bytes)
    }
}
