/// One piece of a command's grammar, as COMMAND DOCS tells it and clients' hints show it.
public struct ArgumentSpec: Sendable {
    /// What a piece is.
    public enum Kind: Sendable {
        case string
        case integer
        case double
        case key(spec: Int)
        case pattern
        case unixTime
        /// A word by itself.
        case token
        case oneOf([ArgumentSpec])
        case block([ArgumentSpec])
    }

    public let name: StaticString
    public let kind: Kind
    /// The word in front of the value, if any.
    public let token: StaticString?
    public var isOptional = false
    public var isMultiple = false
    /// Whether the word is repeated with every value.
    public var repeatsToken = false
    /// The version that added it, where it is younger than the command.
    public var since: StaticString?

    /// A value, after `token` if one is given.
    public init(_ name: StaticString, _ kind: Kind = .string, token: StaticString? = nil) {
        self.name = name
        self.kind = kind
        self.token = token
    }

    /// A key, by default of the first key spec.
    public static func key(_ name: StaticString = "key", spec: Int = 0) -> ArgumentSpec {
        ArgumentSpec(name, .key(spec: spec))
    }

    public static func string(_ name: StaticString, token: StaticString? = nil) -> ArgumentSpec {
        ArgumentSpec(name, .string, token: token)
    }

    public static func integer(_ name: StaticString, token: StaticString? = nil) -> ArgumentSpec {
        ArgumentSpec(name, .integer, token: token)
    }

    public static func double(_ name: StaticString, token: StaticString? = nil) -> ArgumentSpec {
        ArgumentSpec(name, .double, token: token)
    }

    public static func pattern(_ name: StaticString, token: StaticString? = nil) -> ArgumentSpec {
        ArgumentSpec(name, .pattern, token: token)
    }

    public static func unixTime(_ name: StaticString, token: StaticString? = nil) -> ArgumentSpec {
        ArgumentSpec(name, .unixTime, token: token)
    }

    /// A word, under its own name in lower case unless another is given.
    public static func token(_ word: StaticString, name: StaticString) -> ArgumentSpec {
        ArgumentSpec(name, .token, token: word)
    }

    public static func oneOf(
        _ name: StaticString, _ choices: [ArgumentSpec], token: StaticString? = nil
    ) -> ArgumentSpec {
        ArgumentSpec(name, .oneOf(choices), token: token)
    }

    public static func block(
        _ name: StaticString, _ parts: [ArgumentSpec], token: StaticString? = nil
    ) -> ArgumentSpec {
        ArgumentSpec(name, .block(parts), token: token)
    }

    /// The same piece, which may be left out.
    public var optional: ArgumentSpec { changed { $0.isOptional = true } }

    /// The same piece, which may be repeated.
    public var multiple: ArgumentSpec { changed { $0.isMultiple = true } }

    /// The same piece, which may be repeated together with its word.
    public var multipleWithToken: ArgumentSpec {
        changed {
            $0.isMultiple = true
            $0.repeatsToken = true
        }
    }

    /// The same piece, which came with `version`.
    public func since(_ version: StaticString) -> ArgumentSpec { changed { $0.since = version } }

    private func changed(_ change: (inout ArgumentSpec) -> Void) -> ArgumentSpec {
        var copy = self
        change(&copy)
        return copy
    }
}
