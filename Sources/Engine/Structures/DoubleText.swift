import RESP

/// The decimal text of a `Double` as Redis writes scores, coordinates and the like.
///
/// Whole numbers below 2⁶² in all their digits; everything else in digits found by Loitsch's Grisu2
/// ("Printing Floating-Point Numbers Quickly and Accurately with Integers", 2010): they read back as the
/// same number and are the fewest, but for a few numbers in a thousand, for which they are some more.
/// Clients see these texts and replicas compare them, so they must be those of Redis even there.
struct DoubleText {
    private var bytes = InlineArray<32, UInt8>(repeating: UInt8(ascii: "0"))
    private var count = 0

    /// Lends the text of a number: `inf`, `-inf`, `nan` and `-0` among others.
    @inline(__always)
    static func with<Answer: ~Copyable, Failure: Error>(
        _ value: Double, _ body: (RawSpan) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        if let integer = integer(value), integer != 0 || value.sign == .plus {
            return try Decimal.withText(of: integer, body)
        }
        let text = DoubleText(value)
        // The text lives until the body has returned, and its count is at most its size.
        return try body(unsafe text.bytes.span.bytes.extracting(first: text.count))
    }

    /// Lends the text in which large whole numbers may have an exponent too, as DEBUG DIGEST wants it.
    static func withDigits<Answer>(_ value: Double, _ body: (RawSpan) -> Answer) -> Answer {
        let text = DoubleText(value)
        // As above.
        return body(unsafe text.bytes.span.bytes.extracting(first: text.count))
    }

    /// The number if it is whole and surely fits in 64 bits; 0 also for -0.
    @inline(__always)
    static func integer(_ value: Double) -> Int64? {
        guard value.magnitude <= 0x1p62 else { return nil }
        let integer = Int64(value)
        return Double(integer) == value ? integer : nil
    }

    private init(_ value: Double) {
        if value.sign == .minus, !value.isNaN { append(UInt8(ascii: "-")) }
        if value.isNaN {
            write("nan")
        } else if value.isInfinite {
            write("inf")
        } else if value == 0 {
            append(UInt8(ascii: "0"))
        } else {
            layOut(ShortDigits(value.magnitude), isNegative: value.sign == .minus)
        }
    }

    private mutating func append(_ byte: UInt8) {
        bytes[count] = byte
        count &+= 1
    }

    private mutating func write(_ word: StaticString) {
        // Three letters, inside the literal.
        for index in 0..<word.utf8CodeUnitCount { append(unsafe word.utf8Start[index]) }
    }

    private mutating func append(_ digits: ShortDigits, _ range: Range<Int>) {
        for index in range { append(digits.bytes[index]) }
    }

    /// Puts point, zeros and exponent where Redis has them.
    private mutating func layOut(_ digits: ShortDigits, isNegative: Bool) {
        let (all, power) = (digits.count, digits.power)
        let exponent = power &+ all &- 1
        if power >= 0, exponent.magnitude < all &+ 7 {
            append(digits, 0..<all)
            count &+= power  // Zeros stand there already.
        } else if power < 0, power > -7 || exponent.magnitude < 4 {
            let whole = all &+ power
            if whole > 0 {
                append(digits, 0..<whole)
                append(UInt8(ascii: "."))
                append(digits, whole..<all)
            } else {
                append(UInt8(ascii: "0"))
                append(UInt8(ascii: "."))
                count &-= whole
                append(digits, 0..<all)
            }
        } else {
            layOutScientific(digits, isNegative: isNegative)
        }
    }

    private mutating func layOutScientific(_ digits: ShortDigits, isNegative: Bool) {
        let shown = min(digits.count, isNegative ? 17 : 18)
        append(digits, 0..<1)
        if shown > 1 {
            append(UInt8(ascii: "."))
            append(digits, 1..<shown)
        }
        append(UInt8(ascii: "e"))
        append(digits.power &+ shown &- 1 < 0 ? UInt8(ascii: "-") : UInt8(ascii: "+"))
        let exponent = UInt(
            digits.power &+ digits.count &- 1 < 0
                ? 1 &- digits.power &- digits.count : digits.power &+ digits.count &- 1)
        if exponent > 99 { append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: exponent / 100)) }
        if exponent > 9 { append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: exponent / 10 % 10)) }
        append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: exponent % 10))
    }
}

/// The digits of a positive finite number: it is `bytes` as a whole number times ten to the `power`.
private struct ShortDigits {
    private(set) var bytes = InlineArray<18, UInt8>(repeating: 0)
    private(set) var count = 0
    private(set) var power: Int

    /// A binary float of 64 bits without a sign: `fraction` times two to the `exponent`.
    private struct Wide {
        var fraction: UInt64
        var exponent: Int

        /// The same number with the top bit set.
        var normalized: Wide {
            let shift = fraction.leadingZeroBitCount
            return Wide(fraction: fraction &<< UInt64(shift), exponent: exponent &- shift)
        }

        static func * (left: Wide, right: Wide) -> Wide {
            let product = left.fraction.multipliedFullWidth(by: right.fraction)
            return Wide(
                fraction: product.high &+ product.low &>> 63, exponent: left.exponent &+ right.exponent &+ 64)
        }
    }

    init(_ value: Double) {
        let isSubnormal = value.exponentBitPattern == 0
        let hidden: UInt64 = 1 &<< 52
        let fraction = value.significandBitPattern | (isSubnormal ? 0 : hidden)
        let exponent = max(Int(value.exponentBitPattern), 1) &- 1075
        // Half way to the neighbours: the one below is nearer at a power of two.
        let upper = Wide(fraction: fraction &<< 1 | 1, exponent: exponent &- 1).normalized
        let nearness = fraction == hidden ? 2 : 1
        let lower = (fraction &<< UInt64(nearness)) &- 1
        let lowerShift = exponent &- nearness &- upper.exponent
        let (scale, power) = Self.scale(for: upper.exponent)
        let high = upper * scale
        let low = Wide(fraction: lower &<< UInt64(lowerShift), exponent: upper.exponent) * scale
        let exact = Wide(fraction: fraction, exponent: exponent).normalized * scale
        self.power = -power
        generate(exact.fraction, between: low.fraction &+ 1, and: high.fraction &- 1, high.exponent)
    }

    /// Writes digits of `high` until what they stand for lies above `low`; then the last may go down, as
    /// near to `exact` as it gets.
    private mutating func generate(
        _ exact: UInt64, between low: UInt64, and high: UInt64, _ exponent: Int
    ) {
        let shift = UInt64(-exponent)
        let one: UInt64 = 1 &<< shift
        var distance = high &- exact
        var room = high &- low
        var whole = high &>> shift
        var rest = high & (one &- 1)
        var unit: UInt64 = 1_000_000_000
        for left in stride(from: 9, through: 0, by: -1) {
            append(whole / unit)
            whole %= unit
            let remainder = whole &<< shift &+ rest
            if remainder <= room {
                power &+= left
                return round(room, remainder, unit &<< shift, distance)
            }
            unit /= 10
        }
        // At most 17 digits are needed in all.
        while count < 18 {
            rest &*= 10
            room &*= 10
            distance &*= 10
            power &-= 1
            append(rest &>> shift)
            rest &= one &- 1
            if rest < room { return round(room, rest, one, distance) }
        }
    }

    /// Appends a digit, but no zero in front.
    private mutating func append(_ digit: UInt64) {
        if count == 0, digit == 0 { return }
        bytes[count] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit)
        count &+= 1
    }

    private mutating func round(_ room: UInt64, _ remainder: UInt64, _ unit: UInt64, _ distance: UInt64) {
        var remainder = remainder
        while remainder < distance, room &- remainder >= unit,
            remainder &+ unit < distance || distance &- remainder > remainder &+ unit &- distance
        {
            bytes[count &- 1] &-= 1
            remainder &+= unit
        }
    }

    /// A power of ten that brings a number of this exponent between 2⁻⁶⁰ and 2⁻³² ulp, and which it is.
    private static func scale(for exponent: Int) -> (Wide, power: Int) {
        // A guess that Redis makes too: where two powers would do, both must take the same.
        let guess = Int(Double(-(exponent &+ 87)) * 0.30102999566398114)
        var index = (guess &- firstPower) / powerStep
        while true {
            let power = firstPower &+ index &* powerStep
            let binary = (power &* 217706) &>> 16 &- 63
            let sum = exponent &+ binary &+ 64
            if sum < -60 {
                index &+= 1
            } else if sum > -32 {
                index &-= 1
            } else {
                return (Wide(fraction: fractions[index], exponent: binary), power)
            }
        }
    }

    private static var firstPower: Int { -348 }
    private static var powerStep: Int { 8 }

    /// The fractions of 10⁻³⁴⁸, 10⁻³⁴⁰ … 10³⁴⁰ as 64-bit floats, rounded to the nearest.
    private static let fractions: [UInt64] = [
        0xfa8f_d5a0_081c_0288, 0xbaae_e17f_a23e_bf76, 0x8b16_fb20_3055_ac76, 0xcf42_894a_5dce_35ea,
        0x9a6b_b0aa_5565_3b2d, 0xe61a_cf03_3d1a_45df, 0xab70_fe17_c79a_c6ca, 0xff77_b1fc_bebc_dc4f,
        0xbe56_91ef_416b_d60c, 0x8dd0_1fad_907f_fc3c, 0xd351_5c28_3155_9a83, 0x9d71_ac8f_ada6_c9b5,
        0xea9c_2277_23ee_8bcb, 0xaecc_4991_4078_536d, 0x823c_1279_5db6_ce57, 0xc210_9436_4dfb_5637,
        0x9096_ea6f_3848_984f, 0xd774_85cb_2582_3ac7, 0xa086_cfcd_97bf_97f4, 0xef34_0a98_172a_ace5,
        0xb238_67fb_2a35_b28e, 0x84c8_d4df_d2c6_3f3b, 0xc5dd_4427_1ad3_cdba, 0x936b_9fce_bb25_c996,
        0xdbac_6c24_7d62_a584, 0xa3ab_6658_0d5f_daf6, 0xf3e2_f893_dec3_f126, 0xb5b5_ada8_aaff_80b8,
        0x8762_5f05_6c7c_4a8b, 0xc9bc_ff60_34c1_3053, 0x964e_858c_91ba_2655, 0xdff9_7724_7029_7ebd,
        0xa6df_bd9f_b8e5_b88f, 0xf8a9_5fcf_8874_7d94, 0xb944_7093_8fa8_9bcf, 0x8a08_f0f8_bf0f_156b,
        0xcdb0_2555_6531_31b6, 0x993f_e2c6_d07b_7fac, 0xe45c_10c4_2a2b_3b06, 0xaa24_2499_6973_92d3,
        0xfd87_b5f2_8300_ca0e, 0xbce5_0864_9211_1aeb, 0x8cbc_cc09_6f50_88cc, 0xd1b7_1758_e219_652c,
        0x9c40_0000_0000_0000, 0xe8d4_a510_0000_0000, 0xad78_ebc5_ac62_0000, 0x813f_3978_f894_0984,
        0xc097_ce7b_c907_15b3, 0x8f7e_32ce_7bea_5c70, 0xd5d2_38a4_abe9_8068, 0x9f4f_2726_179a_2245,
        0xed63_a231_d4c4_fb27, 0xb0de_6538_8cc8_ada8, 0x83c7_088e_1aab_65db, 0xc45d_1df9_4271_1d9a,
        0x924d_692c_a61b_e758, 0xda01_ee64_1a70_8dea, 0xa26d_a399_9aef_774a, 0xf209_787b_b47d_6b85,
        0xb454_e4a1_79dd_1877, 0x865b_8692_5b9b_c5c2, 0xc835_53c5_c896_5d3d, 0x952a_b45c_fa97_a0b3,
        0xde46_9fbd_99a0_5fe3, 0xa59b_c234_db39_8c25, 0xf6c6_9a72_a398_9f5c, 0xb7dc_bf53_54e9_bece,
        0x88fc_f317_f222_41e2, 0xcc20_ce9b_d35c_78a5, 0x9816_5af3_7b21_53df, 0xe2a0_b5dc_971f_303a,
        0xa8d9_d153_5ce3_b396, 0xfb9b_7cd9_a4a7_443c, 0xbb76_4c4c_a7a4_4410, 0x8bab_8eef_b640_9c1a,
        0xd01f_ef10_a657_842c, 0x9b10_a4e5_e991_3129, 0xe710_9bfb_a19c_0c9d, 0xac28_20d9_623b_f429,
        0x8044_4b5e_7aa7_cf85, 0xbf21_e440_03ac_dd2d, 0x8e67_9c2f_5e44_ff8f, 0xd433_179d_9c8c_b841,
        0x9e19_db92_b4e3_1ba9, 0xeb96_bf6e_badf_77d9, 0xaf87_023b_9bf0_ee6b,
    ]
}
