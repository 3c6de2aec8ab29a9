import RESP

extension DataCommands {
    static let llen = DataCommand(
        "llen", arity: 2, flags: [.readonly, .fast], categories: .list,
        keys: [.one(1, .readOnly)], group: .list, since: "1.0.0",
        summary: "Returns how many elements a list has.",
        arguments: [.key()]
    ) { (arguments, call) throws(CommandError) in
        call.reply.integer(try call.read(arguments[1], .list).map { ListValue($0).count } ?? 0)
    }

    static let lindex = DataCommand(
        "lindex", arity: 3, flags: .readonly, categories: .list,
        keys: [.one(1, .readOnlyAccess)], group: .list, since: "1.0.0",
        summary: "Returns the element at an index, from the end if it is negative.",
        complexity: "O(N) where N is the distance to the nearer end, much less for long lists",
        arguments: [.key(), .integer("index")]
    ) { (arguments, call) throws(CommandError) in
        guard let entry = try call.read(arguments[1], .list) else { return call.reply.null() }
        let list = ListValue(entry)
        let number = try arguments.integer(2)
        guard let index = list.index(number), list.withElement(at: index, { call.reply.bulk($0) }) != nil
        else { return call.reply.null() }
    }

    static let lrange = DataCommand(
        "lrange", arity: 4, flags: .readonly, categories: .list,
        keys: [.one(1, .readOnlyAccess)], group: .list, since: "1.0.0",
        summary: "Returns the elements from one index to another.",
        complexity:
            "O(S+N) where S is the distance of the range from the nearer end, N how many elements are returned",
        arguments: [.key(), .integer("start"), .integer("stop")]
    ) { (arguments, call) throws(CommandError) in
        let (start, stop) = (try arguments.integer(2), try arguments.integer(3))
        guard let entry = try call.read(arguments[1], .list) else { return call.reply.array(0) }
        let list = ListValue(entry)
        let range = list.range(start, stop)
        guard call.slices(range.count) else { return call.reply.elements(of: list, range) }
        call.reply.array(range.count)
        var left = range
        call.writeInSlices(holding: arguments[1]) { reply, slice in
            var written = 0
            list.visit(from: left.lowerBound, count: min(slice.elements, left.count)) { element in
                reply.bulk(element)
                written += 1
                return !slice.isFull(reply)
            }
            left = left.dropFirst(written)
            return !left.isEmpty
        }
    }

    static let lpos = DataCommand(
        "lpos", arity: -3, flags: .readonly, categories: .list,
        keys: [.one(1, .readOnlyAccess)], group: .list, since: "6.0.6",
        summary: "Returns the indexes at which an element is.",
        complexity: "O(N) where N is how many elements are looked at, the whole list at most",
        arguments: [
            .key(), .string("element"), .integer("rank", token: "RANK").optional,
            .integer("num-matches", token: "COUNT").optional, .integer("len", token: "MAXLEN").optional,
        ]
    ) { (arguments, call) throws(CommandError) in
        var search = try PositionSearch(arguments)
        guard let entry = try call.read(arguments[1], .list) else {
            return search.most == nil ? call.reply.null() : call.reply.array(0)
        }
        let list = ListValue(entry)
        search.begin(in: list)
        if call.slices(search.left) { return try call.searchInSlices(search, list, arguments) }
        guard let most = search.most else {
            var found: Int?
            _ = search.look(at: .max, of: list, for: arguments[2]) { index in
                found = index
                return false
            }
            return found.map { call.reply.integer($0) } ?? call.reply.null()
        }
        let mark = call.reply.mark()
        var count = 0
        _ = search.look(at: .max, of: list, for: arguments[2]) { index in
            call.reply.integer(index)
            count += 1
            return count != most
        }
        call.reply.closeArray(count, since: mark)
    }
}

/// What LPOS was asked.
private struct PositionSearch {
    /// How many matches come before the first that is told.
    private var skipped: UInt64 = 0
    private var isBackwards = false
    /// How many elements are looked at; 0 stands for all.
    private var longest: Int64 = 0
    /// How many matches are told, 0 standing for all; nil if a single one is wanted.
    private(set) var most: Int64?
    /// The index of the element that is looked at next.
    private var index = 0
    /// How many are still looked at.
    private(set) var left = 0

    init(_ arguments: Arguments) throws(CommandError) {
        var index = 3
        while index < arguments.count {
            guard index + 1 < arguments.count else { throw .syntax }
            if arguments.isWord(index, "RANK") {
                let rank = try arguments.symmetricInteger(index + 1)
                guard rank != 0 else { throw .zeroRank }
                isBackwards = rank < 0
                skipped = rank.magnitude - 1
            } else if arguments.isWord(index, "COUNT") {
                most = try arguments.integer(
                    index + 1, in: 0...Int64.max, else: CommandError("ERR COUNT can't be negative"))
            } else if arguments.isWord(index, "MAXLEN") {
                longest = try arguments.integer(
                    index + 1, in: 0...Int64.max, else: CommandError("ERR MAXLEN can't be negative"))
            } else {
                throw .syntax
            }
            index += 2
        }
    }

    /// Prepares the search in `list`, which must not change before its end.
    mutating func begin(in list: ListValue) {
        index = isBackwards ? list.count - 1 : 0
        left = longest == 0 ? list.count : Int(min(longest, Int64(list.count)))
    }

    /// Looks at `most` elements more, and calls `body` with the index of each match that is wanted, until it
    /// answers false; false after the last.
    @inline(__always)
    mutating func look(at most: Int, of list: ListValue, for text: RawSpan, _ body: (Int) -> Bool) -> Bool {
        // The argument stays where it is while the command runs.
        let sought = unsafe PackedElement(packing: text)
        var goesOn = true
        list.visit(from: index, count: min(most, left), backwards: isBackwards) { element in
            if element.equals(sought) {
                if skipped == 0 { goesOn = body(index) } else { skipped -= 1 }
            }
            index += isBackwards ? -1 : 1
            left -= 1
            return goesOn
        }
        return goesOn && left > 0
    }
}

extension Call {
    /// LPOS in a long list: what is found is kept until the search is over.
    fileprivate mutating func searchInSlices(
        _ search: PositionSearch, _ list: ListValue, _ arguments: Arguments
    ) throws(CommandError) {
        var search = search
        var found: [Int] = []
        var next = 0
        let steps = [
            LongCommand.Step { (call, arguments, slice) throws(CommandError) in
                let most = search.most.map(Int.init(clamping:)) ?? 1
                let goesOn = search.look(at: slice.elements, of: list, for: arguments[2]) { index in
                    found.append(index)
                    return found.count != most
                }
                if goesOn { return true }
                if search.most != nil { call.reply.array(found.count) }
                return false
            },
            LongCommand.Step { (call, _, slice) throws(CommandError) in
                if search.most == nil, found.isEmpty { call.reply.null() }
                return slice.visit(&next, upTo: found.count, &call) { $1.reply.integer(found[$0]) }
            },
        ]
        try proceed(arguments, reading: 1..<2, steps)
    }
}

extension ListValue {
    /// The number of the element at an index that a client gave, from the end if it is negative; nil before
    /// the first.
    @inline(__always)
    func index(_ number: Int64) -> Int? {
        if number >= 0 { return Int(clamping: number) }
        let index = Int64(count) + number
        return index < 0 ? nil : Int(index)
    }

    /// The numbers of the elements from one index to another, both included, as LRANGE and LTRIM read them.
    @inline(__always)
    func range(_ start: Int64, _ stop: Int64) -> Range<Int> {
        let count = Int64(count)
        let first = start < 0 ? max(count + start, 0) : start
        let last = min(stop < 0 ? count + stop : stop, count - 1)
        return first > last ? 0..<0 : Int(first)..<Int(last) + 1
    }
}

extension ReplyWriter {
    /// An array of some elements of a list, backwards if so wished.
    @inline(__always)
    mutating func elements(of list: ListValue, _ range: Range<Int>, backwards: Bool = false) {
        array(range.count)
        guard !range.isEmpty else { return }
        list.visit(
            from: backwards ? range.upperBound - 1 : range.lowerBound, count: range.count,
            backwards: backwards
        ) { element in
            bulk(element)
            return true
        }
    }
}

extension Arguments {
    /// A whole number that has an opposite.
    func symmetricInteger(_ index: Int) throws(CommandError) -> Int64 {
        let number = try integer(index)
        guard number != .min else {
            throw CommandError(
                "ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807")
        }
        return number
    }
}

extension CommandError {
    fileprivate static let zeroRank = CommandError(
        """
        ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative \
        to start from the end of the list
        """)
}
