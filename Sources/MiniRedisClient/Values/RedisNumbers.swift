/// What became of a number that was added to.
public struct RedisIncrement<Number: RESPDecodable & Hashable>: RESPDecodable, Hashable {
    /// The sum.
    public let value: Number
    /// What was added, which is less where the sum was brought back to a bound.
    public let added: Number

    /// Reads what INCREX answers.
    public init(resp value: RESPValue) throws(RedisError) {
        let parts = try [Number](resp: value)
        guard parts.count == 2 else { throw .unexpectedReply(value, expected: "a sum and what was added") }
        self.value = parts[0]
        added = parts[1]
    }
}

/// What adding to a number does to its expiry.
public enum RedisIncrementExpiry: Sendable, Hashable {
    case set(RedisExpiry)
    /// Set only where there is none.
    case setIfNone(RedisExpiry)
    /// The key does not expire any more.
    case remove

    func append(to words: inout RedisWords) {
        switch self {
        case .set(let expiry): expiry.append(to: &words)
        case .setIfNone(let expiry):
            expiry.append(to: &words)
            words.append("ENX")
        case .remove: words.append("PERSIST")
        }
    }
}

/// What two values have in common, in the same order, and where.
public struct RedisCommonSubsequence: RESPDecodable, Hashable {
    /// A part that is in both without a gap.
    public struct Match: Sendable, Hashable {
        public let first: ClosedRange<Int>
        public let second: ClosedRange<Int>
        /// If it was asked for.
        public let length: Int?
    }

    /// The parts, the last one first.
    public let matches: [Match]
    /// How many bytes all parts have together.
    public let length: Int

    /// Reads what LCS answers with IDX.
    public init(resp value: RESPValue) throws(RedisError) {
        let fields = try [String: RESPValue](resp: value)
        guard let matches = fields["matches"]?.elements, let length = fields["len"] else {
            throw .mismatch(value, "matches and a length")
        }
        self.length = try Int(resp: length)
        var all: [Match] = []
        for match in matches { all.append(try Self.match(match)) }
        self.matches = all
    }

    private static func match(_ value: RESPValue) throws(RedisError) -> Match {
        guard let parts = value.elements, parts.count >= 2 else { throw .mismatch(value, "two ranges") }
        let length: Int? = if parts.count > 2 { try Int(resp: parts[2]) } else { nil }
        return Match(first: try range(parts[0]), second: try range(parts[1]), length: length)
    }

    private static func range(_ value: RESPValue) throws(RedisError) -> ClosedRange<Int> {
        let ends = try [Int](resp: value)
        guard ends.count == 2, ends[0] <= ends[1] else { throw .unexpectedReply(value, expected: "a range") }
        return ends[0]...ends[1]
    }
}
