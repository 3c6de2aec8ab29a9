/// A message that was published to a channel.
public struct RedisMessage: Sendable, Hashable {
    /// Where it was published.
    public let channel: [UInt8]
    /// The pattern through which it came, for subscriptions to patterns.
    public let pattern: [UInt8]?
    /// What was published.
    public let payload: [UInt8]

    /// Makes a message, as a test may want to.
    public init(channel: [UInt8], pattern: [UInt8]? = nil, payload: [UInt8]) {
        self.channel = channel
        self.pattern = pattern
        self.payload = payload
    }

    /// The channel's name as text.
    public var channelName: String { String(decoding: channel, as: UTF8.self) }

    /// The payload as text; what is no UTF-8 is replaced by `�`.
    public var text: String { String(decoding: payload, as: UTF8.self) }

    /// What it counts for in the bytes of a `RedisSubscription.Buffer`.
    var size: Int { channel.count + payload.count + (pattern?.count ?? 0) }
}
