import Testing

@testable import MiniRedisClient

/// Commands that run together or not at all.
@Suite(.timeLimit(.minutes(10))) struct TransactionTests {
    @Test(arguments: Subject.all) func commandsRunTogether(_ subject: Subject) async throws {
        try await subject.connect { client async throws in
            let (isSet, value, sum) = try await client.transaction(
                .set("k", "v"), .get("k", as: String.self), .incrBy("n", 5))
            #expect(isSet && value == "v" && sum == 5)
            var transaction = RedisTransaction()
            let bad = transaction.append(.incr("k"))
            let good = transaction.append(.incr("n"))
            let replies = try await client.send(transaction)
            #expect(throws: RedisError.self) { try replies[bad] }
            #expect(try replies[good] == 6)
            #expect(try await client.send(RedisTransaction()).values == [])
        }
    }

    @Test(arguments: Subject.all) func oneThatIsRefusedDoesNothing(_ subject: Subject) async throws {
        try await subject.connect { client async throws in
            var transaction = RedisTransaction()
            transaction.append(.set("k", "v"))
            var nonsense = RedisWords("NOSUCHCOMMAND")
            nonsense.append("x")
            transaction.append(RedisCommand<RESPValue>(nonsense))
            await #expect {
                try await client.send(transaction)
            } throws: { error in
                guard case .server(let error)? = error as? RedisError else { return false }
                return error.message.hasPrefix("ERR unknown command")
            }
            #expect(try await client.get("k") == nil)
        }
    }

    @Test(arguments: Subject.all) func tasksSendTheirsOverOneConnection(_ subject: Subject)
        async throws
    {
        try await subject.connect { client async throws in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<20 {
                    group.addTask {
                        for _ in 0..<20 {
                            let (left, right) = try await client.transaction(.decr("left"), .incr("right"))
                            #expect(left == -right)
                            try await client.ping()
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await client.get("right", as: Int.self) == 400)
        }
    }

    @Test(arguments: Subject.all) func watchedKeysDecide(_ subject: Subject) async throws {
        try await subject.serve { address in
            try await withRedisClientPool(address) { pool in
                try await pool.withConnection { connection in
                    try await connection.watch("k", "l")
                    try await pool.set("l", 1)
                    await #expect(throws: RedisError.watchedKeyChanged) {
                        try await connection.transaction(.set("k", 1))
                    }
                    try await connection.watch("k")
                    try await pool.set("k", 2)
                    try await connection.unwatch()
                    #expect(try await connection.transaction(.incr("k")) == 3)
                }
            }
        }
    }

    @Test func whateverTheServerAnswersIsUnderstood() {
        var one = RedisTransaction()
        one.append(.incr("k"))
        let ok = RESPValue.simpleString("OK")
        let queued = RESPValue.simpleString("QUEUED")
        #expect(throws: RedisError.self) { try one.outcome([]) }
        #expect(throws: RedisError.self) { try one.outcome([ok, queued, .integer(1)]) }
        #expect(throws: RedisError.self) { try one.outcome([ok, queued, .array([])]) }
        #expect(throws: RedisError.server(RedisServerError("EXECABORT"))) {
            try one.outcome([ok, queued, .error(RedisServerError("EXECABORT"))])
        }
        #expect(throws: RedisError.server(RedisServerError("ERR unknown"))) {
            try one.outcome([.error(RedisServerError("ERR unknown")), .integer(1), ok])
        }
        #expect(throws: RedisError.watchedKeyChanged) { try one.outcome([ok, queued, .null]) }
        #expect(throws: Never.self) { try one.outcome([ok, queued, .array([.integer(1)])]) }
    }
}
