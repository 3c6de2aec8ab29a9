import RESP

/// What SORT was asked, beyond the key.
struct SortRequest {
    private(set) var isDescending = false
    /// Whether texts are compared rather than numbers.
    private(set) var isAlphabetic = false
    /// By what elements are compared, if not by themselves.
    private(set) var by: SortPattern?
    /// What is returned for each element, if not itself.
    private(set) var gets: [SortPattern] = []
    /// The argument that names where the result is stored, if it is.
    private(set) var destination: Int?
    /// Whether elements keep the order that they have, as a BY without an asterisk asks for.
    private(set) var keepsOrder = false
    private var offset: Int64 = 0
    private var limit: Int64 = -1

    /// Reads the options behind the key.
    init(_ arguments: Arguments, mayStore: Bool) throws(CommandError) {
        var index = 2
        while index < arguments.count {
            let word = arguments[index]
            let left = arguments.count - index - 1
            if word.isWord("ASC") {
                isDescending = false
            } else if word.isWord("DESC") {
                isDescending = true
            } else if word.isWord("ALPHA") {
                isAlphabetic = true
            } else if word.isWord("LIMIT"), left >= 2 {
                offset = try arguments.integer(index + 1)
                limit = try arguments.integer(index + 2)
                index += 2
            } else if mayStore, word.isWord("STORE"), left >= 1 {
                destination = index + 1
                index += 1
            } else if word.isWord("BY"), left >= 1 {
                let pattern = SortPattern(arguments, index + 1)
                by = pattern
                if pattern.isConstant { keepsOrder = true }
                index += 1
            } else if word.isWord("GET"), left >= 1 {
                gets.append(SortPattern(arguments, index + 1))
                index += 1
            } else {
                throw .syntax
            }
            index += 1
        }
    }

    /// Has members in no order, which are to be stored, sorted after all, so that others store the same.
    mutating func orderMembers() {
        guard keepsOrder, destination != nil else { return }
        keepsOrder = false
        isAlphabetic = true
        by = nil
    }

    /// Which of so many sorted elements are wanted.
    func range(of count: Int) -> Range<Int> {
        let start = Int(min(max(offset, 0), Int64(count)))
        let most = limit < 0 ? count : Int(min(limit, Int64(count)))
        return start..<start + min(most, count - start)
    }
}

/// A pattern of SORT: which key, or which field of which hash, belongs to an element.
struct SortPattern {
    private enum Place {
        /// The element itself (`#`).
        case element
        /// Nothing: a pattern without an asterisk.
        case nowhere
        case key(prefix: Range<Int>, suffix: Range<Int>)
        case field(prefix: Range<Int>, suffix: Range<Int>, name: Range<Int>)
    }

    private let place: Place
    private let argument: Int
    /// Whether the pattern has no asterisk.
    let isConstant: Bool

    /// Reads the pattern of an argument; as in Redis, a zero byte hides what is behind it from the search.
    init(_ arguments: Arguments, _ argument: Int) {
        self.argument = argument
        let text = arguments[argument]
        let count = text.byteCount
        var end = 0
        while end < count, text[byte: end] != 0 { end += 1 }
        let asterisk = (0..<end).first { text[byte: $0] == UInt8(ascii: "*") }
        isConstant = asterisk == nil
        if text[byte: 0] == UInt8(ascii: "#"), text[byte: 1] == 0, count > 0 {
            place = .element
        } else if let asterisk {
            // An arrow with something behind it.
            let arrow = (asterisk + 1..<max(end - 2, asterisk + 1)).first {
                text[byte: $0] == UInt8(ascii: "-") && text[byte: $0 + 1] == UInt8(ascii: ">")
            }
            if let arrow {
                place = .field(
                    prefix: 0..<asterisk, suffix: asterisk + 1..<arrow, name: arrow + 2..<count)
            } else {
                place = .key(prefix: 0..<asterisk, suffix: asterisk + 1..<count)
            }
        } else {
            place = .nowhere
        }
    }

    /// What belongs to an element: a view that lasts until what it was found in changes.
    ///
    /// `name` is scratch memory for the key's name.
    func value(
        of element: PackedElement, _ arguments: Arguments, _ call: inout Call, name: inout [UInt8]
    ) -> PackedElement? {
        switch place {
        case .element: return element
        case .nowhere: return nil
        case .key(let prefix, let suffix):
            build(&name, prefix, element, suffix, arguments)
            // The name is not changed while it is looked for, here and below.
            guard let entry = call.read(unsafe name.span.bytes), entry.kind.isString else { return nil }
            return entry.packedString
        case .field(let prefix, let suffix, let field):
            build(&name, prefix, element, suffix, arguments)
            // A key of another type has no fields.
            guard let hash = try? call.readHash(unsafe name.span.bytes) else { return nil }
            return hash.value.value(of: arguments[argument].extracting(field), cutoff: hash.cutoff)
        }
    }

    @inline(__always)
    private func build(
        _ name: inout [UInt8], _ prefix: Range<Int>, _ element: PackedElement, _ suffix: Range<Int>,
        _ arguments: Arguments
    ) {
        name.removeAll(keepingCapacity: true)
        let pattern = arguments[argument]
        name.append(copying: pattern.extracting(prefix))
        element.withText { name.append(copying: $0) }
        name.append(copying: pattern.extracting(suffix))
    }
}

extension [UInt8] {
    /// Adds a copy of a span's bytes.
    @inline(__always)
    fileprivate mutating func append(copying span: RawSpan) {
        // The bytes are copied while they are lent.
        unsafe span.withUnsafeBytes { unsafe append(contentsOf: $0) }
    }
}
