import RESP

/// The name of an entry of a stream: a time in milliseconds and a number within it.
struct StreamID: Comparable, Hashable, BitwiseCopyable {
    var milliseconds: UInt64
    var sequence: UInt64

    static var zero: StreamID { StreamID(milliseconds: 0, sequence: 0) }
    static var largest: StreamID { StreamID(milliseconds: .max, sequence: .max) }

    @inline(__always)
    static func < (left: StreamID, right: StreamID) -> Bool {
        left.milliseconds == right.milliseconds
            ? left.sequence < right.sequence : left.milliseconds < right.milliseconds
    }

    @inline(__always)
    static func == (left: StreamID, right: StreamID) -> Bool {
        left.milliseconds == right.milliseconds && left.sequence == right.sequence
    }

    /// The next ID; nil behind the largest.
    var successor: StreamID? {
        if sequence < .max { return StreamID(milliseconds: milliseconds, sequence: sequence &+ 1) }
        return milliseconds < .max ? StreamID(milliseconds: milliseconds &+ 1, sequence: 0) : nil
    }

    /// The ID before; nil in front of zero.
    var predecessor: StreamID? {
        if sequence > 0 { return StreamID(milliseconds: milliseconds, sequence: sequence &- 1) }
        return milliseconds > 0 ? StreamID(milliseconds: milliseconds &- 1, sequence: .max) : nil
    }

    /// How many of the sixteen bytes, the most significant first, both begin with.
    func commonBytes(_ other: StreamID) -> Int {
        let high = milliseconds ^ other.milliseconds
        if high != 0 { return high.leadingZeroBitCount / 8 }
        return 8 + (sequence ^ other.sequence).leadingZeroBitCount / 8
    }
}

/// How clients write an ID.
extension StreamID {
    /// An ID as written in a request.
    enum Written {
        case full(StreamID)
        /// A time whose number the server chooses: `ms-*`.
        case time(UInt64)
    }

    /// Longer texts are no IDs to Redis.
    private static var longestText: Int { 127 }

    /// Reads `ms-seq`, or `ms` alone, whose number is then `missing`; nil if the text is neither.
    @inline(__always)
    static func parse(_ text: RawSpan, missing: UInt64 = 0) -> StreamID? {
        guard case .full(let id) = parseWritten(text, missing: missing, takesStar: false) else { return nil }
        return id
    }

    /// The same, and `-` and `+` for the least and the largest ID.
    static func parseEdge(_ text: RawSpan, missing: UInt64) -> StreamID? {
        if text.isWord("-") { return .zero }
        if text.isWord("+") { return .largest }
        return parse(text, missing: missing)
    }

    /// Reads `ms-seq`, `ms`, and `ms-*` with `takesStar`.
    ///
    /// As in Redis each number is what C's `strtoull` makes of it, and a zero byte ends the text.
    static func parseWritten(_ text: RawSpan, missing: UInt64, takesStar: Bool) -> Written? {
        guard text.byteCount <= longestText else { return nil }
        var end = 0
        while end < text.byteCount, text[byte: end] != 0 { end &+= 1 }
        var dash = 0
        while dash < end, text[byte: dash] != UInt8(ascii: "-") { dash &+= 1 }
        guard let milliseconds = ScanCursor.parse(text.extracting(0..<dash)) else { return nil }
        if dash == end { return .full(StreamID(milliseconds: milliseconds, sequence: missing)) }
        if takesStar, end == dash + 2, text[byte: dash + 1] == UInt8(ascii: "*") {
            return .time(milliseconds)
        }
        guard let sequence = ScanCursor.parse(text.extracting(dash + 1..<end)) else { return nil }
        return .full(StreamID(milliseconds: milliseconds, sequence: sequence))
    }

    /// The ID as text.
    var text: [UInt8] {
        var buffer = ByteBuffer()
        buffer.append(self)
        return [UInt8](buffer.bytes)
    }

    /// How many bytes the text has.
    @inline(__always)
    fileprivate var textCount: Int { Self.length(milliseconds) &+ 1 &+ Self.length(sequence) }

    @inline(__always)
    private static func length(_ number: UInt64) -> Int {
        // Beyond the signed numbers there are 19 or 20 digits.
        if number <= UInt64(Int64.max) { return Decimal.length(Int64(number)) }
        return number < 10_000_000_000_000_000_000 ? 19 : 20
    }
}

extension ByteBuffer {
    /// Appends an ID as clients see it.
    @inline(__always)
    mutating func append(_ id: StreamID) {
        append(unsigned: id.milliseconds)
        append(UInt8(ascii: "-"))
        append(unsigned: id.sequence)
    }

    @inline(__always)
    private mutating func append(unsigned number: UInt64) {
        if number <= UInt64(Int64.max) {
            append(decimal: Int64(number))
        } else {
            append(text: String(number))
        }
    }
}

extension ReplyWriter {
    /// An ID as a bulk string.
    @inline(__always)
    mutating func bulk(_ id: StreamID) {
        buffer.reserve(64)
        buffer.append(UInt8(ascii: "$"))
        buffer.append(decimal: id.textCount)
        buffer.append("\r\n" as StaticString)
        buffer.append(id)
        buffer.append("\r\n" as StaticString)
    }
}
