import MiniRedisClient

/// What the documentation shows, line for line, to be compiled and run.
enum Snippets {
    /// Only compiled, as they use whatever server is there, or do not end.
    static func notRun(_ client: RedisClient) async throws {
        try await withRedisClient(.tcp(host: "127.0.0.1", port: 6379)) { client in
            try await client.set("hello", "world")
            print(try await client.get("hello", as: String.self) ?? "nothing")
        }
        try await withRedisClientPool { pool in
            try await pool.set("stock", 5)
            try await pool.withConnection { connection in
                try await connection.watch("stock")
                guard let stock = try await connection.get("stock", as: Int.self), stock > 0 else { return }
                _ = try await connection.transaction(.decr("stock"))
            }
        }
        try await client.subscribe(to: "news") { news in
            for try await case .message(let message) in news { print(message.text) }
        }
    }

    static func values(_ client: RedisClient) async throws -> String {
        try await client.set("greeting", "hello", expiring: .after(.seconds(60)))
        let bytes = try await client.get("greeting")
        let text = try await client.get("greeting", as: String.self)
        let visits = try await client.incr("visits")
        let many = try await client.mget(["greeting", "none"], as: String.self)
        let size = try await client.send("DBSIZE", as: Int.self)
        let answer = try await client.send("OBJECT", "ENCODING", "greeting")
        return "\(bytes?.count ?? 0) \(text ?? "") \(visits) \(many.count) \(size) \(answer.string ?? "")"
    }

    static func errors(_ client: RedisClient) async throws {
        do {
            try await client.incr("greeting")
        } catch RedisError.server(let error) where error.code == "ERR" {
            print("no number:", error.message)
        }
    }

    static func pipelines(_ client: RedisClient) async throws -> String {
        let (_, greeting, count) = try await client.pipeline(
            .set("greeting", "hi"), .get("greeting", as: String.self), .incr("visits"))
        var pipeline = RedisPipeline()
        let slots = (1...100).map { pipeline.append(.incrBy("total", $0)) }
        let replies = try await client.send(pipeline)
        for slot in slots { print(try replies[slot]) }
        for try await key in client.scanKeys(matching: "user:*", as: String.self) {
            print(key)
        }
        for try await (field, value) in client.scanFields(of: "user:1", as: String.self) {
            print(field, value)
        }
        for try await one in client.scanScores(of: "ranking", as: String.self) {
            print(one.member, one.score)
        }
        return "\(greeting ?? "") \(count) \(try replies[slots[99]])"
    }

    static func transactions(_ pool: RedisClientPool) async throws -> String {
        let client = pool.client
        let (left, right) = try await client.transaction(.decrBy("left", 5), .incrBy("right", 5))
        try await pool.withConnection { connection in
            try await connection.watch("stock")
            guard let stock = try await connection.get("stock", as: Int.self), stock > 0 else { return }
            _ = try await connection.transaction(.decr("stock"), .incr("sold"))
        }
        return "\(left) \(right)"
    }

    static func service(_ address: RedisAddress) async throws {
        let client = RedisClient(address)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await client.run() }
            try await client.set("state", "ready")
            group.cancelAll()
        }
    }

    static func configured() -> RedisClient.Configuration {
        var configuration = RedisClient.Configuration()
        configuration.database = 2
        configuration.clientName = "orders"
        configuration.requestTimeout = .seconds(2)
        configuration.reconnection = RedisReconnection(
            firstPause: .milliseconds(50), longestPause: .seconds(2), attempts: 20)
        return configuration
    }

    static func limits(_ client: RedisClient) async throws -> [UInt8]? {
        let answer = try await client.within(.milliseconds(500)).get("k")
        return answer
    }

    static func pools(_ address: RedisAddress) async throws {
        try await withRedisClientPool(address, connections: 4) { pool in
            try await pool.set("k", "shared")
            try await pool.withConnection { connection in
                try await connection.select(1)
                try await connection.set("k", "apart")
                try await connection.select(0)
            }
        }
    }

    static func waiting(_ address: RedisAddress) async throws {
        try await withRedisClientPool(address, connections: 4) { pool in
            async let job = pool.blpop(["jobs"], waiting: .seconds(60))
            try await pool.rpush("jobs", "resize")
            print(try await job?.elements.first ?? [])
        }
    }

    static func threads(_ client: RedisClient) async throws {
        let thread = try RedisClientThread.shared()
        await withTaskGroup(of: Void.self) { group in
            group.addTask(executorPreference: thread.executor) {
                for _ in 0..<1_000 { _ = try? await client.incr("n") }
            }
        }
    }

    static func following(_ client: RedisClient) async throws {
        try await client.subscribe(to: "news", "weather") { subscription in
            try await client.publish("sunny", to: "weather")
            for try await message in subscription.messages {
                print(message.channelName, message.text)
                break
            }
        }
    }

    static func events(_ subscription: RedisSubscription) async throws {
        for try await event in subscription {
            switch event {
            case .message(let message): print(message.text)
            case .missed(let count): print("too slow for \(count) messages")
            case .dropped(let count, of: let channel): print("the server dropped \(count) of \(channel)")
            case .interrupted: print("the connection was lost and is back: read the state anew")
            }
        }
    }

    // What comments beside declarations show.

    static func besideDeclarations(_ client: RedisClient) async throws -> String {
        let (_, value, count) = try await client.pipeline(.set("k", "v"), .get("k"), .incr("n"))
        var pipeline = RedisPipeline()
        let hits = pipeline.append(.incr("hits"))
        let page = pipeline.append(.get("page"))
        let replies = try await client.send(pipeline)
        print(try replies[hits], try replies[page] ?? [])
        for try await key in client.scanKeys(matching: "user:*", as: String.self) { print(key) }
        for try await (field, value) in client.scanFields(of: "user:1", as: String.self) {
            print(field, value)
        }
        return "\(value?.count ?? 0) \(count)"
    }

    static func transactionsBesideDeclarations(_ client: RedisClient) async throws -> Int {
        let (left, right) = try await client.transaction(.decrBy("left", 5), .incrBy("right", 5))
        var transfer = RedisTransaction()
        let debit = transfer.append(.decrBy("left", 5))
        let credit = transfer.append(.incrBy("right", 5))
        let replies = try await client.send(transfer)
        print(try replies[debit], try replies[credit])
        return left + right
    }
}
