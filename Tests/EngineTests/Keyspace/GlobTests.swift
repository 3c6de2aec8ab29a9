import RESP
import Testing

@testable import Engine

@Suite struct GlobTests {
    /// What a real server's KEYS finds (7.0.15): pattern, text, and whether it matched.
    ///
    /// But for the star on the empty text, which KEYS does not try: PSUBSCRIBE shows that it fails.
    static let table: [(String, String, Bool)] = [
        ("*", "a", true), ("*", "", false), ("", "", true), ("", "a", false), ("**", "abc", true),
        ("?", "a", true),
        ("?", "ab", false), ("??", "ab", true), ("a*", "a", true), ("a*", "abc", true), ("a*", "ba", false),
        ("*a", "a", true), ("*a", "ba", true), ("*a", "ab", false), ("*a*", "bab", true), ("a*b", "ab", true),
        ("a*b", "axxb", true), ("a*b", "axxbc", false), ("a*b*c", "abbc", true), ("a*b*c", "acb", false),
        ("*ab*ab", "abab", true), ("*ab*ab", "aab", false), ("a**b", "ab", true), ("a?b", "a?b", true),
        ("h[ae]llo", "hello", true), ("h[ae]llo", "hillo", false), ("h[^e]llo", "hallo", true),
        ("h[^e]llo", "hello", false), ("h[a-e]llo", "hcllo", true), ("h[e-a]llo", "hcllo", true),
        ("h[a-e]llo", "hfllo", false), ("[a-]", "a", true), ("[a-]", "^", true), ("[a-]", "-", false),
        ("[a-]", "b", false),
        ("[-a]", "-", true), ("[a-c-e]", "-", true), ("[a-c-e]", "d", false), ("[]", "a", false),
        ("[]", "]", false),
        ("[]a]", "]a]", false), ("[^]", "a", true), ("[^]", "]", true), ("[^]a]", "xa]", true),
        ("[]]", "]", false),
        ("[", "a", false), ("[", "[", false), ("[a", "a", true), ("[a", "b", false), ("[^a", "b", true),
        ("[^a", "a", false), ("[^", "x", true), ("x[", "x", false), ("[a-", "a", true), ("[a-", "-", true),
        ("[\\]]", "]", true), ("[\\a]", "a", true), ("[\\a]", "\\", false), ("[\\", "\\", true),
        ("[\\^a]", "^", true),
        ("[a\\-z]", "-", true), ("[a\\-z]", "b", false), ("\\*", "*", true), ("\\*", "a", false),
        ("\\?", "?", true),
        ("\\a", "a", true), ("\\", "\\", true), ("a\\", "a\\", true), ("a\\", "a", false),
        ("\\\\", "\\", true),
        ("\\[a]", "[a]", true), ("^a", "^a", true), ("a]", "a]", true), ("A", "a", false),
        ("[A-Z]", "m", false),
        ("[!a]", "b", false), ("[!a]", "!", true), ("{a,b}", "a", false), ("{a,b}", "{a,b}", true),
        ("a*[", "ab", false), ("*[ab]*", "xby", true), ("*\\*", "a*", true), ("*\\*", "a", false),
        ("*?", "a", true),
        ("?*", "a", true), ("*??", "a", false), ("é", "é", true), ("?", "é", false), ("??", "é", true),
    ]

    private func matches(_ pattern: [UInt8], _ text: [UInt8], foldingCase: Bool = false) -> Bool {
        Glob(pattern.raw, foldingCase: foldingCase).matches(text.raw)
    }

    @Test(arguments: table) func matchesAsRedisDoes(_ pattern: String, _ text: String, _ expected: Bool) {
        #expect(matches(Array(pattern.utf8), Array(text.utf8)) == expected)
    }

    @Test func caseIsFolded() {
        let folded: [(String, String, Bool)] = [
            ("ABC", "abc", true), ("a?C", "AbC", true), ("[a-c]x", "BX", true), ("[A-C]", "b", true),
            ("[abc]", "B", true),
            ("[^A]", "a", false), ("\\A", "a", true), ("A", "b", false), ("@", "`", false), ("[", "{", false),
            // The ends of a range are ordered before their case is folded: this one is empty.
            ("[Z-a]", "z", false), ("[Z-a]", "m", false),
            // Escaped letters in a class keep their case.
            ("[\\A]", "a", false), ("[\\A]", "A", true),
        ]
        for (pattern, text, expected) in folded {
            #expect(
                matches(Array(pattern.utf8), Array(text.utf8), foldingCase: true) == expected,
                "\(pattern) \(text)")
        }
    }

    /// Redis's rules once more, by plain recursion: exponential, but hard to get wrong.
    private func naive(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        if first == UInt8(ascii: "*") {
            return naive(pattern.dropFirst(), text) || (!text.isEmpty && naive(pattern, text.dropFirst()))
        }
        guard let byte = text.first else { return false }
        switch first {
        case UInt8(ascii: "?"):
            return naive(pattern.dropFirst(), text.dropFirst())
        case UInt8(ascii: "["):
            let (matched, rest) = naiveClass(pattern.dropFirst(), byte)
            return matched && naive(rest, text.dropFirst())
        case UInt8(ascii: "\\") where pattern.count > 1:
            return pattern.dropFirst().first == byte && naive(pattern.dropFirst(2), text.dropFirst())
        default:
            return first == byte && naive(pattern.dropFirst(), text.dropFirst())
        }
    }

    private func naiveClass(_ pattern: ArraySlice<UInt8>, _ byte: UInt8) -> (Bool, ArraySlice<UInt8>) {
        var rest = pattern
        let negated = rest.first == UInt8(ascii: "^")
        if negated { rest = rest.dropFirst() }
        var accepted: Set<UInt8> = []
        while let first = rest.first {
            let next = Array(rest.prefix(3))
            if first == UInt8(ascii: "\\"), next.count > 1 {
                accepted.insert(next[1])
                rest = rest.dropFirst(2)
            } else if first == UInt8(ascii: "]") {
                return (accepted.contains(byte) != negated, rest.dropFirst())
            } else if next.count > 2, next[1] == UInt8(ascii: "-") {
                accepted.formUnion(min(first, next[2])...max(first, next[2]))
                rest = rest.dropFirst(3)
            } else {
                accepted.insert(first)
                rest = rest.dropFirst()
            }
        }
        return (accepted.contains(byte) != negated, rest)
    }

    @Test(arguments: (0..<20).map(UInt64.init)) func agreesWithTheNaiveMatcher(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let patternBytes = Array("ab*?[]^-\\c".utf8)
        let textBytes = Array("abc-]^*\\[".utf8)
        func pick(_ bytes: [UInt8], upTo most: Int) -> [UInt8] {
            (0..<Int.random(in: 0...most, using: &random)).map { _ in bytes.randomElement(using: &random) ?? 0
            }
        }
        for _ in 0..<500 {
            let pattern = pick(patternBytes, upTo: 8)
            let text = pick(textBytes, upTo: 7)
            // The empty text is the one exception, see `matchesAsRedisDoes`.
            if text.isEmpty { continue }
            let expected = naive(pattern[...], text[...])
            if matches(pattern, text) != expected {
                let shown =
                    "'\(String(decoding: pattern, as: UTF8.self))' on '\(String(decoding: text, as: UTF8.self))'"
                Issue.record("seed \(seed): \(shown) should be \(expected)")
            }
        }
    }

    /// Exponential matchers would not return from this one.
    @Test(.timeLimit(.minutes(10))) func manyStarsCostLittle() {
        let pattern = Array(String(repeating: "a*", count: 1000).utf8) + [UInt8(ascii: "b")]
        #expect(!matches(pattern, [UInt8](repeating: UInt8(ascii: "a"), count: 5000)))
    }

    @Test func tellsWhatPatternsAre() {
        func isAll(_ pattern: String) -> Bool { Glob(Array(pattern.utf8).raw).matchesAll }
        func isLiteral(_ pattern: String) -> Bool { Glob(Array(pattern.utf8).raw).isLiteral }
        #expect(isAll("*"))
        for other in ["**", "", "a", "?"] { #expect(!isAll(other)) }
        for wild in ["a*", "?", "[a]", "\\a"] { #expect(!isLiteral(wild)) }
        for literal in ["", "abc", "a]", "^-"] { #expect(isLiteral(literal)) }
    }
}
