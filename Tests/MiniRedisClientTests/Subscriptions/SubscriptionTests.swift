import MiniRedisClient
import Testing

/// Channels, patterns and shard channels, against each server in each version of the protocol.
@Suite(.timeLimit(.minutes(10))) struct SubscriptionTests {
    typealias Version = RedisClient.Configuration.ProtocolVersion

    private func connect(
        _ subject: Subject, _ version: Version, _ body: @Sendable (RedisClient) async throws -> Void
    ) async throws {
        try await subject.connect(.with { $0.protocolVersion = version }, body)
    }

    @Test(arguments: [Subject].inBothProtocols) func messagesComeInOrder(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await connect(subject, version) { client async throws in
            try await client.subscribe(to: "a", "b") { subscription in
                for number in 0..<100 {
                    try await client.publish(number, to: number.isMultiple(of: 2) ? "a" : "b")
                }
                var number = 0
                for try await message in subscription.messages {
                    #expect(
                        message.text == "\(number)"
                            && message.channelName == (number.isMultiple(of: 2) ? "a" : "b"))
                    number += 1
                    if number == 100 { break }
                }
                #expect(number == 100)
            }
            // In RESP2 the subscription has a connection of its own, which may be heard a little later.
            while try await client.publish("m", to: "a") != 0 {}
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func patternsAndShards(_ subject: Subject, _ version: Version)
        async throws
    {
        try await connect(subject, version) { client async throws in
            try await client.subscribe(toPatterns: "n.*", "x") { patterns in
                try await client.subscribe(toShardChannels: [UInt8]([0, 255])) { shards in
                    try await client.publish("one", to: "n.1")
                    try await client.publish([0, 1], toShardChannel: [UInt8]([0, 255]))
                    var reader = patterns.makeAsyncIterator()
                    #expect(
                        try await reader.next()
                            == .message(
                                RedisMessage(
                                    channel: Array("n.1".utf8), pattern: Array("n.*".utf8),
                                    payload: Array("one".utf8))))
                    var shardReader = shards.makeAsyncIterator()
                    #expect(
                        try await shardReader.next()
                            == .message(RedisMessage(channel: [0, 255], payload: [0, 1])))
                }
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func requestsGoOnMeanwhile(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await connect(subject, version) { client async throws in
            try await client.subscribe(to: "c") { subscription in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for _ in 0..<20 {
                        group.addTask {
                            for _ in 0..<20 {
                                try await client.incr("n")
                                try await client.publish("m", to: "c")
                            }
                        }
                    }
                    var seen = 0
                    for try await case .message in subscription {
                        seen += 1
                        if seen == 400 { break }
                    }
                    try await group.waitForAll()
                    #expect(seen == 400)
                }
                #expect(try await client.get("n", as: Int.self) == 400)
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func subscribersShareAChannel(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await connect(subject, version) { client async throws in
            try await client.subscribe(to: "c") { first in
                try await client.subscribe(to: "c", "c") { second in
                    try await client.publish("both", to: "c")
                    var reader = second.makeAsyncIterator()
                    #expect(
                        try await reader.next()
                            == .message(RedisMessage(channel: [0x63], payload: Array("both".utf8))))
                }
                // The other's end is not this one's.
                try await client.publish("one", to: "c")
                var texts: [String] = []
                for try await message in first.messages {
                    texts.append(message.text)
                    if texts.count == 2 { break }
                }
                #expect(texts == ["both", "one"])
            }
            try await client.subscribe(to: "c") { _ async throws in
                #expect(try await client.pubSubFollowers(of: "c") == ["c": 1])
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func aSlowReaderIsToldWhatItMissed(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await connect(subject, version) { client async throws in
            try await client.subscribe(to: "c", buffering: .init(messages: 10)) { subscription in
                for number in 0..<100 { try await client.publish(number, to: "c") }
                var reader = subscription.makeAsyncIterator()
                var next = 0
                if version == .resp3 {
                    // On the same connection, so all messages have come before the answer.
                    try await client.ping()
                    #expect(try await reader.next() == .missed(90))
                    next = 90
                }
                // On a connection of their own they may still be coming: then less is missed.
                while next < 100 {
                    switch try await reader.next() {
                    case .missed(let count): next += count
                    case let event:
                        let message = RedisMessage(channel: [0x63], payload: Array("\(next)".utf8))
                        try #require(event == .message(message))
                        next += 1
                    }
                }
                #expect(next == 100)
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func cancellationEndsTheSequence(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await connect(subject, version) { client async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                let started = AsyncStream.makeStream(of: Void.self)
                group.addTask {
                    try await client.subscribe(to: "c") { subscription in
                        started.continuation.finish()
                        for try await _ in subscription {}
                    }
                }
                for await _ in started.stream {}
                group.cancelAll()
                try await group.waitForAll()
            }
            #expect(try await client.ping() == "PONG")
        }
    }

    @Test(arguments: [RedisError.connectionLost("closed by the server")])
    func aLostConnectionEndsTheSequence(_ expected: RedisError) async throws {
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": return "%0\r\n"
                case "CLIENT": return "+OK\r\n"
                case "SUBSCRIBE":
                    return
                        ">3\r\n$9\r\nsubscribe\r\n$1\r\nc\r\n:1\r\n>3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n"
                default: throw RedisError.closed
                }
            }
        } _: { address in
            try await withRedisClient(address, .with { $0.reconnection = nil }) { client async throws in
                await #expect(throws: expected) {
                    try await client.subscribe(to: "c") { subscription in
                        _ = try? await client.send("DIE")
                        var reader = subscription.makeAsyncIterator()
                        #expect(
                            try await reader.next()
                                == .message(RedisMessage(channel: [0x63], payload: [0x6d])))
                        _ = try await reader.next()
                    }
                }
            }
        }
    }

    @Test func aRefusedSubscriptionThrows() async throws {
        let refusal = RedisServerError("NOPERM no permissions to access the 'c' channel")
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": return "%0\r\n"
                case "CLIENT": return "+OK\r\n"
                case "SUBSCRIBE": return "-\(refusal.message)\r\n"
                // What is not subscribed to is confirmed all the same.
                case "UNSUBSCRIBE":
                    return words.dropFirst().map { ">3\r\n$11\r\nunsubscribe\r\n+\($0)\r\n:0\r\n" }.joined()
                default: return "+PONG\r\n"
                }
            }
        } _: { address in
            try await withRedisClient(address) { client async throws in
                await #expect(throws: RedisError.server(refusal)) {
                    try await client.subscribe(to: "c", "d") { _ in }
                }
                #expect(try await client.ping() == "PONG")
            }
        }
    }
}
