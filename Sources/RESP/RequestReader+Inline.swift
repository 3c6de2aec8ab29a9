/// Inline requests: words of a line, with the quoting rules of Redis's `sdssplitargs`.
extension RequestReader {
    private enum Quote {
        case none
        case single
        case double
    }

    /// Splits the line at `line` into words, unescaped in place; false when quotes don't balance.
    mutating func splitInline(_ line: Range<Int>) -> Bool {
        var at = line.lowerBound
        while true {
            while at < line.upperBound, isSpace(byte(at)) { at += 1 }
            // A NUL ends the line, as it does for Redis's C strings.
            guard at < line.upperBound, byte(at) != 0 else { return true }
            guard let end = unescapeWord(from: at, to: line.upperBound) else { return false }
            at = end
        }
    }

    /// Rewrites the word that starts at `start` without quotes and escapes and records its range.
    ///
    /// Returns the offset behind the word, or nil when a quote is not closed or is followed by
    /// something else than space. The text only gets shorter, so it fits where it stood.
    private mutating func unescapeWord(from start: Int, to end: Int) -> Int? {
        var at = start
        var out = start
        var quote = Quote.none
        scan: while true {
            guard at < end, byte(at) != 0 else {
                if quote != .none { return nil }
                break
            }
            let current = byte(at)
            switch (quote, current) {
            case (.none, _) where isSeparator(current):
                break scan
            case (.none, UInt8(ascii: "\"")):
                quote = .double
            case (.none, UInt8(ascii: "'")):
                quote = .single
            case (.double, UInt8(ascii: "\"")), (.single, UInt8(ascii: "'")):
                if at + 1 < end, byte(at + 1) != 0, !isSpace(byte(at + 1)) { return nil }
                at += 1
                break scan
            case (.double, UInt8(ascii: "\\")) where at + 1 < end && byte(at + 1) != 0:
                let escape = doubleQuotedEscape(at + 1, end)
                put(escape.byte, &out)
                at = escape.last
            case (.single, UInt8(ascii: "\\")) where at + 1 < end && byte(at + 1) == UInt8(ascii: "'"):
                at += 1
                put(UInt8(ascii: "'"), &out)
            default:
                put(current, &out)
            }
            at += 1
        }
        ranges.append(ArgumentRange(start: start, count: out - start))
        return at
    }

    /// The byte that the escape after a backslash stands for, and the escape's last offset.
    private func doubleQuotedEscape(_ at: Int, _ end: Int) -> (byte: UInt8, last: Int) {
        let current = byte(at)
        if current == UInt8(ascii: "x"), at + 2 < end, let high = hexDigit(byte(at + 1)),
            let low = hexDigit(byte(at + 2))
        {
            return (high << 4 | low, at + 2)
        }
        switch current {
        case UInt8(ascii: "n"): return (UInt8(ascii: "\n"), at)
        case UInt8(ascii: "r"): return (UInt8(ascii: "\r"), at)
        case UInt8(ascii: "t"): return (UInt8(ascii: "\t"), at)
        case UInt8(ascii: "b"): return (8, at)
        case UInt8(ascii: "a"): return (7, at)
        default: return (current, at)
        }
    }

    private mutating func put(_ byte: UInt8, _ out: inout Int) {
        buffer.overwrite(byte, at: out)
        out += 1
    }

    private func byte(_ at: Int) -> UInt8 {
        // Callers stay inside the line, which lies inside the buffer.
        Decimal.byte(buffer.bytes, at)
    }

    private func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// What ends a word outside of quotes; vertical tab and form feed only separate words.
    private func isSeparator(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\n")
            || byte == UInt8(ascii: "\r")
    }

    /// C's `isspace` in the POSIX locale.
    private func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (byte >= 9 && byte <= 13)
    }
}
