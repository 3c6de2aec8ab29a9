import RESP

extension DataCommands {
    static let lcs = DataCommand(
        "lcs", arity: -3, flags: .readonly, categories: .string,
        keys: [KeySpec(.index(1), .range(last: 1, step: 1, limit: 0), .readOnlyAccess)],
        group: .string, since: "7.0.0",
        summary: "Finds the longest common subsequence of two string values.",
        complexity: "O(N*M) where N and M are the lengths of the two values",
        arguments: [
            .key("key1"), .key("key2"), .token("LEN", name: "len").optional,
            .token("IDX", name: "idx").optional,
            .integer("min-match-len", token: "MINMATCHLEN").optional,
            .token("WITHMATCHLEN", name: "withmatchlen").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        let first = call.read(arguments[1])
        let second = call.read(arguments[2])
        guard first?.kind.isString != false, second?.kind.isString != false else {
            throw CommandError("ERR The specified keys must contain string values")
        }
        let options = try LCSOptions(arguments)
        let cells = ((first?.stringCount ?? 0) + 1).multipliedReportingOverflow(
            by: (second?.stringCount ?? 0) + 1)
        // Redis's table has four bytes a cell, and may be as large as a string.
        guard !cells.overflow, cells.partialValue <= call.dataset.settings.bulkLength / 4 else {
            throw CommandError(
                "ERR Insufficient memory, transient memory for LCS exceeds proto-max-bulk-len")
        }
        guard let first, let second else {
            let empty = RawSpan()
            return call.reply.subsequence(
                CommonSubsequence(columns: 0, traces: false), empty, empty, options)
        }
        let search = SubsequenceSearch(first, second, options)
        guard call.slices(cells.partialValue / SubsequenceSearch.pairsPerElement) else {
            while search.advance(.max, &call) {}
            return
        }
        try call.proceed(
            arguments, reading: 1..<3,
            [
                LongCommand.Step { (call, _, slice) throws(CommandError) in
                    search.advance(slice.elements * SubsequenceSearch.pairsPerElement, &call)
                }
            ])
    }
}

/// The comparison of two keys' strings, which do not change meanwhile.
private final class SubsequenceSearch {
    /// Pairs of bytes that take as long to compare as an element of a collection takes.
    static let pairsPerElement = 128

    private let first: Entry
    private let second: Entry
    private let options: LCSOptions
    private var found: CommonSubsequence

    init(_ first: Entry, _ second: Entry, _ options: LCSOptions) {
        self.first = first
        self.second = second
        self.options = options
        found = CommonSubsequence(columns: second.stringCount, traces: !options.length)
    }

    /// Compares so many pairs of bytes more, and answers when those were the last; false then.
    func advance(_ pairs: Int, _ call: inout Call) -> Bool {
        first.withString { a in
            second.withString { b in
                if found.advance(pairs, a, b) { return true }
                call.reply.subsequence(found, a, b, options)
                return false
            }
        }
    }
}

/// What LCS was asked to return.
private struct LCSOptions {
    var length = false
    var indexes = false
    var matchLengths = false
    var shortestMatch: Int64 = 0

    init(_ arguments: Arguments) throws(CommandError) {
        var index = 3
        while index < arguments.count {
            if arguments.isWord(index, "IDX") {
                indexes = true
            } else if arguments.isWord(index, "LEN") {
                length = true
            } else if arguments.isWord(index, "WITHMATCHLEN") {
                matchLengths = true
            } else if arguments.isWord(index, "MINMATCHLEN"), index + 1 < arguments.count {
                index += 1
                shortestMatch = try arguments.integer(index)
            } else {
                throw .syntax
            }
            index += 1
        }
        if length, indexes {
            throw CommandError("ERR If you want both the length and indexes, please just use IDX.")
        }
    }
}

extension ReplyWriter {
    fileprivate mutating func subsequence(
        _ result: CommonSubsequence, _ a: RawSpan, _ b: RawSpan, _ options: LCSOptions
    ) {
        if options.length { return integer(result.length) }
        let all = result.matches(a, b)
        guard options.indexes else { return bulk(CommonSubsequence.bytes(all, of: a)) }
        let matches = all.filter { Int64($0.count) >= options.shortestMatch }
        map(2)
        bulk("matches")
        array(matches.count)
        for match in matches {
            array(options.matchLengths ? 3 : 2)
            range(match.first, match.count)
            range(match.second, match.count)
            if options.matchLengths { integer(match.count) }
        }
        bulk("len")
        integer(result.length)
    }

    /// Both ends of a range, the last one included.
    private mutating func range(_ start: Int, _ count: Int) {
        array(2)
        integer(start)
        integer(start &+ count &- 1)
    }
}
