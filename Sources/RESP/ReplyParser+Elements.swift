/// Single elements: each begins with a type and a line, and strings go on behind it.
extension ReplyParser {
    /// The next element, or nil when it is not whole.
    mutating func element() throws(ReplyError) -> ReplyToken? {
        guard buffer.count - position >= max(needed, 1) else { return nil }
        let type = Decimal.byte(buffer.bytes, position)
        // Looked at before the line is whole, so that garbage is noticed at its first byte.
        guard let shape = Shape(type) else { throw .unknownType(type) }
        guard let line = try line() else { return nil }
        switch shape {
        case .line: return try simple(type, line)
        case .string: return try string(type, line)
        case .aggregate: return try aggregate(type, line)
        }
    }

    /// How a type is written.
    private enum Shape {
        case line
        case string
        case aggregate

        init?(_ type: UInt8) {
            switch type {
            case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: ":"), UInt8(ascii: "_"),
                UInt8(ascii: ","),
                UInt8(ascii: "#"), UInt8(ascii: "("):
                self = .line
            case UInt8(ascii: "$"), UInt8(ascii: "="), UInt8(ascii: "!"), UInt8(ascii: ";"):
                self = .string
            case UInt8(ascii: "*"), UInt8(ascii: "%"), UInt8(ascii: "~"), UInt8(ascii: ">"),
                UInt8(ascii: "|"),
                UInt8(ascii: "."):
                self = .aggregate
            default:
                return nil
            }
        }
    }

    /// The rest of the line behind the type, or nil when it is not whole.
    private mutating func line() throws(ReplyError) -> Range<Int>? {
        let start = position + 1
        let (at, isWhole) = try Self.endOfLine(
            buffer.bytes, from: start + scanned, upTo: start + Self.longestLine)
        scanned = isWhole ? 0 : at - start
        if scanned >= Self.longestLine { throw .longLine }
        return isWhole ? start..<at : nil
    }

    /// Where CR LF is, or how far there is none.
    private static func endOfLine(
        _ bytes: RawSpan, from start: Int, upTo limit: Int
    ) throws(ReplyError) -> (Int, isWhole: Bool) {
        var at = start
        // The last byte can't be the CR of a whole line.
        let end = min(bytes.byteCount - 1, limit)
        while at < end {
            let byte = Decimal.byte(bytes, at)
            if byte == UInt8(ascii: "\r") {
                guard Decimal.byte(bytes, at + 1) == UInt8(ascii: "\n") else { throw .brokenLine }
                return (at, true)
            }
            if byte == UInt8(ascii: "\n") { throw .brokenLine }
            at += 1
        }
        return (at, false)
    }

    private mutating func simple(_ type: UInt8, _ line: Range<Int>) throws(ReplyError) -> ReplyToken {
        defer { position = line.upperBound + 2 }
        switch type {
        case UInt8(ascii: "+"): return .simpleString(line)
        case UInt8(ascii: "-"): return .error(line)
        case UInt8(ascii: ":"):
            guard let value = Decimal.parse(withoutPlus(line)) else { throw .badNumber }
            return .integer(value)
        case UInt8(ascii: ","): return .double(try double(line))
        case UInt8(ascii: "("):
            guard isWholeNumber(line) else { throw .badNumber }
            return .bigNumber(line)
        case UInt8(ascii: "#"):
            let letter = line.count == 1 ? Decimal.byte(buffer.bytes, line.lowerBound) : 0
            guard letter == UInt8(ascii: "t") || letter == UInt8(ascii: "f") else { throw .badBoolean }
            return .boolean(letter == UInt8(ascii: "t"))
        default:
            guard line.isEmpty else { throw .badNull }
            return .null
        }
    }

    /// A length that announces bytes or elements; nil for the null of RESP2.
    private func length(_ line: Range<Int>, most: Int, _ excess: ReplyError) throws(ReplyError) -> Int? {
        let text = buffer.bytes.extracting(line)
        if line.count == 1, Decimal.byte(text, 0) == UInt8(ascii: "?") { throw .streamed }
        guard let value = Decimal.parse(text), value >= -1 else { throw .badLength }
        guard value <= Int64(most) else { throw excess }
        return value < 0 ? nil : Int(value)
    }

    private mutating func string(_ type: UInt8, _ line: Range<Int>) throws(ReplyError) -> ReplyToken? {
        if type == UInt8(ascii: ";") { throw .streamed }
        let start = line.upperBound + 2
        guard let count = try length(line, most: Self.longestBulk, .longBulk) else {
            guard type == UInt8(ascii: "$") else { throw .badLength }
            position = start
            return .null
        }
        let end = start + count
        guard buffer.count >= end + 2 else {
            needed = end + 2 - position
            return nil
        }
        needed = 0
        guard Decimal.byte(buffer.bytes, end) == UInt8(ascii: "\r"),
            Decimal.byte(buffer.bytes, end + 1) == UInt8(ascii: "\n")
        else { throw .unterminatedBulk }
        position = end + 2
        switch type {
        case UInt8(ascii: "!"): return .error(start..<end)
        case UInt8(ascii: "$"): return .bulkString(start..<end)
        default:
            guard count >= 4, Decimal.byte(buffer.bytes, start + 3) == UInt8(ascii: ":") else {
                throw .badVerbatim
            }
            return .verbatimString(format: start..<(start + 3), text: (start + 4)..<end)
        }
    }

    private mutating func aggregate(_ type: UInt8, _ line: Range<Int>) throws(ReplyError) -> ReplyToken {
        if type == UInt8(ascii: ".") { throw .streamed }
        let isPaired = type == UInt8(ascii: "%") || type == UInt8(ascii: "|")
        let most = isPaired ? Self.mostElements / 2 : Self.mostElements
        let count = try length(line, most: most, .tooManyElements)
        position = line.upperBound + 2
        guard let count else {
            guard type == UInt8(ascii: "*") else { throw .badLength }
            return .null
        }
        switch type {
        case UInt8(ascii: "*"): return .array(count)
        case UInt8(ascii: "%"): return .map(count)
        case UInt8(ascii: "~"): return .set(count)
        case UInt8(ascii: ">"): return .push(count)
        default: return .attribute(count)
        }
    }
}

// MARK: - Numbers

extension ReplyParser {
    /// The specification allows a plus sign, which Redis's own numbers never have.
    @_lifetime(borrow self)
    private func withoutPlus(_ line: Range<Int>) -> RawSpan {
        let text = buffer.bytes.extracting(line)
        let hasPlus =
            line.count > 1 && Decimal.byte(text, 0) == UInt8(ascii: "+")
            && Decimal.byte(text, 1) != UInt8(ascii: "-")
        return hasPlus ? text.extracting(droppingFirst: 1) : text
    }

    /// A sign or none, and digits.
    private func isWholeNumber(_ line: Range<Int>) -> Bool {
        let text = buffer.bytes.extracting(line)
        var at = 0
        if line.count > 1, [UInt8(ascii: "-"), UInt8(ascii: "+")].contains(Decimal.byte(text, 0)) { at = 1 }
        guard at < text.byteCount else { return false }
        while at < text.byteCount {
            guard Decimal.byte(text, at) &- UInt8(ascii: "0") <= 9 else { return false }
            at += 1
        }
        return true
    }

    /// Longest text of a double; `%.17g` needs 24 bytes, servers that print all digits more.
    private static let longestDouble = 400

    private func double(_ line: Range<Int>) throws(ReplyError) -> Double {
        guard !line.isEmpty, line.count <= Self.longestDouble else { throw .badNumber }
        let text = buffer.bytes.extracting(line)
        var word = ""
        for at in 0..<text.byteCount { word.unicodeScalars.append(Unicode.Scalar(Decimal.byte(text, at))) }
        switch word {
        case "inf", "+inf": return .infinity
        case "-inf": return -.infinity
        // Libraries of C print a sign before some.
        case "nan", "-nan", "+nan": return .nan
        default:
            // Swift reads more than decimal numbers.
            let isDecimal = word.utf8.allSatisfy { byte in
                byte &- UInt8(ascii: "0") <= 9 || "+-.eE".utf8.contains(byte)
            }
            guard isDecimal, let value = Double(word) else { throw .badNumber }
            return value
        }
    }
}
