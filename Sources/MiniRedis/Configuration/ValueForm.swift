import Engine
import RESP

/// How one kind of value is read from words and shown again.
struct ValueForm<Value: Sendable>: Sendable {
    typealias Words = [[UInt8]]

    /// The value that the words mean; some kinds change only a part of the present value.
    let read: @Sendable (Words, _ present: Value) throws(DirectiveError) -> Value
    /// The value as CONFIG GET shows it.
    let show: @Sendable (Value) -> [UInt8]
    /// The value as redis.conf has it.
    let lines: @Sendable (Value) -> [[UInt8]]

    /// Puts a form together; lines are what is shown, unless said otherwise.
    init(
        read: @escaping @Sendable (Words, _ present: Value) throws(DirectiveError) -> Value,
        show: @escaping @Sendable (Value) -> [UInt8],
        lines: (@Sendable (Value) -> [[UInt8]])? = nil
    ) {
        self.read = read
        self.show = show
        self.lines = lines ?? { [show($0)] }
    }

    /// A form for values that are one word, and text.
    init(
        word read: @escaping @Sendable ([UInt8]) throws(DirectiveError) -> Value,
        text: @escaping @Sendable (Value) -> String
    ) {
        self.init(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                return try read(words[0])
            },
            show: { Array(text($0).utf8) })
    }
}

extension ValueForm where Value == Bool {
    /// `yes` or `no`.
    static var yesNo: ValueForm {
        yesNo { (_) throws(DirectiveError) in }
    }

    /// `yes` or `no`, if `check` agrees.
    static func yesNo(_ check: @escaping @Sendable (Bool) throws(DirectiveError) -> Void) -> ValueForm {
        ValueForm(
            word: { (word) throws(DirectiveError) in
                let text = optionWord(word)
                guard text == "yes" || text == "no" else {
                    throw DirectiveError("argument must be 'yes' or 'no'")
                }
                try check(text == "yes")
                return text == "yes"
            },
            text: { $0 ? "yes" : "no" })
    }
}

extension ValueForm where Value: FixedWidthInteger {
    /// A whole number in a range.
    static func integer(_ range: ClosedRange<Int64>) -> ValueForm {
        ValueForm(
            word: { (word) throws(DirectiveError) in
                // The array lives until the number is read.
                guard let number = unsafe Decimal.parse(word.span.bytes) else {
                    throw DirectiveError("argument couldn't be parsed into an integer")
                }
                return try checked(number, range)
            },
            text: { "\($0)" })
    }

    /// A size in bytes, with or without a unit.
    static func memory(_ range: ClosedRange<Int64>) -> ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                guard let size = ConfigurationText.size(words[0]) else {
                    throw DirectiveError("argument must be a memory value")
                }
                return try checked(Int64(bitPattern: size), range)
            },
            show: { Array("\($0)".utf8) },
            lines: { [Array(ConfigurationText.formatted(size: UInt64(clamping: $0)).utf8)] })
    }

    /// A size in bytes, or a share in percent up to 100, which is kept as a negative number.
    static var memoryOrPercent: ValueForm {
        let text: @Sendable (Value) -> String? = { $0 < 0 ? "\($0.magnitude)%" : nil }
        return ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                if let size = ConfigurationText.size(words[0]),
                    let value = Value(exactly: Int64(bitPattern: size))
                {
                    return value
                }
                let digits = Array(words[0].dropLast())
                // The array lives until the number is read.
                guard words[0].last == UInt8(ascii: "%"), let share = unsafe Decimal.parse(digits.span.bytes),
                    share >= 0, let value = Value(exactly: -share)
                else { throw DirectiveError("argument must be a memory or percent value") }
                guard share <= 100 else {
                    throw DirectiveError("percentage argument must be less or equal to 100")
                }
                return value
            },
            show: { Array((text($0) ?? "\($0)").utf8) },
            lines: { [Array((text($0) ?? ConfigurationText.formatted(size: UInt64(clamping: $0))).utf8)] })
    }

    /// Permissions in octal digits.
    static func octal(_ range: ClosedRange<Int64>) -> ValueForm {
        ValueForm(
            word: { (word) throws(DirectiveError) in
                guard let number = Int64(String(decoding: word, as: UTF8.self), radix: 8) else {
                    throw DirectiveError("argument couldn't be parsed as an octal number")
                }
                return try checked(number, range, radix: 8)
            },
            text: { String($0, radix: 8) })
    }

    private static func checked(
        _ number: Int64, _ range: ClosedRange<Int64>, radix: Int = 10
    ) throws(DirectiveError) -> Value {
        guard range.contains(number), let value = Value(exactly: number) else {
            let (low, high) = (String(range.lowerBound, radix: radix), String(range.upperBound, radix: radix))
            throw DirectiveError("argument must be between \(low) and \(high) inclusive")
        }
        return value
    }
}

extension ValueForm where Value == UInt64 {
    /// A size in bytes, with or without a unit, as large as can be.
    static var memory: ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                guard let size = ConfigurationText.size(words[0]) else {
                    throw DirectiveError("argument must be a memory value")
                }
                return size
            },
            show: { Array("\($0)".utf8) },
            lines: { [Array(ConfigurationText.formatted(size: $0).utf8)] })
    }
}

extension ValueForm where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
    /// One of an enumeration's words, in either case.
    static var choice: ValueForm {
        choice { (_) throws(DirectiveError) in }
    }

    /// One of an enumeration's words, if `check` agrees.
    static func choice(_ check: @escaping @Sendable (Value) throws(DirectiveError) -> Void) -> ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1,
                    let value = Value.allCases.first(where: { $0.rawValue == optionWord(words[0]) })
                else { throw .notOneOf(Value.allCases.map(\.rawValue)) }
                try check(value)
                return value
            },
            show: { Array($0.rawValue.utf8) })
    }
}

extension ValueForm where Value == String {
    /// Text; what is not UTF-8 is refused rather than changed.
    ///
    /// Left out of redis.conf if empty.
    static var text: ValueForm {
        text { (_) throws(DirectiveError) in }
    }

    /// Text, if `check` agrees.
    static func text(_ check: @escaping @Sendable (String) throws(DirectiveError) -> Void) -> ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                let text = try words[0].text
                try check(text)
                return text
            },
            show: { Array($0.utf8) },
            lines: { $0.isEmpty ? [] : [ConfigurationText.quoted(Array($0.utf8))] })
    }

    /// One of a few words that this server does not tell apart.
    static func word(of choices: [String]) -> ValueForm {
        ValueForm(
            word: { (word) throws(DirectiveError) in
                let text = optionWord(word)
                guard choices.contains(text) else { throw .notOneOf(choices) }
                return text
            },
            text: { $0 })
    }
}

extension ValueForm where Value == [UInt8] {
    /// Any bytes.
    ///
    /// Left out of redis.conf if empty.
    static var bytes: ValueForm { bytes { $0 } }

    /// Any bytes but NUL, which ends them.
    static var bytesUntilNUL: ValueForm { bytes(ConfigurationText.untilNUL) }

    private static func bytes(_ kept: @escaping @Sendable ([UInt8]) -> [UInt8]) -> ValueForm {
        ValueForm(
            read: { (words, _) throws(DirectiveError) in
                guard words.count == 1 else { throw .wordCount }
                return kept(words[0])
            },
            show: { $0 },
            lines: { $0.isEmpty ? [] : [ConfigurationText.quoted($0)] })
    }
}

extension DirectiveError {
    static func notOneOf(_ choices: [String]) -> DirectiveError {
        DirectiveError("argument(s) must be one of the following: \(choices.joined(separator: ", "))")
    }
}

extension [UInt8] {
    /// The bytes up to a NUL as text, if they are UTF-8.
    var text: String {
        get throws(DirectiveError) {
            guard let text = String(validating: ConfigurationText.untilNUL(self), as: UTF8.self) else {
                throw DirectiveError("argument must be valid UTF-8")
            }
            return text
        }
    }
}

/// A word up to a NUL in lower case, for comparing with the words that values are made of.
func optionWord(_ word: [UInt8]) -> String { lowercased(ConfigurationText.untilNUL(word)) }

/// A word in lower case, for comparing with the words that the configuration knows.
func lowercased(_ word: [UInt8]) -> String {
    String(decoding: word.map(\.asciiLowercased), as: UTF8.self)
}
