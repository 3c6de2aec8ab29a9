public import RESP

/// What a command answers when it can't do what was asked; nothing was changed then.
public struct CommandError: Error, Sendable {
    private enum Text: Sendable {
        case literal(StaticString)
        case bytes([UInt8])
    }

    private let text: Text

    /// A fixed text, its code first (`ERR …`, `WRONGTYPE …`).
    public init(_ literal: StaticString) { text = .literal(literal) }

    /// A text made for the occasion.
    public init(text: String) { self.text = .bytes(Array(text.utf8)) }

    /// A text that quotes a client's bytes.
    public init(bytes: [UInt8]) { text = .bytes(bytes) }

    /// Writes the error as a reply.
    public func write(to reply: inout ReplyWriter) {
        switch text {
        case .literal(let literal): reply.error(literal)
        // The array's own storage, borrowed for the call.
        case .bytes(let bytes): unsafe reply.error(bytes.span.bytes)
        }
    }

    /// The text.
    public var bytes: [UInt8] {
        switch text {
        case .literal(let literal): Array(literal.description.utf8)
        case .bytes(let bytes): bytes
        }
    }

    /// The text's first word, by which INFO counts errors.
    public var code: String {
        String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
    }
}

extension CommandError {
    public static let syntax = CommandError("ERR syntax error")
    public static let wrongType = CommandError(
        "WRONGTYPE Operation against a key holding the wrong kind of value")
    public static let notInteger = CommandError("ERR value is not an integer or out of range")
    public static let notFloat = CommandError("ERR value is not a valid float")
    public static let noSuchKey = CommandError("ERR no such key")
    public static let outOfRange = CommandError("ERR index out of range")
    static let valueOutOfRange = CommandError("ERR value is out of range")
    public static let databaseIndex = CommandError("ERR DB index is out of range")
    public static let tooLong = CommandError("ERR string exceeds maximum allowed size (proto-max-bulk-len)")
    public static let outOfMemory = CommandError("OOM command not allowed when used memory > 'maxmemory'.")

    /// `name` is the command's full name in lower case, with `|` before a subcommand.
    public static func wrongArity(_ name: String) -> CommandError {
        CommandError(text: "ERR wrong number of arguments for '\(name)' command")
    }

    public static func invalidExpire(_ name: String) -> CommandError {
        CommandError(text: "ERR invalid expire time in '\(name)' command")
    }
}
