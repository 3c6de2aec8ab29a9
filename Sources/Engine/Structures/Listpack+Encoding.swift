/// How one element is written. The first byte tells what follows; numbers are little-endian:
///
///     0nnnnnnn                 0 to 127
///     10nnnnnn  bytes          up to 63 bytes
///     110nnnnn  nnnnnnnn       13 bits with a sign, the high ones first
///     1110nnnn  nnnnnnnn bytes up to 4095 bytes, the high bits of their count first
///     11110000  UInt32 bytes   more bytes
///     11110001 … 11110100      a number of 2, 3, 4 or 8 bytes
///
/// Behind it stands how many bytes that was, seven bits a byte with the lowest ones last; all but the
/// first of these bytes, which is the last to be read, have their top bit set.
extension Listpack {
    static var wideText: UInt8 { @inline(__always) get { 0xf0 } }

    /// What the element at `index` holds.
    @inline(__always)
    func element(at index: Int) -> PackedElement {
        assert(index >= start && index < end)
        let head = load(index, UInt8.self)
        if head < 0x80 { return PackedElement(Int64(head)) }
        if head < 0xc0 { return text(index &+ 1, Int(head & 0x3f)) }
        return rareElement(at: index, head)
    }

    /// What the element with this number is, or from the end if it is negative; nil if there is none.
    func element(number: Int) -> PackedElement? {
        guard let index = index(number: number) else { return nil }
        return element(at: index)
    }

    private func rareElement(at index: Int, _ head: UInt8) -> PackedElement {
        if head < 0xe0 {
            let raw = UInt16(head & 0x1f) &<< 8 | UInt16(load(index &+ 1, UInt8.self))
            return PackedElement(Int64(Int16(bitPattern: raw &<< 3) &>> 3))
        }
        if head <= Listpack.wideText {
            let (count, size) = textSize(at: index, head)
            return text(index &+ size &- count, count)
        }
        switch head {
        case 0xf1: return PackedElement(Int64(load(index &+ 1, Int16.self)))
        case 0xf2:
            let low = UInt32(load(index &+ 1, UInt16.self))
            let raw = UInt32(load(index &+ 3, UInt8.self)) &<< 16 | low
            return PackedElement(Int64(Int32(bitPattern: raw &<< 8) &>> 8))
        case 0xf3: return PackedElement(Int64(load(index &+ 1, Int32.self)))
        default: return PackedElement(load(index &+ 1, Int64.self))
        }
    }

    @inline(__always)
    private func text(_ offset: Int, _ count: Int) -> PackedElement {
        // The bytes belong to an element, so they lie inside the block.
        unsafe PackedElement(start: pointer + offset, count: count)
    }

    /// How many bytes a text with a long header has, and how many with that header.
    @inline(__always)
    func textSize(at index: Int, _ head: UInt8) -> (count: Int, size: Int) {
        if head == Listpack.wideText {
            let count = Int(load(index &+ 1, UInt32.self))
            return (count, count &+ 5)
        }
        let count = Int(head & 0x0f) &<< 8 | Int(load(index &+ 1, UInt8.self))
        return (count, count &+ 2)
    }

    // MARK: Sizes

    /// All bytes of the element at `index`, its length behind it included.
    @inline(__always)
    func extent(at index: Int) -> Int {
        let head = load(index, UInt8.self)
        if head < 0x80 { return 2 }
        if head < 0xc0 { return Int(head & 0x3f) &+ 2 }
        return rareExtent(at: index, head)
    }

    @inline(never)
    private func rareExtent(at index: Int, _ head: UInt8) -> Int {
        if head < 0xe0 { return 3 }
        if head <= Listpack.wideText {
            let size = textSize(at: index, head).size
            return size &+ Listpack.lengthSize(of: size)
        }
        return Listpack.numberSize(head) &+ 1
    }

    /// The bytes of a number with one of the last four heads.
    @inline(__always)
    static func numberSize(_ head: UInt8) -> Int { head == 0xf4 ? 9 : Int(head & 7) &+ 2 }

    /// How many bytes tell that an element has `size` bytes.
    @inline(__always)
    static func lengthSize(of size: Int) -> Int {
        if size <= 127 { return 1 }
        if size < 16383 { return 2 }
        if size < 2_097_151 { return 3 }
        return size < 268_435_455 ? 4 : 5
    }

    /// How long the element is whose last byte is in front of `index`.
    @inline(__always)
    func backwardSize(endingAt index: Int) -> Int {
        var byte = load(index &- 1, UInt8.self)
        if byte < 0x80 { return Int(byte) }
        var size = Int(byte & 0x7f)
        var at = index &- 2
        var shift = 7
        // Five bytes at most, whatever they hold.
        while shift <= 28 {
            byte = load(at, UInt8.self)
            size |= Int(byte & 0x7f) &<< shift
            if byte < 0x80 { break }
            at &-= 1
            shift &+= 7
        }
        return size
    }

    /// How many bytes an element takes, its length behind it included.
    @inline(__always)
    static func extent(of element: PackedElement) -> Int {
        let size = size(of: element)
        return size &+ lengthSize(of: size)
    }

    @inline(__always)
    private static func size(of element: PackedElement) -> Int {
        if let integer = element.integer { return size(of: integer) }
        let count = element.count
        return count &+ (count < 64 ? 1 : count < 4096 ? 2 : 5)
    }

    private static func size(of integer: Int64) -> Int {
        if integer >= 0, integer <= 127 { return 1 }
        let bits = 65 &- (integer ^ integer &>> 63).leadingZeroBitCount
        if bits <= 13 { return 2 }
        if bits <= 16 { return 3 }
        if bits <= 24 { return 4 }
        return bits <= 32 ? 5 : 9
    }

    // MARK: Writing

    /// Writes an element where `extent(of:)` bytes are free, and returns how many that were.
    @inline(__always)
    func write(_ element: PackedElement, at index: Int) -> Int {
        let size =
            if let integer = element.integer {
                write(integer, at: index)
            } else {
                write(element.bytes, at: index)
            }
        let length = Listpack.lengthSize(of: size)
        if length == 1 {
            store(UInt8(truncatingIfNeeded: size), at: index &+ size)
        } else {
            writeLength(size, length, at: index &+ size)
        }
        return size &+ length
    }

    private func write(_ integer: Int64, at index: Int) -> Int {
        let size = Listpack.size(of: integer)
        switch size {
        case 1: store(UInt8(truncatingIfNeeded: integer), at: index)
        case 2:
            let bits = UInt16(truncatingIfNeeded: integer) & 0x1fff
            store(UInt8(truncatingIfNeeded: bits &>> 8) | 0xc0, at: index)
            store(UInt8(truncatingIfNeeded: bits), at: index &+ 1)
        case 9:
            store(0xf4 as UInt8, at: index)
            store(integer, at: index &+ 1)
        default:
            store(UInt8(truncatingIfNeeded: 0xee &+ size), at: index)
            store(UInt16(truncatingIfNeeded: integer), at: index &+ 1)
            if size == 4 { store(UInt8(truncatingIfNeeded: integer &>> 16), at: index &+ 3) }
            if size == 5 { store(UInt16(truncatingIfNeeded: integer &>> 16), at: index &+ 3) }
        }
        return size
    }

    @inline(__always)
    private func write(_ text: RawSpan, at index: Int) -> Int {
        let count = text.byteCount
        var header = 1
        if count < 64 {
            store(UInt8(truncatingIfNeeded: count) | 0x80, at: index)
        } else if count < 4096 {
            store(UInt8(truncatingIfNeeded: count &>> 8) | 0xe0, at: index)
            store(UInt8(truncatingIfNeeded: count), at: index &+ 1)
            header = 2
        } else {
            store(Listpack.wideText, at: index)
            store(UInt32(truncatingIfNeeded: count), at: index &+ 1)
            header = 5
        }
        // The caller has made room for all bytes of the element.
        unsafe Bytes.copy(text, to: pointer + index + header)
        return header &+ count
    }

    private func writeLength(_ size: Int, _ length: Int, at index: Int) {
        for number in 0..<length {
            let bits = UInt8(truncatingIfNeeded: size &>> (7 &* (length &- 1 &- number))) & 0x7f
            store(number == 0 ? bits : bits | 0x80, at: index &+ number)
        }
    }
}
