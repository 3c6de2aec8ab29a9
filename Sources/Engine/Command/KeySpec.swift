/// Where a command's keys stand among its arguments, and what becomes of them.
public struct KeySpec: Sendable {
    /// Where to start looking.
    public enum Begin: Sendable {
        /// At this argument.
        case index(Int)
        /// Behind this word, looked for from `from` on (from the end backwards if negative).
        case keyword(StaticString, from: Int)
        case unknown
    }

    /// How the keys go on from there.
    public enum Find: Sendable {
        /// Up to `last` (relative to the first; -1: the last argument, -2: the one before, …), every `step`
        /// arguments; `limit` 2 means only the first half of what is left, and so on.
        case range(last: Int, step: Int, limit: Int)
        /// A number at `index` tells how many there are, from `first` on (both relative to the start).
        case number(index: Int, first: Int, step: Int)
        case unknown
    }

    public let begin: Begin
    public let find: Find
    public let flags: KeyFlags
    /// A remark for COMMAND INFO.
    public let notes: StaticString?
    /// Finds keys and flags that depend on the arguments more than the rest of the spec can say.
    private(set) var finder: KeyFinder?

    /// Spells all parts out; `one`, `all` and `counted` cover most commands.
    public init(_ begin: Begin, _ find: Find, _ flags: KeyFlags, notes: StaticString? = nil) {
        self.begin = begin
        self.find = find
        self.flags = flags
        self.notes = notes
    }

    /// The same spec, whose keys or flags `finder` tells for a given request.
    ///
    /// For specs that are marked as incomplete or with variable flags.
    public func found(by finder: @escaping KeyFinder) -> KeySpec {
        var copy = self
        copy.finder = finder
        return copy
    }

    /// One key at `index`.
    public static func one(_ index: Int = 1, _ flags: KeyFlags, notes: StaticString? = nil) -> KeySpec {
        KeySpec(.index(index), .range(last: 0, step: 1, limit: 0), flags, notes: notes)
    }

    /// Every `step`th argument from `first` on is a key.
    public static func all(from first: Int = 1, step: Int = 1, _ flags: KeyFlags) -> KeySpec {
        KeySpec(.index(first), .range(last: -1, step: step, limit: 0), flags)
    }

    /// A count at `index`, then as many keys, `step` arguments apart.
    public static func counted(at index: Int, step: Int = 1, _ flags: KeyFlags) -> KeySpec {
        KeySpec(.index(index), .number(index: 0, first: 1, step: step), flags)
    }
}

/// What a command does with a key; Redis's names.
public struct KeyFlags: OptionSet, Sendable {
    public let rawValue: UInt16

    /// Builds a set from its bits.
    public init(rawValue: UInt16) { self.rawValue = rawValue }

    public static let readOnly = KeyFlags(rawValue: 1 << 0)
    public static let readWrite = KeyFlags(rawValue: 1 << 1)
    public static let overwrite = KeyFlags(rawValue: 1 << 2)
    public static let remove = KeyFlags(rawValue: 1 << 3)
    public static let access = KeyFlags(rawValue: 1 << 4)
    public static let update = KeyFlags(rawValue: 1 << 5)
    public static let insert = KeyFlags(rawValue: 1 << 6)
    public static let delete = KeyFlags(rawValue: 1 << 7)
    public static let notKey = KeyFlags(rawValue: 1 << 8)
    public static let incomplete = KeyFlags(rawValue: 1 << 9)
    public static let variableFlags = KeyFlags(rawValue: 1 << 10)

    /// Every flag with its name, in Redis's order.
    public static let named: [(KeyFlags, StaticString)] = [
        (.readOnly, "RO"), (.readWrite, "RW"), (.overwrite, "OW"), (.remove, "RM"),
        (.access, "access"), (.update, "update"), (.insert, "insert"), (.delete, "delete"),
        (.notKey, "not_key"), (.incomplete, "incomplete"), (.variableFlags, "variable_flags"),
    ]
}
