import MiniRedisClient
import Testing

/// All keys as a sequence.
@Suite(.timeLimit(.minutes(10))) struct ScanTests {
    @Test(arguments: [Subject].inBothProtocols) func everyKeyComes(
        _ subject: Subject, _ version: RedisClient.Configuration.ProtocolVersion
    ) async throws {
        try await subject.connect(.with { $0.protocolVersion = version }) { client async throws in
            for try await _ in client.scanKeys() { Issue.record("there are none") }
            var pipeline = RedisPipeline()
            for number in 0..<1000 { pipeline.append(.set("key:\(number)", number)) }
            pipeline.append(.set("other", 1))
            _ = try await client.send(pipeline)
            var seen: Set<String> = []
            for try await key in client.scanKeys(
                matching: "key:*", count: 50, type: "string", as: String.self)
            {
                seen.insert(key)
            }
            #expect(seen == Set((0..<1000).map { "key:\($0)" }))
            var count = 0
            for try await key in client.scanKeys(count: 5000) where key.starts(with: Array("key".utf8)) {
                count += 1
                if count == 10 { break }
            }
            #expect(count == 10)
            await #expect(throws: RedisError.self) {
                for try await _ in client.scanKeys(count: 0) {}
            }
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func everyElementComes(
        _ subject: Subject, _ version: RedisClient.Configuration.ProtocolVersion
    ) async throws {
        try await subject.connect(.with { $0.protocolVersion = version }) { client async throws in
            let numbers = Array(0..<1000)
            let pairs = numbers.map { (field: "f\($0)", value: $0) }
            let scored = numbers.map { (member: "m\($0)", score: Double($0) / 2) }
            _ = try await client.pipeline(
                .hset("hash", pairs), .sadd("set", numbers), .zadd("scores", scored))
            var fields: [String: Int] = [:]
            for try await (field, value) in client.scanFields(of: "hash", count: 50, as: Int.self) {
                fields[field] = value
            }
            let expected = Dictionary(uniqueKeysWithValues: pairs.map { ($0.field, $0.value) })
            #expect(fields == expected)
            var some: Set<[UInt8]> = []
            for try await (field, _) in client.scanFields(of: "hash", matching: "f99*", named: [UInt8].self) {
                some.insert(field)
            }
            #expect(some.count == 11)
            var members: Set<Int> = []
            for try await member in client.scanMembers(of: "set", count: 50, as: Int.self) {
                members.insert(member)
            }
            #expect(members == Set(numbers))
            var scores: [String: Double] = [:]
            for try await one in client.scanScores(of: "scores", count: 50, as: String.self) {
                scores[one.member] = one.score
            }
            #expect(scores.count == 1000 && scored.allSatisfy { scores[$0.member] == $0.score })
            for try await _ in client.scanFields(of: "none") { Issue.record("there are none") }
            for try await _ in client.scanScores(of: "none") { Issue.record("there are none") }
            await #expect(throws: RedisError.self) {
                for try await _ in client.scanScores(of: "hash") {}
            }
        }
    }
}
