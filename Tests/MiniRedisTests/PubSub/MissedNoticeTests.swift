import Broadcasting
import Engine
@testable import MiniRedis
import RESP
import Testing

/// What subscribers get, byte by byte.
@Suite struct MissedNoticeTests {
    @Test(arguments: [
        (PubSub.Kind.channel, 3, ">3\r\n$6\r\nmissed\r\n$4\r\nnews\r\n:2\r\n"),
        (.pattern, 3, ">3\r\n$7\r\npmissed\r\n$4\r\nnews\r\n:2\r\n"),
        (.shard, 3, ">3\r\n$7\r\nsmissed\r\n$4\r\nnews\r\n:2\r\n"),
        (.channel, 2, "*3\r\n$7\r\nmessage\r\n$15\r\n__missed__:news\r\n$1\r\n2\r\n"),
        (
            .pattern, 2,
            "*4\r\n$8\r\npmessage\r\n$4\r\nnews\r\n$15\r\n__missed__:news\r\n$1\r\n2\r\n"
        ),
        (.shard, 2, "*3\r\n$8\r\nsmessage\r\n$15\r\n__missed__:news\r\n$1\r\n2\r\n"),
    ])
    func noticesHaveTheFormOfTheirMessages(_ kind: PubSub.Kind, _ version: Int, _ expected: String) {
        let topic = Topic(Array("news".utf8), kind: kind.rawValue)
        var backlog = Backlog()
        for text in ["a", "b", "c"] {
            var bytes = ByteBuffer()
            bytes.append(text: text)
            let message = SharedMessage(topic, form: UInt8(version), bytes)
            _ = backlog.add(message, within: Backlog.Limit(messages: 1, bytes: .max))
        }
        var output = ByteBuffer()
        output.append(text: "before")
        backlog.drain(into: &output, upTo: .max, tell: MissedNotice.write)
        #expect(output.bytes.text == "before\(expected)c")
    }

    /// A message is encoded once for each version, whoever comes first.
    @Test(arguments: [ProtocolVersion.resp2, .resp3]) func versionsDifferInTheFirstByte(
        _ first: ProtocolVersion
    ) {
        let channel = Array("news".utf8)
        let text = Array("hello".utf8)
        let topic = Topic(channel)
        // The arrays live until the frames are made.
        var frame = unsafe PushFrame(topic, .channel, channel.span.bytes, text.span.bytes, as: first)
        let expected = "3\r\n$7\r\nmessage\r\n$4\r\nnews\r\n$5\r\nhello\r\n"
        #expect(frame.message(for: .resp2).bytes.text == "*" + expected)
        #expect(frame.message(for: .resp3).bytes.text == ">" + expected)
        for version in [ProtocolVersion.resp2, .resp3] {
            let message = frame.message(for: version)
            #expect(message === frame.message(for: version) && Int(message.form) == version.rawValue)
            #expect(message.topic === topic)
        }
        // As above.
        var matched = unsafe PushFrame(pattern: topic, channel.span.bytes, text.span.bytes, as: first)
        #expect(
            matched.message(for: .resp2).bytes.text
                == "*4\r\n$8\r\npmessage\r\n$4\r\nnews\r\n$4\r\nnews\r\n$5\r\nhello\r\n")
    }
}
