/// A HyperLogLog in a string, byte for byte as Redis keeps it: an estimate of how many different elements
/// were added, from 16384 registers of which each knows the longest run of zero bits of its elements' hashes.
///
///     0   4 bytes  `HYLL`
///     4   byte     encoding: 0 is dense, 1 is sparse
///     8   8 bytes  the cardinality when it was last computed; its top bit says that it is out of date
///     16           the registers
///
/// Dense: six bits for each register, from the low bits of the first byte on. Sparse: runs of registers with
/// the same value. The bytes are whatever a client stored, so nothing is believed before it was checked.
struct HyperLogLog: ~Escapable {
    static var registerCount: Int { @inline(__always) get { 16384 } }
    static var headerCount: Int { @inline(__always) get { 16 } }
    static var denseCount: Int { @inline(__always) get { headerCount &+ registerCount * 6 / 8 } }
    /// Bits of an element's hash that choose the register; the others are searched for the first that is set.
    private static var indexBits: UInt64 { 14 }
    /// The largest value that a register gets: all 50 other bits are zero.
    static var highestValue: Int { 51 }

    /// The whole string.
    let bytes: RawSpan

    /// Takes a string for what it seems to be; its registers may still turn out corrupt.
    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) throws(CommandError) {
        guard bytes.byteCount >= Self.headerCount, bytes[byte: 0] == UInt8(ascii: "H"),
            bytes[byte: 1] == UInt8(ascii: "Y"), bytes[byte: 2] == UInt8(ascii: "L"),
            bytes[byte: 3] == UInt8(ascii: "L"), bytes[byte: 4] <= 1,
            bytes[byte: 4] == 1 || bytes.byteCount == Self.denseCount
        else { throw .notHyperLogLog }
        self.bytes = bytes
    }

    /// Whether the registers are kept as runs.
    var isSparse: Bool { bytes[byte: 4] == 1 }

    /// The cardinality when it was last computed, unless elements were added since.
    var cachedCardinality: UInt64? {
        let word = Self.cardinality(of: bytes)
        return word >> 63 == 0 ? word : nil
    }

    private static func cardinality(of bytes: RawSpan) -> UInt64 {
        var word: UInt64 = 0
        for index in (8..<16).reversed() { word = word << 8 | UInt64(bytes[byte: index]) }
        return word
    }

    /// Writes the cardinality of a string whose registers stay as they are.
    static func setCardinality(_ cardinality: UInt64, in string: inout MutableRawSpan) {
        string.storeBytes(of: cardinality.littleEndian, toByteOffset: 8, as: UInt64.self)
    }

    /// Marks the cardinality of a string as out of date.
    static func invalidateCardinality(in string: inout MutableRawSpan) {
        let top = string.bytes[byte: 15]
        string.storeBytes(of: top | 0x80, toByteOffset: 15, as: UInt8.self)
    }

    /// The string of a HyperLogLog that nothing was added to: one run of zeros.
    static var empty: InlineArray<18, UInt8> {
        [
            UInt8(ascii: "H"), UInt8(ascii: "Y"), UInt8(ascii: "L"), UInt8(ascii: "L"), 1, 0, 0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0x7f, 0xff,
        ]
    }

    /// The register that an element belongs to, and the value that it raises it to.
    static func place(of element: borrowing RawSpan) -> (register: Int, value: UInt8) {
        let hash = murmurHash(element)
        let register = Int(truncatingIfNeeded: hash & (1 &<< indexBits &- 1))
        // The bit behind the last one ends the run if nothing else does.
        let rest = hash &>> indexBits | 1 &<< (64 &- indexBits)
        return (register, UInt8(truncatingIfNeeded: rest.trailingZeroBitCount &+ 1))
    }

    /// MurmurHash2 for 64 bits with the seed that Redis uses for this purpose.
    private static func murmurHash(_ bytes: borrowing RawSpan) -> UInt64 {
        let factor: UInt64 = 0xc6a4_a793_5bd1_e995
        let count = bytes.byteCount
        var hash = 0xadc8_3b19 ^ UInt64(truncatingIfNeeded: count) &* factor
        var offset = 0
        while count &- offset >= 8 {
            // Eight bytes are left.
            var word = UInt64(
                littleEndian: unsafe bytes.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: offset, as: UInt64.self))
            word &*= factor
            word ^= word &>> 47
            hash = (hash ^ word &* factor) &* factor
            offset &+= 8
        }
        if offset < count {
            var shift: UInt64 = 0
            while offset < count {
                hash ^= UInt64(bytes[byte: offset]) &<< shift
                shift &+= 8
                offset &+= 1
            }
            hash &*= factor
        }
        hash = (hash ^ hash &>> 47) &* factor
        return hash ^ hash &>> 47
    }
}

/// From registers to a number, after Otmar Ertl's "New cardinality estimation algorithms for HyperLogLog
/// sketches" (2017), step by step as Redis computes it: the last digit counts.
extension HyperLogLog {
    /// How many registers have each value.
    typealias Histogram = InlineArray<64, Int>

    /// The estimate for registers of which `histogram` tells how many have each value.
    static func cardinality(_ histogram: Histogram) -> UInt64 {
        let all = Double(registerCount)
        var z = all * tau((all - Double(histogram[highestValue])) / all)
        for value in (1..<highestValue).reversed() {
            z += Double(histogram[value])
            z *= 0.5
        }
        z += all * sigma(Double(histogram[0]) / all)
        let estimate = (halfPerLogarithmOf2 * all * all / z).rounded(.toNearestOrAwayFromZero)
        // Only registers that no element can have made lead beyond; a C program then sees this number.
        guard estimate < 0x1p63 else { return 1 << 63 }
        return UInt64(estimate)
    }

    private static var halfPerLogarithmOf2: Double { 0.721347520444481703680 }

    private static func sigma(_ start: Double) -> Double {
        if start == 1 { return .infinity }
        var (x, y, z) = (start, 1.0, start)
        var last: Double
        repeat {
            x *= x
            last = z
            z += x * y
            y += y
        } while last != z
        return z
    }

    private static func tau(_ start: Double) -> Double {
        if start == 0 || start == 1 { return 0 }
        var (x, y, z) = (start, 1.0, 1 - start)
        var last: Double
        repeat {
            x = x.squareRoot()
            last = z
            y *= 0.5
            z -= (1 - x) * (1 - x) * y
        } while last != z
        return z / 3
    }

    /// The estimate for this one, computed anew.
    func cardinality() throws(CommandError) -> UInt64 {
        isSparse ? Self.cardinality(try sparseHistogram()) : Self.cardinality(denseHistogram())
    }
}

extension CommandError {
    static let notHyperLogLog = CommandError("WRONGTYPE Key is not a valid HyperLogLog string value.")
    static let corruptHyperLogLog = CommandError("INVALIDOBJ Corrupted HLL object detected")
}
