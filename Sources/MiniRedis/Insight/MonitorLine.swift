import Broadcasting
import Engine
import RESP

/// A request as MONITOR shows it: `+1339518083.107412 [0 127.0.0.1:60866] "set" "key" "value"`.
struct MonitorLine {
    let message: SharedMessage

    private static let topic = Topic(Array("MONITOR".utf8))

    /// Writes a request of a client that came at some moment (Unix microseconds).
    init(
        _ arguments: Arguments, from session: Session, unixSocket: String, in database: Int,
        at microseconds: Int64
    ) {
        var line = ByteBuffer()
        line.append(UInt8(ascii: "+"))
        line.append(decimal: microseconds / 1_000_000)
        line.append(UInt8(ascii: "."))
        let fraction = String(microseconds % 1_000_000)
        line.append(text: String(repeating: "0", count: max(6 - fraction.utf8.count, 0)) + fraction)
        line.append(" [" as StaticString)
        line.append(decimal: Int64(database))
        let isLocal = session.options.contains(.unixSocket)
        line.append(text: " \(isLocal ? "unix:\(unixSocket)" : session.address)]")
        for index in 0..<arguments.count {
            line.append(" \"" as StaticString)
            if SecretArguments.contain(index, of: arguments) {
                line.append(SecretArguments.replacement)
            } else {
                Self.append(arguments[index], to: &line)
            }
            line.append(UInt8(ascii: "\""))
        }
        line.append("\r\n" as StaticString)
        message = SharedMessage(Self.topic, line)
    }

    /// Appends a word with escapes for all that would not be seen, or end it.
    private static func append(_ word: RawSpan, to line: inout ByteBuffer) {
        line.reserve(word.byteCount)
        for index in 0..<word.byteCount {
            let byte = word[byte: index]
            switch byte {
            case UInt8(ascii: "\""): line.append("\\\"" as StaticString)
            case UInt8(ascii: "\\"): line.append("\\\\" as StaticString)
            case UInt8(ascii: "\n"): line.append("\\n" as StaticString)
            case UInt8(ascii: "\r"): line.append("\\r" as StaticString)
            case UInt8(ascii: "\t"): line.append("\\t" as StaticString)
            case 0x07: line.append("\\a" as StaticString)
            case 0x08: line.append("\\b" as StaticString)
            case 0x20...0x7e: line.append(byte)
            default:
                line.append("\\x" as StaticString)
                line.append(hexDigit(byte >> 4))
                line.append(hexDigit(byte & 15))
            }
        }
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
