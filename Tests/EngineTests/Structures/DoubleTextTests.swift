import Glibc
import RESP
import Testing

@testable import Engine

/// How doubles are written for clients and read from them.
@Suite struct DoubleTextTests {
    private func text(_ value: Double) -> String { DoubleText.with(value) { $0.text } }

    private func read(_ text: String) -> Double? {
        let bytes = Array(text.utf8)
        // The array lives until the number is read, here and below.
        return unsafe Double(decimal: bytes.span.bytes)
    }

    // As above.
    private func bound(_ text: [UInt8]) -> Double? { unsafe Double(bound: text.span.bytes) }

    @Test(
        arguments: [
            (0, "0"), (-0.0, "-0"), (.infinity, "inf"), (-.infinity, "-inf"), (.nan, "nan"), (3, "3"),
            (0.1, "0.1"), (-2.5, "-2.5"), (0.30000000000000004, "0.30000000000000004"),
            (1e17, "100000000000000000"), (0x1p62, "4611686018427387904"), (0x1p63, "9223372036854776000"),
            (1e21, "1e+21"), (1.5e19, "1.5e+19"), (1.5e300, "1.5e+300"), (.leastNonzeroMagnitude, "5e-324"),
            (0.000001, "0.000001"), (1e-7, "1e-7"), (0.00012345, "1.2345e-4"), (1.2345e-5, "1.2345e-5"),
            (1.7976931348623157e308, "1.7976931348623157e+308"), (123456789.125, "123456789.125"),
            (2.2250738585072014e-308, "2.2250738585072014e-308"), (-1e100, "-1e+100"),
        ] as [(Double, String)])
    func isRedisText(_ value: Double, _ expected: String) { #expect(text(value) == expected) }

    /// DEBUG DIGEST shortens whole numbers too.
    @Test func digitsHaveExponents() {
        #expect(DoubleText.withDigits(1e9) { $0.text } == "1e+9")
        #expect(DoubleText.withDigits(1e6) { $0.text } == "1000000")
        #expect(DoubleText.withDigits(-0.0) { $0.text } == "-0")
    }

    @Test func scansShowSeventeenDigits() {
        #expect(ScanScore.withText(of: 0.1) { $0.text } == "0.10000000000000001")
        #expect(ScanScore.withText(of: 12) { $0.text } == "12")
        #expect(ScanScore.withText(of: -0.0) { $0.text } == "-0")
        #expect(ScanScore.withText(of: 1e17) { $0.text } == "1e+17")
        #expect(ScanScore.withText(of: 99_999_999_999_999_984) { $0.text } == "99999999999999984")
        #expect(ScanScore.withText(of: -.infinity) { $0.text } == "-inf")
    }

    /// Of all magnitudes: what is written reads back as the same bits, and nearly always is the shortest.
    @Test func anyNumberSurvives() {
        var random = SeededGenerator(seed: 1)
        var longer = 0
        for _ in 0..<100_000 {
            let value = Double(bitPattern: random.next())
            guard value.isFinite else { continue }
            let text = text(value)
            guard read(text)?.bitPattern == value.bitPattern else {
                Issue.record("\(value) is written \(text)")
                return
            }
            let digits = text.prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
            let shortest = "\(value)".prefix { $0 != "e" }.filter(\.isNumber).drop { $0 == "0" }
            let zeros = { (digits: Substring) in String(digits.reversed().drop { $0 == "0" }) }
            longer += zeros(Substring(digits)).count > zeros(Substring(shortest)).count ? 1 : 0
        }
        #expect(longer < 500)
    }

    @Test func readsAsTheLibraryDoes() {
        var random = SeededGenerator(seed: 2)
        for _ in 0..<100_000 {
            let digits = String(random.next() >> UInt64.random(in: 0...63, using: &random))
            let places = Int.random(in: 0...digits.count, using: &random)
            var text = digits.dropLast(places) + "." + digits.suffix(places)
            if Int.random(in: 0..<4, using: &random) == 0 {
                text += "e\(Int.random(in: -340...320, using: &random))"
            }
            // The text is a string of C for the call.
            guard unsafe strtod(String(text), nil) == read(String(text)) else {
                Issue.record("\(text) is read wrongly")
                return
            }
        }
    }

    @Test(arguments: [
        "", " 1", "1 ", "0x10", "nan", "-nan", "nan(1)", "1e", "1e+", ".", "-.", "--1", "-+1", "+", "-",
        "1_0",
        "1,5", "inf1", "infinit", "in", "e5", "1\u{0}", "inf\u{0}", "1.2.3", "1e5.0",
    ])
    func refuses(_ text: String) { #expect(read(text) == nil) }

    @Test(
        arguments: [
            ("+1", 1), ("1.", 1), (".5", 0.5), ("-.5", -0.5), ("1E+5", 100_000), ("00012", 12), ("-0", 0),
            ("iNf", .infinity), ("+inf", .infinity), ("-Infinity", -.infinity), ("1e400", .infinity),
            ("-1e400", -.infinity), ("1e-400", 0), ("9007199254740993", 9_007_199_254_740_992),
            ("18446744073709551616", 0x1p64), ("0.1", 0.1),
        ] as [(String, Double)])
    func accepts(_ text: String, _ expected: Double) { #expect(read(text) == expected) }

    @Test func boundsAreTextsOfC() {
        #expect(bound([]) == 0)
        #expect(bound(Array("2\0x".utf8)) == 2)
        #expect(bound(Array("x".utf8)) == nil)
    }
}
