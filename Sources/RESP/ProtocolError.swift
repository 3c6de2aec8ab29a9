/// Malformed input: the connection answers with the text and closes.
public struct ProtocolError: Error, Equatable, Sendable {
    /// Redis's text, without the `-ERR Protocol error: ` in front of it; it may quote any byte.
    public private(set) var bytes: [UInt8]

    /// The text, with replacement characters where it quotes what is not UTF-8.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    private init(text: String) { bytes = Array(text.utf8) }

    static let tooBigMultibulkCount = ProtocolError(text: "too big mbulk count string")
    static let invalidMultibulkLength = ProtocolError(text: "invalid multibulk length")
    static let unauthenticatedMultibulkLength = ProtocolError(text: "unauthenticated multibulk length")
    static let tooBigBulkCount = ProtocolError(text: "too big bulk count string")
    static let invalidBulkLength = ProtocolError(text: "invalid bulk length")
    static let unauthenticatedBulkLength = ProtocolError(text: "unauthenticated bulk length")
    static let tooBigInline = ProtocolError(text: "too big inline request")
    static let unbalancedQuotes = ProtocolError(text: "unbalanced quotes in request")
    /// The memory for an announced bulk string is not to be had.
    static let outOfMemory = ProtocolError(text: "out of memory for bulk string")
    /// More input than `ArgumentRange` can name; Redis has no such limit, and so no text for it.
    static let tooBigRequest = ProtocolError(text: "too big request")

    static func expectedDollar(got byte: UInt8) -> ProtocolError {
        var error = ProtocolError(text: "expected '$', got '")
        error.bytes += [byte, UInt8(ascii: "'")]
        return error
    }
}

/// What the reader accepts; Redis's limits.
public struct RequestLimits: Sendable {
    /// Longest bulk string in bytes (`proto-max-bulk-len`).
    public var bulkLength = 512 << 20
    /// Before authentication only small requests are read, so that strangers can't fill memory.
    public var authenticated = true
    /// Most bytes of requests that are not run yet, big bulk strings aside.
    var bufferedBytes = ArgumentRange.reach

    /// Most arguments of one request, as in Redis; far fewer fit in `client-query-buffer-limit`.
    public static let arguments = Int(Int32.max)
    /// Longest inline request, and longest line that announces a length, in bytes.
    public static let inlineLength = 64 << 10
    /// Most arguments of a request before authentication.
    public static let unauthenticatedArguments = 10
    /// Longest bulk string before authentication, in bytes.
    public static let unauthenticatedBulkLength = 16 << 10

    /// The limits of an authenticated client with default settings.
    public init() {}
}
