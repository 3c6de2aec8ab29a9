import MiniRedis
import MiniRedisClient
import TestSupport
import Testing

/// What a server drops for a client that does not take messages off its connection fast enough, as the
/// readers of its subscriptions are told it.
@Suite(.timeLimit(.minutes(10))) struct OverflowTests {
    typealias Version = RedisClient.Configuration.ProtocolVersion

    /// Who has the server drop the oldest.
    enum Asker: CaseIterable { case server, client }

    private static let rounds = 2
    /// Each of so many bytes, a round's messages are more than the kernel holds for a connection.
    private static let messages = 400
    private static let size = 32 << 10
    /// Messages that the server keeps for each subscriber.
    private static let backlog = 50

    static let cases = [Version.resp2, .resp3].flatMap { version in Asker.allCases.map { (version, $0) } }

    /// A fast reader, one that is held up again and again, and one that is until all is published: what
    /// each received and was told that it missed is what was published, in order.
    @Test(arguments: cases) func receivedAndMissedArePublished(_ version: Version, _ asker: Asker)
        async throws
    {
        let slow = try HeldReader(named: "slow")
        let stalled = try HeldReader(named: "stalled")
        try await withServer { configuration in
            guard asker == .server else { return }
            configuration.pubsubOverflowPolicy = .dropOldest
            configuration.pubsubBacklogMessages = Self.backlog
        } _: { server in
            let address = RedisAddress.tcp(host: "127.0.0.1", port: server.port)
            try await withThrowingTaskGroup(of: Void.self) { group in
                // Also when something fails, so that the test ends.
                defer { for reader in [slow, stalled] { reader.release() } }
                for reader in [slow, stalled] {
                    let configuration = configuration(version, asker, on: reader.thread)
                    group.addTask {
                        try await reader.follow(
                            address, configuration, until: Self.rounds * Self.messages)
                    }
                }
                for reader in [slow, stalled] { try await reader.waitUntil { $0.isReady } }
                try await stalled.hold(in: &group)
                try await withRedisClient(address, configuration(version, asker, on: nil)) { client in
                    try await client.subscribe(to: "a", "b") { subscription in
                        var reader = subscription.makeAsyncIterator()
                        for round in 0..<Self.rounds {
                            let numbers = round * Self.messages..<(round + 1) * Self.messages
                            try await slow.hold(in: &group)
                            try await publish(numbers, through: client, readBy: &reader)
                            slow.release()
                            try await slow.waitUntil {
                                $0.next("*") == numbers.upperBound || !$0.faults.isEmpty
                            }
                        }
                    }
                }
                stalled.release()
                try await group.waitForAll()
            }
        }
        for reader in [slow, stalled] {
            reader.thread.stop()
            let ledger = reader.ledger
            #expect(ledger.faults == [])
            for topic in ["a", "b", "*"] { #expect(ledger.missed[topic, default: 0] > 0) }
            // What the server has kept came behind the gap.
            #expect(ledger.received.values.reduce(0, +) > Self.backlog)
        }
        // Held anew in each round, it misses some in each.
        #expect(slow.ledger.gaps >= Self.rounds)
    }

    /// Publishes numbers to two channels in turn; who reads each at once misses none.
    private func publish(
        _ numbers: Range<Int>, through client: RedisClient,
        readBy reader: inout RedisSubscription.Iterator
    ) async throws {
        for number in numbers {
            let channel = number.isMultiple(of: 2) ? "a" : "b"
            let text = "\(number) " + String(repeating: "x", count: Self.size)
            #expect(try await client.publish(text, to: channel) == 5)
            let message = RedisMessage(channel: Array(channel.utf8), payload: Array(text.utf8))
            // Told apart, as a failure would print the payload.
            let isNext = try await reader.next() == .message(message)
            try #require(isNext)
        }
    }

    private func configuration(_ version: Version, _ asker: Asker, on thread: RedisClientThread?)
        -> RedisClient.Configuration
    {
        .with {
            $0.protocolVersion = version
            $0.thread = thread
            if asker == .client { $0.overflow = .dropOldest(messages: Self.backlog) }
        }
    }
}
