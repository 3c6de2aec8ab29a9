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
            if SecretArguments.contain(index, of: arguments) {
                text += SecretArguments.replacement.description
            } else {
                append(arguments[index], to: &text)
            }
            text += "\")"
        }
        return text + "])"
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
