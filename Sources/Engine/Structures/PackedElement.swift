import RESP

/// What one place of a packed structure holds: a whole number, or bytes that lie elsewhere.
///
/// A handle of two words. It owns nothing: it may be used, and copied, as long as the bytes stay where
/// they are, so until the structure that it came from is changed.
@safe struct PackedElement: BitwiseCopyable {
    /// Where the bytes are; nil for a number.
    private let start: UnsafeRawPointer?
    /// The number, or how many bytes there are.
    private let payload: Int64

    /// A whole number.
    @inline(__always)
    init(_ integer: Int64) {
        // A number has no bytes.
        unsafe start = nil
        payload = integer
    }

    /// Bytes that the caller keeps in place.
    @unsafe @inline(__always)
    init(start: UnsafeRawPointer, count: Int) {
        // The caller vouches for them.
        unsafe self.start = start
        payload = Int64(truncatingIfNeeded: count)
    }

    /// Bytes that the caller keeps in place, whatever they look like.
    @unsafe @inline(__always)
    init(_ bytes: RawSpan) {
        // Of no bytes the address is not read.
        let address = unsafe bytes.withUnsafeBytes { $0.baseAddress }
        // As above; any address but zero will do.
        unsafe start = address ?? UnsafeRawPointer(bitPattern: 1)
        payload = Int64(truncatingIfNeeded: bytes.byteCount)
    }

    /// What a packed structure makes of bytes: a number if they are its one decimal text, else the bytes.
    ///
    /// The caller keeps the bytes in place.
    @unsafe @inline(__always)
    init(packing bytes: RawSpan) {
        if bytes.byteCount <= Decimal.longest, let integer = Decimal.parse(bytes) {
            self.init(integer)
        } else {
            // As the caller promises.
            unsafe self.init(bytes)
        }
    }

    /// Whether the element is a number.
    @inline(__always)
    var isInteger: Bool { unsafe start == nil }  // Only compared.

    /// The number, unless the element is bytes.
    @inline(__always)
    var integer: Int64? { isInteger ? payload : nil }

    /// The bytes; none if the element is a number.
    var bytes: RawSpan {
        @_lifetime(borrow self) @inline(__always) get {
            // The bytes stay in place as long as the handle is used.
            let buffer = unsafe UnsafeRawBufferPointer(
                start: start, count: isInteger ? 0 : Int(truncatingIfNeeded: payload))
            // As above.
            return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
        }
    }

    /// How many bytes the element's text has.
    var count: Int {
        @inline(__always) get { isInteger ? Decimal.length(payload) : Int(truncatingIfNeeded: payload) }
    }

    /// Lends the element's text, a number's in decimal.
    @inline(__always)
    func withText<Answer: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        isInteger ? try Decimal.withText(of: payload, body) : try body(bytes)
    }

    /// The element as a packed structure would hold it: a number if the bytes are one's.
    @inline(__always)
    var packed: PackedElement {
        // The bytes stay in place as long as the handles are used.
        isInteger ? self : unsafe PackedElement(packing: bytes)
    }

    /// A copy of the element's text.
    var copy: [UInt8] { withText { [UInt8]($0) } }

    /// Whether the element's text is these bytes.
    @inline(__always)
    func equals(_ text: RawSpan) -> Bool {
        if isInteger {
            return text.byteCount <= Decimal.longest && Decimal.parse(text) == payload
        }
        return text.byteCount == Int(truncatingIfNeeded: payload)
            && Bytes.equal(bytes, text, count: text.byteCount)
    }

    /// Whether both have the same text.
    @inline(__always)
    func equals(_ other: PackedElement) -> Bool {
        if let integer = other.integer { return equals(integer) }
        return equals(other.bytes)
    }

    /// Whether the element's text is a number's.
    @inline(__always)
    func equals(_ other: Int64) -> Bool {
        isInteger ? payload == other : payload <= Decimal.longest && Decimal.parse(bytes) == other
    }
}
