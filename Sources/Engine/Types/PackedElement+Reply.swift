import RESP

extension ReplyWriter {
    /// The text of an element as a bulk string.
    @inline(__always)
    mutating func bulk(_ element: PackedElement) {
        if let integer = element.integer { bulk(decimal: integer) } else { bulk(element.bytes) }
    }
}
