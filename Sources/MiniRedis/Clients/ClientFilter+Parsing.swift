import Engine
import RESP

extension ClientFilter {
    /// Reads the words of CLIENT LIST or CLIENT KILL from the third on.
    ///
    /// `isKill` decides who is skipped by default, and which of Redis's texts refuses an id.
    init(_ arguments: Arguments, isKill: Bool, databases: Int, userExists: (RawSpan) -> Bool)
        throws(CommandError)
    {
        skipsAsking = isKill
        var index = 2
        while index < arguments.count {
            let word = arguments[index]
            if word.isWord("id") || word.isWord("not-id") {
                let ids = try Self.ids(arguments, &index, isKill: isKill)
                conditions.append((.ids(ids), word.byteCount > 2))
                continue
            }
            guard index + 1 < arguments.count else { throw .syntax }
            let value = arguments[index + 1]
            if word.isWord("skipme") {
                guard value.isWord("yes") || value.isWord("no") else { throw .syntax }
                skipsAsking = value.isWord("yes")
            } else {
                try add(word, value, databases, userExists)
            }
            index += 2
        }
    }

    /// The numbers behind ID, and steps over them; the first word that is no number ends them.
    private static func ids(_ arguments: Arguments, _ index: inout Int, isKill: Bool) throws(CommandError)
        -> Set<Int64>
    {
        var ids: Set<Int64> = []
        let first = index + 1
        index = first
        while index < arguments.count {
            guard let id = Decimal.parse(arguments[index]) else {
                if index > first, Self.isWord(arguments[index]) { break }
                if !isKill { throw CommandError("ERR Invalid client ID") }
                throw index > first ? .syntax : CommandError("ERR client-id should be greater than 0")
            }
            guard id > 0 || !isKill else { throw CommandError("ERR client-id should be greater than 0") }
            ids.insert(id)
            index += 1
        }
        if index == first { throw .syntax }
        return ids
    }

    private static let words: [StaticString] = [
        "id", "type", "addr", "laddr", "ip", "user", "name", "lib-name", "lib-ver", "flags", "capa", "db",
        "maxage",
        "idle", "skipme",
    ]

    private static func isWord(_ word: RawSpan) -> Bool {
        let plain = word.withoutNegation
        for known in words where plain.isWord(known) { return true }
        return false
    }

    /// Adds the condition of a word with one value.
    private mutating func add(
        _ word: RawSpan, _ value: RawSpan, _ databases: Int, _ userExists: (RawSpan) -> Bool
    ) throws(CommandError) {
        let plain = word.withoutNegation
        let isNegated = plain.byteCount < word.byteCount
        let condition: Condition
        if plain.isWord("type") {
            guard let kind = Kind(value) else { throw Self.quoting("ERR Unknown client type '", value, "'") }
            condition = .kind(kind)
        } else if plain.isWord("user") {
            guard userExists(value) else { throw Self.quoting("ERR No such user '", value, "'") }
            condition = .user([UInt8](value))
        } else if plain.isWord("addr") {
            condition = .address([UInt8](value))
        } else if plain.isWord("laddr") {
            condition = .localAddress([UInt8](value))
        } else if plain.isWord("ip") {
            condition = .host([UInt8](value))
        } else if plain.isWord("name") {
            condition = .name([UInt8](value))
        } else if plain.isWord("lib-name") {
            condition = .libraryName([UInt8](value))
        } else if plain.isWord("lib-ver") {
            condition = .libraryVersion([UInt8](value))
        } else {
            condition = try Self.checked(plain, value, isNegated, databases)
        }
        conditions.append((condition, isNegated))
    }

    /// The condition of a word whose value has a form of its own.
    private static func checked(
        _ plain: RawSpan, _ value: RawSpan, _ isNegated: Bool, _ databases: Int
    ) throws(CommandError) -> Condition {
        if plain.isWord("flags") {
            guard [UInt8](value).allSatisfy(Session.allFlagLetters.contains) else {
                throw quoting(
                    "ERR Unknown flags found in the \(isNegated ? "NOT-FLAGS" : "provided") filter: ", value)
            }
            return .flags([UInt8](value))
        }
        if plain.isWord("capa") {
            guard [UInt8](value).allSatisfy({ $0 == UInt8(ascii: "r") }) else {
                throw quoting(
                    "ERR Unknown capa found in the \(isNegated ? "NOT-CAPA" : "provided") filter: ", value)
            }
            return .capabilities
        }
        if plain.isWord("db") {
            let name = isNegated ? "NOT-DB" : "DB"
            guard let number = Decimal.parse(value).flatMap(Int32.init(exactly:)) else {
                throw CommandError(text: "ERR \(name) is not an integer or out of range")
            }
            guard number >= 0, number < databases else {
                throw CommandError(text: "ERR \(name) number should be between 0 and \(databases - 1)")
            }
            return .database(Int(number))
        }
        if plain.isWord("maxage"), !isNegated { return .age(try seconds(value, "maxage")) }
        if plain.isWord("idle"), !isNegated { return .idle(try seconds(value, "idle")) }
        throw .syntax
    }

    private static func seconds(_ value: RawSpan, _ name: String) throws(CommandError) -> Int64 {
        guard let seconds = Decimal.parse(value) else {
            throw CommandError(text: "ERR \(name) is not an integer or out of range")
        }
        guard seconds > 0 else { throw CommandError(text: "ERR \(name) should be greater than 0") }
        return seconds
    }

    private static func quoting(_ start: String, _ value: RawSpan, _ end: String = "") -> CommandError {
        CommandError(bytes: Array(start.utf8) + [UInt8](value) + Array(end.utf8))
    }
}

extension RawSpan {
    /// What is behind `NOT-`; the whole word if it does not begin so.
    fileprivate var withoutNegation: RawSpan {
        @_lifetime(copy self)
        get {
            guard byteCount > 4, extracting(first: 4).isWord("not-") else { return self }
            return extracting(4..<byteCount)
        }
    }
}
