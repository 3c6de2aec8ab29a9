/// A part of a value, for counting and finding bits; both ends are included, negative ones count from
/// the end.
public enum RedisBitRange: Sendable, Hashable {
    case bytes(Int, Int)
    case bits(Int, Int)

    func append(to words: inout RedisWords) {
        switch self {
        case .bytes(let first, let last):
            words.append(first)
            words.append(last)
        case .bits(let first, let last):
            words.append(first)
            words.append(last)
            words.append("BIT")
        }
    }
}

/// How BITOP combines values.
public enum RedisBitOperation: String, Sendable, Hashable {
    case and = "AND"
    case or = "OR"
    case xor = "XOR"
    /// Of a single value.
    case not = "NOT"
    /// In the first but in none of the others (Redis from version 8.2), as the next ones.
    case difference = "DIFF"
    /// In some of the others but not in the first.
    case reverseDifference = "DIFF1"
    /// In the first and in at least one of the others.
    case andOr = "ANDOR"
    /// In exactly one.
    case one = "ONE"
}

/// One step of BITFIELD; types are written as `u8` or `i16`.
public struct RedisBitFieldStep: Sendable, Hashable {
    let words: [String]

    /// What an increment does where a number has not enough bits.
    public enum Overflow: String, Sendable, Hashable {
        case wrap = "WRAP"
        case saturate = "SAT"
        /// Nothing is changed, and the answer is nil.
        case fail = "FAIL"
    }

    /// Reads a number.
    public static func get(_ type: String, at offset: RedisBitOffset) -> Self {
        Self(words: ["GET", type, offset.text])
    }

    /// Writes a number; gives the old one.
    public static func set(_ type: String, at offset: RedisBitOffset, to value: Int64) -> Self {
        Self(words: ["SET", type, offset.text, "\(value)"])
    }

    /// Adds to a number; gives the sum.
    public static func incrBy(_ type: String, at offset: RedisBitOffset, _ amount: Int64) -> Self {
        Self(words: ["INCRBY", type, offset.text, "\(amount)"])
    }

    /// Decides on the overflow of the steps that follow.
    public static func overflow(_ overflow: Overflow) -> Self {
        Self(words: ["OVERFLOW", overflow.rawValue])
    }
}

/// Where in a value a number is.
public enum RedisBitOffset: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// So many bits from the start.
    case bits(Int)
    /// As if the value were an array of numbers of the type's width.
    case index(Int)

    /// So many bits.
    public init(integerLiteral value: Int) { self = .bits(value) }

    var text: String {
        switch self {
        case .bits(let count): "\(count)"
        case .index(let index): "#\(index)"
        }
    }
}
