import Broadcasting
import RESP

/// One message to the subscribers of one channel or pattern, encoded once: only its first byte differs
/// between the protocol versions.
struct PushFrame {
    private let first: SharedMessage
    private var second: SharedMessage?

    /// What heads and lengths take at most beside the strings.
    private static let overhead = 64

    /// A message as the followers of a channel or shard channel get it.
    init(
        _ topic: Topic, _ kind: PubSub.Kind, _ channel: RawSpan, _ message: RawSpan,
        as version: ProtocolVersion
    ) {
        var writer = Self.writer(channel.byteCount + message.byteCount, version)
        writer.push(3)
        writer.bulk(kind.words.message)
        writer.bulk(channel)
        writer.bulk(message)
        first = SharedMessage(topic, form: UInt8(version.rawValue), writer.buffer.take())
    }

    /// A message as the followers of a pattern get it.
    init(pattern: Topic, _ channel: RawSpan, _ message: RawSpan, as version: ProtocolVersion) {
        var writer = Self.writer(pattern.name.count + channel.byteCount + message.byteCount, version)
        writer.push(4)
        writer.bulk(PubSub.Kind.pattern.words.message)
        writer.bulk(pattern.name)
        writer.bulk(channel)
        writer.bulk(message)
        first = SharedMessage(pattern, form: UInt8(version.rawValue), writer.buffer.take())
    }

    private static func writer(_ count: Int, _ version: ProtocolVersion) -> ReplyWriter {
        ReplyWriter(buffer: ByteBuffer(capacity: count + overhead), version: version)
    }

    /// The message in the encoding for a version.
    mutating func message(for version: ProtocolVersion) -> SharedMessage {
        let form = UInt8(version.rawValue)
        if first.form == form { return first }
        if let second { return second }
        var writer = Self.writer(first.count, version == .resp2 ? .resp3 : .resp2)
        writer.buffer.append(first.bytes)
        writer.convertPush(to: version)
        let other = SharedMessage(first.topic, form: form, writer.buffer.take())
        second = other
        return other
    }
}
