import MiniRedis
import TestSupport
import Testing

@testable import MiniRedisClient

/// What happens when a connection is lost and comes back.
@Suite(.timeLimit(.minutes(10))) struct ReconnectionTests {
    typealias Version = RedisClient.Configuration.ProtocolVersion

    private static let quick = RedisReconnection(
        firstPause: .milliseconds(1), longestPause: .milliseconds(5))

    /// Waits until the client has another connection than this one.
    private func waitForAnother(than id: Int64, _ client: RedisClient) async throws {
        while try await whenItSucceeds({ try await client.clientID() }) == id { await Task.yield() }
    }

    @Test(arguments: [Subject].inBothProtocols) func requestsGoOnAfterALoss(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await subject.serve { address in
            let configuration = RedisClient.Configuration.with {
                $0.protocolVersion = version
                $0.reconnection = Self.quick
                $0.database = 3
                $0.clientName = "again"
            }
            try await withRedisClient(address) { killer in
                try await withRedisClient(address, configuration) { client async throws in
                    for round in 0..<5 {
                        let id = try await client.clientID()
                        #expect(try await killer.clientKill(id: id) == 1)
                        try await waitForAnother(than: id, client)
                        // The connection is as the configuration says again.
                        #expect(try await client.clientName() == "again")
                        #expect(try await client.incr("n") == round + 1)
                    }
                }
                try await killer.select(3)
                #expect(try await killer.get("n", as: Int.self) == 5)
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func subscriptionsComeBackWithAGap(
        _ subject: Subject, _ version: Version
    ) async throws {
        try await subject.serve { address in
            let configuration = RedisClient.Configuration.with {
                $0.protocolVersion = version
                $0.reconnection = Self.quick
                $0.clientName = "follower"
            }
            try await withRedisClient(address) { other in
                try await withRedisClient(address, configuration) { client async throws in
                    try await client.subscribe(to: "a", "b") { channels in
                        try await client.subscribe(toPatterns: "p*") { patterns in
                            try await client.subscribe(toShardChannels: "s") { shards in
                                for text in ["before", "after"] {
                                    let subscribed = [
                                        try await other.publish(text, to: "b"),
                                        try await other.publish(text, to: "p1"),
                                        try await other.publish(text, toShardChannel: "s"),
                                    ]
                                    #expect(subscribed == [1, 1, 1])
                                    if text == "after" { break }
                                    try await loseAll(of: other)
                                }
                                try await expectAGap(channels, nil, "b")
                                try await expectAGap(patterns, "p*", "p1")
                                try await expectAGap(shards, nil, "s")
                            }
                        }
                    }
                    try await client.ping()
                }
            }
        }
    }

    /// Has the server close all followers' connections, and waits until they follow again.
    private func loseAll(of other: RedisClient) async throws {
        for line in try await other.clientList().split(separator: "\n") where line.contains("name=follower") {
            let id = line.split(separator: " ").first?.dropFirst("id=".count)
            try await other.clientKill(id: Int64(id ?? "") ?? 0)
        }
        while true {
            let channels = try await other.pubSubFollowers(of: "a", "b")
            let shards = try await other.pubSubShardFollowers(of: "s")
            let patterns = try await other.pubSubPatterns()
            if channels == ["a": 1, "b": 1], shards == ["s": 1], patterns == 1 { break }
            await Task.yield()
        }
    }

    private func expectAGap(_ subscription: RedisSubscription, _ pattern: String?, _ channel: String)
        async throws
    {
        func message(_ text: String) -> RedisSubscription.Event {
            .message(
                RedisMessage(
                    channel: Array(channel.utf8), pattern: pattern.map { Array($0.utf8) },
                    payload: Array(text.utf8)))
        }
        var reader = subscription.makeAsyncIterator()
        #expect(try await reader.next() == message("before"))
        #expect(try await reader.next() == .interrupted)
        #expect(try await reader.next() == message("after"))
    }

    @Test func whatWasSentFailsAndTheRestWaits() async throws {
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": return "%0\r\n"
                case "CLIENT": return "+OK\r\n"
                case "DIE": throw TestFailure("as asked")
                default: return "+PONG\r\n"
                }
            }
        } _: { address in
            try await withRedisClient(address, .with { $0.reconnection = Self.quick }) {
                client async throws in
                for _ in 0..<20 {
                    await #expect(throws: RedisError.connectionLost("closed by the server")) {
                        try await client.send("DIE")
                    }
                    // It waits for the next connection.
                    #expect(try await client.ping() == "PONG")
                }
            }
        }
    }

    @Test func requestsTimeOutWhileThereIsNoConnection() async throws {
        try await withTemporaryDirectory { directory in
            let client = RedisClient(
                .unix(path: "\(directory)/none"),
                .with {
                    $0.reconnection = RedisReconnection(
                        firstPause: .seconds(100), longestPause: .seconds(100), includesFirstConnection: true)
                    $0.requestTimeout = .milliseconds(20)
                })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.run() }
                await #expect(throws: RedisError.timedOut) { try await client.ping() }
                await #expect(throws: RedisError.timedOut) {
                    try await client.within(.milliseconds(1)).ping()
                }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func aServerThatComesLaterIsWaitedFor() async throws {
        try await withTemporaryDirectory { directory in
            let path = "\(directory)/server"
            let client = RedisClient(
                .unix(path: path),
                .with {
                    $0.reconnection = RedisReconnection(
                        firstPause: .milliseconds(1), longestPause: .milliseconds(1),
                        includesFirstConnection: true)
                })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await client.run() }
                await Task.yield()
                try await withServer {
                    $0.unixSocket = path
                } _: { _ async throws in
                    #expect(try await client.ping() == "PONG")
                }
                group.cancelAll()
                try await group.waitForAll()
            }
        }
    }

    @Test func itIsGivenUpAfterSoManyAttempts() async throws {
        let client = RedisClient(
            .unix(path: "/nowhere"),
            .with {
                $0.reconnection = RedisReconnection(
                    firstPause: .milliseconds(1), attempts: 3, includesFirstConnection: true)
            })
        let expected = RedisError.connectionFailed("/nowhere: connect: No such file or directory")
        await #expect(throws: expected) { try await client.run() }
        await #expect(throws: expected) { try await client.ping() }
    }

    @Test func pausesDoubleAndAreBounded() {
        var backoff = RedisReconnection(
            firstPause: .milliseconds(10), longestPause: .milliseconds(55), attempts: 7
        ).backoff()
        let lost = RedisError.connectionLost("")
        #expect(backoff.next(after: lost, chance: 1) == nil, "there was no connection")
        backoff.reset()
        let pauses = (0..<8).map { _ in backoff.next(after: lost, chance: 1) }
        #expect(pauses == [0, 10, 20, 40, 55, 55, 55, nil].map { $0.map(Duration.milliseconds) })
        backoff.reset()
        _ = backoff.next(after: lost, chance: 0)
        #expect(backoff.next(after: lost, chance: 0) == .milliseconds(5))
        #expect(backoff.next(after: .server(RedisServerError("WRONGPASS no")), chance: 0) == nil)
        #expect(
            backoff.next(after: .server(RedisServerError("LOADING wait")), chance: 0) == .milliseconds(10))
        var patient = RedisReconnection(firstPause: .seconds(1), longestPause: .seconds(1 << 40)).backoff()
        patient.reset()
        for _ in 0..<100 { _ = patient.next(after: lost, chance: 1) }
        #expect(patient.next(after: lost, chance: 1) == .seconds(1 << 30))
    }
}
