import MiniRedisClient
import Testing

/// All keys as a sequence.
@Suite(.timeLimit(.minutes(2))) struct ScanTests {
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
}
