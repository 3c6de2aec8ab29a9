/// A field of a hash, with its value.
public struct RedisField: RESPDecodable, Hashable {
    public let name: [UInt8]
    public let value: [UInt8]

    /// Reads a pair of both.
    public init(resp value: RESPValue) throws(RedisError) {
        let parts = try [[UInt8]](resp: value)
        guard parts.count == 2 else { throw .unexpectedReply(value, expected: "a field and its value") }
        name = parts[0]
        self.value = parts[1]
    }

    /// Reads pairs, also when they came as one flat array, as in RESP2.
    public static func array(resp value: RESPValue) throws(RedisError) -> [RedisField] {
        guard let elements = value.elements else { throw .mismatch(value, "fields and values") }
        var pairs = elements
        if let first = elements.first, first.elements == nil {
            pairs = (value.pairs ?? []).map { .array([$0.key, $0.value]) }
        }
        var all: [RedisField] = []
        for pair in pairs { all.append(try RedisField(resp: pair)) }
        return all
    }
}

/// An end of a list.
public enum RedisListEnd: String, Sendable, Hashable {
    /// The first element's.
    case left = "LEFT"
    /// The last element's.
    case right = "RIGHT"
}

/// On which side of another an element is.
public enum RedisListPlace: String, Sendable, Hashable {
    case before = "BEFORE"
    case after = "AFTER"
}

/// What was taken off one of several lists.
public struct RedisPopped: RESPDecodable, Hashable {
    /// The list that had something.
    public let key: [UInt8]
    public let elements: [[UInt8]]

    /// Reads a key and an element, or a key and elements.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2 else {
            throw .mismatch(value, "a key and elements")
        }
        key = try [UInt8](resp: parts[0])
        elements = parts[1].elements == nil ? [try [UInt8](resp: parts[1])] : try [[UInt8]](resp: parts[1])
    }

    /// How servers are told how long to wait: 0 is for ever, and nothing else is told as that.
    static func seconds(_ time: Duration?) -> Double {
        time.map { max($0 / .seconds(1), 0.001) } ?? 0
    }
}
