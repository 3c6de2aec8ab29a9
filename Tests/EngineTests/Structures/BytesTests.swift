import Testing

@testable import Engine

@Suite struct BytesTests {
    /// Every pair of short strings that differ late, early or in length only, against the arrays' own order.
    @Test func orderIsThatOfArrays() {
        var strings: [[UInt8]] = [[]]
        for count in [1, 2, 7, 8, 9, 15, 16, 17, 25] {
            let base = [UInt8](repeating: 0x80, count: count)
            strings.append(base)
            for place in Set([0, count / 2, count - 1]) {
                for byte in [0, 0x7f, 0x81, 0xff] as [UInt8] {
                    var other = base
                    other[place] = byte
                    strings.append(other)
                }
            }
        }
        for left in strings {
            for right in strings {
                let order = Bytes.order(left.raw, right.raw)
                #expect((order == 0) == (left == right))
                #expect((order < 0) == left.lexicographicallyPrecedes(right))
            }
        }
    }
}
