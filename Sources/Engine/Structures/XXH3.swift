/// The 64-bit XXH3 hash with its default secret and seed 0, by which DIGEST and SET … IFDEQ name a value.
///
/// Not for hash tables: whoever chooses the input can make collisions.
struct XXH3: ~Escapable {
    private let bytes: RawSpan
    private let count: Int
    /// The specification's default secret.
    private let secret: RawSpan

    @_lifetime(copy bytes, copy secret)
    private init(_ bytes: RawSpan, secret: RawSpan) {
        self.bytes = bytes
        count = bytes.byteCount
        self.secret = secret
    }

    /// The hash of some bytes, as the reference implementation computes it on every platform.
    static func hash(_ bytes: RawSpan) -> UInt64 {
        let secret = XXH3Secret.bytes
        // The array is a local that outlives the value that reads it.
        return XXH3(bytes, secret: unsafe secret.span.bytes).value
    }

    private var value: UInt64 {
        switch count {
        case 0: XXH3.shuffle64(word(secret, 56) ^ word(secret, 64))
        case 1...3: hash1to3()
        case 4...8: hash4to8()
        case 9...16: hash9to16()
        case 17...128: hash17to128()
        case 129...240: hash129to240()
        default: hashLong()
        }
    }

    // MARK: Short input

    private func hash1to3() -> UInt64 {
        let first = UInt32(bytes[byte: 0])
        let middle = UInt32(bytes[byte: count &>> 1])
        let last = UInt32(bytes[byte: count &- 1])
        let combined = first &<< 16 | middle &<< 24 | last | UInt32(truncatingIfNeeded: count) &<< 8
        return XXH3.shuffle64(UInt64(combined) ^ UInt64(half(secret, 0) ^ half(secret, 4)))
    }

    private func hash4to8() -> UInt64 {
        let joined = UInt64(half(bytes, count &- 4)) &+ UInt64(half(bytes, 0)) &<< 32
        var hash = joined ^ (word(secret, 8) ^ word(secret, 16))
        hash ^= XXH3.rotate(hash, 49) ^ XXH3.rotate(hash, 24)
        hash &*= XXH3.mix2
        hash ^= (hash &>> 35) &+ UInt64(truncatingIfNeeded: count)
        hash &*= XXH3.mix2
        return hash ^ hash &>> 28
    }

    private func hash9to16() -> UInt64 {
        let low = word(bytes, 0) ^ (word(secret, 24) ^ word(secret, 32))
        let high = word(bytes, count &- 8) ^ (word(secret, 40) ^ word(secret, 48))
        return XXH3.avalanche(
            UInt64(truncatingIfNeeded: count) &+ low.byteSwapped &+ high &+ XXH3.fold(low, high))
    }

    // MARK: Middle-sized input

    private func hash17to128() -> UInt64 {
        var sum = UInt64(truncatingIfNeeded: count) &* XXH3.prime1
        // One pair of 16 bytes from both ends for every 32 bytes begun, from the inside out.
        var pair = (count &- 1) / 32
        while pair >= 0 {
            sum &+= mix16(16 &* pair, 32 &* pair)
            sum &+= mix16(count &- 16 &* (pair &+ 1), 32 &* pair &+ 16)
            pair &-= 1
        }
        return XXH3.avalanche(sum)
    }

    private func hash129to240() -> UInt64 {
        var sum = UInt64(truncatingIfNeeded: count) &* XXH3.prime1
        for round in 0..<8 { sum &+= mix16(16 &* round, 16 &* round) }
        sum = XXH3.avalanche(sum)
        for round in 8..<count / 16 { sum &+= mix16(16 &* round, 16 &* (round &- 8) &+ 3) }
        sum &+= mix16(count &- 16, 136 &- 17)
        return XXH3.avalanche(sum)
    }

    @inline(__always)
    private func mix16(_ offset: Int, _ key: Int) -> UInt64 {
        XXH3.fold(word(bytes, offset) ^ word(secret, key), word(bytes, offset &+ 8) ^ word(secret, key &+ 8))
    }

    // MARK: Long input

    private static let stripe = 64
    /// Stripes until the secret, which moves by eight bytes a stripe, is used up and the lanes are scrambled.
    private static let stripesPerBlock = (XXH3.secretCount - XXH3.stripe) / 8

    private func hashLong() -> UInt64 {
        let blockCount = XXH3.stripe * XXH3.stripesPerBlock
        var lanes = Lanes()
        // The last byte never belongs to a whole block: at least one stripe is left for the end.
        let blocks = (count &- 1) / blockCount
        for block in 0..<blocks {
            for index in 0..<XXH3.stripesPerBlock {
                lanes.add(
                    words(bytes, block &* blockCount &+ index &* XXH3.stripe), words(secret, 8 &* index))
            }
            lanes.scramble(words(secret, XXH3.secretCount &- XXH3.stripe))
        }
        let rest = (count &- 1 &- blocks &* blockCount) / XXH3.stripe
        for index in 0..<rest {
            lanes.add(words(bytes, blocks &* blockCount &+ index &* XXH3.stripe), words(secret, 8 &* index))
        }
        lanes.add(words(bytes, count &- XXH3.stripe), words(secret, XXH3.secretCount &- XXH3.stripe &- 7))
        return merge(lanes)
    }

    /// Eight sums side by side.
    private struct Lanes {
        private var sums: SIMD8<UInt64> = [
            XXH3.halfPrime3, XXH3.prime1, XXH3.prime2, XXH3.prime3, XXH3.prime4, XXH3.halfPrime2, XXH3.prime5,
            XXH3.halfPrime1,
        ]

        /// Takes 64 bytes in, together with as many of the secret.
        @inline(__always)
        mutating func add(_ data: SIMD8<UInt64>, _ key: SIMD8<UInt64>) {
            let keyed = data ^ key
            let swapped = SIMD8<UInt64>(
                data[1], data[0], data[3], data[2], data[5], data[4], data[7], data[6])
            sums &+= swapped &+ (keyed & 0xffff_ffff) &* (keyed &>> 32)
        }

        mutating func scramble(_ key: SIMD8<UInt64>) {
            sums ^= sums &>> 47
            sums ^= key
            sums &*= XXH3.halfPrime1
        }

        subscript(_ lane: Int) -> UInt64 { sums[lane] }
    }

    private func merge(_ lanes: Lanes) -> UInt64 {
        var sum = UInt64(truncatingIfNeeded: count) &* XXH3.prime1
        for pair in 0..<4 {
            let key = 11 &+ 16 &* pair
            sum &+= XXH3.fold(
                lanes[2 &* pair] ^ word(secret, key), lanes[2 &* pair &+ 1] ^ word(secret, key &+ 8))
        }
        return XXH3.avalanche(sum)
    }

    // MARK: Mixing

    private static let halfPrime1: UInt64 = 0x9e37_79b1
    private static let halfPrime2: UInt64 = 0x85eb_ca77
    private static let halfPrime3: UInt64 = 0xc2b2_ae3d
    private static let prime1: UInt64 = 0x9e37_79b1_85eb_ca87
    private static let prime2: UInt64 = 0xc2b2_ae3d_27d4_eb4f
    private static let prime3: UInt64 = 0x1656_67b1_9e37_79f9
    private static let prime4: UInt64 = 0x85eb_ca77_c2b2_ae63
    private static let prime5: UInt64 = 0x27d4_eb2f_1656_67c5
    private static let mix1: UInt64 = 0x1656_6791_9e37_79f9
    private static let mix2: UInt64 = 0x9fb2_1c65_1e98_df25

    /// Both halves of the product of 128 bits, one over the other.
    @inline(__always)
    private static func fold(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.low ^ product.high
    }

    @inline(__always)
    private static func avalanche(_ value: UInt64) -> UInt64 {
        let hash = (value ^ value &>> 37) &* XXH3.mix1
        return hash ^ hash &>> 32
    }

    /// The finish of XXH64, which the shortest inputs use.
    @inline(__always)
    private static func shuffle64(_ value: UInt64) -> UInt64 {
        var hash = (value ^ value &>> 33) &* XXH3.prime2
        hash = (hash ^ hash &>> 29) &* XXH3.prime3
        return hash ^ hash &>> 32
    }

    @inline(__always)
    private static func rotate(_ value: UInt64, _ count: UInt64) -> UInt64 {
        value &<< count | value &>> (64 &- count)
    }

    // MARK: Bytes

    /// Four bytes from `offset` on, which its callers keep inside.
    @inline(__always)
    private func half(_ bytes: RawSpan, _ offset: Int) -> UInt32 {
        assert(offset >= 0 && offset + 4 <= bytes.byteCount)
        // Every size class reads only inside the sizes it stands for.
        return UInt32(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt32.self))
    }

    @inline(__always)
    private func word(_ bytes: RawSpan, _ offset: Int) -> UInt64 {
        assert(offset >= 0 && offset + 8 <= bytes.byteCount)
        // As above.
        return UInt64(
            littleEndian: unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    @inline(__always)
    private func words(_ bytes: RawSpan, _ offset: Int) -> SIMD8<UInt64> {
        var result = SIMD8<UInt64>()
        for index in 0..<8 { result[index] = word(bytes, offset &+ 8 &* index) }
        return result
    }

    private static let secretCount = 192
}

/// 192 bytes of noise that the specification fixes.
private enum XXH3Secret {
    static let bytes: InlineArray<192, UInt8> = [
        0xb8, 0xfe, 0x6c, 0x39, 0x23, 0xa4, 0x4b, 0xbe, 0x7c, 0x01, 0x81, 0x2c, 0xf7, 0x21, 0xad, 0x1c,
        0xde, 0xd4, 0x6d, 0xe9, 0x83, 0x90, 0x97, 0xdb, 0x72, 0x40, 0xa4, 0xa4, 0xb7, 0xb3, 0x67, 0x1f,
        0xcb, 0x79, 0xe6, 0x4e, 0xcc, 0xc0, 0xe5, 0x78, 0x82, 0x5a, 0xd0, 0x7d, 0xcc, 0xff, 0x72, 0x21,
        0xb8, 0x08, 0x46, 0x74, 0xf7, 0x43, 0x24, 0x8e, 0xe0, 0x35, 0x90, 0xe6, 0x81, 0x3a, 0x26, 0x4c,
        0x3c, 0x28, 0x52, 0xbb, 0x91, 0xc3, 0x00, 0xcb, 0x88, 0xd0, 0x65, 0x8b, 0x1b, 0x53, 0x2e, 0xa3,
        0x71, 0x64, 0x48, 0x97, 0xa2, 0x0d, 0xf9, 0x4e, 0x38, 0x19, 0xef, 0x46, 0xa9, 0xde, 0xac, 0xd8,
        0xa8, 0xfa, 0x76, 0x3f, 0xe3, 0x9c, 0x34, 0x3f, 0xf9, 0xdc, 0xbb, 0xc7, 0xc7, 0x0b, 0x4f, 0x1d,
        0x8a, 0x51, 0xe0, 0x4b, 0xcd, 0xb4, 0x59, 0x31, 0xc8, 0x9f, 0x7e, 0xc9, 0xd9, 0x78, 0x73, 0x64,
        0xea, 0xc5, 0xac, 0x83, 0x34, 0xd3, 0xeb, 0xc3, 0xc5, 0x81, 0xa0, 0xff, 0xfa, 0x13, 0x63, 0xeb,
        0x17, 0x0d, 0xdd, 0x51, 0xb7, 0xf0, 0xda, 0x49, 0xd3, 0x16, 0x55, 0x26, 0x29, 0xd4, 0x68, 0x9e,
        0x2b, 0x16, 0xbe, 0x58, 0x7d, 0x47, 0xa1, 0xfc, 0x8f, 0xf8, 0xb8, 0xd1, 0x7a, 0xd0, 0x31, 0xce,
        0x45, 0xcb, 0x3a, 0x8f, 0x95, 0x16, 0x04, 0x28, 0xaf, 0xd7, 0xfb, 0xca, 0xbb, 0x4b, 0x40, 0x7e,
    ]
}
