// One of the few inlinable files: commands call it for every element of every reply.

/// The version of the protocol that a client speaks.
public enum ProtocolVersion: Int, Sendable {
    case resp2 = 2
    case resp3 = 3
}

/// Writes replies in the client's protocol version behind each other into one buffer.
///
/// Types that RESP2 lacks fall back as in Redis: maps to flat arrays, sets and pushes to arrays,
/// doubles and big numbers to bulk strings, booleans to integers, verbatim strings to bulk strings.
public struct ReplyWriter: ~Copyable, Sendable {
    /// Encoded bytes that wait to be sent.
    public var buffer: ByteBuffer
    /// Decides how the types of RESP3 are written.
    public var version: ProtocolVersion

    /// Creates a writer that appends to `buffer`.
    @inlinable public init(buffer: consuming ByteBuffer = ByteBuffer(), version: ProtocolVersion = .resp2) {
        self.buffer = buffer
        self.version = version
    }

    /// Takes everything out and leaves an empty writer of the same version.
    public mutating func take() -> ReplyWriter {
        let version = version
        let taken = self
        self = ReplyWriter(version: version)
        return taken
    }

    /// Bytes written so far and not yet sent.
    @inlinable public var count: Int { buffer.count }

    @inlinable var isRESP3: Bool { version == .resp3 }

    /// The simple string OK.
    @inlinable public mutating func ok() { buffer.append("+OK\r\n" as StaticString) }

    /// A simple string; the text must have no line break.
    @inlinable public mutating func simple(_ text: StaticString) {
        buffer.append(UInt8(ascii: "+"))
        buffer.append(text)
        endLine()
    }

    /// An error line: its code, a space, and words that hold no line break.
    public mutating func error(_ text: StaticString) {
        buffer.append(UInt8(ascii: "-"))
        buffer.append(text)
        endLine()
    }

    /// An error line that may quote the client's bytes; line breaks become spaces, as in Redis.
    public mutating func error(_ text: RawSpan) {
        buffer.append(UInt8(ascii: "-"))
        let start = buffer.count
        buffer.append(text)
        for position in start..<buffer.count {
            let byte = Decimal.byte(buffer.bytes, position)
            if byte == UInt8(ascii: "\r") || byte == UInt8(ascii: "\n") {
                buffer.overwrite(UInt8(ascii: " "), at: position)
            }
        }
        endLine()
    }

    /// An integer.
    @inlinable public mutating func integer(_ value: Int64) {
        buffer.reserve(Decimal.longest + 3)
        buffer.append(UInt8(ascii: ":"))
        buffer.append(decimal: value)
        endLine()
    }

    /// An integer.
    @inlinable public mutating func integer(_ value: Int) { integer(Int64(value)) }

    /// A bulk string.
    @inlinable public mutating func bulk(_ bytes: RawSpan) { buffer.append(bulk: bytes) }

    /// The head of a bulk string whose bytes follow with `part`, and then `endOfBulk`.
    public mutating func beginBulk(_ count: Int) { header(UInt8(ascii: "$"), count) }

    /// Bytes of a bulk string that was begun.
    public mutating func part(_ bytes: RawSpan) { buffer.append(bytes) }

    /// The end of a bulk string that was begun.
    public mutating func endOfBulk() { endLine() }

    /// A bulk string from a literal.
    @inlinable public mutating func bulk(_ text: StaticString) {
        header(UInt8(ascii: "$"), text.utf8CodeUnitCount)
        buffer.append(text)
        endLine()
    }

    /// A bulk string from text.
    @inlinable public mutating func bulk(text: String) {
        header(UInt8(ascii: "$"), text.utf8.count)
        buffer.append(text: text)
        endLine()
    }

    /// A bulk string from an array's bytes.
    @inlinable public mutating func bulk(_ bytes: [UInt8]) {
        header(UInt8(ascii: "$"), bytes.count)
        buffer.append(bytes)
        endLine()
    }

    /// The decimal text of `value` as a bulk string.
    @inlinable public mutating func bulk(decimal value: Int64) {
        buffer.append(bulkHeader: Decimal.length(value))
        buffer.append(decimal: value)
        endLine()
    }

    /// Text that RESP3 marks as plain (`txt`).
    public mutating func verbatim(_ bytes: RawSpan) {
        guard isRESP3 else { return bulk(bytes) }
        header(UInt8(ascii: "="), bytes.byteCount + 4)
        buffer.append("txt:" as StaticString)
        buffer.append(bytes)
        endLine()
    }

    /// No value: `_`, or the null bulk string of RESP2.
    @inlinable public mutating func null() {
        if isRESP3 {
            buffer.append("_\r\n" as StaticString)
        } else {
            buffer.append("$-1\r\n" as StaticString)
        }
    }

    /// No value where an array was due: `_`, or the null array of RESP2.
    @inlinable public mutating func nullArray() {
        if isRESP3 {
            buffer.append("_\r\n" as StaticString)
        } else {
            buffer.append("*-1\r\n" as StaticString)
        }
    }

    /// A boolean, or 1 and 0.
    @inlinable public mutating func boolean(_ value: Bool) {
        if isRESP3 {
            buffer.append(value ? "#t\r\n" : "#f\r\n" as StaticString)
        } else {
            buffer.append(value ? ":1\r\n" : ":0\r\n" as StaticString)
        }
    }

    /// A double whose shortest text is `text`.
    public mutating func double(text: String) {
        guard isRESP3 else { return bulk(text: text) }
        buffer.append(UInt8(ascii: ","))
        buffer.append(text: text)
        endLine()
    }

    /// A double whose shortest text is `text`.
    @inlinable public mutating func double(_ text: RawSpan) {
        guard isRESP3 else { return bulk(text) }
        buffer.reserve(text.byteCount + 3)
        buffer.append(UInt8(ascii: ","))
        buffer.append(text)
        endLine()
    }

    /// The head of an array of `count` replies that follow.
    @inlinable public mutating func array(_ count: Int) { header(UInt8(ascii: "*"), count) }

    /// The head of a map of `pairs` keys and values that follow in turn.
    @inlinable public mutating func map(_ pairs: Int) {
        if isRESP3 { header(UInt8(ascii: "%"), pairs) } else { header(UInt8(ascii: "*"), pairs * 2) }
    }

    /// The head of a set of `count` replies that follow.
    @inlinable public mutating func set(_ count: Int) {
        header(isRESP3 ? UInt8(ascii: "~") : UInt8(ascii: "*"), count)
    }

    /// The head of an out-of-band message of `count` replies that follow.
    @inlinable public mutating func push(_ count: Int) {
        header(isRESP3 ? UInt8(ascii: ">") : UInt8(ascii: "*"), count)
    }

    /// Turns the one push message that the writer holds into the form of the other version.
    public mutating func convertPush(to version: ProtocolVersion) {
        guard version != self.version else { return }
        self.version = version
        buffer.overwrite(isRESP3 ? UInt8(ascii: ">") : UInt8(ascii: "*"), at: 0)
    }

    /// Notes where an array begins whose length is known only after its elements.
    @inlinable public func mark() -> Int { buffer.count }

    /// Puts the head of an array of `count` replies before what was written since `mark`.
    public mutating func closeArray(_ count: Int, since mark: Int) {
        insertHead(UInt8(ascii: "*"), count, at: mark)
    }

    /// Puts the head of a set of `count` replies before what was written since `mark`.
    public mutating func closeSet(_ count: Int, since mark: Int) {
        insertHead(isRESP3 ? UInt8(ascii: "~") : UInt8(ascii: "*"), count, at: mark)
    }

    /// Puts the head of a map of `pairs` keys and values before what was written since `mark`.
    public mutating func closeMap(_ pairs: Int, since mark: Int) {
        if isRESP3 {
            insertHead(UInt8(ascii: "%"), pairs, at: mark)
        } else {
            insertHead(UInt8(ascii: "*"), pairs * 2, at: mark)
        }
    }

    private mutating func insertHead(_ type: UInt8, _ count: Int, at mark: Int) {
        Decimal.withText(of: Int64(count)) { digits in
            var head = InlineArray<24, UInt8>(repeating: type)
            for index in 0..<digits.byteCount { head[index + 1] = Decimal.byte(digits, index) }
            head[digits.byteCount + 1] = UInt8(ascii: "\r")
            head[digits.byteCount + 2] = UInt8(ascii: "\n")
            // The array lives until it has been copied; at most 23 of its bytes are used.
            unsafe buffer.insert(head.span.bytes.extracting(0..<digits.byteCount + 3), at: mark)
        }
    }

    @inlinable mutating func header(_ type: UInt8, _ count: Int) {
        buffer.reserve(Decimal.longest + 3)
        buffer.append(type)
        buffer.append(decimal: count)
        endLine()
    }

    @inlinable mutating func endLine() {
        buffer.append(UInt8(ascii: "\r"))
        buffer.append(UInt8(ascii: "\n"))
    }
}
