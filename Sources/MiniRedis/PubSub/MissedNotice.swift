import Broadcasting
import RESP

/// How a subscriber is told that it missed messages.
///
/// RESP3 has a push of a kind of its own, with what was subscribed to and the count: `missed` for a
/// channel, `pmissed` for a pattern, `smissed` for a shard channel. Libraries for RESP2 know only kinds
/// that they expect, and some break at others; so there it is a message of the usual kind on a channel that
/// is named after what was subscribed to, as keyspace events are: `__missed__:news`.
enum MissedNotice {
    private static let prefix = Array("__missed__:".utf8)

    /// Appends the notice.
    static func write(_ missed: Missed, to output: inout ByteBuffer) {
        guard let kind = PubSub.Kind(rawValue: missed.topic.kind),
            let version = ProtocolVersion(rawValue: Int(missed.form))
        else { return }
        var writer = ReplyWriter(buffer: output.take(), version: version)
        let name = missed.topic.name
        switch version {
        case .resp3:
            writer.push(3)
            writer.bulk(kind.words.missed)
            writer.bulk(name)
            writer.integer(missed.count)
        case .resp2:
            writer.push(kind == .pattern ? 4 : 3)
            writer.bulk(kind.words.message)
            if kind == .pattern { writer.bulk(name) }
            writer.bulk(prefix + name)
            writer.bulk(decimal: Int64(missed.count))
        }
        output = writer.buffer.take()
    }
}
