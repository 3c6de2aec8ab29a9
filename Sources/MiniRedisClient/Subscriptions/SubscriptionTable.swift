/// What can be subscribed to; each kind has names and commands of its own.
enum SubscriptionKind: Sendable, Hashable {
    case channel
    case pattern
    case shard

    var subscribe: StaticString {
        switch self {
        case .channel: "SUBSCRIBE"
        case .pattern: "PSUBSCRIBE"
        case .shard: "SSUBSCRIBE"
        }
    }

    var unsubscribe: StaticString {
        switch self {
        case .channel: "UNSUBSCRIBE"
        case .pattern: "PUNSUBSCRIBE"
        case .shard: "SUNSUBSCRIBE"
        }
    }
}

/// Who on one connection is to have which messages.
struct SubscriptionTable {
    /// What a push message was.
    enum Outcome {
        /// A message, or something that nobody here follows, such as an invalidation.
        case message
        /// The answer to one name of a (un)subscription.
        case confirmation
    }

    private struct Topic: Hashable {
        var kind: SubscriptionKind
        var name: [UInt8]
    }

    private var followers: [Topic: [MessageBuffer]] = [:]

    var isEmpty: Bool { followers.isEmpty }

    /// What of one kind is followed.
    func names(of kind: SubscriptionKind) -> [[UInt8]] {
        followers.keys.filter { $0.kind == kind }.map(\.name)
    }

    /// Tells those who follow names of one kind that they do so again.
    func resumed(_ kind: SubscriptionKind) {
        for subscriber in subscribers(of: kind) { subscriber.interrupt() }
    }

    /// Takes out those who follow names of one kind, which they can't any more.
    mutating func removeAll(of kind: SubscriptionKind) -> [MessageBuffer] {
        defer { followers = followers.filter { $0.key.kind != kind } }
        return subscribers(of: kind)
    }

    /// Each one once.
    private func subscribers(of kind: SubscriptionKind) -> [MessageBuffer] {
        var all: [ObjectIdentifier: MessageBuffer] = [:]
        for (topic, some) in followers where topic.kind == kind {
            for subscriber in some { all[ObjectIdentifier(subscriber)] = subscriber }
        }
        return Array(all.values)
    }

    /// Lets a subscriber have what comes under these names.
    mutating func add(_ subscriber: MessageBuffer, _ kind: SubscriptionKind, _ names: [[UInt8]]) {
        for name in names {
            let topic = Topic(kind: kind, name: name)
            // A name that is given twice is still one subscription.
            if followers[topic]?.contains(where: { $0 === subscriber }) != true {
                followers[topic, default: []].append(subscriber)
            }
        }
    }

    /// Ends what `add` began; gives the names that nobody follows any more.
    mutating func remove(_ subscriber: MessageBuffer, _ kind: SubscriptionKind, _ names: [[UInt8]])
        -> [[UInt8]]
    {
        var unfollowed: [[UInt8]] = []
        for name in names {
            let topic = Topic(kind: kind, name: name)
            guard var rest = followers[topic] else { continue }
            rest.removeAll { $0 === subscriber }
            followers[topic] = rest.isEmpty ? nil : rest
            if rest.isEmpty { unfollowed.append(name) }
        }
        return unfollowed
    }

    /// Takes out everybody; a subscriber comes once for each of its names.
    mutating func removeAll() -> [MessageBuffer] {
        defer { followers = [:] }
        return followers.values.flatMap { $0 }
    }

    /// Hands a push message to those whom it is for.
    func take(_ parts: [RESPValue]) -> Outcome {
        guard let word = parts.first?.string else { return .message }
        switch (word, parts.count) {
        case ("message", 3): deliver(.channel, parts[1], nil, parts[2], to: parts[1])
        case ("smessage", 3): deliver(.shard, parts[1], nil, parts[2], to: parts[1])
        case ("pmessage", 4): deliver(.pattern, parts[2], parts[1], parts[3], to: parts[1])
        case ("subscribe", 3), ("psubscribe", 3), ("ssubscribe", 3), ("unsubscribe", 3), ("punsubscribe", 3),
            ("sunsubscribe", 3):
            return .confirmation
        case ("missed", 3): tell(.channel, parts[1].bytes, dropped: parts[2])
        case ("pmissed", 3): tell(.pattern, parts[1].bytes, dropped: parts[2])
        case ("smissed", 3): tell(.shard, parts[1].bytes, dropped: parts[2])
        default: break
        }
        return .message
    }

    private func deliver(
        _ kind: SubscriptionKind, _ channel: RESPValue, _ pattern: RESPValue?, _ payload: RESPValue,
        to name: RESPValue
    ) {
        guard let channel = channel.bytes, let name = name.bytes else { return }
        if let topic = missedTopic(kind, channel, name) { return tell(kind, topic, dropped: payload) }
        guard let subscribers = followers[Topic(kind: kind, name: name)] else { return }
        let message = RedisMessage(channel: channel, pattern: pattern?.bytes, payload: payload.bytes ?? [])
        for subscriber in subscribers { subscriber.append(.message(message)) }
    }

    /// In RESP2 a server tells that it has dropped messages by one more, from a channel of this name
    /// with what was subscribed to behind it.
    private static let missedPrefix = Array("__missed__:".utf8)

    /// What messages were dropped of, if this channel tells that.
    private func missedTopic(_ kind: SubscriptionKind, _ channel: [UInt8], _ name: [UInt8]) -> [UInt8]? {
        guard channel.starts(with: Self.missedPrefix) else { return nil }
        let topic = Array(channel.dropFirst(Self.missedPrefix.count))
        if kind == .pattern { return topic == name ? topic : nil }
        // Somebody may follow a channel of such a name for its own sake.
        return followers[Topic(kind: kind, name: channel)] == nil ? topic : nil
    }

    private func tell(_ kind: SubscriptionKind, _ name: [UInt8]?, dropped count: RESPValue) {
        guard let name, let count = count.integer.flatMap(Int.init(exactly:)), count > 0,
            let subscribers = followers[Topic(kind: kind, name: name)]
        else { return }
        for subscriber in subscribers { subscriber.append(.dropped(count, of: name)) }
    }
}
