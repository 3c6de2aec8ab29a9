import RESP

/// What SCAN, HSCAN, SSCAN and ZSCAN were asked beyond their cursor; the pattern stays an index, as views
/// can't be stored.
struct ScanOptions {
    /// The pattern's argument.
    var pattern: Int?
    var count: Int64 = 10
    var type: DataType?
    /// Whether HSCAN is to leave the values out.
    var leavesValues = false

    init(_ arguments: Arguments, from start: Int, takesType: Bool = false, takesNoValues: Bool = false)
        throws(CommandError)
    {
        var index = start
        while index < arguments.count {
            let hasNext = index + 1 < arguments.count
            if arguments.isWord(index, "COUNT"), hasNext {
                count = try arguments.integer(index + 1)
                if count < 1 { throw .syntax }
            } else if arguments.isWord(index, "MATCH"), hasNext {
                pattern = index + 1
            } else if arguments.isWord(index, "TYPE"), hasNext, takesType {
                guard let known = DataType(arguments[index + 1]) else {
                    let name = arguments[index + 1].untilNUL
                    throw CommandError(bytes: Array("ERR unknown type name '".utf8) + name + Array("'".utf8))
                }
                type = known
            } else if arguments.isWord(index, "NOVALUES") {
                guard takesNoValues else {
                    throw CommandError("ERR NOVALUES option can only be used in HSCAN")
                }
                leavesValues = true
                index -= 1
            } else {
                throw .syntax
            }
            index += 2
        }
    }

    /// Buckets looked at in one call at most, so that sparse tables don't hold others up.
    var mostBuckets: Int64 {
        let (product, overflow) = count.multipliedReportingOverflow(by: 10)
        return overflow ? .max : product
    }
}

/// A scan of a collection's elements, as far as the arguments tell.
struct ElementScan {
    let cursor: UInt64
    let options: ScanOptions
}

extension Call {
    /// Reads the key, cursor and options of a scan of a collection; nil if there is no such key, which is
    /// answered.
    ///
    /// As in Redis the options of a scan of nothing are not looked at.
    mutating func beginScan(_ arguments: Arguments, _ type: DataType, takesNoValues: Bool = false)
        throws(CommandError) -> (Entry, ElementScan)?
    {
        guard let cursor = ScanCursor.parse(arguments[2]) else { throw CommandError("ERR invalid cursor") }
        guard let entry = try read(arguments[1], type) else {
            let mark = reply.mark()
            reply.array(0)
            reply.closeScan(0, since: mark)
            return nil
        }
        let options = try ScanOptions(arguments, from: 3, takesNoValues: takesNoValues)
        return (entry, ElementScan(cursor: cursor, options: options))
    }

    /// Visits buckets of a collection's table until about as many elements were seen as were asked for.
    ///
    /// `write` puts an element whose key fits the pattern into the reply, and returns of how many replies it
    /// consists there; 0 leaves it out.
    mutating func scan(
        _ table: borrowing EntryTable, _ scan: ElementScan, _ arguments: Arguments,
        _ write: (Entry, inout ReplyWriter) -> Int
    ) {
        let glob = Glob(arguments[scan.options.pattern ?? 0])
        let matchesAll = scan.options.pattern == nil || glob.matchesAll
        let mark = reply.mark()
        var cursor = scan.cursor
        var bucketsLeft = scan.options.mostBuckets
        var seen: Int64 = 0
        var found = 0
        repeat {
            cursor = table.scan(cursor) { entry in
                seen += 1
                if matchesAll || glob.matches(entry.key) { found += write(entry, &reply) }
            }
            bucketsLeft -= 1
        } while cursor != 0 && bucketsLeft >= 0 && seen < scan.options.count
        reply.closeArray(found, since: mark)
        reply.closeScan(cursor, since: mark)
    }

    /// Answers a scan of a packed collection with all its elements at once, whatever the count.
    ///
    /// `write` puts those into the reply that fit the pattern, and returns of how many replies they consist.
    mutating func scanWhole(
        _ scan: ElementScan, _ arguments: Arguments, _ write: (ElementPattern, inout ReplyWriter) -> Int
    ) {
        let glob = Glob(arguments[scan.options.pattern ?? 0])
        let pattern = ElementPattern(glob: glob, matchesAll: scan.options.pattern == nil || glob.matchesAll)
        let mark = reply.mark()
        let found = write(pattern, &reply)
        reply.closeArray(found, since: mark)
        reply.closeScan(0, since: mark)
    }
}

/// The pattern of a scan, for elements of packed structures.
struct ElementPattern: ~Escapable {
    private let glob: Glob
    private let matchesAll: Bool

    @_lifetime(copy glob)
    fileprivate init(glob: Glob, matchesAll: Bool) {
        self.glob = glob
        self.matchesAll = matchesAll
    }

    /// Whether the element's text fits.
    func matches(_ element: PackedElement) -> Bool {
        matchesAll || element.withText { glob.matches($0) }
    }
}

/// A place in a scan, as clients spell it.
enum ScanCursor {
    /// Reads an unsigned number of 64 bits as C's `strtoull` does: blanks and a sign may come first.
    static func parse(_ text: RawSpan) -> UInt64? {
        if let number = Decimal.parse(text) { return number >= 0 ? UInt64(number) : nil }
        var at = 0
        while isBlank(text[byte: at]) { at += 1 }
        let isNegative = text[byte: at] == UInt8(ascii: "-")
        if isNegative || text[byte: at] == UInt8(ascii: "+") { at += 1 }
        let start = at
        var magnitude: UInt64 = 0
        while at < text.byteCount {
            let digit = text[byte: at] &- UInt8(ascii: "0")
            // C's strings end at a zero byte.
            if text[byte: at] == 0 { break }
            if digit > 9 { return nil }
            let (scaled, overflow1) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, overflow2) = scaled.addingReportingOverflow(UInt64(digit))
            if overflow1 || overflow2 { return nil }
            magnitude = sum
            at += 1
        }
        if at == start { return nil }
        return isNegative ? 0 &- magnitude : magnitude
    }

    private static func isBlank(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || (9...13).contains(byte)
    }
}

extension ReplyWriter {
    /// Puts the head of a scan's reply before the array written since `mark`: the pair's and the cursor.
    mutating func closeScan(_ cursor: UInt64, since mark: Int) {
        var head = ReplyWriter(version: version)
        head.array(2)
        head.bulk(text: String(cursor))
        buffer.insert(head.buffer.bytes, at: mark)
    }
}
