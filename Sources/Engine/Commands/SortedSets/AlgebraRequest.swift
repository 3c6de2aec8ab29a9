import RESP

/// How the scores that a member has in several sorted sets become one.
enum ScoreAggregate {
    case sum
    case min
    case max

    /// The aggregate of two scores; infinities of both signs add up to zero.
    @inline(__always)
    func callAsFunction(_ first: Double, _ second: Double) -> Double {
        switch self {
        case .sum:
            let sum = first + second
            return sum.isNaN ? 0 : sum
        case .min: return second < first ? second : first
        case .max: return second > first ? second : first
        }
    }
}

/// A set or a sorted set among the sources of an operation, and by what its scores are multiplied.
struct WeightedSource {
    enum Members {
        case none
        case plain(SetValue)
        case sorted(SortedSetValue)
    }

    let members: Members
    /// The entry, to recognise the same key given twice.
    let entry: Entry?
    let count: Int
    var weight = 1.0

    fileprivate init(_ entry: Entry?) throws(CommandError) {
        self.entry = entry
        guard let entry else {
            members = .none
            count = 0
            return
        }
        switch entry.kind.type {
        case .set:
            let set = SetValue(entry)
            members = .plain(set)
            count = set.count
        case .sortedSet:
            let set = SortedSetValue(entry)
            members = .sorted(set)
            count = set.count
        default: throw .wrongType
        }
    }

    /// The score of a member before it is multiplied, in a plain set 1; nil if it is none.
    @inline(__always)
    func score(of member: PackedElement) -> Double? {
        switch members {
        case .none: nil
        case .plain(let set): set.contains(member) ? 1 : nil
        case .sorted(let set): set.score(of: member)
        }
    }

    /// Calls `body` with the members and their scores until it returns false.
    @inline(__always)
    func forEach(_ body: (PackedElement, Double) -> Bool) {
        switch members {
        case .none: break
        case .plain(let set): set.forEach { body($0, 1) }
        case .sorted(let set):
            var goesOn = true
            var start = 0
            // In slices, as a visit can't be broken off.
            while goesOn, start < count {
                let end = min(start + Self.slice, count)
                set.visit(start..<end) { (member, score) in
                    if goesOn { goesOn = body(member, score) }
                }
                start = end
            }
        }
    }

    /// Members between two descents of the tree.
    private static var slice: Int { 1024 }

    /// A score multiplied by the weight; what is no number is zero.
    @inline(__always)
    func weighted(_ score: Double) -> Double {
        let product = score * weight
        return product.isNaN ? 0 : product
    }
}

/// A member with its score, as a view of where it is kept.
struct ScoredMember: Comparable, BitwiseCopyable {
    let score: Double
    let member: PackedElement

    static func < (left: ScoredMember, right: ScoredMember) -> Bool {
        left.score != right.score ? left.score < right.score : left.member.order(right.member) < 0
    }

    static func == (left: ScoredMember, right: ScoredMember) -> Bool {
        left.score == right.score && left.member.equals(right.member)
    }
}

/// What ZINTER, ZUNION, ZDIFF and their likes were asked.
struct AlgebraRequest {
    private(set) var sources: [WeightedSource] = []
    private(set) var aggregate = ScoreAggregate.sum
    private(set) var withScores = false
    /// ZINTERCARD stops at so many; 0 is no limit.
    private(set) var limit: Int64 = 0

    /// Reads keys and options from argument `start` on, where the number of keys is.
    ///
    /// `start` 2 means that the first argument is where the result goes; `counts`, that only the size of
    /// the result is wanted.
    init(
        _ arguments: Arguments, _ operation: SetOperation, _ call: inout Call, from start: Int = 1,
        counts: Bool = false
    ) throws(CommandError) {
        let keyCount = try arguments.integer(start)
        guard keyCount > 0 else {
            throw CommandError(text: "ERR at least 1 input key is needed for '\(call.name)' command")
        }
        guard keyCount < Int64(arguments.count - start) else { throw .syntax }
        let end = start + 1 + Int(keyCount)
        sources.reserveCapacity(Int(keyCount))
        for index in start + 1..<end { sources.append(try WeightedSource(call.read(arguments[index]))) }
        try readOptions(
            arguments, from: end, weighs: operation != .difference && !counts,
            returns: start == 1 && !counts, counts: counts)
        // Stable, as the order decides how sums are rounded.
        if operation != .difference { sources.sort { $0.count < $1.count } }
    }

    private mutating func readOptions(
        _ arguments: Arguments, from start: Int, weighs: Bool, returns: Bool, counts: Bool
    ) throws(CommandError) {
        var index = start
        while index < arguments.count {
            let left = arguments.count - index
            if weighs, left > sources.count, arguments.isWord(index, "WEIGHTS") {
                for number in sources.indices {
                    guard let weight = Double(decimal: arguments[index + 1 + number]) else {
                        throw CommandError("ERR weight value is not a float")
                    }
                    sources[number].weight = weight
                }
                index += 1 + sources.count
            } else if weighs, left >= 2, arguments.isWord(index, "AGGREGATE") {
                aggregate = try Self.aggregate(arguments[index + 1])
                index += 2
            } else if returns, arguments.isWord(index, "WITHSCORES") {
                withScores = true
                index += 1
            } else if counts, left >= 2, arguments.isWord(index, "LIMIT") {
                limit = try arguments.integer(
                    index + 1, in: 0...Int64.max, else: CommandError("ERR LIMIT can't be negative"))
                index += 2
            } else {
                throw .syntax
            }
        }
    }

    private static func aggregate(_ word: RawSpan) throws(CommandError) -> ScoreAggregate {
        if word.isWord("SUM") { return .sum }
        if word.isWord("MIN") { return .min }
        guard word.isWord("MAX") else { throw .syntax }
        return .max
    }

    // MARK: Operations

    /// Calls `body` with each member that all sources have, until it returns false.
    func intersect(_ body: (PackedElement, Double) -> Bool) {
        guard let first = sources.first else { return }
        first.forEach { (member, score) in
            let packed = member.packed
            var total = first.weighted(score)
            for source in sources.dropFirst() {
                guard let other = source.entry == first.entry ? score : source.score(of: packed) else {
                    return true
                }
                total = aggregate(total, other * source.weight)
            }
            return body(member, total)
        }
    }

    /// Calls `body` with each member of the first source that no other has.
    func subtract(_ body: (PackedElement, Double) -> Void) {
        guard let first = sources.first else { return }
        // The largest is the likeliest to have a member.
        let others = sources.dropFirst().filter { $0.count > 0 }.sorted { $0.count > $1.count }
        if others.contains(where: { $0.entry == first.entry }) { return }
        first.forEach { (member, score) in
            let packed = member.packed
            if !others.contains(where: { $0.score(of: packed) != nil }) { body(member, score) }
            return true
        }
    }

    /// The members of an intersection or a difference in order, as views of the sources.
    func sortedMembers(_ operation: SetOperation) -> [ScoredMember] {
        var members: [ScoredMember] = []
        if operation == .intersection {
            intersect { (member, score) in
                members.append(ScoredMember(score: score, member: member))
                return true
            }
        } else {
            subtract { members.append(ScoredMember(score: $1, member: $0)) }
        }
        members.sort()
        return members
    }

    /// The members of all sources, not in order yet.
    func unite(in keyspace: Keyspace) -> ScoreTable {
        let table = ScoreTable(arena: keyspace.elements, key: keyspace.sipKey)
        for source in sources {
            source.forEach { (member, score) in
                member.withText { table.gather($0, source.weighted(score)) { aggregate($0, $1) } }
                return true
            }
        }
        return table
    }
}
