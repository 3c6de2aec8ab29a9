/// Kinds of values that only directives without an effect have.

extension ValueForm where Value == [String] {
    /// Nothing, as `save ""` says: there is no snapshot to write.
    static var savePoints: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                if words.isEmpty || words == [[]] { return [] }
                let numbers = words.map { Int64(String(decoding: $0, as: UTF8.self)) ?? -1 }
                let seconds = stride(from: 0, to: numbers.count, by: 2).map { numbers[$0] }
                guard words.count.isMultiple(of: 2), seconds.allSatisfy({ $0 >= 1 }),
                    numbers.allSatisfy({ $0 >= 0 })
                else { throw DirectiveError("Invalid save parameters") }
                throw DirectiveError("this server writes no snapshots; the only value is \"\"")
            },
            show: { Array($0.joined(separator: " ").utf8) },
            lines: { _ in [Array("\"\"".utf8)] })
    }

    /// Nothing, as `replicaof no one` says.
    static var replicaOf: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 2 else { throw .wordCount }
                if lowercased(words[0]) == "no", lowercased(words[1]) == "one" { return [] }
                guard UInt16(String(decoding: words[1], as: UTF8.self)) != nil else {
                    throw DirectiveError("Invalid master port")
                }
                throw DirectiveError("this server does not replicate")
            },
            show: { Array($0.joined(separator: " ").utf8) }, lines: { _ in [] })
    }
}

extension ValueForm where Value == Int {
    /// How often a second Redis looks after itself, brought into bounds.
    static var frequency: ValueForm {
        let form = integer(0...Int64(Int32.max))
        return ValueForm(
            read: { (words, present) throws(DirectiveError) in
                min(max(try form.read(words, present), 1), 500)
            },
            show: form.show, lines: form.lines)
    }
}

extension ValueForm where Value == [Int] {
    /// Three scores for the kernel's choice of whom to kill.
    static var scores: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 3 else { throw .wordCount }
                var scores: [Int] = []
                for word in words {
                    guard let score = Int(String(decoding: word, as: UTF8.self)),
                        (-2000...2000).contains(score)
                    else {
                        throw DirectiveError(
                            "Invalid oom-score-adj-values, elements must be between -2000 and 2000.")
                    }
                    scores.append(score)
                }
                return scores
            },
            show: { Array($0.map { "\($0)" }.joined(separator: " ").utf8) })
    }
}

extension ValueForm where Value == [UInt8] {
    /// How the process is to be called, with variables in braces.
    static var processTitle: ValueForm {
        let form = bytesUntilNUL
        return ValueForm(
            read: { (words, present) throws(DirectiveError) in
                let title = try form.read(words, present)
                guard isTitle(title[...]) else {
                    throw DirectiveError("template format is invalid or contains unknown variables")
                }
                return title
            },
            show: form.show, lines: { [ConfigurationText.quoted($0)] })
    }

    /// Whether something is left of a template when its variables are put in, `{{` being a brace.
    private static func isTitle(_ template: ArraySlice<UInt8>) -> Bool {
        let open = UInt8(ascii: "{")
        var rest = template
        var isBlank = true
        while let next = rest.popFirst() {
            if next != open || rest.first == open {
                if next == open { rest.removeFirst() }
                isBlank = isBlank && next == UInt8(ascii: " ")
                continue
            }
            guard let end = rest.firstIndex(of: UInt8(ascii: "}")) else { return false }
            switch String(decoding: rest[..<end], as: UTF8.self) {
            case "listen-addr", "config-file", "port", "tls-port": isBlank = false
            // These are nothing: the title is not known yet, and there is neither a mode nor a socket.
            case "title", "server-mode", "unixsocket": break
            default: return false
            }
            rest = rest[(end + 1)...]
        }
        return !isBlank
    }
}
