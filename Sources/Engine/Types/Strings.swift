import RESP

/// Strings: whole numbers, bytes inside the entry, or a `RawString` of their own.
///
/// OBJECT ENCODING answers as Redis does: `int`, `embstr` up to 44 bytes, `raw` beyond that or once
/// a string was changed in place. Where the bytes live is another matter: up to 255 inside the entry.
extension Keyspace {
    /// The longest string that Redis would embed in its object.
    static var longestEmbstr: Int { 44 }

    /// Gives `key` this string, encoded as Redis would.
    @inline(__always)
    func put(_ string: RawSpan, at slot: inout KeySlot, key: RawSpan, adopting block: BulkBlock? = nil) {
        if string.byteCount <= Decimal.longest, let integer = Decimal.parse(string) {
            return put(integer, at: &slot, key: key)
        }
        let kind: Kind = string.byteCount <= Self.longestEmbstr ? .embedded : .raw
        putBytes(string, kind: kind, at: &slot, key: key, adopting: block)
    }

    /// Gives `key` these bytes, without a look at what number they might be.
    @inline(__always)
    func putBytes(
        _ string: RawSpan, kind: Kind, at slot: inout KeySlot, key: RawSpan, adopting block: BulkBlock? = nil
    ) {
        guard string.byteCount <= Entry.largestEmbeddedValue else {
            return putObject(
                RawString.holding(string, adopting: block), kind: .rawObject, at: &slot, key: key)
        }
        guard let entry = slot.entry else {
            return insert(Entry.make(key: key, embedding: string, kind: kind, in: arena), at: &slot)
        }
        unschedule(slot)
        update(&slot, to: entry.replaceValue(embedding: string, kind: kind, in: arena))
    }

    /// Gives `key` this number.
    @inline(__always)
    func put(_ integer: Int64, at slot: inout KeySlot, key: RawSpan) {
        guard let entry = slot.entry else {
            return insert(Entry.make(key: key, integer: integer, in: arena), at: &slot)
        }
        if entry.kind == .int {
            entry.integer = integer
        } else {
            unschedule(slot)
            update(&slot, to: entry.replaceValue(integer: integer, in: arena))
        }
    }

    /// Gives `key` a value of its own.
    func putObject(_ object: Value, kind: Kind, at slot: inout KeySlot, key: RawSpan) {
        guard let entry = slot.entry else {
            return insert(Entry.make(key: key, object: object, kind: kind, in: arena), at: &slot)
        }
        unschedule(slot)
        update(&slot, to: entry.replaceValue(object: object, kind: kind, in: arena))
    }

    /// Lends the string for changes in place, grown with zeros to at least `count` bytes.
    func mutateString(
        at slot: inout KeySlot, key: RawSpan, count: Int, _ body: (inout MutableRawSpan) -> Void
    ) {
        if slot.entry == nil, count > Entry.largestEmbeddedValue {
            let raw = RawString(zeros: count)
            raw.mutate(body)
            return putObject(raw, kind: .rawObject, at: &slot, key: key)
        }
        unpackInteger(at: &slot, key: key)
        guard let entry = slot.entry else { return }
        if let raw = entry.rawString {
            arena.resize(raw) { $0.ensureCount(count) }
            return raw.mutate(body)
        }
        if count > Entry.largestEmbeddedValue {
            let raw = RawString(entry.embedded)
            raw.ensureCount(count)
            raw.mutate(body)
            return putObject(raw, kind: .rawObject, at: &slot, key: key)
        }
        let target = max(count, entry.embeddedCount)
        update(&slot, to: entry.resizeEmbedded(to: target, kind: .raw, in: arena))
        slot.entry?.mutateEmbedded(body)
    }

    /// Appends bytes; returns the string's new length.
    func appendString(at slot: inout KeySlot, key: RawSpan, _ suffix: RawSpan) -> Int {
        guard slot.entry != nil else {
            put(suffix, at: &slot, key: key)
            return suffix.byteCount
        }
        unpackInteger(at: &slot, key: key)
        guard let entry = slot.entry else { return 0 }
        if let raw = entry.rawString {
            arena.resize(raw) { $0.append(suffix) }
            return raw.count
        }
        let count = entry.embeddedCount + suffix.byteCount
        guard count <= Entry.largestEmbeddedValue else {
            let raw = RawString(entry.embedded)
            raw.append(suffix)
            putObject(raw, kind: .rawObject, at: &slot, key: key)
            return count
        }
        let start = entry.embeddedCount
        update(&slot, to: entry.resizeEmbedded(to: count, kind: .raw, in: arena))
        slot.entry?.mutateEmbedded { $0.copy(suffix, at: start) }
        return count
    }

    /// Turns a number into its bytes, and nothing into an empty string, so that it can be changed in place.
    private func unpackInteger(at slot: inout KeySlot, key: RawSpan) {
        guard let entry = slot.entry else {
            return putBytes(RawSpan(), kind: .raw, at: &slot, key: key)
        }
        guard entry.kind == .int else { return }
        Decimal.withText(of: entry.integer) { putBytes($0, kind: .raw, at: &slot, key: key) }
    }
}

extension Kind {
    /// Whether the value is a string, however it is kept.
    var isString: Bool { @inline(__always) get { self.rawValue <= Kind.raw.rawValue || self == .rawObject } }
}

extension Entry {
    /// The string that lives outside the entry, if that is where it lives.
    var rawString: RawString? {  // The kind says what the object is.
        kind == .rawObject ? unsafe unsafeDowncast(object, to: RawString.self) : nil
    }

    /// Length of the string in bytes.
    var stringCount: Int {
        if kind == .int { return Decimal.length(integer) }
        return rawString?.count ?? embeddedCount
    }

    /// Lends the string's bytes, a number's as decimal text.
    @inline(__always)
    func withString<Answer: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        if kind.holdsBytes { return try body(embedded) }
        if let raw = rawString { return try body(raw.bytes) }
        return try Decimal.withText(of: integer, body)
    }
}

extension ReplyWriter {
    /// The string of `entry` as a bulk string.
    @inline(__always)
    mutating func bulk(_ entry: Entry) {
        if entry.kind.holdsBytes {
            bulk(entry.embedded)
        } else if entry.kind == .int {
            bulk(decimal: entry.integer)
        } else if let raw = entry.rawString {
            bulk(raw.bytes)
        }
    }
}

extension MutableRawSpan {
    /// Overwrites bytes from `position` on with `source`, which must fit.
    mutating func copy(_ source: RawSpan, at position: Int) {
        precondition(position >= 0 && position + source.byteCount <= byteCount)
        // Checked in the line above; the two never overlap.
        unsafe withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { bytes in
                unsafe UnsafeMutableRawBufferPointer(rebasing: target[position...]).copyMemory(from: bytes)
            }
        }
    }
}
