/// Decimal text of integers, as Redis's `ll2string` and `string2ll` define it.
public enum Decimal {
    /// The longest text of an `Int64`: a sign and 19 digits.
    public static var longest: Int { 20 }

    /// Reads a whole number that is written in its one shortest form, or nil.
    ///
    /// No plus sign, no leading zero, no space, no `-0`: what reads back as the same text.
    @inlinable public static func parse(_ text: RawSpan) -> Int64? {
        let n = text.byteCount
        guard n > 0, n <= longest else { return nil }
        var at = 0
        let negative = byte(text, 0) == UInt8(ascii: "-")
        if negative {
            at = 1
            if n == 1 { return nil }
        }
        let first = byte(text, at) &- UInt8(ascii: "0")
        if first == 0 { return n == 1 ? 0 : nil }
        if first > 9 { return nil }
        var magnitude = UInt64(first)
        at &+= 1
        while at < n {
            let digit = byte(text, at) &- UInt8(ascii: "0")
            if digit > 9 { return nil }
            let (scaled, overflow1) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = scaled.addingReportingOverflow(UInt64(digit))
            if overflow1 || overflow2 { return nil }
            magnitude = sum
            at &+= 1
        }
        if negative {
            if magnitude > UInt64(Int64.max) + 1 { return nil }
            return Int64(truncatingIfNeeded: 0 &- magnitude)
        }
        return magnitude > UInt64(Int64.max) ? nil : Int64(magnitude)
    }

    @inlinable @inline(__always)
    static func byte(_ span: RawSpan, _ index: Int) -> UInt8 {
        // Callers stay below byteCount.
        unsafe span.unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt8.self)
    }

    /// How many digits `magnitude` has.
    @inlinable static func digits(_ magnitude: UInt64) -> Int {
        var n = 1
        var rest = magnitude
        while rest >= 10_000 {
            rest /= 10_000
            n &+= 4
        }
        if rest >= 1000 { return n &+ 3 }
        if rest >= 100 { return n &+ 2 }
        return rest >= 10 ? n &+ 1 : n
    }

    /// How many bytes the text of `value` has.
    @inlinable public static func length(_ value: Int64) -> Int {
        digits(value.magnitude) &+ (value < 0 ? 1 : 0)
    }
}

extension ByteBuffer {
    /// Appends `value` in decimal.
    @inlinable public mutating func append(decimal value: Int64) {
        reserve(Decimal.longest)
        var magnitude = value.magnitude
        if value < 0 {
            // reserve made room for the longest text, here and below.
            unsafe base.storeBytes(of: UInt8(ascii: "-"), toByteOffset: tail, as: UInt8.self)
            tail &+= 1
        }
        let end = tail &+ Decimal.digits(magnitude)
        var at = end
        repeat {
            at &-= 1
            let digit = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude % 10)
            // Between the tail and the end of the room that was made.
            unsafe base.storeBytes(of: digit, toByteOffset: at, as: UInt8.self)
            magnitude /= 10
        } while magnitude != 0
        tail = end
    }

    /// Appends `value` in decimal.
    @inlinable public mutating func append(decimal value: Int) {
        append(decimal: Int64(value))
    }
}

extension Decimal {
    /// Lends the decimal text of `value`.
    @inlinable public static func withText<Answer: ~Copyable, Failure: Error>(
        of value: Int64, _ body: (RawSpan) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        var digits = InlineArray<20, UInt8>(repeating: 0)
        var at = longest
        var magnitude = value.magnitude
        repeat {
            at &-= 1
            digits[at] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: magnitude % 10)
            magnitude /= 10
        } while magnitude != 0
        if value < 0 {
            at &-= 1
            digits[at] = UInt8(ascii: "-")
        }
        // The array lives until the body has returned.
        return try body(unsafe digits.span.bytes.extracting(at..<longest))
    }
}
