/// Redis's glob patterns: `*`, `?`, `[a-z]`, `[^…]` and `\` before a literal (`stringmatchlen`).
///
/// Backtracks to the last star only, so a pattern of n stars costs no more than text × pattern.
public struct Glob: ~Escapable {
    /// With more stars than these, Redis's recursion gives up and finds no match.
    private static var mostStars: Int { 1000 }

    private let pattern: RawSpan
    private let foldsCase: Bool

    /// Keeps a view of the pattern; `foldingCase` compares ASCII letters without their case.
    @_lifetime(copy pattern)
    public init(_ pattern: RawSpan, foldingCase: Bool = false) {
        self.pattern = pattern
        foldsCase = foldingCase
    }

    /// Whether the pattern matches any text at all.
    public var matchesAll: Bool { pattern.byteCount == 1 && at(pattern, 0) == UInt8(ascii: "*") }

    /// The literal text that the pattern stands for, if it has no wildcard: its own bytes.
    public var isLiteral: Bool {
        for index in 0..<pattern.byteCount {
            switch at(pattern, index) {
            case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "\\"): return false
            default: continue
            }
        }
        return true
    }

    /// Whether the whole of `text` fits the pattern.
    public func matches(_ text: RawSpan) -> Bool {
        // Redis's loop never starts on an empty text, so that not even a star matches it.
        if text.isEmpty { return pattern.isEmpty }
        var p = 0
        var t = 0
        var stars = 0
        var star: (pattern: Int, text: Int)?
        while t < text.byteCount {
            if p < pattern.byteCount, at(pattern, p) == UInt8(ascii: "*") {
                while p < pattern.byteCount, at(pattern, p) == UInt8(ascii: "*") { p += 1 }
                if p == pattern.byteCount { return true }
                stars += 1
                if stars > Self.mostStars { return false }
                star = (p, t)
            } else if p < pattern.byteCount, let after = matchOne(p, at(text, t)) {
                p = after
                t += 1
            } else if let last = star {
                // Let the last star swallow one byte more.
                star = (last.pattern, last.text + 1)
                p = last.pattern
                t = last.text + 1
            } else {
                return false
            }
        }
        while p < pattern.byteCount, at(pattern, p) == UInt8(ascii: "*") { p += 1 }
        return p == pattern.byteCount
    }

    /// The offset behind the pattern's element at `p` if that element accepts `byte`.
    private func matchOne(_ p: Int, _ byte: UInt8) -> Int? {
        switch at(pattern, p) {
        case UInt8(ascii: "?"):
            return p + 1
        case UInt8(ascii: "["):
            let result = matchClass(p + 1, byte)
            return result.matched ? result.end : nil
        case UInt8(ascii: "\\") where p + 1 < pattern.byteCount:
            return equal(at(pattern, p + 1), byte) ? p + 2 : nil
        default:
            return equal(at(pattern, p), byte) ? p + 1 : nil
        }
    }

    /// Matches a bracket class from behind its `[` on; an unclosed one ends with the pattern.
    private func matchClass(_ start: Int, _ byte: UInt8) -> (matched: Bool, end: Int) {
        var p = start
        let negated = p < pattern.byteCount && at(pattern, p) == UInt8(ascii: "^")
        if negated { p += 1 }
        var matched = false
        while p < pattern.byteCount {
            let current = at(pattern, p)
            if current == UInt8(ascii: "\\"), p + 1 < pattern.byteCount {
                // Redis compares escaped bytes of a class as they are.
                matched = matched || at(pattern, p + 1) == byte
                p += 2
            } else if current == UInt8(ascii: "]") {
                return (matched != negated, p + 1)
            } else if p + 2 < pattern.byteCount, at(pattern, p + 1) == UInt8(ascii: "-") {
                // Ordered first and folded then, as in Redis: a range from Z to a is empty.
                let low = folded(min(current, at(pattern, p + 2)))
                let high = folded(max(current, at(pattern, p + 2)))
                matched = matched || (low <= folded(byte) && folded(byte) <= high)
                p += 3
            } else {
                matched = matched || equal(current, byte)
                p += 1
            }
        }
        return (matched != negated, p)
    }

    private func equal(_ a: UInt8, _ b: UInt8) -> Bool { folded(a) == folded(b) }

    private func folded(_ byte: UInt8) -> UInt8 { foldsCase ? byte.asciiLowercased : byte }

    private func at(_ span: RawSpan, _ index: Int) -> UInt8 { span[byte: index] }
}
