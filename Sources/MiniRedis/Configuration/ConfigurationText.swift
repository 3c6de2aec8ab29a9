import Engine
import RESP

/// The words of redis.conf's lines: splitting them, quoting them, and sizes.
enum ConfigurationText {
    /// Splits a line into words with Redis's quoting (`sdssplitargs`); nil when quotes don't balance.
    ///
    /// Double quotes know `\n`, `\r`, `\t`, `\b`, `\a` and `\xHH`; single quotes only `\'`.
    static func split(_ line: some Collection<UInt8>) -> [[UInt8]]? {
        let line = Array(line)
        var words: [[UInt8]] = []
        var at = 0
        while true {
            while at < line.count, isSpace(line[at]) { at += 1 }
            guard at < line.count else { return words }
            guard let word = word(line, &at) else { return nil }
            words.append(word)
        }
    }

    private enum Quote {
        case none
        case single
        case double
    }

    private static func word(_ line: [UInt8], _ at: inout Int) -> [UInt8]? {
        var word: [UInt8] = []
        var quote = Quote.none
        while at < line.count {
            let byte = line[at]
            let next = at + 1 < line.count ? line[at + 1] : nil
            switch (quote, byte) {
            case (.none, _) where isSpace(byte):
                return word
            case (.none, UInt8(ascii: "\"")):
                quote = .double
            case (.none, UInt8(ascii: "'")):
                quote = .single
            case (.double, UInt8(ascii: "\"")), (.single, UInt8(ascii: "'")):
                at += 1
                // A closing quote ends the word, and nothing but space may follow.
                if let next, !isSpace(next) { return nil }
                return word
            case (.double, UInt8(ascii: "\\")) where next != nil:
                at += 1
                word.append(escaped(line, &at))
            case (.single, UInt8(ascii: "\\")) where next == UInt8(ascii: "'"):
                at += 1
                word.append(UInt8(ascii: "'"))
            default:
                word.append(byte)
            }
            at += 1
        }
        return quote == .none ? word : nil
    }

    /// The byte that an escape stands for; `at` moves to its last byte.
    private static func escaped(_ line: [UInt8], _ at: inout Int) -> UInt8 {
        if line[at] == UInt8(ascii: "x"), at + 2 < line.count,
            let high = hexDigit(line[at + 1]), let low = hexDigit(line[at + 2])
        {
            at += 2
            return high << 4 | low
        }
        switch line[at] {
        case UInt8(ascii: "n"): return UInt8(ascii: "\n")
        case UInt8(ascii: "r"): return UInt8(ascii: "\r")
        case UInt8(ascii: "t"): return UInt8(ascii: "\t")
        case UInt8(ascii: "b"): return 8
        case UInt8(ascii: "a"): return 7
        default: return line[at]
        }
    }

    /// The bytes in double quotes, so that `split` gives them back (`sdscatrepr`).
    static func quoted(_ bytes: [UInt8]) -> [UInt8] {
        var text = [UInt8(ascii: "\"")]
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\\"), UInt8(ascii: "\""): text += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): text += Array("\\n".utf8)
            case UInt8(ascii: "\r"): text += Array("\\r".utf8)
            case UInt8(ascii: "\t"): text += Array("\\t".utf8)
            case 7: text += Array("\\a".utf8)
            case 8: text += Array("\\b".utf8)
            case 0x20...0x7e: text.append(byte)
            default:
                let digits = Array("0123456789abcdef".utf8)
                text += Array("\\x".utf8) + [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return text + [UInt8(ascii: "\"")]
    }

    private static let units: [(name: String, bytes: Int)] = [
        ("", 1), ("b", 1), ("k", 1000), ("kb", 1 << 10), ("m", 1_000_000), ("mb", 1 << 20),
        ("g", 1_000_000_000), ("gb", 1 << 30),
    ]

    /// Most digits of a size, as in Redis.
    private static let mostDigits = 127

    /// Reads a size such as `100`, `5k` (thousands) or `1gb` (powers of two); nil when it is none.
    ///
    /// As in Redis no digits are 0, a number beyond 64 bits is the largest there is (`strtoull`), and what
    /// the unit makes too large wraps around.
    static func size(_ bytes: [UInt8]) -> UInt64? {
        let text = untilNUL(bytes)
        let digits = text.prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        let unit = lowercased(Array(text[digits.count...]))
        guard digits.count <= mostDigits, let factor = units.first(where: { $0.name == unit })?.bytes else {
            return nil
        }
        let number = digits.isEmpty ? 0 : UInt64(String(decoding: digits, as: UTF8.self)) ?? .max
        return number &* UInt64(factor)
    }

    /// Reads a whole number as C's `strtoll` does when it must take the whole text: blanks and a sign may
    /// come first, nothing at all is 0, and what is too large is the largest; nil when it is no number.
    static func looseInteger(_ bytes: [UInt8]) -> Int64? {
        let text = untilNUL(bytes)
        if text.isEmpty { return 0 }
        let number = text.drop(while: isSpace)
        let isNegative = number.first == UInt8(ascii: "-")
        let digits = isNegative || number.first == UInt8(ascii: "+") ? number.dropFirst() : number
        guard !digits.isEmpty, digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int64(String(decoding: number, as: UTF8.self)) ?? (isNegative ? .min : .max)
    }

    /// The bytes up to the first NUL, which ends the texts that Redis keeps as C strings.
    static func untilNUL(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.prefix { $0 != 0 }) }

    /// The shortest form of a size that reads the same.
    static func formatted(size: UInt64) -> String {
        for (name, bytes) in units.reversed() where name.hasSuffix("b") && bytes > 1 {
            if size != 0, size.isMultiple(of: UInt64(bytes)) { return "\(size / UInt64(bytes))\(name)" }
        }
        return "\(size)"
    }

    /// C's `isspace` in the POSIX locale.
    static func isSpace(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || (byte >= 9 && byte <= 13) }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
