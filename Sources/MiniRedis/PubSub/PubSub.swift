import Broadcasting
import Engine
import RESP

/// Channels, patterns and shard channels with their subscribers.
///
/// A message is encoded once for each protocol version and shared by the outboxes of all who get it; the
/// subscribers' own tasks send it. Who falls behind is closed, or misses messages (`OverflowPolicy`).
struct PubSub {
    /// The three namespaces of subscriptions.
    enum Kind: UInt8 {
        case channel
        case pattern
        case shard

        /// The first elements of what subscribers get, all but the last as Redis words them.
        struct Words {
            let subscribed: StaticString
            let unsubscribed: StaticString
            let message: StaticString
            let missed: StaticString
        }

        var words: Words {
            switch self {
            case .channel: Words("subscribe", "unsubscribe", "message", "missed")
            case .pattern: Words("psubscribe", "punsubscribe", "pmessage", "pmissed")
            case .shard: Words("ssubscribe", "sunsubscribe", "smessage", "smissed")
            }
        }

        var path: WritableKeyPath<PubSub, SubscriptionIndex> {
            switch self {
            case .channel: \.channels
            case .pattern: \.patterns
            case .shard: \.shards
            }
        }

        var sessionPath: ReferenceWritableKeyPath<Session, Set<[UInt8]>> {
            switch self {
            case .channel: \.channels
            case .pattern: \.patterns
            case .shard: \.shardChannels
            }
        }
    }

    var channels = SubscriptionIndex(.channel)
    var patterns = SubscriptionIndex(.pattern)
    var shards = SubscriptionIndex(.shard)

    /// Makes the session follow `name`; false if it did already.
    mutating func subscribe(_ session: Session, to name: [UInt8], _ kind: Kind) -> Bool {
        guard session[keyPath: kind.sessionPath].insert(name).inserted else { return false }
        self[keyPath: kind.path].insert(session, name)
        return true
    }

    /// Makes the session no longer follow `name`.
    mutating func unsubscribe(_ session: Session, from name: [UInt8], _ kind: Kind) {
        guard session[keyPath: kind.sessionPath].remove(name) != nil else { return }
        self[keyPath: kind.path].remove(session, name)
    }

    /// Ends all subscriptions of a session that goes.
    mutating func forget(_ session: Session) {
        for kind in [Kind.channel, .pattern, .shard] {
            for name in session[keyPath: kind.sessionPath] { unsubscribe(session, from: name, kind) }
        }
    }

    /// How many names of this kind the session follows, as confirmations count them.
    static func confirmedCount(_ session: Session, _ kind: Kind) -> Int {
        kind == .shard ? session.shardChannels.count : session.subscriptionCount
    }

    /// Sends a message to the followers of a channel and of the patterns that match it.
    ///
    /// Returns how many got it; `deliver` hands it to one subscriber.
    func publish(_ channel: RawSpan, _ message: RawSpan, _ deliver: (Session, SharedMessage) -> Void) -> Int {
        var receivers = 0
        if channels.count > 0, let subscribers = channels[[UInt8](channel)] {
            var frame = PushFrame(subscribers.topic, .channel, channel, message, as: subscribers.version)
            subscribers.deliver(&frame, deliver)
            receivers += subscribers.count
        }
        for (pattern, subscribers) in patterns.names {
            // The array lives in the dictionary, which does not change meanwhile.
            guard Glob(unsafe pattern.span.bytes).matches(channel) else { continue }
            var frame = PushFrame(pattern: subscribers.topic, channel, message, as: subscribers.version)
            subscribers.deliver(&frame, deliver)
            receivers += subscribers.count
        }
        return receivers
    }

    /// Sends a message to the followers of a shard channel; returns how many got it.
    func publishToShard(
        _ channel: RawSpan, _ message: RawSpan, _ deliver: (Session, SharedMessage) -> Void
    ) -> Int {
        guard shards.count > 0, let subscribers = shards[[UInt8](channel)] else { return 0 }
        var frame = PushFrame(subscribers.topic, .shard, channel, message, as: subscribers.version)
        subscribers.deliver(&frame, deliver)
        return subscribers.count
    }
}

extension PubSub.Kind.Words {
    fileprivate init(
        _ subscribed: StaticString, _ unsubscribed: StaticString, _ message: StaticString,
        _ missed: StaticString
    ) {
        self.init(subscribed: subscribed, unsubscribed: unsubscribed, message: message, missed: missed)
    }
}
