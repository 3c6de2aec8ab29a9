import MiniRedisClient
import Synchronization
import Testing

/// Many tasks on one connection, large values, cancellation and time limits, against each server.
@Suite(.timeLimit(.minutes(10))) struct RequestTests {
    @Test(arguments: Subject.all) func tasksShareAConnection(_ subject: Subject) async throws {
        try await subject.connect { client async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<100 {
                    group.addTask {
                        for round in 0..<50 {
                            try await client.set("k\(task)", round)
                            #expect(try await client.get("k\(task)", as: Int.self) == round)
                            try await client.incr("sum")
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.get("sum", as: Int.self) == 5000)
        }
    }

    @Test(arguments: Subject.all) func tasksOnTheConnectionsOwnThread(_ subject: Subject) async throws {
        let thread = try RedisClientThread(named: "own")
        try await subject.connect(.with { $0.thread = thread }) { client async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask(executorPreference: thread.executor) {
                        for _ in 0..<50 { try await client.incr("sum") }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.get("sum", as: Int.self) == 1000)
        }
        thread.stop()
    }

    @Test(arguments: Subject.all) func bigAndBinaryValues(_ subject: Subject) async throws {
        try await subject.connect { client async throws in
            let all = (0..<256).map { UInt8($0) }
            try await client.set(all, all)
            #expect(try await client.get(all) == all)
            let big = [UInt8](repeating: 13, count: 20_000_000)
            try await client.set("big", big)
            #expect(try await client.get("big") == big)
            let copies = try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await client.get("big")?.count ?? 0 } }
                return try await group.reduce(0, +)
            }
            #expect(copies == 80_000_000)
            #expect(try await client.ping() == "PONG")
        }
    }

    @Test(arguments: Subject.all) func deepPipelinesDoNotLockUp(_ subject: Subject) async throws {
        try await subject.connect { client async throws in
            try await client.set("k", [UInt8](repeating: 1, count: 10_000))
            var pipeline = RedisPipeline()
            for _ in 0..<5_000 { pipeline.append(.get("k")) }
            let replies = try await client.send(pipeline)
            #expect(replies.values.count == 5_000 && replies.values.allSatisfy { $0.bytes?.count == 10_000 })
        }
    }

    @Test(arguments: Subject.all) func cancellationLeavesTheConnectionUsable(_ subject: Subject) async throws
    {
        try await subject.connect { client async throws in
            try await client.set("k", "v")
            for round in 0..<200 {
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<10 {
                        group.addTask {
                            do {
                                #expect(try await client.get("k", as: String.self) == "v")
                            } catch {
                                #expect(error as? RedisError == .cancelled)
                            }
                        }
                    }
                    if round.isMultiple(of: 2) { await Task.yield() }
                    group.cancelAll()
                }
                #expect(try await client.echo(round) == Array("\(round)".utf8))
            }
        }
    }

    @Test func aCancelledRequestsReplyIsDropped() async throws {
        let gate = AsyncStream.makeStream(of: Void.self)
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": return "%0\r\n"
                case "CLIENT": return "+OK\r\n"
                case "SLOW":
                    // It is cancelled only when the server has it.
                    gate.continuation.finish()
                    return nil
                default: return "$4\r\nlate\r\n+\(words.last ?? "")\r\n"
                }
            }
        } _: { address in
            try await withRedisClient(address) { client async throws in
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await #expect(throws: RedisError.cancelled) { try await client.send("SLOW") }
                    }
                    for await _ in gate.stream {}
                    group.cancelAll()
                }
                #expect(try await client.send("ECHO", "mine", as: String.self) == "mine")
            }
        }
    }

    @Test func requestsThatAreNeverAnsweredTimeOut() async throws {
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": "%0\r\n"
                case "CLIENT": "+OK\r\n"
                default: nil
                }
            }
        } _: { address in
            try await withRedisClient(address, .with { $0.requestTimeout = .milliseconds(30) }) { client in
                let start = ContinuousClock.now
                await #expect(throws: RedisError.timedOut) { try await client.ping() }
                #expect(ContinuousClock.now - start >= .milliseconds(30))
                await #expect(throws: RedisError.timedOut) {
                    try await client.within(.milliseconds(1)).get("k")
                }
                await #expect(throws: RedisError.timedOut) {
                    try await client.pipeline(.get("k"), .incr("n"))
                }
                // An earlier deadline that comes later is kept too.
                await withTaskGroup(of: Void.self) { group in
                    group.addTask {
                        await #expect(throws: RedisError.timedOut) {
                            try await client.within(.milliseconds(200)).ping()
                        }
                    }
                    group.addTask {
                        await #expect(throws: RedisError.timedOut) {
                            try await client.within(.milliseconds(20)).ping()
                        }
                    }
                }
            }
        }
    }

    @Test func aLateReplyIsNobodyElses() async throws {
        let late = Atomic(0)
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": return "%0\r\n"
                case "CLIENT": return "+OK\r\n"
                case "FIRST":
                    late.add(1, ordering: .relaxed)
                    return nil
                default:
                    let replies = late.load(ordering: .relaxed)
                    return String(repeating: "+first\r\n", count: replies) + "+second\r\n"
                }
            }
        } _: { address in
            try await withRedisClient(address) { client async throws in
                // As often as it takes for one to get there in time.
                repeat {
                    await #expect(throws: RedisError.timedOut) {
                        try await client.within(.milliseconds(10)).send("FIRST")
                    }
                } while late.load(ordering: .relaxed) == 0
                #expect(try await client.send("SECOND") == .simpleString("second"))
            }
        }
    }
}
