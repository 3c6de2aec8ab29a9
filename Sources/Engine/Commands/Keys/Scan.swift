import RESP

extension DataCommands {
    static let scan = DataCommand(
        "scan", arity: -2, flags: [.readonly, .touchesArbitraryKeys], categories: .keyspace,
        group: .generic, since: "2.8.0",
        summary: "Returns some of the keys and a cursor from which to go on.",
        complexity:
            "O(1) a call, O(N) for a whole pass until the cursor is 0 again, N being the number of keys",
        tips: ["nondeterministic_output", "request_policy:special", "response_policy:special"],
        arguments: [
            .integer("cursor"), .pattern("pattern", token: "MATCH").optional,
            .integer("count", token: "COUNT").optional,
            .string("type", token: "TYPE").optional.since("6.0.0"),
        ]
    ) { (arguments, call) throws(CommandError) in
        guard let cursor = ScanCursor.parse(arguments[1]) else { throw CommandError("ERR invalid cursor") }
        try call.scan(arguments, from: cursor, ScanOptions(arguments, from: 2))
    }
}

/// What SCAN was asked beyond its cursor; the pattern stays an index, as views can't be stored.
private struct ScanOptions {
    /// The pattern's argument.
    var pattern: Int?
    var count: Int64 = 10
    var type: DataType?

    init(_ arguments: Arguments, from start: Int) throws(CommandError) {
        var index = start
        while index < arguments.count {
            let hasNext = index + 1 < arguments.count
            if arguments.isWord(index, "COUNT"), hasNext {
                count = try arguments.integer(index + 1)
                if count < 1 { throw .syntax }
            } else if arguments.isWord(index, "MATCH"), hasNext {
                pattern = index + 1
            } else if arguments.isWord(index, "TYPE"), hasNext {
                guard let known = DataType(arguments[index + 1]) else {
                    let name = arguments[index + 1].untilNUL
                    throw CommandError(bytes: Array("ERR unknown type name '".utf8) + name + Array("'".utf8))
                }
                type = known
            } else if arguments.isWord(index, "NOVALUES") {
                throw CommandError("ERR NOVALUES option can only be used in HSCAN")
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

extension Call {
    /// Visits buckets until about `count` keys were seen; those that fit go straight into the reply.
    fileprivate mutating func scan(_ arguments: Arguments, from start: UInt64, _ options: ScanOptions) {
        let keyspace = keyspace
        let glob = Glob(arguments[options.pattern ?? 0])
        let matchesAll = options.pattern == nil || glob.matchesAll
        let mark = reply.mark()
        var cursor = start
        var bucketsLeft = options.mostBuckets
        var seen: Int64 = 0
        var found = 0
        var due: [[UInt8]] = []
        repeat {
            cursor = keyspace.table.scan(cursor) { entry in
                seen += 1
                if let type = options.type, entry.kind.type != type { return }
                guard matchesAll || glob.matches(entry.key) else { return }
                if isDue(entry, in: keyspace) {
                    due.append([UInt8](entry.key))
                } else {
                    reply.bulk(entry.key)
                    found += 1
                }
            }
            bucketsLeft -= 1
        } while cursor != 0 && bucketsLeft >= 0 && seen < options.count
        reply.closeArray(found, since: mark)
        reply.closeScan(cursor, since: mark)
        for key in due {
            // The array lives until the key is gone.
            _ = unsafe locate(key.span.bytes)
        }
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
