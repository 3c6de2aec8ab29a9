/// Whether a flush is waited for.
public enum RedisFlushMode: String, Sendable, Hashable {
    /// Memory is freed in the background.
    case async = "ASYNC"
    case sync = "SYNC"
}

/// A reading of the server's clock.
public struct RedisTime: RESPDecodable, Hashable {
    /// Seconds since 1970.
    public let seconds: Int64
    /// Microseconds of the present second.
    public let microseconds: Int64

    /// Reads what TIME answers.
    public init(resp value: RESPValue) throws(RedisError) {
        let parts = try [Int64](resp: value)
        guard parts.count == 2 else { throw .unexpectedReply(value, expected: "seconds and microseconds") }
        seconds = parts[0]
        microseconds = parts[1]
    }
}

/// Some keys of a scan.
public struct RedisScanPage: RESPDecodable, Hashable {
    /// Where to go on; 0 when all keys have been seen.
    public let cursor: UInt64
    /// Keys, perhaps none; one may come twice.
    public let keys: [[UInt8]]

    /// Reads what SCAN answers.
    public init(resp value: RESPValue) throws(RedisError) {
        guard let parts = value.elements, parts.count == 2, let cursor = parts[0].string.flatMap(UInt64.init)
        else {
            throw .mismatch(value, "a cursor and keys")
        }
        self.cursor = cursor
        keys = try [[UInt8]](resp: parts[1])
    }
}
