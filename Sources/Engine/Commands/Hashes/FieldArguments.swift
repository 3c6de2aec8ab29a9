import RESP

/// `FIELDS numfields field …`, as the commands about deadlines of fields take it.
enum FieldArguments {
    /// The grammar, for rows.
    static let grammar = ArgumentSpec.block(
        "fields", [.integer("numfields"), .string("field").multiple], token: "FIELDS")

    /// The indices of the fields when the word is at `index`, as all that follows must be.
    static func read(
        _ arguments: Arguments, _ index: Int, notPositive: CommandError = notPositive
    ) throws(CommandError) -> Range<Int> {
        guard arguments.isWord(index, "FIELDS"), index + 1 < arguments.count else { throw missing }
        let count = try arguments.integer(index + 1, in: 1...Int64.max, else: notPositive)
        let first = index + 2
        guard count == Int64(arguments.count - first) else {
            throw CommandError("ERR The `numfields` parameter must match the number of arguments")
        }
        return first..<arguments.count
    }

    static let missing = CommandError(
        "ERR Mandatory argument FIELDS is missing or not at the right position")
    private static let notPositive = CommandError("ERR Number of fields must be a positive integer")

    /// The latest deadline of a field, as in Redis: 46 bits of milliseconds.
    private static let latest: Int64 = 1 << 46 - 1

    /// The number at `index` as a field's deadline, which may lie in the past.
    static func deadline(
        _ arguments: Arguments, _ index: Int, _ unit: ExpiryOption.Unit, _ call: borrowing Call
    ) throws(CommandError) -> Int64 {
        var deadline = try arguments.integer(index)
        guard deadline >= 0 else { throw CommandError("ERR invalid expire time, must be >= 0") }
        if unit == .seconds || unit == .unixSeconds {
            guard deadline <= latest / 1000 else { throw .invalidExpire(call.name.description) }
            deadline *= 1000
        }
        let base = unit == .seconds || unit == .milliseconds ? call.now : 0
        guard deadline <= latest - base else { throw .invalidExpire(call.name.description) }
        return deadline + base
    }
}

/// NX, XX, GT or LT: on what the new deadline of a field depends.
enum FieldCondition {
    case none
    case absent
    case present
    case later
    case earlier

    /// The grammar, for rows.
    static let grammar = ArgumentSpec.oneOf(
        "condition",
        [
            .token("NX", name: "nx"), .token("XX", name: "xx"), .token("GT", name: "gt"),
            .token("LT", name: "lt"),
        ]
    ).optional

    /// The condition that a word names, or none.
    init(_ word: RawSpan) {
        if word.isWord("NX") {
            self = .absent
        } else if word.isWord("XX") {
            self = .present
        } else if word.isWord("GT") {
            self = .later
        } else if word.isWord("LT") {
            self = .earlier
        } else {
            self = .none
        }
    }

    /// Whether a deadline may take the place of `old`, which is 0 if there is none.
    func allows(_ deadline: Int64, after old: Int64) -> Bool {
        switch self {
        case .none: true
        case .absent: old == 0
        case .present: old != 0
        case .later: old != 0 && deadline > old
        case .earlier: old == 0 || deadline < old
        }
    }
}
