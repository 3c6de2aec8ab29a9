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

    /// Whether none was given.
    var isNone: Bool { if case .none = self { true } else { false } }

    /// The grammar of the four units, for rows.
    static let grammar: [ArgumentSpec] = [
        .integer("seconds", token: "EX"), .integer("milliseconds", token: "PX"),
        .unixTime("unix-time-seconds", token: "EXAT"), .unixTime("unix-time-milliseconds", token: "PXAT"),
    ]

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
