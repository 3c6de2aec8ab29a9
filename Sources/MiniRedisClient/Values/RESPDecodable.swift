/// A type that a reply can be read as.
///
/// `String`, `[UInt8]`, integers, `Double`, `Bool`, optionals, arrays and dictionaries of these do.
public protocol RESPDecodable: Sendable {
    /// Reads a reply; `RedisError.unexpectedReply` when it is of another kind.
    init(resp value: RESPValue) throws(RedisError)

    /// Reads a reply as an array of such values.
    ///
    /// A requirement only so that bytes, of which a string has many, are read from a string.
    static func array(resp value: RESPValue) throws(RedisError) -> [Self]
}

extension RESPDecodable {
    /// Reads each element.
    public static func array(resp value: RESPValue) throws(RedisError) -> [Self] {
        guard let elements = value.elements else { throw .mismatch(value, "an array") }
        var all: [Self] = []
        all.reserveCapacity(elements.count)
        for element in elements { all.append(try Self(resp: element)) }
        return all
    }
}

extension RedisError {
    /// The server's own error if the value is one.
    static func mismatch(_ value: RESPValue, _ expected: String) -> RedisError {
        if case .error(let error) = value { return .server(error) }
        return .unexpectedReply(value, expected: expected)
    }
}

extension RESPValue: RESPDecodable {
    /// Takes any value as it is, but for an error.
    public init(resp value: RESPValue) throws(RedisError) {
        if case .error(let error) = value { throw .server(error) }
        self = value
    }

    /// Takes the elements as they are, errors too.
    public static func array(resp value: RESPValue) throws(RedisError) -> [RESPValue] {
        guard let elements = value.elements else { throw .mismatch(value, "an array") }
        return elements
    }
}

extension String: RESPDecodable {
    /// Reads any string or number.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let text = value.string else { throw .mismatch(value, "a string") }
        self = text
    }
}

extension UInt8: RESPDecodable {
    /// Reads a number from 0 to 255.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let number = value.integer, let byte = UInt8(exactly: number) else {
            throw .mismatch(value, "a byte")
        }
        self = byte
    }

    /// Takes the bytes of a string.
    public static func array(resp value: RESPValue) throws(RedisError) -> [UInt8] {
        if case .bulkString(let bytes) = value { return bytes }
        guard let bytes = value.bytes else { throw .mismatch(value, "a string") }
        return bytes
    }
}

extension Int64: RESPDecodable {
    /// Reads a number, also from its decimal text.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let number = value.integer else { throw .mismatch(value, "an integer") }
        self = number
    }
}

extension Int: RESPDecodable {
    /// Reads a number, also from its decimal text.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let number = value.integer, let fitting = Int(exactly: number) else {
            throw .mismatch(value, "an integer")
        }
        self = fitting
    }
}

extension Double: RESPDecodable {
    /// Reads a number, also from its decimal text.
    public init(resp value: RESPValue) throws(RedisError) {
        if case .double(let number) = value {
            self = number
        } else if let text = value.string, let number = Double(text) {
            self = number
        } else {
            throw .mismatch(value, "a number")
        }
    }
}

extension Bool: RESPDecodable {
    /// Reads a boolean, 1 or 0, or whether a command did something: `OK` or null.
    public init(resp value: RESPValue) throws(RedisError) {
        switch value {
        case .boolean(let value): self = value
        case .integer(1), .simpleString("OK"): self = true
        case .integer(0), .null: self = false
        default: throw .mismatch(value, "a truth value")
        }
    }
}

extension Optional: RESPDecodable where Wrapped: RESPDecodable {
    /// Reads nil from a null.
    public init(resp value: RESPValue) throws(RedisError) {
        if case .null = value { self = nil } else { self = try Wrapped(resp: value) }
    }
}

extension Array: RESPDecodable where Element: RESPDecodable {
    /// Reads the elements of an aggregate, or the bytes of a string.
    public init(resp value: RESPValue) throws(RedisError) {
        self = try Element.array(resp: value)
    }
}

extension Dictionary: RESPDecodable where Key: RESPDecodable, Value: RESPDecodable {
    /// Reads a map, also from a flat array; of equal keys the last counts.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let pairs = value.pairs else { throw .mismatch(value, "a map") }
        self = [:]
        reserveCapacity(pairs.count)
        for pair in pairs { self[try Key(resp: pair.key)] = try Value(resp: pair.value) }
    }
}
