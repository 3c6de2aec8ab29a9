/// Listpacks from elsewhere, whose bytes may be anything.
extension Listpack {
    /// A copy of bytes that came from outside; nil unless they are a listpack from the first to the last.
    ///
    /// Everything that this type relies on is checked, in one pass over the elements.
    init?(validating bytes: RawSpan, in arena: Arena) {
        guard Listpack.isValid(bytes) else { return nil }
        // A new block with room for all bytes, which say themselves how many they are.
        unsafe pointer = unsafe arena.allocateSpliced(bytes.byteCount)
        // As above.
        unsafe Bytes.copy(bytes, to: pointer)
    }

    /// Whether bytes are a listpack that can be used without any further check.
    static func isValid(_ bytes: RawSpan) -> Bool {
        let size = bytes.byteCount
        guard size > headerByteCount, size <= Int(UInt32.max) else { return false }
        guard Int(number(bytes, 0, 4)) == size, bytes[byte: size - 1] == .max else { return false }
        var at = headerByteCount
        var count = 0
        while at < size - 1 {
            guard let extent = validExtent(bytes, at: at, end: size - 1) else { return false }
            at += extent
            count += 1
        }
        let stored = Int(number(bytes, 4, 2))
        return at == size - 1 && (stored == Int(uncounted) || stored == count)
    }

    /// All bytes of the element at `index`; nil if they are not right or do not end by `end`.
    private static func validExtent(_ bytes: RawSpan, at index: Int, end: Int) -> Int? {
        let head = bytes[byte: index]
        let size: Int
        switch head {
        case 0..<0x80: size = 1
        case 0x80..<0xc0: size = 1 + Int(head & 0x3f)
        case 0xc0..<0xe0: size = 2
        case 0xe0..<0xf0:
            guard end - index >= 2 else { return nil }
            size = 2 + (Int(head & 0x0f) << 8 | Int(bytes[byte: index + 1]))
        case wideText:
            guard end - index >= 5 else { return nil }
            size = 5 + Int(number(bytes, index + 1, 4))
        case 0xf1...0xf4: size = numberSize(head)
        default: return nil
        }
        let length = lengthSize(of: size)
        guard end - index >= size + length else { return nil }
        for number in 0..<length {
            let bits = UInt8(truncatingIfNeeded: size >> (7 * (length - 1 - number))) & 0x7f
            guard bytes[byte: index + size + number] == (number == 0 ? bits : bits | 0x80) else { return nil }
        }
        return size + length
    }

    private static func number(_ bytes: RawSpan, _ offset: Int, _ count: Int) -> UInt32 {
        (0..<count).reduce(0) { $0 | UInt32(bytes[byte: offset + $1]) << (8 * UInt32($1)) }
    }

    /// Stops if the listpack is not as it should be; for tests.
    func checkInvariants() {
        precondition(Listpack.isValid(bytes), "format")
        var at = end
        var count = 0
        while at > start {
            let before = index(before: at)
            precondition(index(after: before) == at, "length behind an element")
            precondition(Listpack.extent(of: element(at: before)) == at - before, "not the shortest form")
            at = before
            count += 1
        }
        precondition(at == start && count == self.count, "count")
    }
}
