import Testing

@testable import RESP

@Suite struct DecimalTests {
    static let edges: [Int64] = {
        var all: [Int64] = [0, .max, .min, .max - 1, .min + 1]
        var power: Int64 = 1
        for _ in 0..<18 {
            power *= 10
            all += [power - 1, power, power + 1, -power + 1, -power, -power - 1]
        }
        for bit in 0..<63 { all += [1 << bit, -(1 << bit), (1 << bit) - 1] }
        return all + (-1100...1100)
    }()

    private func text(_ value: Int64) -> String {
        var buffer = ByteBuffer()
        buffer.append(decimal: value)
        return String(decoding: [UInt8](copying: buffer.bytes), as: UTF8.self)
    }

    private func check(_ value: Int64) {
        let expected = String(value)
        #expect(text(value) == expected)
        #expect(Decimal.withText(of: value) { [UInt8](copying: $0) } == [UInt8](expected))
        #expect(Decimal.parse([UInt8](expected).raw) == value)
        #expect(Decimal.length(value) == expected.utf8.count)
    }

    @Test func edgesWriteAndReadBack() {
        for value in Self.edges { check(value) }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func randomNumbersWriteAndReadBack(_ seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            check(Int64(bitPattern: random.next()) >> Int64.random(in: 0...63, using: &random))
        }
    }

    @Test(arguments: [
        "", "-", "+1", "-0", "00", "01", "-01", " 1", "1 ", "1.0", "0x1", "1e3", "--1", "1-", "a", "１", "1\0",
        "\0",
        "9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616",
        "18446744073709551617", "99999999999999999999", "100000000000000000000", "-99999999999999999999",
        "000000000000000000001", "/", ":", "-/", "1:",
    ]) func refuses(_ text: String) {
        #expect(Decimal.parse([UInt8](text).raw) == nil)
    }

    /// What reads as a number is that number's one text.
    @Test func acceptsOneTextOnly() {
        var random = SeededGenerator(seed: 4)
        let alphabet: [UInt8] = Array("0123456789-+ .".utf8)
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...21, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            let expected = Int64(String(decoding: text, as: UTF8.self)).flatMap {
                [UInt8]("\($0)") == text ? $0 : nil
            }
            #expect(Decimal.parse(text.raw) == expected)
        }
    }
}
