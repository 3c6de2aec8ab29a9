import Engine
import RESP

/// Text of requests for the log.
enum FrameDescription {
    /// Bytes of a single argument that are shown; the log is for people.
    static let longestArgument = 1 << 10

    /// A request as the tutorial prints it: `array([bulk("set"), bulk("hello"), bulk("world")])`.
    ///
    /// Quotes, backslashes and bytes that are no printable ASCII are escaped. Passwords are left out.
    static func text(_ arguments: Arguments) -> String {
        var text = "array(["
        for index in 0..<arguments.count {
            if index > 0 { text += ", " }
            text += "bulk(\""
            if isSecret(index, of: arguments) {
                text += "(redacted)"
            } else {
                append(arguments[index], to: &text)
            }
            text += "\")"
        }
        return text + "])"
    }

    /// Whether an argument is a password, or a name that belongs to one.
    private static func isSecret(_ index: Int, of arguments: Arguments) -> Bool {
        if arguments.isWord(0, "auth") { return index > 0 }
        if arguments.isWord(0, "hello") {
            return index > 2 && (arguments.isWord(index - 1, "auth") || arguments.isWord(index - 2, "auth"))
        }
        guard arguments.isWord(0, "config"), arguments.isWord(1, "set"), index > 2 else { return false }
        return arguments.isWord(index - 1, "requirepass") || arguments.isWord(index - 1, "masterauth")
    }

    private static func append(_ argument: RawSpan, to text: inout String) {
        for index in 0..<min(argument.byteCount, longestArgument) {
            let byte = argument[byte: index]
            switch byte {
            case UInt8(ascii: "\""): text += "\\\""
            case UInt8(ascii: "\\"): text += "\\\\"
            case UInt8(ascii: "\n"): text += "\\n"
            case UInt8(ascii: "\r"): text += "\\r"
            case UInt8(ascii: "\t"): text += "\\t"
            case 0x20...0x7e: text.unicodeScalars.append(Unicode.Scalar(byte))
            default: text += byte < 16 ? "\\x0\(String(byte, radix: 16))" : "\\x\(String(byte, radix: 16))"
            }
        }
        if argument.byteCount > longestArgument { text += "…" }
    }
}
