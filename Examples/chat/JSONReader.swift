/// Reads one JSON value; what it may nest is bounded, and so is what it costs.
struct JSONReader {
    private let text: [UInt8]
    private var index = 0
    private var depth = 0

    /// Values within values, as deep as any packet needs and then some.
    private static let deepest = 16

    init(_ text: [UInt8]) { self.text = text }

    /// Reads everything.
    mutating func readAll() throws(JSON.Fault) -> JSON {
        let value = try readValue()
        skipSpace()
        guard index == text.count else { throw fault("more than one value") }
        return value
    }

    private var next: UInt8? { index < text.count ? text[index] : nil }

    private func fault(_ reason: String) -> JSON.Fault { JSON.Fault(reason: reason, offset: index) }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0a, 0x0d].contains(byte) { index += 1 }
    }

    /// Passes over a byte if it comes next.
    private mutating func take(_ byte: Unicode.Scalar) -> Bool {
        guard next == UInt8(ascii: byte) else { return false }
        index += 1
        return true
    }

    private mutating func readValue() throws(JSON.Fault) -> JSON {
        guard depth < Self.deepest else { throw fault("values nested too deeply") }
        depth += 1
        defer { depth -= 1 }
        skipSpace()
        switch next {
        case nil: throw fault("no value")
        case UInt8(ascii: "{"): return .object(try readObject())
        case UInt8(ascii: "["): return .array(try readArray())
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .boolean(true))
        case UInt8(ascii: "f"): return try readWord("false", .boolean(false))
        case UInt8(ascii: "n"): return try readWord("null", .null)
        default: return try readNumber()
        }
    }

    private mutating func readWord(_ word: StaticString, _ value: JSON) throws(JSON.Fault) -> JSON {
        let bytes = Array(word.description.utf8)
        guard text.count - index >= bytes.count, Array(text[index..<index + bytes.count]) == bytes else {
            throw fault("no value")
        }
        index += bytes.count
        return value
    }

    private mutating func readObject() throws(JSON.Fault) -> [JSON.Member] {
        index += 1
        var members: [JSON.Member] = []
        skipSpace()
        if take("}") { return members }
        repeat {
            skipSpace()
            guard next == UInt8(ascii: "\"") else { throw fault("no name") }
            let name = try readString()
            skipSpace()
            guard take(":") else { throw fault("no colon") }
            members.append(JSON.Member(name: name, value: try readValue()))
            skipSpace()
        } while take(",")
        guard take("}") else { throw fault("no end of an object") }
        return members
    }

    private mutating func readArray() throws(JSON.Fault) -> [JSON] {
        index += 1
        var values: [JSON] = []
        skipSpace()
        if take("]") { return values }
        repeat {
            values.append(try readValue())
            skipSpace()
        } while take(",")
        guard take("]") else { throw fault("no end of an array") }
        return values
    }

    private mutating func readNumber() throws(JSON.Fault) -> JSON {
        let start = index
        _ = take("-")
        if !take("0") { try readDigits() }
        if take(".") { try readDigits() }
        if take("e") || take("E") {
            if !take("-") { _ = take("+") }
            try readDigits()
        }
        return .number(String(decoding: text[start..<index], as: UTF8.self))
    }

    private mutating func readDigits() throws(JSON.Fault) {
        let start = index
        while let byte = next, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { index += 1 }
        guard index > start else { throw fault("no value") }
    }

    // MARK: Strings

    private mutating func readString() throws(JSON.Fault) -> String {
        index += 1
        let start = index
        var bytes: [UInt8] = []
        while let byte = next {
            switch byte {
            case UInt8(ascii: "\""):
                guard let string = String(validating: bytes, as: UTF8.self) else {
                    index = start
                    throw fault("a string that is not UTF-8")
                }
                index += 1
                return string
            case UInt8(ascii: "\\"):
                index += 1
                bytes += String(try readEscape()).utf8
            case 0..<0x20: throw fault("a control character in a string")
            default:
                bytes.append(byte)
                index += 1
            }
        }
        throw fault("no end of a string")
    }

    /// The character that stands behind a backslash.
    private mutating func readEscape() throws(JSON.Fault) -> Unicode.Scalar {
        let plain: [UInt8: Unicode.Scalar] = [
            UInt8(ascii: "\""): "\"", UInt8(ascii: "\\"): "\\", UInt8(ascii: "/"): "/",
            UInt8(ascii: "b"): "\u{8}", UInt8(ascii: "f"): "\u{c}", UInt8(ascii: "n"): "\n",
            UInt8(ascii: "r"): "\r", UInt8(ascii: "t"): "\t",
        ]
        if take("u") { return try readScalar() }
        guard let byte = next, let scalar = plain[byte] else { throw fault("an unknown escape") }
        index += 1
        return scalar
    }

    /// A character by its number in UTF-16, of which some take two.
    private mutating func readScalar() throws(JSON.Fault) -> Unicode.Scalar {
        let first = try readUnit()
        if let scalar = Unicode.Scalar(UInt32(first)) { return scalar }
        guard UTF16.isLeadSurrogate(first), take("\\"), take("u") else { throw fault("half a character") }
        let second = try readUnit()
        guard UTF16.isTrailSurrogate(second) else { throw fault("half a character") }
        return UTF16.decode(UTF16.EncodedScalar([first, second]))
    }

    private mutating func readUnit() throws(JSON.Fault) -> UInt16 {
        guard text.count - index >= 4 else { throw fault("an escape that is cut short") }
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = Character(Unicode.Scalar(text[index])).hexDigitValue, text[index] < 0x80 else {
                throw fault("an unknown escape")
            }
            unit = unit << 4 | UInt16(digit)
            index += 1
        }
        return unit
    }
}
