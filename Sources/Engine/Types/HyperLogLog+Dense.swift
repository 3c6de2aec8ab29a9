/// The dense encoding: six bits a register.
extension HyperLogLog {
    /// Eight registers share six bytes.
    private static var groupCount: Int { @inline(__always) get { registerCount / 8 } }

    /// The value of a register of a dense one.
    static func denseRegister(_ register: Int, in string: borrowing RawSpan) -> UInt8 {
        let (offset, shift) = place(ofDense: register)
        let word = UInt16(string[byte: offset]) | UInt16(string[byte: offset &+ 1]) &<< 8
        return UInt8(truncatingIfNeeded: word &>> shift & 63)
    }

    /// Gives a register of a dense one any value below 64.
    static func setDense(_ register: Int, to value: UInt8, in string: inout MutableRawSpan) {
        let (offset, shift) = place(ofDense: register)
        let mask = 63 as UInt16 &<< shift
        let bits = UInt16(value & 63) &<< shift
        let low = UInt16(string.bytes[byte: offset]) & ~mask | bits
        string.storeBytes(of: UInt8(truncatingIfNeeded: low), toByteOffset: offset, as: UInt8.self)
        // The last register ends with the string.
        if shift <= 2 { return }
        let high = UInt16(string.bytes[byte: offset &+ 1]) & ~(mask &>> 8) | bits &>> 8
        string.storeBytes(of: UInt8(truncatingIfNeeded: high), toByteOffset: offset &+ 1, as: UInt8.self)
    }

    /// Gives a register of a dense one a value, unless it has it or a higher one; tells whether it did.
    static func raiseDense(_ register: Int, to value: UInt8, in string: inout MutableRawSpan) -> Bool {
        if denseRegister(register, in: string.bytes) >= value { return false }
        setDense(register, to: value, in: &string)
        return true
    }

    private static func place(ofDense register: Int) -> (offset: Int, shift: UInt16) {
        let bit = register &* 6
        return (headerCount &+ bit &>> 3, UInt16(truncatingIfNeeded: bit & 7))
    }

    // MARK: Eight at a time

    /// Eight registers of a dense one, a byte each.
    @inline(__always)
    static func denseGroup(_ group: Int, in string: borrowing RawSpan) -> UInt64 {
        assert(string.byteCount == denseCount && group >= 0 && group < groupCount)
        if group == groupCount &- 1 {
            // The last eight bytes of the string, whose first two belong to others.
            let word = unsafe string.unsafeLoadUnaligned(
                fromUncheckedByteOffset: denseCount &- 8, as: UInt64.self)
            return spread(UInt64(littleEndian: word) &>> 16)
        }
        // Another group of six bytes follows.
        let word = unsafe string.unsafeLoadUnaligned(
            fromUncheckedByteOffset: headerCount &+ group &* 6, as: UInt64.self)
        return spread(UInt64(littleEndian: word))
    }

    /// Spreads 48 bits to six in each byte.
    @inline(__always)
    static func spread(_ word: UInt64) -> UInt64 {
        var word = word & 0xff_ffff | (word & 0xffff_ff00_0000) &<< 8
        word = word & 0x0000_0fff_0000_0fff | (word & 0x00ff_f000_00ff_f000) &<< 4
        return word & 0x003f_003f_003f_003f | (word & 0x0fc0_0fc0_0fc0_0fc0) &<< 2
    }

    /// Puts six bits of each byte together to 48.
    @inline(__always)
    static func gather(_ word: UInt64) -> UInt64 {
        var word = word & 0x003f_003f_003f_003f | (word & 0x3f00_3f00_3f00_3f00) &>> 2
        word = word & 0x0000_0fff_0000_0fff | (word & 0x0fff_0000_0fff_0000) &>> 4
        return word & 0xff_ffff | word &>> 8 & 0xffff_ff00_0000
    }

    /// How many registers have each value.
    func denseHistogram() -> Histogram {
        var lanes = HistogramLanes()
        for group in 0..<Self.groupCount { lanes.add(Self.denseGroup(group, in: bytes)) }
        return lanes.sum
    }
}

/// All registers of a HyperLogLog, a byte each: what several are merged into.
struct HyperLogLogRegisters {
    private var groups = [UInt64](repeating: 0, count: HyperLogLog.registerCount / 8)

    init() {}

    /// Raises each register to the other's value if that is higher.
    mutating func merge(_ other: HyperLogLog) throws(CommandError) {
        guard other.isSparse else { return mergeDense(other) }
        var span = groups.mutableSpan
        try other.forEachRun { first, run in
            if run.value == 0 { return }
            for register in first..<first &+ run.length {
                let shift = UInt64(truncatingIfNeeded: register & 7) &* 8
                let old = span[register &>> 3]
                if UInt8(truncatingIfNeeded: old &>> shift) < run.value {
                    span[register &>> 3] = old & ~(0xff &<< shift) | UInt64(run.value) &<< shift
                }
            }
        }
    }

    private mutating func mergeDense(_ other: HyperLogLog) {
        var span = groups.mutableSpan
        for group in 0..<span.count {
            let new = HyperLogLog.denseGroup(group, in: other.bytes)
            let old = span[group]
            // No byte is above 63, so where the new one is lower the subtraction takes the top bit away.
            let isHigher = ((new | Self.topBits) &- old) & Self.topBits
            let mask = isHigher &- isHigher &>> 7 | isHigher
            span[group] = new & mask | old & ~mask
        }
    }

    private static var topBits: UInt64 { @inline(__always) get { 0x8080_8080_8080_8080 } }

    subscript(_ register: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: groups[register &>> 3] &>> (UInt64(truncatingIfNeeded: register & 7) &* 8))
    }

    /// The estimate for these registers.
    var cardinality: UInt64 {
        var lanes = HistogramLanes()
        for group in groups { lanes.add(group) }
        return HyperLogLog.cardinality(lanes.sum)
    }

    /// Writes the registers into a dense string; its header stays.
    func store(in string: inout MutableRawSpan) {
        precondition(string.byteCount == HyperLogLog.denseCount)
        for (number, group) in groups.enumerated() {
            let word = HyperLogLog.gather(group)
            let offset = HyperLogLog.headerCount &+ number &* 6
            string.storeBytes(
                of: UInt32(truncatingIfNeeded: word).littleEndian, toByteOffset: offset, as: UInt32.self)
            string.storeBytes(
                of: UInt16(truncatingIfNeeded: word &>> 32).littleEndian, toByteOffset: offset &+ 4,
                as: UInt16.self)
        }
    }
}

/// Counts values, eight at a time: each of the eight in a row of its own, as counting the same value twice
/// in a row would wait for the first count to be written.
private struct HistogramLanes {
    private var counts = InlineArray<512, UInt32>(repeating: 0)

    @inline(__always)
    mutating func add(_ group: UInt64) {
        var rest = group
        var lane = 0
        while lane < 512 {
            counts[lane &+ Int(truncatingIfNeeded: rest & 63)] &+= 1
            rest &>>= 8
            lane &+= 64
        }
    }

    var sum: HyperLogLog.Histogram {
        var histogram = HyperLogLog.Histogram(repeating: 0)
        for index in 0..<512 { histogram[index & 63] += Int(counts[index]) }
        return histogram
    }
}
