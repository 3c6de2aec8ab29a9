import MiniRedisClient

/// A piece of a command's grammar as `COMMAND DOCS` tells it.
struct Grammar {
    let name: String
    let type: String
    let token: String?
    let isOptional: Bool
    let isMultiple: Bool
    /// Whether the token comes again with every value.
    let repeatsToken: Bool
    let parts: [Grammar]

    /// Reads one piece.
    init(_ value: RESPValue) throws(RedisError) {
        let fields = try [String: RESPValue](resp: value)
        name = try String(resp: fields["name"] ?? .null)
        type = try String(resp: fields["type"] ?? .null)
        token = fields["token"]?.string
        let flags = Set((fields["flags"]?.elements ?? []).compactMap(\.string))
        isOptional = flags.contains("optional")
        repeatsToken = flags.contains("multiple_token")
        isMultiple = flags.contains("multiple") || repeatsToken
        parts = try Self.list(fields["arguments"])
    }

    /// Reads the pieces of a command, none if there is nothing.
    static func list(_ value: RESPValue?) throws(RedisError) -> [Grammar] {
        var all: [Grammar] = []
        for element in value?.elements ?? [] { all.append(try Grammar(element)) }
        return all
    }

    /// The names of everything that can be said, each behind those of what it is in.
    static func leaves(_ all: [Grammar], under path: String) -> Set<String> {
        all.reduce(into: []) { leaves, piece in
            let own = "\(path) \(piece.name)"
            leaves.formUnion(piece.parts.isEmpty ? [own] : Self.leaves(piece.parts, under: own))
        }
    }
}

/// Follows a command's words through its grammar and notes what they say.
struct GrammarWalk {
    private let words: [String]
    private var at = 0
    /// The leaves that were passed.
    private(set) var passed: Set<String> = []

    init(_ words: [String]) { self.words = words }

    /// Whether all words are read.
    var isAtEnd: Bool { at == words.count }

    private var next: String? { at < words.count ? words[at].uppercased() : nil }

    /// Reads words by the pieces, those with tokens in any order; false if it can't.
    mutating func read(_ pieces: [Grammar], under path: String) -> Bool {
        var rest = pieces
        while let next {
            if let place = rest.firstIndex(where: { Self.begins($0, with: next) }) {
                let piece = rest.remove(at: place)
                guard read(piece, under: path) else { return false }
            } else if let place = rest.firstIndex(where: { Self.isPositional($0) && !isOmitted($0, rest) }) {
                let piece = rest.remove(at: place)
                let behind = rest.filter { !$0.isOptional && Self.isPositional($0) }
                let lists = behind.count { $0.isMultiple }
                guard read(piece, under: path, leaving: behind.count, lists: lists) else { return false }
            } else {
                break
            }
        }
        return rest.allSatisfy(\.isOptional)
    }

    /// Reads a piece, as often as it comes, but leaves so many words to what comes behind it.
    ///
    /// Lists behind a list are as long as that, as the IDs behind the keys of streams.
    private mutating func read(
        _ piece: Grammar, under path: String, leaving kept: Int = 0, lists: Int = 0
    ) -> Bool {
        var isFirst = true
        var count = 0
        repeat {
            count += 1
            if let token = piece.token, piece.type != "pure-token", isFirst || piece.repeatsToken {
                guard next == token.uppercased() else { return false }
                at += 1
            }
            isFirst = false
            let own = "\(path) \(piece.name)"
            switch piece.type {
            case "oneof":
                guard let chosen = choice(of: piece), read(chosen, under: own) else { return false }
            case "block":
                guard read(piece.parts, under: own) else { return false }
            default:
                guard at < words.count else { return false }
                at += 1
                passed.insert(own)
            }
        } while piece.isMultiple && words.count - at > max(kept, count * lists) && continues(piece)
        return true
    }

    /// Whether the words go on with another of a piece that may come many times.
    private func continues(_ piece: Grammar) -> Bool {
        guard let next else { return false }
        if let token = piece.token, piece.repeatsToken { return next == token }
        // A word in capitals is a token, which ends a list of values.
        let isValue = words[at].contains { !$0.isUppercase }
        return isValue ? piece.token != nil || Self.isPositional(piece) : Self.begins(piece, with: next)
    }

    private func choice(of piece: Grammar) -> Grammar? {
        guard let next else { return nil }
        return piece.parts.first { Self.begins($0, with: next) }
            ?? piece.parts.first(where: Self.isPositional)
    }

    /// Whether an optional piece is left out so that there are words for what must come.
    private func isOmitted(_ piece: Grammar, _ rest: [Grammar]) -> Bool {
        piece.isOptional && rest.filter { !$0.isOptional }.count >= words.count - at
    }

    private static func begins(_ piece: Grammar, with word: String) -> Bool {
        if let token = piece.token { return token.uppercased() == word }
        switch piece.type {
        case "oneof": return piece.parts.contains { begins($0, with: word) }
        case "block":
            let optional = piece.parts.prefix { $0.isOptional }
            return piece.parts.prefix(optional.count + 1).contains { begins($0, with: word) }
        default: return false
        }
    }

    /// Whether it begins with a value.
    private static func isPositional(_ piece: Grammar) -> Bool {
        guard piece.token == nil else { return false }
        switch piece.type {
        case "oneof": return piece.parts.contains(where: isPositional)
        case "block":
            return piece.parts.first { !$0.isOptional || isPositional($0) }.map(isPositional) ?? false
        default: return true
        }
    }
}
