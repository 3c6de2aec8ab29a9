import RESP

/// A string read as a row of bits: the highest bit of its first byte is number 0, and behind its end
/// all bits are clear.
struct BitString: ~Escapable {
    private let bytes: RawSpan

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan) { self.bytes = bytes }

    /// How many bits the string has.
    var count: Int { bytes.byteCount &* 8 }

    /// The bit at `position`, which may lie behind the end.
    @inline(__always)
    subscript(_ position: Int) -> Bool { bytes[byte: position &>> 3] &>> UInt8(7 &- position & 7) & 1 == 1 }

    // MARK: Counting

    /// How many bits of the range, which lies inside the string, are set.
    func countSet(_ range: Range<Int>) -> Int {
        let first = range.lowerBound &>> 3
        let last = range.upperBound &>> 3
        let head = UInt8(truncatingIfNeeded: 0xff &>> (range.lowerBound & 7))
        let tail = ~UInt8(truncatingIfNeeded: 0xff &>> (range.upperBound & 7))
        if first == last { return (bytes[byte: first] & head & tail).nonzeroBitCount }
        var sum = (bytes[byte: first] & head).nonzeroBitCount
        if tail != 0 { sum &+= (bytes[byte: last] & tail).nonzeroBitCount }
        return sum &+ countSet(inBytes: first &+ 1, last)
    }

    /// How many bits are set from byte `start` up to `end`.
    private func countSet(inBytes start: Int, _ end: Int) -> Int {
        var at = start
        var sum = 0
        while end &- at >= Self.roundCount {
            sum &+= countRound(at)
            at &+= Self.roundCount
        }
        while end &- at >= 8 {
            sum &+= word(at, UInt64.self).nonzeroBitCount
            at &+= 8
        }
        while at < end {
            sum &+= bytes[byte: at].nonzeroBitCount
            at &+= 1
        }
        return sum
    }

    private typealias Lane = SIMD4<UInt64>

    /// Bytes that `countRound` counts: eight lanes.
    private static var roundCount: Int { 8 * MemoryLayout<Lane>.size }

    /// Counts eight lanes at once: adders reduce them to four of one, two, four and eight times the
    /// weight (Harley and Seal), so that only those need the costly count.
    @inline(__always)
    private func countRound(_ at: Int) -> Int {
        let size = MemoryLayout<Lane>.size
        let a = Self.add(word(at, Lane.self), word(at &+ size, Lane.self), word(at &+ 2 &* size, Lane.self))
        let b = Self.add(a.sum, word(at &+ 3 &* size, Lane.self), word(at &+ 4 &* size, Lane.self))
        let c = Self.add(b.sum, word(at &+ 5 &* size, Lane.self), word(at &+ 6 &* size, Lane.self))
        let ones = c.sum ^ word(at &+ 7 &* size, Lane.self)
        let carry = c.sum & word(at &+ 7 &* size, Lane.self)
        let d = Self.add(a.carry, b.carry, c.carry)
        let twos = d.sum ^ carry
        let fours = d.carry ^ (d.sum & carry)
        let eights = d.carry & d.sum & carry
        return Self.total(ones) &+ 2 &* Self.total(twos) &+ 4 &* Self.total(fours) &+ 8 &* Self.total(eights)
    }

    /// Adds three bits in each position.
    @inline(__always)
    private static func add(_ a: Lane, _ b: Lane, _ c: Lane) -> (sum: Lane, carry: Lane) {
        let half = a ^ b
        return (half ^ c, a & b | half & c)
    }

    @inline(__always)
    private static func total(_ lane: Lane) -> Int {
        Int(truncatingIfNeeded: lane.nonzeroBitCount.wrappedSum())
    }

    // MARK: Searching

    /// The first bit in the range, which lies inside the string, that is `bit`.
    func first(_ bit: Bool, in range: Range<Int>) -> Int? {
        guard !range.isEmpty else { return nil }
        // Clear bits are looked for as set ones in the complement.
        let flip: UInt8 = bit ? 0 : 0xff
        var at = range.lowerBound &>> 3
        let end = (range.upperBound &+ 7) &>> 3
        var byte = (bytes[byte: at] ^ flip) & UInt8(truncatingIfNeeded: 0xff &>> (range.lowerBound & 7))
        if byte == 0 {
            at = firstByte(differingFrom: bit ? 0 : 0xff, at &+ 1, end)
            if at == end { return nil }
            byte = bytes[byte: at] ^ flip
        }
        let position = at &* 8 &+ byte.leadingZeroBitCount
        return position < range.upperBound ? position : nil
    }

    /// The first byte from `start` up to `end` that is not `byte`, or `end`.
    private func firstByte(differingFrom byte: UInt8, _ start: Int, _ end: Int) -> Int {
        let lane = SIMD4<UInt64>(repeating: byte == 0 ? 0 : .max)
        var at = start
        while end &- at >= 32, word(at, SIMD4<UInt64>.self) == lane { at &+= 32 }
        while end &- at >= 8, word(at, UInt64.self) == lane[0] { at &+= 8 }
        while at < end, bytes[byte: at] == byte { at &+= 1 }
        return at
    }

    @inline(__always)
    private func word<T: BitwiseCopyable>(_ offset: Int, _ type: T.Type) -> T {
        assert(offset >= 0 && offset + MemoryLayout<T>.size <= bytes.byteCount)
        // Callers have checked that as many bytes are left.
        return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: type)
    }

    // MARK: Fields

    /// The number of `width` bits (1 to 64) at `position`, the highest bit first; behind the end it reads zeros.
    func field(at position: Int, width: Int) -> UInt64 {
        let start = position &>> 3
        let skipped = position & 7
        var word: UInt64 = 0
        if start <= bytes.byteCount &- 8 {
            word = UInt64(bigEndian: self.word(start, UInt64.self))
        } else {
            for index in 0..<8 { word = word &<< 8 | UInt64(bytes[byte: start &+ index]) }
        }
        // A ninth byte is needed when the field does not fit behind the skipped bits.
        let last = UInt64(bytes[byte: start &+ 8])
        let aligned = word << UInt64(skipped) | last >> UInt64(8 &- skipped)
        return aligned >> UInt64(64 &- width)
    }
}

extension MutableRawSpan {
    /// Stores the low `width` bits (1 to 64) of `value` at bit `position`; the span reaches as far.
    mutating func setField(at position: Int, width: Int, to value: UInt64) {
        let end = position &+ width
        precondition(position >= 0 && width > 0 && (end &+ 7) &>> 3 <= byteCount)
        var left = width
        var at = position
        while left > 0 {
            let room = 8 &- at & 7
            let taken = Swift.min(room, left)
            let mask = UInt8(truncatingIfNeeded: (1 &<< taken) &- 1) &<< UInt8(room &- taken)
            let bits = UInt8(truncatingIfNeeded: value >> UInt64(left &- taken)) &<< UInt8(room &- taken)
            let old = self.byte(at &>> 3)
            storeBytes(of: old & ~mask | bits & mask, toByteOffset: at &>> 3, as: UInt8.self)
            at &+= taken
            left &-= taken
        }
    }

    private func byte(_ offset: Int) -> UInt8 {
        // Checked by the caller's precondition.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }
}
