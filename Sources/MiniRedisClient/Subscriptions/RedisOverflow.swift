/// What a server does when messages are not taken off a connection as fast as they are published.
///
/// Of mini-redis; other servers disconnect.
public enum RedisOverflow: Sendable, Hashable {
    /// What the server is configured to do.
    case `default`
    /// The connection is closed when too much waits for it.
    case disconnect
    /// The oldest messages are dropped when more wait than this, and the subscriber is told how many;
    /// nil is as the server is configured.
    case dropOldest(messages: Int? = nil, bytes: Int? = nil)

    func append(to words: inout RedisWords) {
        switch self {
        case .default: words.append("DEFAULT")
        case .disconnect: words.append("DISCONNECT")
        case .dropOldest(let messages, let bytes):
            words.append("DROP-OLDEST")
            if let messages {
                words.append("MAX-MESSAGES")
                words.append(messages)
            }
            if let bytes {
                words.append("MAX-BYTES")
                words.append(bytes)
            }
        }
    }
}

extension RedisCommand where Response == Void {
    /// Says what the server does when messages are not taken off the connection fast enough (mini-redis).
    public static func clientOverflow(_ overflow: RedisOverflow) -> Self {
        Self("CLIENT") {
            $0.append("PUBSUB-OVERFLOW")
            overflow.append(to: &$0)
        }
    }
}

extension RedisCommandSender {
    /// Says what the server does when messages are not taken off the connection fast enough (mini-redis).
    ///
    /// Only for this connection: `RedisClient.Configuration.overflow` is for those of subscriptions too.
    public func clientOverflow(_ overflow: RedisOverflow) async throws(RedisError) {
        try await send(.clientOverflow(overflow))
    }
}
