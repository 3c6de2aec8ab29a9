// Being told when what was read has changed, to keep a cache true.
//
// Each command is made by a static function, for pipelines, and sent by the method below it.
//
// It belongs to the connection: to be used on one of its own, from a `RedisClientPool`, with the messages
// redirected to a connection that follows the channel `__redis__:invalidate`.

/// How a connection's reads are tracked.
public struct RedisTracking: Sendable {
    /// What is told.
    public enum Mode: Sendable {
        /// Changes of what the connection has read.
        case reads
        /// Changes of what it has read after `clientCaching(true)`.
        case optIn
        /// Changes of what it has read, but after `clientCaching(false)`.
        case optOut
        /// Changes of all keys that begin with one of these; of all keys if there is none.
        case prefixes([String])
    }

    /// What is told.
    public var mode: Mode
    /// The number of the connection that is told; nil for the one that reads.
    public var redirection: Int64?
    /// Whether changes that the connection makes itself are not told.
    public var skipsOwn: Bool

    /// Says what is told to whom.
    public init(
        _ mode: Mode = .reads, redirectedTo redirection: Int64? = nil, skippingOwn skipsOwn: Bool = false
    ) {
        self.mode = mode
        self.redirection = redirection
        self.skipsOwn = skipsOwn
    }
}

// MARK: - clientTracking

extension RedisCommand where Response == Void {
    /// Has the connection's reads tracked; nil ends it.
    public static func clientTracking(_ tracking: RedisTracking?) -> Self {
        Self("CLIENT") { words in
            words.append("TRACKING")
            words.append(tracking == nil ? "OFF" : "ON")
            guard let tracking else { return }
            if let id = tracking.redirection {
                words.append("REDIRECT")
                words.append(id)
            }
            switch tracking.mode {
            case .reads: break
            case .optIn: words.append("OPTIN")
            case .optOut: words.append("OPTOUT")
            case .prefixes(let prefixes):
                for prefix in prefixes {
                    words.append("PREFIX")
                    words.append(prefix)
                }
                words.append("BCAST")
            }
            if tracking.skipsOwn { words.append("NOLOOP") }
        }.tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Has the connection's reads tracked; nil ends it.
    public func clientTracking(_ tracking: RedisTracking?) async throws(RedisError) {
        try await send(.clientTracking(tracking))
    }
}

// MARK: - clientCaching

extension RedisCommand where Response == Void {
    /// Says whether what the next command or transaction reads is tracked.
    public static func clientCaching(_ isTracked: Bool) -> Self {
        Self("CLIENT") {
            $0.append("CACHING")
            $0.append(isTracked ? "YES" : "NO")
        }.tiedToConnection()
    }
}

extension RedisCommandSender {
    /// Says whether what the next command or transaction reads is tracked.
    public func clientCaching(_ isTracked: Bool) async throws(RedisError) {
        try await send(.clientCaching(isTracked))
    }
}
