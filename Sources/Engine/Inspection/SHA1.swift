/// SHA-1 (FIPS 180-4), where Redis's behaviour rests on it: digests of data sets and names of scripts.
///
/// Nothing here relies on it being hard to break.
struct SHA1 {
    private var state: InlineArray<5, UInt32> = [
        0x6745_2301, 0xefcd_ab89, 0x98ba_dcfe, 0x1032_5476, 0xc3d2_e1f0,
    ]
    private var block = InlineArray<16, UInt32>(repeating: 0)
    private var count = 0

    /// The hash of a span.
    static func hash(_ bytes: RawSpan) -> InlineArray<20, UInt8> {
        var hash = SHA1()
        for index in 0..<bytes.byteCount { hash.append(bytes[byte: index]) }
        return hash.finish()
    }

    private mutating func append(_ byte: UInt8) {
        let word = (count &>> 2) & 15
        block[word] = block[word] &<< 8 | UInt32(byte)
        count &+= 1
        if count & 63 == 0 { mixBlock() }
    }

    private mutating func finish() -> InlineArray<20, UInt8> {
        let bits = UInt64(count) &* 8
        append(0x80)
        while count & 63 != 56 { append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: bits &>> UInt64(shift)))
        }
        var result = InlineArray<20, UInt8>(repeating: 0)
        for index in 0..<20 {
            result[index] = UInt8(truncatingIfNeeded: state[index &>> 2] &>> UInt32(24 &- (index & 3) &* 8))
        }
        return result
    }

    private mutating func mixBlock() {
        var words = block
        var a = state[0]
        var b = state[1]
        var c = state[2]
        var d = state[3]
        var e = state[4]
        for round in 0..<80 {
            let place = round & 15
            if round >= 16 {
                let mixed =
                    words[(place &+ 13) & 15] ^ words[(place &+ 8) & 15] ^ words[(place &+ 2) & 15]
                    ^ words[place]
                words[place] = Self.rotated(mixed, 1)
            }
            let (function, constant) = Self.step(round, b, c, d)
            let next = Self.rotated(a, 5) &+ function &+ e &+ constant &+ words[place]
            e = d
            d = c
            c = Self.rotated(b, 30)
            b = a
            a = next
        }
        state[0] &+= a
        state[1] &+= b
        state[2] &+= c
        state[3] &+= d
        state[4] &+= e
    }

    @inline(__always)
    private static func step(_ round: Int, _ b: UInt32, _ c: UInt32, _ d: UInt32) -> (UInt32, UInt32) {
        switch round {
        case ..<20: (b & c | ~b & d, 0x5a82_7999)
        case ..<40: (b ^ c ^ d, 0x6ed9_eba1)
        case ..<60: (b & c | b & d | c & d, 0x8f1b_bcdc)
        default: (b ^ c ^ d, 0xca62_c1d6)
        }
    }

    @inline(__always)
    private static func rotated(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        word &<< bits | word &>> (32 &- bits)
    }
}
