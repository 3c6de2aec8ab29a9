import MiniRedisClient
import Synchronization
import Testing

/// Connections that tasks have for themselves for a while.
@Suite(.timeLimit(.minutes(10))) struct PoolTests {
    private func connect(
        _ subject: Subject, connections: Int = 4, _ body: @Sendable (RedisClientPool) async throws -> Void
    ) async throws {
        try await subject.serve { address in
            try await withRedisClientPool(address, connections: connections) { pool in try await body(pool) }
        }
    }

    @Test(arguments: Subject.all) func commandsShareAConnection(_ subject: Subject) async throws {
        try await connect(subject) { pool async throws in
            try await pool.set("k", 1)
            #expect(try await pool.incr("k") == 2)
            let (value, length) = try await pool.pipeline(.get("k", as: Int.self), .strlen("k"))
            #expect(value == 2 && length == 1)
            #expect(try await pool.clientID() == pool.client.clientID())
        }
    }

    @Test(arguments: Subject.all) func eachTaskHasAConnectionOfItsOwn(_ subject: Subject) async throws {
        try await connect(subject, connections: 3) { pool async throws in
            let holders = Holders()
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<30 {
                    group.addTask {
                        try await pool.withConnection { connection in
                            holders.enter()
                            try await connection.select(task % 10)
                            // Others may be in the same database.
                            try await connection.set("task\(task)", task)
                            #expect(try await connection.get("task\(task)", as: Int.self) == task)
                            try await connection.select(0)
                            holders.leave()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect((1...3).contains(holders.most))
            let keys = try await pool.keys(matching: "*")
            #expect(Set(keys) == Set(["task0", "task10", "task20"].map { Array($0.utf8) }))
        }
    }

    @Test(arguments: Subject.all) func aConnectionThatIsNotInOrderIsReplaced(_ subject: Subject) async throws
    {
        try await connect(subject, connections: 1) { pool async throws in
            let first = try await pool.withConnection { try await $0.clientID() }
            let again = try await pool.withConnection { try await $0.clientID() }
            #expect(again == first)
            await #expect(throws: RedisError.cancelled) {
                try await pool.withConnection { connection in
                    try await connection.select(5)
                    throw RedisError.cancelled
                }
            }
            let second = try await pool.withConnection { connection in
                #expect(try await connection.clientInfo().contains("db=0 "))
                return try await connection.clientID()
            }
            #expect(second != first)
        }
    }

    @Test(arguments: Subject.all) func whoeverWaitsCanBeCancelled(_ subject: Subject) async throws {
        try await connect(subject, connections: 1) { pool async throws in
            try await pool.withConnection { _ in
                await withTaskGroup(of: Void.self) { group in
                    for _ in 0..<5 {
                        group.addTask {
                            await #expect(throws: RedisError.cancelled) {
                                try await pool.withConnection { _ in Issue.record("it is taken") }
                            }
                        }
                    }
                    await Task.yield()
                    group.cancelAll()
                }
            }
            let pong = try await pool.withConnection { try await $0.ping() }
            #expect(pong == "PONG")
        }
    }

    @Test(arguments: Subject.all) func aClosedPoolRefusesAndMayRunAgain(_ subject: Subject) async throws {
        try await subject.serve { address in
            let pool = RedisClientPool(address, connections: 2)
            for _ in 0..<3 {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await pool.run() }
                    // It is closed until it runs again.
                    try await whenItSucceeds { try await pool.ping() }
                    let pong = try await pool.withConnection { try await $0.ping() }
                    #expect(pong == "PONG")
                    group.cancelAll()
                    try await group.waitForAll()
                }
                await #expect(throws: RedisError.closed) {
                    try await pool.withConnection { connection in _ = try await connection.ping() }
                }
            }
        }
    }
}

/// How many tasks have a connection at once.
private final class Holders: Sendable {
    private let counts = Mutex((now: 0, most: 0))

    var most: Int { counts.withLock { $0.most } }

    func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }

    func leave() { counts.withLock { $0.now -= 1 } }
}
