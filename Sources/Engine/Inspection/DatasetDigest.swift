import RESP

/// Twenty bytes that tell whether two data sets hold the same, as DEBUG DIGEST computes them.
///
/// What has an order is mixed in, element after element; the digests of what has none (keys, members
/// of a set) are combined with exclusive or. The same bytes as Redis's for the same data.
struct DatasetDigest {
    private(set) var bytes = InlineArray<20, UInt8>(repeating: 0)

    /// Combines in the hash of some bytes, whatever the order.
    mutating func combine(_ data: RawSpan) { combine(SHA1.hash(data)) }

    /// Combines in another digest, whatever the order.
    mutating func combine(_ other: DatasetDigest) {
        // The array lives until the hash is made.
        unsafe combine(SHA1.hash(other.bytes.span.bytes))
    }

    /// Mixes in some bytes behind all that came before.
    mutating func mix(_ data: RawSpan) {
        combine(data)
        // The array lives until the hash is made.
        bytes = unsafe SHA1.hash(bytes.span.bytes)
    }

    /// Mixes in a number in the network's byte order, as Redis does with types and databases.
    mutating func mix(_ number: UInt32) {
        var data = InlineArray<4, UInt8>(repeating: 0)
        for index in 0..<4 { data[index] = UInt8(truncatingIfNeeded: number &>> UInt32(24 &- index &* 8)) }
        // The array lives until it is mixed in.
        unsafe mix(data.span.bytes)
    }

    /// Forty hexadecimal digits.
    var text: String {
        var text = ""
        for index in 0..<20 {
            let digits = String(bytes[index], radix: 16)
            text += digits.count == 1 ? "0" + digits : digits
        }
        return text
    }

    private mutating func combine(_ other: InlineArray<20, UInt8>) {
        for index in 0..<20 { bytes[index] ^= other[index] }
    }
}

extension DatasetDigest {
    /// Mixes in an entry's type, value and whether it has a deadline, but not its key.
    mutating func mixValue(of entry: Entry) {
        mix(entry.kind.type.number)
        switch entry.kind.type {
        case .string: entry.withString { mix($0) }
        case .set: SetValue(entry).mix(into: &self)
        case .sortedSet: SortedSetValue(entry).mix(into: &self)
        case .hash: HashValue(entry).mix(into: &self)
        case .list: ListValue(entry).mix(into: &self)
        case .stream: entry.object.mix(into: &self)
        }
        if entry.hasDeadline { Self.mark.withSpan { combine($0) } }
    }

    /// Combines in what elements hash to, whatever their order.
    mutating func combine(_ element: PackedElement) { element.withText { combine($0) } }

    /// Combines in what stands for the deadline of a hash's field.
    mutating func combineFieldDeadline() { Self.fieldMark.withSpan { combine($0) } }

    private static let fieldMark = "!!hexpire!!"

    /// What stands for a deadline.
    private static let mark = "!!expire!!"
}

extension String {
    fileprivate func withSpan(_ body: (RawSpan) -> Void) {
        // The text's own storage, borrowed for the call.
        unsafe body(utf8Span.span.bytes)
    }
}

extension Dataset {
    /// The digest of all keys, values and numbers of databases, in hexadecimal.
    public var digest: String {
        var total = DatasetDigest()
        for keyspace in keyspaces.sorted(by: { $0.number < $1.number }) where keyspace.count > 0 {
            total.mix(UInt32(truncatingIfNeeded: keyspace.number))
            keyspace.table.forEach { entry in
                var one = DatasetDigest()
                one.mix(entry.key)
                one.mixValue(of: entry)
                total.combine(one)
            }
        }
        return total.text
    }
}

extension Call {
    /// The digest of a key's value in hexadecimal, of a key that is due as well; zeros without a key.
    public func digest(ofValueAt key: RawSpan) -> String {
        var digest = DatasetDigest()
        if let entry = keyspace.locate(key).entry { digest.mixValue(of: entry) }
        return digest.text
    }
}
