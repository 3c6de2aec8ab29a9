/// A JSON value, as strictly as RFC 8259 has it.
enum JSON: Equatable {
    case null
    case boolean(Bool)
    /// A number as it was written.
    case number(String)
    case string(String)
    case array([JSON])
    case object([Member])

    /// A name with its value, in the order of the text.
    struct Member: Equatable {
        let name: String
        let value: JSON
    }

    /// Why a text is no JSON.
    struct Fault: Error, Equatable, CustomStringConvertible {
        let reason: String
        /// Bytes before it.
        let offset: Int

        var description: String { "\(reason) at byte \(offset)" }
    }

    /// Reads a text that holds one value and nothing else.
    init(_ text: [UInt8]) throws(Fault) {
        var reader = JSONReader(text)
        self = try reader.readAll()
    }

    /// Appends a string in quotes.
    static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += Array("\\n".utf8)
            case UInt8(ascii: "\r"): bytes += Array("\\r".utf8)
            case UInt8(ascii: "\t"): bytes += Array("\\t".utf8)
            case 0..<0x20: bytes += Array("\\u00".utf8) + [hexDigit(byte >> 4), hexDigit(byte & 15)]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private static func hexDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
    }
}
