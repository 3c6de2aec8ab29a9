import Testing

@testable import MiniRedisClient

/// Commands that wait in the server: they end with their tasks, and hold nobody up who can do without.
@Suite(.timeLimit(.minutes(10))) struct WaitingTests {
    /// Waits until so many clients wait in the server.
    private func blocked(_ count: Int, _ client: some RedisCommandSender) async throws {
        while try await !client.info("clients").contains("\r\nblocked_clients:\(count)\r\n") {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func aCancelledWaitHoldsNobodyUp(
        _ subject: Subject, _ version: RedisClient.Configuration.ProtocolVersion
    ) async throws {
        try await subject.serve { address in
            try await withRedisClient(address) { observer in
                let configuration = RedisClient.Configuration.with { $0.protocolVersion = version }
                try await withRedisClient(address, configuration) { client async throws in
                    let number = try await client.clientID()
                    await withTaskGroup(of: Void.self) { group in
                        // Several, one behind the other, and others' requests behind them.
                        for _ in 0..<3 {
                            group.addTask {
                                await #expect(throws: RedisError.cancelled) {
                                    try await client.blpop(["none"], waiting: nil)
                                }
                            }
                        }
                        try? await blocked(1, observer)
                        group.cancelAll()
                    }
                    #expect(try await client.ping() == "PONG")
                    #expect(try await client.clientID() == number)
                    try await blocked(0, observer)
                }
            }
        }
    }

    @Test(arguments: Subject.all) func aWaitThatIsOutOfTimeHoldsNobodyUp(_ subject: Subject) async throws {
        try await subject.connect { client async throws in
            await #expect(throws: RedisError.timedOut) {
                try await client.within(.milliseconds(30)).blpop(["none"], waiting: nil)
            }
            await #expect(throws: RedisError.timedOut) {
                try await client.within(.milliseconds(30)).send("XREAD", "BLOCK", 0, "STREAMS", "s", "$")
            }
            await #expect(throws: RedisError.timedOut) {
                var pipeline = RedisPipeline()
                pipeline.append(.set("k", "v"))
                for _ in 0..<2 { pipeline.append(.bzpopmin(["none"], waiting: nil)) }
                _ = try await client.within(.milliseconds(30)).send(pipeline)
            }
            #expect(try await client.get("k", as: String.self) == "v")
        }
    }

    /// A wait of one's own choice may be longer than the usual limit, which counts from its end.
    @Test(arguments: Subject.all) func theLimitCountsFromTheEndOfTheWait(_ subject: Subject) async throws {
        try await subject.connect(.with { $0.requestTimeout = .seconds(2) }) { client async throws in
            let none = try await client.blpop(["none"], waiting: .seconds(3))
            #expect(none == nil)
            var pipeline = RedisPipeline()
            for _ in 0..<2 { pipeline.append(.blpop(["none"], waiting: .milliseconds(1500))) }
            #expect(try await client.send(pipeline).values == [.null, .null])
            await #expect(throws: RedisError.timedOut) {
                try await client.send("BLPOP", "none", 60)
            }
        }
    }

    /// Whatever was ended for the sake of others is sent again if somebody waits for it.
    @Test(arguments: Subject.all) func anothersWaitGoesOn(_ subject: Subject) async throws {
        try await subject.serve { address in
            try await withRedisClientPool(address) { pool in
                try await withRedisClient(address) { client async throws in
                    for round in 0..<50 {
                        try await withThrowingTaskGroup(of: RedisPopped?.self) { group in
                            let waiting = Task { try await client.blpop(["a"], waiting: nil) }
                            group.addTask { try await client.blpop(["b"], waiting: nil) }
                            await Task.yield()
                            waiting.cancel()
                            try await pool.rpush("a", round)
                            try await pool.rpush("b", round)
                            let answer = try await group.next()
                            #expect(answer??.elements == [Array("\(round)".utf8)])
                            // It was cancelled, unless it had its answer before.
                            _ = try? await waiting.value
                        }
                        _ = try await pool.del("a", "b")
                    }
                }
            }
        }
    }

    @Test(arguments: Subject.all) func aPoolSendsWaitsOverOtherConnections(_ subject: Subject) async throws {
        try await subject.serve { address in
            try await withRedisClientPool(address, connections: 2) { pool in
                async let first = pool.blpop(["l"], waiting: nil)
                async let second = pool.pipeline(.brpop(["l"], waiting: nil), .incr("n"))
                try await blocked(2, pool)
                // A third waits for a connection, and is cancelled.
                let third = Task { try await pool.blpop(["l"], waiting: nil) }
                #expect(try await pool.ping() == "PONG")
                third.cancel()
                await #expect(throws: RedisError.cancelled) { try await third.value }
                #expect(try await pool.rpush("l", "x", "y") == 2)
                let popped = try await [first?.elements, second.0?.elements].compactMap { $0?.first }
                #expect(Set(popped) == [Array("x".utf8), Array("y".utf8)])
                // One that is cancelled leaves its connection to the next.
                for _ in 0..<5 {
                    let task = Task { try await pool.bzpopmin(["z"], waiting: nil) }
                    try await blocked(1, pool)
                    task.cancel()
                    await #expect(throws: RedisError.cancelled) { try await task.value }
                    try await blocked(0, pool)
                }
                #expect(try await pool.withConnection { try await $0.ping() } == "PONG")
            }
        }
    }

    @Test func aPoolRefusesWhatBelongsToAConnection() async throws {
        try await Subject.miniRedis.serve { address in
            try await withRedisClientPool(address) { pool in
                await #expect(throws: RedisError.needsOwnConnection("WATCH")) { try await pool.watch("k") }
                await #expect(throws: RedisError.needsOwnConnection("SELECT")) { try await pool.select(1) }
                await #expect(throws: RedisError.needsOwnConnection("CLIENT")) {
                    try await pool.clientTracking(RedisTracking())
                }
                await #expect(throws: RedisError.needsOwnConnection("wait")) {
                    try await pool.send("wait", 0, 0)
                }
                await #expect(throws: RedisError.needsOwnConnection("this pipeline")) {
                    try await pool.pipeline(.get("k"), .select(1))
                }
            }
        }
    }

    /// A server that does not end waits: the connection is made anew.
    @Test func aServerThatEndsNoWaitsLosesTheConnection() async throws {
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": "%0\r\n"
                case "CLIENT" where words.dropFirst().first == "ID": ":7\r\n"
                case "CLIENT" where words.dropFirst().first == "UNBLOCK": "-NOPERM no\r\n"
                case "CLIENT": "+OK\r\n"
                case "BLPOP": await peer.waitUntilCancelled()
                default: "+PONG\r\n"
                }
            }
        } _: { address in
            try await withRedisClient(address) { client async throws in
                await #expect(throws: RedisError.timedOut) {
                    try await client.within(.milliseconds(20)).blpop(["none"], waiting: nil)
                }
                // Some may be lost with the connection.
                try await whenItSucceeds { try await client.within(.milliseconds(100)).ping() }
            }
        }
    }
}
