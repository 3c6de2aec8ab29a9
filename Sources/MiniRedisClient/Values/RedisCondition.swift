/// On what SET makes itself depend.
public enum RedisSetCondition: Sendable, Hashable {
    /// There is no such key.
    case absent
    /// There is such a key.
    case present
    /// The key has a value as asked (Redis from version 8.4; Valkey from 8.1 for `equal`).
    case value(RedisComparison)

    /// The key has this value.
    public static func equal(to value: [UInt8]) -> Self { .value(.equal(to: value)) }

    func append(to words: inout RedisWords) {
        switch self {
        case .absent: words.append("NX")
        case .present: words.append("XX")
        case .value(let comparison): comparison.append(to: &words)
        }
    }
}

/// What a key's value is to be for a command to act; digests are those of `digest(of:)`.
public enum RedisComparison: Sendable, Hashable {
    case equal(to: [UInt8])
    case different(from: [UInt8])
    case digest(String)
    case otherDigest(String)

    func append(to words: inout RedisWords) {
        switch self {
        case .equal(let value):
            words.append("IFEQ")
            words.append(value)
        case .different(let value):
            words.append("IFNE")
            words.append(value)
        case .digest(let digest):
            words.append("IFDEQ")
            words.append(digest)
        case .otherDigest(let digest):
            words.append("IFDNE")
            words.append(digest)
        }
    }
}

/// Whether keys are to be there.
public enum RedisExistence: String, Sendable, Hashable {
    /// None of them is there.
    case absent = "NX"
    /// All of them are there.
    case present = "XX"
}

/// Whether fields of a hash are to be there.
public enum RedisFieldExistence: String, Sendable, Hashable {
    /// None of them is there.
    case absent = "FNX"
    /// All of them are there.
    case present = "FXX"
}
