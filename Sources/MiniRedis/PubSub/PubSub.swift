import Engine
import RESP

/// Channels, patterns and shard channels with their subscribers.
///
/// A message is encoded once for each protocol version and appended to the outbox of everyone who
/// gets it; the subscribers' own tasks send it. Who falls behind its output limit is closed.
struct PubSub {
    /// The three namespaces of subscriptions.
    enum Kind {
        case channel
        case pattern
        case shard

        /// The first element of the confirmations, as Redis words them.
        var words: (subscribed: StaticString, unsubscribed: StaticString) {
            switch self {
            case .channel: ("subscribe", "unsubscribe")
            case .pattern: ("psubscribe", "punsubscribe")
            case .shard: ("ssubscribe", "sunsubscribe")
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

    var channels = SubscriptionIndex()
    var patterns = SubscriptionIndex()
    var shards = SubscriptionIndex()

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
    /// Returns how many got it; `deliver` appends bytes to one subscriber's output.
    func publish(_ channel: RawSpan, _ message: RawSpan, _ deliver: (Session, RawSpan) -> Void) -> Int {
        var receivers = 0
        if channels.count > 0, let subscribers = channels[[UInt8](channel)] {
            var frame = PushFrame("message", channel, message)
            for session in subscribers.sessions { frame.send(to: session, deliver) }
            receivers += subscribers.count
        }
        for (pattern, subscribers) in patterns.names {
            // The array lives in the dictionary, which does not change meanwhile.
            let span = unsafe pattern.span.bytes
            guard Glob(span).matches(channel) else { continue }
            var frame = PushFrame("pmessage", span, channel, message)
            for session in subscribers.sessions { frame.send(to: session, deliver) }
            receivers += subscribers.count
        }
        return receivers
    }

    /// Sends a message to the followers of a shard channel; returns how many got it.
    func publishToShard(_ channel: RawSpan, _ message: RawSpan, _ deliver: (Session, RawSpan) -> Void) -> Int
    {
        guard shards.count > 0, let subscribers = shards[[UInt8](channel)] else { return 0 }
        var frame = PushFrame("smessage", channel, message)
        for session in subscribers.sessions { frame.send(to: session, deliver) }
        return subscribers.count
    }
}

/// One message, encoded once: only its first byte differs between the protocol versions.
struct PushFrame: ~Copyable {
    private var writer = ReplyWriter(version: .resp3)

    /// A word and two strings.
    init(_ word: StaticString, _ first: RawSpan, _ second: RawSpan) {
        writer.push(3)
        writer.bulk(word)
        writer.bulk(first)
        writer.bulk(second)
    }

    /// A word and three strings.
    init(_ word: StaticString, _ first: RawSpan, _ second: RawSpan, _ third: RawSpan) {
        writer.push(4)
        writer.bulk(word)
        writer.bulk(first)
        writer.bulk(second)
        writer.bulk(third)
    }

    /// Hands the encoding for the session's version to `deliver`.
    mutating func send(to session: Session, _ deliver: (Session, RawSpan) -> Void) {
        writer.convertPush(to: session.protocolVersion)
        deliver(session, writer.buffer.bytes)
    }
}
