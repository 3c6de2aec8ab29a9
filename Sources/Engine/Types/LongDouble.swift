import Glibc
import RESP

/// A float of the precision in which INCRBYFLOAT counts: C's `long double` where Swift has it.
///
/// On x86-64 that is the 80-bit format, as in Redis there; elsewhere it is `Double`.
struct LongDouble: Sendable {
    #if arch(x86_64) && !os(Windows) && !os(Android)
        typealias Value = Float80
    #else
        typealias Value = Double
    #endif

    var value: Value

    init(_ value: Value) { self.value = value }

    /// Reads a float as Redis's `string2ld` does; nil when the text is none.
    ///
    /// Everything that `strtold` takes up to the end of the text is one (hexadecimal, `inf`), except what
    /// begins with white space, is not a number, or does not fit the range.
    init?(_ text: RawSpan) {
        guard text.byteCount > 0, text.byteCount < Self.longestText else { return nil }
        if let integer = Self.integer(text) {
            value = Value(integer)
            return
        }
        guard let parsed = Self.parse(text) else { return nil }
        value = parsed
    }

    /// Longer texts are refused, and no number's text is longer (the largest has 4,933 digits).
    static var longestText: Int { 5 * 1024 }

    /// Whole numbers of few digits, the most frequent case, need no library.
    private static func integer(_ text: RawSpan) -> Int64? {
        guard text.byteCount <= 18 else { return nil }
        var number: Int64 = 0
        var index = text[byte: 0] == UInt8(ascii: "-") ? 1 : 0
        // The sign of `-0` is lost otherwise.
        guard index < text.byteCount, index == 0 || text[byte: 1] != UInt8(ascii: "0") else { return nil }
        while index < text.byteCount {
            let digit = text[byte: index] &- UInt8(ascii: "0")
            guard digit <= 9 else { return nil }
            number = number &* 10 &+ Int64(digit)
            index &+= 1
        }
        return text[byte: 0] == UInt8(ascii: "-") ? -number : number
    }

    private static func parse(_ text: RawSpan) -> Value? {
        let count = text.byteCount
        // The buffer has room for the text and the zero that C wants; all pointers stay in the closure.
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer -> Value? in
            for index in 0..<count { unsafe buffer[index] = CChar(bitPattern: text[byte: index]) }
            unsafe buffer[count] = 0
            // There is at least one byte.
            guard let start = buffer.baseAddress, isspace(Int32(text[byte: 0])) == 0 else {
                return nil
            }
            var end: UnsafeMutablePointer<CChar>?
            errno = 0
            #if arch(x86_64) && !os(Windows) && !os(Android)
                // As above.
                let value = unsafe strtold(start, &end)
            #else
                // As above.
                let value = unsafe strtod(start, &end)
            #endif
            // Both point into the buffer.
            guard let end = unsafe end, unsafe end - start == count, !value.isNaN else { return nil }
            if errno == ERANGE, value.isInfinite || value.isZero { return nil }
            return value
        }
    }

    /// Lends the number's decimal text as Redis writes it for people: up to 17 digits behind the point,
    /// no exponent, no zeros at the end.
    func withText<Answer>(_ body: (RawSpan) -> Answer) -> Answer {
        if let integer = Int64(exactly: value) { return Decimal.withText(of: integer, body) }
        // The buffer has room for the longest text; C writes no more than it is told of.
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.longestText) { buffer in
            #if arch(x86_64) && !os(Windows) && !os(Android)
                let format = "%.17Lf"
            #else
                let format = "%.17f"
            #endif
            // As above.
            let written = unsafe withVaList([value]) {
                unsafe vsnprintf(buffer.baseAddress, buffer.count, format, $0)
            }
            var count = min(max(Int(written), 0), buffer.count - 1)
            // `count` stays above 0 as there are digits before the point.
            while count > 1, unsafe buffer[count - 1] == CChar(UInt8(ascii: "0")) { count -= 1 }
            // As above.
            if count > 1, unsafe buffer[count - 1] == CChar(UInt8(ascii: ".")) { count -= 1 }
            // As above: a number that rounds to zero has kept its sign.
            if count == 2, unsafe buffer[0] == CChar(UInt8(ascii: "-")),
                unsafe buffer[1] == CChar(UInt8(ascii: "0"))
            {
                return Decimal.withText(of: 0, body)
            }
            // The bytes written, lent for the call.
            return unsafe body(
                RawSpan(
                    _unsafeBytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])))
        }
    }
}
