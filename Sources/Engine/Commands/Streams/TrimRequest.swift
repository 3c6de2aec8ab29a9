import RESP

/// The options of XADD and XTRIM.
struct TrimRequest {
    /// How far to trim, if at all.
    var trim: StreamTrim?
    /// Where the number or ID stands that tells how far; `=` or `~` may stand before it.
    private(set) var threshold = 0
    /// Whether XADD is to make no stream.
    private(set) var makesNoStream = false
    /// Where XADD's ID stands.
    private(set) var idIndex = 0
    /// The ID that XADD is to use; nil if the server is to choose it.
    private(set) var writtenID: StreamID.Written?

    private var isApproximate = false
    private var most: Int64?
    private var references: ReferencePolicy?

    /// Reads the options from the third argument on: XADD's up to the ID, XTRIM's to the end.
    init(_ arguments: Arguments, isAdding: Bool, _ call: borrowing Call) throws(CommandError) {
        var index = 2
        while index < arguments.count {
            if isAdding, arguments.isWord(index, "*") { break }
            guard try readOption(arguments, &index, isAdding: isAdding) else {
                if isAdding { break }
                throw .syntax
            }
            index += 1
        }
        idIndex = index
        if isAdding { try readID(arguments) }
        try finish(isAdding: isAdding, call)
    }

    /// Reads XADD's ID, which is refused before options that do not fit together.
    private mutating func readID(_ arguments: Arguments) throws(CommandError) {
        if idIndex >= arguments.count || arguments.isWord(idIndex, "*") { return }
        writtenID = StreamID.parseWritten(arguments[idIndex], missing: 0, takesStar: true)
        if writtenID == nil { throw .invalidStreamID }
    }

    /// Reads an option and leaves `index` at its last argument; false if there is none.
    private mutating func readOption(
        _ arguments: Arguments, _ index: inout Int, isAdding: Bool
    ) throws(CommandError) -> Bool {
        let hasNext = index + 1 < arguments.count
        if hasNext, arguments.isWord(index, "MAXLEN") {
            try beginTrim(arguments, &index)
            let count = try arguments.integer(index)
            if count < 0 { throw CommandError("ERR The MAXLEN argument must be >= 0.") }
            trim = StreamTrim(limit: .count(Int(count)))
        } else if hasNext, arguments.isWord(index, "MINID") {
            try beginTrim(arguments, &index)
            trim = StreamTrim(limit: .id(try arguments.streamID(index)))
        } else if hasNext, arguments.isWord(index, "LIMIT") {
            index += 1
            let count = try arguments.integer(index)
            if count < 0 { throw CommandError("ERR The LIMIT argument must be >= 0.") }
            most = count
        } else if isAdding, arguments.isWord(index, "NOMKSTREAM") {
            makesNoStream = true
        } else if let policy = ReferencePolicy(arguments[index]) {
            if references != nil { throw .syntax }
            references = policy
        } else {
            return false
        }
        return true
    }

    /// Passes the word and the operator.
    private mutating func beginTrim(_ arguments: Arguments, _ index: inout Int) throws(CommandError) {
        if trim != nil {
            throw CommandError(
                "ERR syntax error, MAXLEN and MINID options at the same time are not compatible")
        }
        index += 1
        let hasNext = index + 1 < arguments.count
        isApproximate = hasNext && arguments.isWord(index, "~")
        if isApproximate || hasNext && arguments.isWord(index, "=") { index += 1 }
        threshold = index
    }

    private mutating func finish(isAdding: Bool, _ call: borrowing Call) throws(CommandError) {
        if trim == nil, most ?? 0 > 0 {
            throw CommandError(
                "ERR syntax error, LIMIT cannot be used without specifying a trimming strategy")
        }
        if trim == nil, !isAdding {
            throw CommandError("ERR syntax error, XTRIM must be called with a trimming strategy")
        }
        if most != nil, !isApproximate, !call.isReplay {
            throw CommandError("ERR syntax error, LIMIT cannot be used without the special ~ option")
        }
        trim?.isApproximate = isApproximate
        trim?.references = references ?? .keep
        // What is repeated was limited where it was done first.
        if isApproximate, !call.isReplay {
            let entries = call.dataset.settings.collections.streamNodeEntries
            trim?.most = most.map { Int($0) } ?? Self.usualMost(entriesPerNode: entries)
        }
    }

    /// As much as a hundred full nodes.
    private static func usualMost(entriesPerNode: Int) -> Int {
        let (product, overflow) = entriesPerNode.multipliedReportingOverflow(by: 100)
        if overflow { return 1_000_000 }
        return product <= 0 ? 10_000 : min(product, 1_000_000)
    }

    /// The command's words with the limit that its trimming came to, so that others trim alike.
    ///
    /// What stays because it is referred to may lie among what goes: then only the count tells how much.
    func reworded(_ arguments: Arguments, _ stream: Stream) -> [[UInt8]] {
        var words = arguments.copies
        guard let trim, trim.isApproximate else { return words }
        words[threshold - 1] = [UInt8(ascii: "=")]
        if case .id = trim.limit, trim.references != .acknowledged {
            words[threshold] = (stream.firstEntryID(includingDeleted: true) ?? .largest).text
        } else {
            words[threshold - 2] = Array("MAXLEN".utf8)
            words[threshold] = Array(String(stream.count).utf8)
        }
        return words
    }
}

extension ReferencePolicy {
    /// The policy of this name.
    init?(_ word: RawSpan) {
        if word.isWord("KEEPREF") {
            self = .keep
        } else if word.isWord("DELREF") {
            self = .delete
        } else if word.isWord("ACKED") {
            self = .acknowledged
        } else {
            return nil
        }
    }
}
