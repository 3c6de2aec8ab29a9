import RESP

/// What ranges of sorted sets are made of.
enum RangeKind {
    case ranks
    case scores
    case members
}

/// What ZRANGE and its likes were asked, beyond the key and the two ends.
struct RangeRequest {
    var kind: RangeKind
    var isBackwards: Bool
    var withScores = false
    var offset: Int64 = 0
    /// How many at most; negative for all.
    var limit: Int64 = -1

    /// Reads ZRANGE's options.
    init(_ arguments: Arguments, from start: Int, stores: Bool = false) throws(CommandError) {
        self = RangeRequest(kind: .ranks, isBackwards: false)
        try read(arguments, from: start, isFree: true, takesScores: !stores)
    }

    /// Reads the options of a command that says itself what it returns.
    init(
        _ arguments: Arguments, from start: Int, _ kind: RangeKind, backwards: Bool
    ) throws(CommandError) {
        self = RangeRequest(kind: kind, isBackwards: backwards)
        try read(arguments, from: start, isFree: false, takesScores: true)
    }

    private init(kind: RangeKind, isBackwards: Bool) {
        self.kind = kind
        self.isBackwards = isBackwards
    }

    private mutating func read(
        _ arguments: Arguments, from start: Int, isFree: Bool, takesScores: Bool
    ) throws(CommandError) {
        var choosesKind = isFree
        var choosesDirection = isFree
        var index = start
        while index < arguments.count {
            if takesScores, arguments.isWord(index, "WITHSCORES") {
                withScores = true
            } else if arguments.isWord(index, "LIMIT"), index + 2 < arguments.count {
                offset = try arguments.integer(index + 1)
                limit = try arguments.integer(index + 2)
                index += 2
            } else if choosesDirection, arguments.isWord(index, "REV") {
                isBackwards = true
                choosesDirection = false
            } else if choosesKind, arguments.isWord(index, "BYLEX") {
                kind = .members
                choosesKind = false
            } else if choosesKind, arguments.isWord(index, "BYSCORE") {
                kind = .scores
                choosesKind = false
            } else {
                throw .syntax
            }
            index += 1
        }
        if limit != -1, kind == .ranks {
            throw CommandError(
                "ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX")
        }
        if withScores, kind == .members {
            throw CommandError(
                "ERR syntax error, WITHSCORES not supported in combination with BYLEX")
        }
    }

    /// The part of the ranks in a range that offset and limit leave.
    func limited(_ ranks: Range<Int>) -> Range<Int> {
        // Redis takes an offset below zero for one that is never reached.
        let offset = self.offset < 0 ? ranks.count : Int(min(self.offset, Int64(ranks.count)))
        let left = ranks.count - offset
        let count = limit < 0 ? left : Int(min(limit, Int64(left)))
        let start = isBackwards ? ranks.upperBound - offset - count : ranks.lowerBound + offset
        return start..<start + count
    }
}

/// A sorted set and the ranks of some of its members.
struct SortedSetRange {
    let set: SortedSetValue
    let ranks: Range<Int>
}

extension ScoreRange {
    /// Reads two ends as Redis does; throws if one is not a number.
    init(_ low: RawSpan, _ high: RawSpan) throws(CommandError) {
        let (low, excludesLow) = try Self.bound(low)
        let (high, excludesHigh) = try Self.bound(high)
        self.init(low: low, high: high, excludesLow: excludesLow, excludesHigh: excludesHigh)
    }

    private static func bound(_ text: RawSpan) throws(CommandError) -> (Double, Bool) {
        let isExcluded = text[byte: 0] == UInt8(ascii: "(")
        let number = isExcluded ? text.extracting(droppingFirst: 1) : text
        guard let bound = Double(bound: number) else {
            throw CommandError("ERR min or max is not a float")
        }
        return (bound, isExcluded)
    }
}

extension Call {
    /// Reads the ends of a range, then the key, and finds what lies between; nil if there is no such key.
    mutating func range(_ arguments: Arguments, _ request: RangeRequest, key: Int)
        throws(CommandError) -> SortedSetRange?
    {
        let isReversed = request.isBackwards && request.kind != .ranks
        let (low, high) = isReversed ? (key + 2, key + 1) : (key + 1, key + 2)
        let found = try findRange(arguments, request.kind, low, high) { (call) throws(CommandError) in
            try call.read(arguments[key], .sortedSet)
        }
        guard let found else { return nil }
        if request.kind != .ranks {
            return SortedSetRange(set: found.set, ranks: request.limited(found.ranks))
        }
        guard request.isBackwards else { return found }
        let count = found.set.count
        return SortedSetRange(
            set: found.set, ranks: count - found.ranks.upperBound..<count - found.ranks.lowerBound)
    }

    /// Reads the arguments that name the lower and the upper end, then gets the entry with `find`.
    mutating func findRange(
        _ arguments: Arguments, _ kind: RangeKind, _ low: Int, _ high: Int,
        _ find: (inout Call) throws(CommandError) -> Entry?
    ) throws(CommandError) -> SortedSetRange? {
        switch kind {
        case .ranks:
            let (first, last) = (try arguments.integer(low), try arguments.integer(high))
            guard let set = try find(&self).map(SortedSetValue.init) else { return nil }
            return SortedSetRange(set: set, ranks: Self.ranks(first, last, of: set.count))
        case .scores:
            let range = try ScoreRange(arguments[low], arguments[high])
            guard let set = try find(&self).map(SortedSetValue.init) else { return nil }
            return SortedSetRange(set: set, ranks: set.ranks(in: range))
        case .members:
            guard let from = MemberBound(argument: arguments[low]),
                let to = MemberBound(argument: arguments[high])
            else { throw CommandError("ERR min or max not valid string range item") }
            guard let set = try find(&self).map(SortedSetValue.init) else { return nil }
            return SortedSetRange(set: set, ranks: set.ranks(from: from, to: to))
        }
    }

    /// The ranks between two places, of which negative ones are counted from the end.
    static func ranks(_ first: Int64, _ last: Int64, of count: Int) -> Range<Int> {
        let total = Int64(count)
        let start = max(first < 0 ? first + total : first, 0)
        let end = min(last < 0 ? last + total : last, total - 1)
        if start > end || start >= total { return 0..<0 }
        return Int(start)..<Int(end) + 1
    }
}
