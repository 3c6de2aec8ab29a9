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
