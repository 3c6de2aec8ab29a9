import RESP

/// EX, PX, EXAT, PXAT and what goes with them, shared by all commands that set a string's deadline.
enum ExpiryOption {
    /// Not given.
    case none
    /// KEEPTTL.
    case keep
    /// PERSIST.
    case persist
    /// At this Unix time in milliseconds.
    case at(Int64)

    /// The unit and base of a given number.
    enum Unit {
        case seconds
        case milliseconds
        case unixSeconds
        case unixMilliseconds

        /// The unit that a word names, if any does.
        init?(_ word: RawSpan) {
            if word.isWord("EX") {
                self = .seconds
            } else if word.isWord("PX") {
                self = .milliseconds
            } else if word.isWord("EXAT") {
                self = .unixSeconds
            } else if word.isWord("PXAT") {
                self = .unixMilliseconds
            } else {
                return nil
            }
        }
    }

    /// The grammar of the four units, for rows.
    static let grammar: [ArgumentSpec] = [
        .integer("seconds", token: "EX"), .integer("milliseconds", token: "PX"),
        .unixTime("unix-time-seconds", token: "EXAT"), .unixTime("unix-time-milliseconds", token: "PXAT"),
    ]

    /// The grammar of the four units and KEEPTTL.
    static let keepingGrammar = grammar + [.token("KEEPTTL", name: "keepttl")]

    /// The deadline that `number` in `unit` means now; it must lie in the range of 64 bits and be positive.
    static func deadline(
        _ number: Int64, _ unit: Unit, now: Int64, command: StaticString
    ) throws(CommandError) -> Int64 {
        guard number > 0 else { throw .invalidExpire(command.description) }
        var deadline = number
        var overflow = false
        if unit == .seconds || unit == .unixSeconds {
            (deadline, overflow) = number.multipliedReportingOverflow(by: 1000)
        }
        if unit == .seconds || unit == .milliseconds, !overflow {
            (deadline, overflow) = deadline.addingReportingOverflow(now)
        }
        if overflow { throw .invalidExpire(command.description) }
        return deadline
    }
}

/// The words about a deadline among a command's options, as far as they were read.
///
/// Numbers are looked at after all words: a syntax error comes before a bad number.
struct ExpiryWords {
    private enum Word: Equatable {
        case unit(ExpiryOption.Unit)
        case keep
        case persist
    }

    private var word: Word?
    /// The index of the number's argument.
    private var number = 0

    /// Whether there was none.
    var isEmpty: Bool { word == nil }

    /// Whether there was one of the four units.
    var hasUnit: Bool { if case .unit = word { true } else { false } }

    /// Whether there was PERSIST.
    var isPersist: Bool { word == .persist }

    /// Takes the word at `index`, and the number behind it where it needs one, and moves `index` to the
    /// last argument taken; false when the word is another, or contradicts an earlier one.
    ///
    /// The same word may come again, and counts the last time.
    mutating func take(_ arguments: Arguments, _ index: inout Int, extra: Extra) -> Bool {
        if let unit = ExpiryOption.Unit(arguments[index]) {
            guard index + 1 < arguments.count, accept(.unit(unit)) else { return false }
            index += 1
            number = index
            return true
        }
        switch extra {
        case .keep: return arguments.isWord(index, "KEEPTTL") && accept(.keep)
        case .persist: return arguments.isWord(index, "PERSIST") && accept(.persist)
        }
    }

    /// What a command takes besides the four units.
    enum Extra {
        case keep
        case persist
    }

    private mutating func accept(_ new: Word) -> Bool {
        if let word, word != new { return false }
        word = new
        return true
    }

    /// What the words mean now.
    func option(_ arguments: Arguments, _ call: borrowing Call) throws(CommandError) -> ExpiryOption {
        switch word {
        case nil: return .none
        case .keep: return .keep
        case .persist: return .persist
        case .unit(let unit): return try arguments.expiry(number, unit, call)
        }
    }
}

extension Arguments {
    /// The number at `index` as a deadline in `unit`.
    func expiry(
        _ index: Int, _ unit: ExpiryOption.Unit, _ call: borrowing Call
    ) throws(CommandError) -> ExpiryOption {
        .at(try ExpiryOption.deadline(integer(index), unit, now: call.now, command: call.name))
    }
}
