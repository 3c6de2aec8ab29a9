/// Replies that few commands give.
extension ReplyWriter {
    /// A simple string made for the occasion; it must have no line break.
    public mutating func simple(text: String) {
        buffer.append(UInt8(ascii: "+"))
        buffer.append(text: text)
        endLine()
    }

    /// Text that RESP3 marks as plain (`txt`).
    public mutating func verbatim(text: String) {
        // The text's own storage, borrowed for the call.
        unsafe verbatim(text.utf8Span.span.bytes)
    }

    /// A whole number of any size, in decimal.
    public mutating func bigNumber(text: String) {
        guard version == .resp3 else { return bulk(text: text) }
        buffer.append(UInt8(ascii: "("))
        buffer.append(text: text)
        endLine()
    }

    /// The head of `pairs` attributes of the reply that follows them; RESP3 only.
    public mutating func attribute(_ pairs: Int) { header(UInt8(ascii: "|"), pairs) }
}
