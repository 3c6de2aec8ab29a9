// Inlinable for the same reason as `ByteBuffer`: commands call it for every element of every reply.

extension ByteBuffer {
    /// Room that a bulk string needs besides its bytes.
    @inlinable static var bulkOverhead: Int { Decimal.longest + 5 }

    /// Appends a bulk string's header: `$`, the length and a line end.
    ///
    /// Most strings have one or two digits of length: their header is one word, written at once.
    @inlinable @inline(__always) public mutating func append(bulkHeader length: Int) {
        reserve(Self.bulkOverhead)
        guard UInt(bitPattern: length) < 100 else { return appendLong(bulkHeader: length) }
        let number = UInt64(truncatingIfNeeded: length)
        let tens = number / 10
        // Both: `$`, the digits from the lowest byte on, CR and LF.
        let word =
            tens == 0
            ? 0x0A_0D_30_24 | number << 8
            : 0x0A_0D_30_30_24 | tens << 8 | (number &- tens &* 10) << 16
        // reserve made room for more than these eight bytes.
        unsafe base.storeBytes(of: word.littleEndian, toByteOffset: tail, as: UInt64.self)
        tail &+= tens == 0 ? 4 : 5
    }

    @usableFromInline mutating func appendLong(bulkHeader length: Int) {
        append(UInt8(ascii: "$"))
        append(decimal: length)
        append(UInt8(ascii: "\r"))
        append(UInt8(ascii: "\n"))
    }

    /// Appends bytes as a bulk string.
    @inlinable @inline(__always) public mutating func append(bulk bytes: RawSpan) {
        let count = bytes.byteCount
        reserve(count &+ Self.bulkOverhead)
        append(bulkHeader: count)
        // reserve made room, here and below; the span is another allocation, as self is held exclusively.
        unsafe bytes.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (base + tail).copyMemory(from: start, byteCount: count)
        }
        tail &+= count
        // As above.
        unsafe base.storeBytes(of: (0x0A0D as UInt16).littleEndian, toByteOffset: tail, as: UInt16.self)
        tail &+= 2
    }
}
