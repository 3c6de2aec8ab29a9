/// A reply of the server, of any type that RESP2 or RESP3 has.
///
/// Attributes, which may stand before any value and only annotate it, are read and dropped.
public enum RESPValue: Sendable, Hashable {
    /// No value: RESP3's null, RESP2's null bulk string and null array.
    case null
    /// A short text such as `OK`.
    case simpleString(String)
    /// An error, of the whole request or, in an aggregate, of one part of it.
    case error(RedisServerError)
    case integer(Int64)
    /// Bytes of any kind.
    case bulkString([UInt8])
    case double(Double)
    case boolean(Bool)
    /// An integer too large for 64 bits, as its decimal text.
    case bigNumber(String)
    /// Text for people; the format is `txt` or `mkd`.
    indirect case verbatimString(format: String, text: [UInt8])
    case array([RESPValue])
    /// Keys and values in the order in which the server sent them.
    case map([RESPPair])
    case set([RESPValue])
    /// A message that answers no request.
    case push([RESPValue])
}

/// A key and its value in a map.
public struct RESPPair: Sendable, Hashable {
    public var key: RESPValue
    public var value: RESPValue

    /// Makes a pair.
    public init(_ key: RESPValue, _ value: RESPValue) {
        self.key = key
        self.value = value
    }
}

extension RESPValue {
    /// The bytes of a string of any kind, or the decimal text of a number; nil for anything else.
    public var bytes: [UInt8]? {
        switch self {
        case .bulkString(let bytes), .verbatimString(_, let bytes): bytes
        case .simpleString(let text), .bigNumber(let text): Array(text.utf8)
        case .integer(let value): Array(String(value).utf8)
        case .double(let value): Array(String(value).utf8)
        default: nil
        }
    }

    /// The text of a string of any kind or of a number; what is no UTF-8 is replaced by `�`.
    public var string: String? {
        switch self {
        case .simpleString(let text), .bigNumber(let text): text
        case .bulkString(let bytes), .verbatimString(_, let bytes): String(decoding: bytes, as: UTF8.self)
        case .integer(let value): String(value)
        case .double(let value): String(value)
        default: nil
        }
    }

    /// The number, also when it came as decimal text; nil for anything else.
    public var integer: Int64? {
        switch self {
        case .integer(let value): value
        case .boolean(let value): value ? 1 : 0
        case .bulkString, .simpleString, .bigNumber: string.flatMap(Int64.init)
        default: nil
        }
    }

    /// The elements of an array, a set or a push message, or a map's keys and values in turn.
    public var elements: [RESPValue]? {
        switch self {
        case .array(let all), .set(let all), .push(let all): all
        case .map(let pairs): pairs.flatMap { [$0.key, $0.value] }
        default: nil
        }
    }

    /// The pairs of a map, also of one that came as a flat array as in RESP2.
    public var pairs: [RESPPair]? {
        switch self {
        case .map(let pairs): return pairs
        case .array(let all) where all.count.isMultiple(of: 2):
            return stride(from: 0, to: all.count, by: 2).map { RESPPair(all[$0], all[$0 + 1]) }
        default: return nil
        }
    }
}
