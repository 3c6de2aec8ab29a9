import Glibc
import RESP

/// Reading a `Double` as Redis does: a sign, digits with a point, an exponent; or `inf` and `infinity` in
/// any case.
///
/// No blanks, no hexadecimal, nothing that is not a number. What is too large is infinite, and what is too
/// small is zero.
extension Double {
    /// The number that all bytes together are; nil when they are none.
    @inline(__always)
    init?(decimal text: RawSpan) {
        if let short = Self.short(text) {
            self = short
        } else if let any = Self.any(text) {
            self = any
        } else {
            return nil
        }
    }

    /// The end of a range of scores, as Redis reads it: a zero byte ends the text, and no text is zero.
    init?(bound text: RawSpan) {
        var end = 0
        while end < text.byteCount, text[byte: end] != 0 { end &+= 1 }
        if end == 0 { self = 0 } else { self.init(decimal: text.extracting(first: end)) }
    }

    /// Reads a number of at most 19 digits without an exponent: nearly all there are.
    private static func short(_ text: RawSpan) -> Double? {
        let sign = text[byte: 0]
        var index = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? 1 : 0
        let count = text.byteCount
        // A sign, a point and 19 digits.
        guard count > index, count <= 21 else { return nil }
        var digits: UInt64 = 0
        var digitCount = 0
        var places = 0
        var hasPoint = false
        while index < count {
            let byte = text[byte: index]
            index &+= 1
            let digit = byte &- UInt8(ascii: "0")
            if digit <= 9 {
                digits = digits &* 10 &+ UInt64(digit)
                digitCount &+= 1
                places &+= hasPoint ? 1 : 0
            } else if byte == UInt8(ascii: "."), !hasPoint {
                hasPoint = true
            } else {
                return nil
            }
        }
        guard digitCount > 0, digitCount <= 19, let magnitude = quotient(digits, places) else { return nil }
        return sign == UInt8(ascii: "-") ? -magnitude : magnitude
    }

    /// Digits divided by a power of ten, rounded correctly; nil where that takes more precision.
    @inline(__always)
    private static func quotient(_ digits: UInt64, _ places: Int) -> Double? {
        if digits <= 1 << 53 {
            // Both are exact, so one division rounds once.
            return places == 0 ? Double(digits) : Double(digits) / powersOfTen[places]
        }
        if places == 0 { return Double(digits) }
        #if arch(x86_64)
            // Both are exact in 64 bits. Rounding the rounded quotient again is wrong only if it seems to lie
            // in the middle between two doubles.
            let wide = Float80(digits) / Float80(powersOfTen[places])
            return wide.significandBitPattern & 0x7ff == 0x400 ? nil : Double(wide)
        #else
            return nil
        #endif
    }

    /// Powers of ten, each exact.
    private static let powersOfTen: [Double] = {
        var powers: [Double] = [1]
        for exponent in 0..<19 { powers.append(powers[exponent] * 10) }
        return powers
    }()

    /// Reads what the C library reads, if it has one of the allowed forms.
    private static func any(_ text: RawSpan) -> Double? {
        let sign = text[byte: 0]
        let start = sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") ? 1 : 0
        let count = text.byteCount
        guard count > start else { return nil }
        let magnitude = text.extracting(start..<count)
        if magnitude.byteCount <= 8, magnitude.isExactly("inf") || magnitude.isExactly("infinity") {
            return sign == UInt8(ascii: "-") ? -.infinity : .infinity
        }
        guard isDecimal(magnitude) else { return nil }
        // The buffer has room for the text and the zero that C wants; the pointers stay in the closure.
        return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) {
            buffer -> Double? in
            for index in 0..<count { unsafe buffer[index] = CChar(bitPattern: text[byte: index]) }
            unsafe buffer[count] = 0
            // There is at least one byte.
            guard let start = buffer.baseAddress else { return nil }
            return unsafe strtod(start, nil)
        }
    }

    /// Whether the bytes are digits, perhaps with a point among them and an exponent behind them.
    private static func isDecimal(_ text: RawSpan) -> Bool {
        var at = 0
        let whole = text.digits(from: &at)
        var fraction = 0
        if text[byte: at] == UInt8(ascii: ".") {
            at &+= 1
            fraction = text.digits(from: &at)
        }
        guard whole &+ fraction > 0 else { return false }
        if text[byte: at].asciiLowercased == UInt8(ascii: "e") {
            at &+= 1
            if text[byte: at] == UInt8(ascii: "-") || text[byte: at] == UInt8(ascii: "+") { at &+= 1 }
            guard text.digits(from: &at) > 0 else { return false }
        }
        return at == text.byteCount
    }
}

extension RawSpan {
    /// Passes over digits, and returns how many there were.
    fileprivate func digits(from index: inout Int) -> Int {
        let start = index
        while index < byteCount, self[byte: index] &- UInt8(ascii: "0") <= 9 { index &+= 1 }
        return index &- start
    }

    /// Whether the bytes are the word, in either case, and nothing else.
    fileprivate func isExactly(_ word: StaticString) -> Bool {
        byteCount == word.utf8CodeUnitCount && isWord(word)
    }
}
