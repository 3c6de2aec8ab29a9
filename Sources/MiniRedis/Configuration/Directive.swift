/// One directive of the configuration: its name, and how its value is read, shown and written.
struct Directive: Sendable {
    /// What sets a directive apart from others.
    struct Flags: OptionSet, Sendable {
        let rawValue: UInt8
        /// Only set at the start.
        static let immutable = Flags(rawValue: 1 << 0)
        /// Takes any number of words rather than one.
        static let multiple = Flags(rawValue: 1 << 1)
        /// Not shown for patterns, only by its name.
        static let hidden = Flags(rawValue: 1 << 2)
        /// Its value does not belong in logs.
        static let sensitive = Flags(rawValue: 1 << 3)
        /// Shown in reports about failures.
        static let debug = Flags(rawValue: 1 << 4)
        /// Changed only by whom `enable-protected-configs` allows.
        static let protected = Flags(rawValue: 1 << 5)
        /// Not written by CONFIG REWRITE at its default, even if the file had it.
        static let omittedAtDefault = Flags(rawValue: 1 << 6)
        /// Without effect in this server: known, checked and kept for the sake of Redis's files.
        static let dormant = Flags(rawValue: 1 << 7)
    }

    /// What has to be brought up to date when the value changes at run time.
    enum Facet: Sendable {
        /// Nothing: whoever needs the value reads it each time.
        case none
        case port
        case bind
        case openFiles
        case dataset
        case log
        case title
        case outOfMemoryScore
        case observation
    }

    let name: String
    let alias: String?
    let flags: Flags
    let facet: Facet
    /// Takes the words behind the name over into a configuration.
    let read: @Sendable (inout Configuration, [[UInt8]]) throws(DirectiveError) -> Void
    /// The value as CONFIG GET shows it.
    let show: @Sendable (Configuration) -> [UInt8]
    /// What stands behind the name in redis.conf, line by line; none if it is to be left out.
    let lines: @Sendable (Configuration) -> [[UInt8]]

    /// Takes over what a configuration line or CONFIG SET says.
    func set(_ configuration: inout Configuration, to words: [[UInt8]]) throws(DirectiveError) {
        guard flags.contains(.multiple) || words.count == 1 else { throw .wordCount }
        try read(&configuration, words)
    }
}

/// Why a value was not taken, in Redis's words.
struct DirectiveError: Error, Equatable {
    let text: String

    init(_ text: String) { self.text = text }

    static let wordCount = DirectiveError("wrong number of arguments")
}

extension Directive {
    /// Declares a directive whose value is a field of the configuration.
    static func row<Value: Sendable>(
        _ name: String, alias: String? = nil, _ path: any WritableKeyPath<Configuration, Value> & Sendable,
        _ form: ValueForm<Value>,
        _ flags: Flags = [], changes facet: Facet = .none
    ) -> Directive {
        Directive(
            name: name, alias: alias, flags: flags, facet: facet,
            read: { (configuration, words) throws(DirectiveError) in
                configuration[keyPath: path] = try form.read(words, configuration[keyPath: path])
            },
            show: { form.show($0[keyPath: path]) },
            lines: { form.lines($0[keyPath: path]) })
    }

    /// Declares a directive that has no effect, with Redis's form and default for it.
    static func dormant<Value: Sendable>(
        _ name: String, alias: String? = nil, _ flags: Flags, _ form: ValueForm<Value>, _ initial: Value
    ) -> Directive {
        let value: @Sendable (Configuration) -> Value = { configuration in
            guard let kept = configuration.dormant[name] else { return initial }
            // What is kept was written by the same form.
            let words = flags.contains(.multiple) ? ConfigurationText.split(kept) ?? [] : [kept]
            return (try? form.read(words, initial)) ?? initial
        }
        return Directive(
            name: name, alias: alias, flags: flags.union(.dormant), facet: .none,
            read: { (configuration, words) throws(DirectiveError) in
                configuration.dormant[name] = form.show(try form.read(words, value(configuration)))
            },
            show: { form.show(value($0)) },
            lines: { form.lines(value($0)) })
    }
}
