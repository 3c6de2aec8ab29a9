import Glibc
import RESP

/// A float of the precision in which INCRBYFLOAT counts: C's `long double` where Swift has it.
///
/// On x86-64 that is the 80-bit format, as in Redis there; elsewhere it is `Double`.
struct LongDouble: Sendable {
    #if arch(x86_64)
        typealias Value = Float80
        /// Whole numbers up to here, and powers of ten up to the exponent, are exact.
        private static var exactLimit: UInt64 { .max }
        private static var exactExponent: Int { 27 }
    #else
        typealias Value = Double
        /// As above.
        private static var exactLimit: UInt64 { 1 << 53 }
        private static var exactExponent: Int { 22 }
    #endif

    var value: Value

    init(_ value: Value) { self.value = value }

    // MARK: Reading

    /// Reads a float as Redis's `string2ld` does; nil when the text is none.
    ///
    /// Everything that `strtold` takes up to the end of the text is one (hexadecimal, `inf`), except what
    /// begins with white space, is not a number, or does not fit the range.
    init?(_ text: RawSpan) {
        guard text.byteCount > 0, text.byteCount < Self.longestText else { return nil }
        guard let value = Self.short(text) ?? Self.any(text) else { return nil }
        self.value = value
    }

    /// Longer texts are refused, and no number's text is longer (the largest has 4,933 digits).
    static var longestText: Int { 5 * 1024 }

    /// Reads a number of few digits without an exponent: nearly all there are.
    ///
    /// Digits and power of ten are exact, so one division rounds as correctly as the library does.
    private static func short(_ text: RawSpan) -> Value? {
        let sign = text[byte: 0]
        var index = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? 1 : 0
        var digits: UInt64 = 0
        var count = 0
        var fraction: Int?
        while index < text.byteCount {
            let byte = text[byte: index]
            index &+= 1
            if byte == UInt8(ascii: "."), fraction == nil {
                fraction = count
                continue
            }
            let digit = byte &- UInt8(ascii: "0")
            // 19 digits always fit in 64 bits.
            guard digit <= 9, count < 19 else { return nil }
            digits = digits &* 10 &+ UInt64(digit)
            count &+= 1
        }
        let places = fraction.map { count &- $0 } ?? 0
        guard count > 0, digits <= exactLimit, places <= exactExponent else { return nil }
        let magnitude = Value(digits) / powersOfTen[places]
        return sign == UInt8(ascii: "-") ? -magnitude : magnitude
    }

    /// Powers of ten up to 10¹⁹, each exact.
    private static let powersOfTen: [Value] = {
        var powers: [Value] = [1]
        for exponent in 0..<19 { powers.append(powers[exponent] * 10) }
        return powers
    }()

    /// Reads what the C library reads.
    private static func any(_ text: RawSpan) -> Value? {
        let count = text.byteCount
        // The buffer has room for the text and the zero that C wants; all pointers stay in the closure.
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { buffer -> Value? in
            for index in 0..<count { unsafe buffer[index] = CChar(bitPattern: text[byte: index]) }
            unsafe buffer[count] = 0
            // There is at least one byte.
            guard let start = buffer.baseAddress, isspace(Int32(text[byte: 0])) == 0 else { return nil }
            var end: UnsafeMutablePointer<CChar>?
            errno = 0
            #if arch(x86_64)
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

    // MARK: Writing

    /// Digits behind the point.
    private static var places: Int { 17 }

    /// Lends the number's decimal text as Redis writes it for people: up to 17 digits behind the point,
    /// no exponent, no zeros at the end.
    ///
    /// The number must be finite.
    func withText<Answer>(_ body: (RawSpan) -> Answer) -> Answer {
        if let integer = Int64(exactly: value) { return Decimal.withText(of: integer, body) }
        return value.magnitude < 0x1p63 ? withShortText(body) : withLongText(body)
    }

    /// The text of a number with a fraction, computed exactly and rounded half to even as C does.
    private func withShortText<Answer>(_ body: (RawSpan) -> Answer) -> Answer {
        var whole = UInt64(value.magnitude)
        var fraction = Self.decimals(of: value.magnitude - Value(whole))
        if fraction == 100_000_000_000_000_000 {
            whole &+= 1
            fraction = 0
        }
        var digits = InlineArray<40, UInt8>(repeating: UInt8(ascii: "0"))
        var end = 21
        if fraction > 0 {
            digits[21] = UInt8(ascii: ".")
            for index in stride(from: 21 + Self.places, to: 21, by: -1) {
                digits[index] &+= UInt8(truncatingIfNeeded: fraction % 10)
                if digits[index] != UInt8(ascii: "0") { end = max(end, index + 1) }
                fraction /= 10
            }
        }
        var start = 21
        let isZero = whole == 0 && end == 21
        repeat {
            start &-= 1
            digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: whole % 10)
            whole /= 10
        } while whole > 0
        if value < 0, !isZero {
            start &-= 1
            digits[start] = UInt8(ascii: "-")
        }
        // The array lives until the body has returned.
        return unsafe body(digits.span.bytes.extracting(start..<end))
    }

    /// A fraction below one in units of 10⁻¹⁷, rounded half to even.
    private static func decimals(of fraction: Value) -> UInt64 {
        // 128 binary places hold every bit of a fraction that does not round to zero anyway.
        let scaled = fraction * 0x1p64
        let high = UInt64(scaled)
        let low = UInt64((scaled - Value(high)) * 0x1p64)
        let scale: UInt64 = 100_000_000_000_000_000
        let upper = high.multipliedFullWidth(by: scale)
        let lower = low.multipliedFullWidth(by: scale)
        let (middle, carry) = upper.low.addingReportingOverflow(lower.high)
        let units = upper.high &+ (carry ? 1 : 0)
        let half: UInt64 = 1 << 63
        let isTie = middle == half && lower.low == 0
        return units &+ (isTie ? units & 1 : middle >= half ? 1 : 0)
    }

    /// The text of a number without a fraction that is too large for 64 bits.
    private func withLongText<Answer>(_ body: (RawSpan) -> Answer) -> Answer {
        // The buffer has room for the longest text; C writes no more than it is told of.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Self.longestText) { buffer in
            #if arch(x86_64)
                let format = "%.0Lf"
            #else
                let format = "%.0f"
            #endif
            // As above.
            let written = unsafe withVaList([value]) {
                unsafe vsnprintf(buffer.baseAddress, buffer.count, format, $0)
            }
            let count = min(max(Int(written), 0), buffer.count - 1)
            // The bytes written, lent for the call.
            return unsafe body(
                RawSpan(
                    _unsafeBytes: UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count])))
        }
    }
}
