import RESP

/// The type of a number inside a string, as BITFIELD names it: `i` or `u` and 1 to 64 bits, `u64` left out.
struct BitFieldType: Equatable {
    let isSigned: Bool
    let width: Int

    /// Reads the name; nil when it is none.
    init?(_ name: RawSpan) {
        switch name[byte: 0] {
        case UInt8(ascii: "i"): isSigned = true
        case UInt8(ascii: "u"): isSigned = false
        default: return nil
        }
        guard let number = Decimal.parse(name.extracting(droppingFirst: min(1, name.byteCount))),
            number >= 1, number <= (isSigned ? 64 : 63)
        else { return nil }
        width = Int(number)
    }

    /// The smallest number of the type.
    var lowest: Int64 { isSigned ? Int64.min >> Int64(64 - width) : 0 }

    /// The largest number of the type.
    var highest: Int64 { Int64.max >> Int64(isSigned ? 64 - width : 63 - width) }

    /// What number the low bits of a word are.
    func number(_ bits: UInt64) -> Int64 {
        let shift = UInt64(64 - width)
        return isSigned ? Int64(bitPattern: bits << shift) >> Int64(shift) : Int64(bitPattern: bits)
    }

    /// The low bits of a word that stand for the number.
    func bits(_ number: Int64) -> UInt64 { UInt64(bitPattern: number) & (.max >> UInt64(64 - width)) }

    /// The number itself or what becomes of it outside the type's range; nil when it is refused.
    ///
    /// Two oddities are Redis's: SET takes its value for an unsigned type as 64 bits without a sign, so that
    /// a negative one is above the range, and for a signed one so is what lies 64 bits below its top.
    func fit(_ number: Int64, _ overflow: BitFieldOverflow) -> Int64? {
        if number >= lowest, number <= highest { return number }
        let isAbove = !isSigned || number > 0 || highest &- number < 0
        return overflowed(number, isAbove: isAbove, overflow)
    }

    /// The sum of a number of the type and any other, or what becomes of it outside the type's range.
    func sum(_ number: Int64, _ delta: Int64, _ overflow: BitFieldOverflow) -> Int64? {
        let (sum, overflows) = number.addingReportingOverflow(delta)
        if !overflows, sum >= lowest, sum <= highest { return sum }
        return overflowed(number &+ delta, isAbove: delta > 0, overflow)
    }

    private func overflowed(_ sum: Int64, isAbove: Bool, _ overflow: BitFieldOverflow) -> Int64? {
        switch overflow {
        case .wrap: number(bits(sum))
        case .saturate: isAbove ? highest : lowest
        case .fail: nil
        }
    }
}

/// What BITFIELD does with a number that does not fit.
enum BitFieldOverflow {
    /// Keeps its low bits.
    case wrap
    /// Takes the nearest number that fits.
    case saturate
    /// Leaves the field alone and answers nothing.
    case fail

    /// The policy of this name, in either case.
    init?(_ word: RawSpan) {
        if word.isWord("WRAP") {
            self = .wrap
        } else if word.isWord("SAT") {
            self = .saturate
        } else if word.isWord("FAIL") {
            self = .fail
        } else {
            return nil
        }
    }
}
