/// One step through a reply: a whole simple value, or the head of an aggregate whose elements follow.
///
/// Ranges are offsets that `ReplyParser.bytes(_:)` turns into a view.
public enum ReplyToken: Sendable, Equatable {
    case simpleString(Range<Int>)
    /// The code and the text of an error, from a line or from a bulk error.
    case error(Range<Int>)
    case integer(Int64)
    case bulkString(Range<Int>)
    /// Any of the nulls: `_`, `$-1` and `*-1`.
    case null
    case double(Double)
    case boolean(Bool)
    /// An integer of any length, as its decimal text.
    case bigNumber(Range<Int>)
    /// Text, and the three bytes in front of it that say of what format it is.
    case verbatimString(format: Range<Int>, text: Range<Int>)
    /// So many elements follow.
    case array(Int)
    /// So many pairs of a key and a value follow.
    case map(Int)
    case set(Int)
    /// A message that answers no request.
    case push(Int)
    /// So many pairs that say something about the value after them; they are no element of their own.
    case attribute(Int)
}

/// Input that is no reply of RESP2 or RESP3, or a larger one than is taken.
///
/// Nothing that comes after it can be understood: the connection is to be closed.
public struct ReplyError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, in words.
    public let text: String

    public var description: String { text }

    static let brokenLine = ReplyError(text: "a line that does not end in CR LF")
    static let longLine = ReplyError(text: "a line longer than \(ReplyParser.longestLine) bytes")
    static let badLength = ReplyError(text: "a length that is none")
    static let longBulk = ReplyError(text: "a string longer than \(ReplyParser.longestBulk) bytes")
    static let unterminatedBulk = ReplyError(text: "a string longer than announced")
    static let tooManyElements = ReplyError(
        text: "an aggregate of more than \(ReplyParser.mostElements) elements")
    static let tooDeep = ReplyError(text: "aggregates nested more than \(ReplyParser.deepestNesting) deep")
    static let streamed = ReplyError(text: "a streamed type, which no server was known to send")
    static let badNumber = ReplyError(text: "a number that is none")
    static let badBoolean = ReplyError(text: "a boolean that is neither t nor f")
    static let badNull = ReplyError(text: "a null with something behind it")
    static let badVerbatim = ReplyError(text: "a verbatim string without its format")

    static func unknownType(_ byte: UInt8) -> ReplyError {
        let isPrintable = byte > 0x20 && byte < 0x7f
        let shown = isPrintable ? "'\(Character(Unicode.Scalar(byte)))'" : "of code \(byte)"
        return ReplyError(text: "a type \(shown), which there is none of")
    }
}
