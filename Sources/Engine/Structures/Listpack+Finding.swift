/// Looking at one element after the other.
extension Listpack {
    /// Calls `body` with up to `left` elements from that number on, as long as it answers true; whether it is
    /// to go on behind the last.
    ///
    /// Backwards, the element with that number is the first and lower ones follow. `left` counts down.
    @inline(__always)
    func visit(
        from number: Int, left: inout Int, backwards: Bool, _ body: (PackedElement) -> Bool
    ) -> Bool {
        guard var at = index(number: number) else { return false }
        let (start, end) = (start, end)
        while true {
            left &-= 1
            guard body(element(at: at)), left > 0 else { return false }
            if backwards {
                if at == start { return true }
                at = index(before: at)
            } else {
                at = index(after: at)
                if at >= end { return true }
            }
        }
    }
}

/// Looking for an element by what it holds.
extension Listpack {
    /// Where the first element with this text is, from `index` on; `skip` elements are left out after each
    /// that is looked at, as the values between the fields of a hash.
    ///
    /// A number is found by its decimal text, however it is kept.
    @inline(__always)
    func find(_ text: RawSpan, from index: Int = headerByteCount, skip: Int = 0) -> Int? {
        // The text is the caller's for the whole call.
        find(unsafe PackedElement(packing: text), from: index, skip: skip)
    }

    /// The same for an element, such as one made once of a text that is looked for several times.
    @inline(__always)
    func find(_ element: PackedElement, from index: Int = headerByteCount, skip: Int = 0) -> Int? {
        if let integer = element.integer { return find(integer, from: index, skip: skip) }
        return findBytes(element.bytes, from: index, skip: skip)
    }

    private func find(_ integer: Int64, from index: Int, skip: Int) -> Int? {
        var at = index
        let end = end
        while at < end {
            if element(at: at).equals(integer) { return at }
            at = pass(at, skip &+ 1)
        }
        return nil
    }

    private func findBytes(_ text: RawSpan, from index: Int, skip: Int) -> Int? {
        let count = text.byteCount
        // No element has this head if the text is too long for it.
        let wanted = count < 64 ? UInt8(truncatingIfNeeded: count) | 0x80 : 0xff
        var at = index
        let end = end
        while at < end {
            let head = load(at, UInt8.self)
            if head == wanted {
                if Bytes.equal(span(at &+ 1, count), text, count: count) { return at }
            } else if head >= 0xe0, head <= Listpack.wideText {
                let (itsCount, size) = textSize(at: at, head)
                if itsCount == count, Bytes.equal(span(at &+ size &- count, count), text, count: count) {
                    return at
                }
            }
            at = pass(at, skip &+ 1)
        }
        return nil
    }

    /// Behind so many elements, or at least at `end`.
    @inline(__always)
    private func pass(_ index: Int, _ count: Int) -> Int {
        var at = index &+ extent(at: index)
        var left = count &- 1
        let end = end
        while left > 0, at < end {
            at &+= extent(at: at)
            left &-= 1
        }
        return at
    }

    @_lifetime(borrow self) @inline(__always)
    func span(_ offset: Int, _ count: Int) -> RawSpan {
        // The caller keeps the block in place while it uses the span, which lies inside.
        let bytes = unsafe UnsafeRawBufferPointer(start: pointer + offset, count: count)
        // As above.
        return unsafe _overrideLifetime(RawSpan(_unsafeBytes: bytes), borrowing: self)
    }
}
