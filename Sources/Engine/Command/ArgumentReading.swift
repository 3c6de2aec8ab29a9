public import RESP

extension RawSpan {
    /// The byte at `index`; callers stay inside, and beyond the end it reads 0 rather than trap.
    @inlinable @inline(__always)
    public subscript(byte index: Int) -> UInt8 {
        guard index >= 0, index < byteCount else { return 0 }
        // Checked in the line above.
        return unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: index, as: UInt8.self)
    }

    /// Whether both hold the same bytes.
    public func equals(_ other: RawSpan) -> Bool {
        guard byteCount == other.byteCount else { return false }
        var at = 0
        // All loads stay below byteCount, which both share.
        while at &+ 8 <= byteCount {
            let a = unsafe unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
            let b = unsafe other.unsafeLoadUnaligned(fromUncheckedByteOffset: at, as: UInt64.self)
            if a != b { return false }
            at &+= 8
        }
        while at < byteCount {
            if self[byte: at] != other[byte: at] { return false }
            at &+= 1
        }
        return true
    }

    /// Whether the bytes are the literal's, the case of ASCII letters aside.
    ///
    /// `word` may be written in either case. As in Redis, whose options are C strings, a zero byte ends
    /// the bytes.
    public func isWord(_ word: StaticString) -> Bool {
        let count = word.utf8CodeUnitCount
        guard byteCount == count || byteCount > count && self[byte: count] == 0 else { return false }
        for index in 0..<count {
            // Inside the literal, whose length bounds the index.
            let expected = unsafe (word.utf8Start + index).pointee
            if self[byte: index].asciiLowercased != expected.asciiLowercased { return false }
        }
        return true
    }

    /// The bytes before the first zero byte, as Redis's errors quote them.
    public var untilNUL: [UInt8] { Array([UInt8](self).prefix { $0 != 0 }) }

    /// The same without line breaks at their end, for errors that end with them.
    var quotable: [UInt8] {
        var bytes = untilNUL
        while let last = bytes.last, last == UInt8(ascii: "\r") || last == UInt8(ascii: "\n") {
            bytes.removeLast()
        }
        return bytes
    }

    /// The bytes as text, with replacement characters where they are not UTF-8.
    public var text: String { String(decoding: [UInt8](self), as: UTF8.self) }
}

extension [UInt8] {
    /// Copies a view's bytes.
    public init(_ span: RawSpan) {
        // The buffer of an empty array is all the process's, and its count would be written.
        guard !span.isEmpty else {
            self = []
            return
        }
        // As many bytes as the span holds are initialised.
        unsafe self.init(unsafeUninitializedCapacity: span.byteCount) { buffer, count in
            unsafe span.withUnsafeBytes { source in
                unsafe UnsafeMutableRawBufferPointer(buffer).copyMemory(from: source)
            }
            count = span.byteCount
        }
    }
}

extension UInt8 {
    /// The same letter in lower case; other bytes stay.
    @inlinable @inline(__always)
    public var asciiLowercased: UInt8 {
        self >= UInt8(ascii: "A") && self <= UInt8(ascii: "Z") ? self | 0x20 : self
    }
}

extension Arguments {
    /// The argument as a whole number in Redis's strict form.
    public func integer(_ index: Int) throws(CommandError) -> Int64 {
        guard let value = Decimal.parse(self[index]) else { throw .notInteger }
        return value
    }

    /// The argument as a whole number inside `range`, or `error`.
    public func integer(
        _ index: Int, in range: ClosedRange<Int64>, else error: CommandError = .notInteger
    ) throws(CommandError) -> Int64 {
        guard let value = Decimal.parse(self[index]), range.contains(value) else { throw error }
        return value
    }

    /// Whether the argument is this word, in either case.
    public func isWord(_ index: Int, _ word: StaticString) -> Bool {
        index < count && self[index].isWord(word)
    }

    /// Copies of all arguments.
    public var copies: [[UInt8]] { (0..<count).map { [UInt8](self[$0]) } }
}
