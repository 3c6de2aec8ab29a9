/// How a client that caches what it reads wants to be told that it changed (CLIENT TRACKING).
final class ClientTracking {
    /// What the client asked for.
    struct Options: OptionSet {
        let rawValue: UInt8
        /// It is told of all keys with its prefixes, read or not.
        static let broadcast = Options(rawValue: 1 << 0)
        /// Only what it reads after CLIENT CACHING YES counts.
        static let optIn = Options(rawValue: 1 << 1)
        /// All but what it reads after CLIENT CACHING NO counts.
        static let optOut = Options(rawValue: 1 << 2)
        /// What it changes itself is not told.
        static let noLoop = Options(rawValue: 1 << 3)
    }

    var options: Options = []
    /// The client that is told in its place.
    var redirection: SessionHandle?
    /// Whether that one was gone when there was something to tell.
    var isRedirectionBroken = false
    /// Whether CLIENT CACHING was said of what comes next.
    var isCaching = false
    var prefixes: Set<[UInt8]> = []

    /// Whether what the client reads now is to be remembered.
    var remembersReads: Bool {
        if options.contains(.broadcast) { return false }
        if options.contains(.optIn) { return isCaching }
        return !options.contains(.optOut) || !isCaching
    }
}

/// What a client is to forget.
enum Invalidation {
    case keys([[UInt8]])
    /// All that it has.
    case everything
}
