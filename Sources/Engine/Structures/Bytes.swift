/// Comparing and copying bytes by words.
enum Bytes {
    /// Whether two spans of `count` bytes are equal; short ones without a call.
    @inline(__always)
    static func equal(_ left: borrowing RawSpan, _ right: borrowing RawSpan, count: Int) -> Bool {
        assert(left.byteCount == count && right.byteCount == count)
        if count >= 8 {
            var offset = 0
            let last = count &- 8
            while offset < last {
                // Eight bytes are left from here, as `offset` is below `count - 8`.
                if unsafe word(left, offset, UInt64.self) != word(right, offset, UInt64.self) { return false }
                offset &+= 8
            }
            // The last eight bytes; some may be compared twice.
            return unsafe word(left, last, UInt64.self) == word(right, last, UInt64.self)
        }
        if count >= 4 {
            let last = count &- 4
            // The first and the last four bytes, perhaps overlapping.
            let first = unsafe word(left, 0, UInt32.self) ^ word(right, 0, UInt32.self)
            // As above.
            return unsafe first | (word(left, last, UInt32.self) ^ word(right, last, UInt32.self)) == 0
        }
        var offset = 0
        while offset < count {
            // `offset` is below the count of both.
            if unsafe word(left, offset, UInt8.self) != word(right, offset, UInt8.self) { return false }
            offset &+= 1
        }
        return true
    }

    /// Below zero when `left` comes before `right` byte by byte, above when after, and zero when they are equal.
    ///
    /// A string comes before any other that begins with it.
    @inline(__always)
    static func order(_ left: borrowing RawSpan, _ right: borrowing RawSpan) -> Int {
        let count = min(left.byteCount, right.byteCount)
        var offset = 0
        while offset &+ 8 <= count {
            // Eight bytes are left in both.
            let (a, b) = unsafe (word(left, offset, UInt64.self), word(right, offset, UInt64.self))
            if a != b { return a.bigEndian < b.bigEndian ? -1 : 1 }
            offset &+= 8
        }
        while offset < count {
            // `offset` is below the count of both.
            let (a, b) = unsafe (word(left, offset, UInt8.self), word(right, offset, UInt8.self))
            if a != b { return a < b ? -1 : 1 }
            offset &+= 1
        }
        return left.byteCount &- right.byteCount
    }

    /// Copies a span's bytes to raw memory that has room for them.
    @unsafe @inline(__always)
    static func copy(_ source: borrowing RawSpan, to target: UnsafeMutableRawPointer) {
        // The caller promises the room; source and target are different blocks.
        unsafe source.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            // As above.
            unsafe target.copyMemory(from: start, byteCount: bytes.count)
        }
    }

    @unsafe @inline(__always)
    private static func word<T: BitwiseCopyable>(
        _ bytes: borrowing RawSpan, _ offset: Int, _ type: T.Type
    ) -> T {
        // The callers keep `offset` and the width inside the span.
        unsafe bytes.withUnsafeBytes { unsafe $0.loadUnaligned(fromByteOffset: offset, as: type) }
    }
}
