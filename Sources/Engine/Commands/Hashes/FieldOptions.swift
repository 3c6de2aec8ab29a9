import RESP

/// The words of HGETEX and HSETEX, which may come in any order.
struct FieldOptions {
    /// FNX or FXX, by themselves of fields; NX or XX, of the key.
    enum Existence {
        case any
        case absent
        case present
    }

    /// The indices of the fields, and of their values with HSETEX.
    private(set) var fields = 0..<0
    /// Where the deadline's word stands, if one was given.
    private(set) var deadlineWord: Int?
    private(set) var deadline: Int64 = 0
    private(set) var isPersist = false
    private(set) var keepsDeadline = false
    private(set) var fieldExistence = Existence.any
    private(set) var keyExistence = Existence.any

    /// Whether the command sets values (HSETEX), and not only deadlines.
    private let sets: Bool

    init(_ arguments: Arguments, sets: Bool, _ call: borrowing Call) throws(CommandError) {
        self.sets = sets
        var index = 2
        while index < arguments.count {
            let word = arguments[index]
            if word.isWord("FIELDS") {
                try takeFields(arguments, &index, call.name)
            } else if let unit = ExpiryOption.Unit(word) {
                guard deadlineWord == nil, !isPersist, !keepsDeadline else { throw contradiction }
                guard index + 1 < arguments.count else { throw CommandError("ERR missing expire time") }
                deadlineWord = index
                deadline = try FieldArguments.deadline(arguments, index + 1, unit, call)
                index += 1
            } else if word.isWord("PERSIST") {
                guard deadlineWord == nil, !isPersist else { throw contradiction }
                isPersist = true
            } else if word.isWord("KEEPTTL") {
                guard deadlineWord == nil, !keepsDeadline else { throw contradiction }
                keepsDeadline = true
            } else {
                try takeExistence(word)
            }
            index += 1
        }
        if fields.isEmpty { throw FieldArguments.missing }
        let isForeign = sets ? isPersist : keepsDeadline || fieldExistence != .any
        if isForeign { throw CommandError("ERR unknown argument") }
    }

    /// `FIELDS numfields` and what belongs to it.
    private mutating func takeFields(
        _ arguments: Arguments, _ index: inout Int, _ name: StaticString
    ) throws(CommandError) {
        guard index + 1 < arguments.count else { throw .wrongArity(name.description) }
        let count = try arguments.integer(
            index + 1, in: 1...Int64(Int32.max), else: CommandError("ERR invalid number of fields"))
        let first = index + 2
        let size = Int(count) * (sets ? 2 : 1)
        guard size <= arguments.count - first else { throw CommandError("ERR wrong number of arguments") }
        fields = first..<first + size
        index = fields.upperBound - 1
    }

    /// FNX and FXX, and with HSETEX Valkey's NX and XX.
    private mutating func takeExistence(_ word: RawSpan) throws(CommandError) {
        if word.isWord("FNX") || word.isWord("FXX") {
            guard fieldExistence == .any else {
                throw CommandError("ERR Only one of FXX or FNX arguments can be specified")
            }
            fieldExistence = word.isWord("FNX") ? .absent : .present
        } else if sets, word.isWord("NX") || word.isWord("XX") {
            guard keyExistence == .any else { throw .syntax }
            keyExistence = word.isWord("NX") ? .absent : .present
        } else {
            throw CommandError(bytes: Array("ERR unknown argument: ".utf8) + word.untilNUL)
        }
    }

    private var contradiction: CommandError {
        sets
            ? CommandError("ERR Only one of EX, PX, EXAT, PXAT or KEEPTTL arguments can be specified")
            : CommandError("ERR Only one of EX, PX, EXAT, PXAT or PERSIST arguments can be specified")
    }
}
