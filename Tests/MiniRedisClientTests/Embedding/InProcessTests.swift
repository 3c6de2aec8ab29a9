import MiniRedis
import MiniRedisClient
import TestSupport
import Testing

/// The client of the one library and the server of the other, in one process and without a port.
@Suite(.timeLimit(.minutes(10))) struct InProcessTests {
    @Test(arguments: [RedisClient.Configuration.ProtocolVersion.resp2, .resp3])
    func commandsAndSubscriptions(_ version: RedisClient.Configuration.ProtocolVersion) async throws {
        try await withRedisServer { server in
            #expect(server.addresses.isEmpty)
            let address = RedisAddress.inProcess(name: server.name)
            #expect(address.description == server.name)
            let configuration = RedisClient.Configuration.with { $0.protocolVersion = version }
            try await withRedisClient(address, configuration.patient) { client in
                try await client.set("k", String(repeating: "x", count: 1 << 20))
                #expect(try await client.get("k", as: String.self)?.count == 1 << 20)
                try await client.subscribe(to: "news") { news in
                    try await client.publish("hello", to: "news")
                    for try await case .message(let message) in news {
                        #expect(message.text == "hello")
                        break
                    }
                }
            }
        }
    }

    @Test func nobodyIsThereAfterStop() async throws {
        let name = try await withRedisServer { $0.name }
        await #expect(throws: RedisError.connectionFailed("\(name): connect: Connection refused")) {
            try await withRedisClient(.inProcess(name: name)) { client in try await client.ping() }
        }
    }

    @Test func aClientIsToldThatItsServerHasStopped() async throws {
        let server = try await RedisServer.start()
        try await withRedisClient(.inProcess(name: server.name), .init().patient) { client throws in
            #expect(try await client.incr("n") == 1)
            await server.stop()
            // It tries to connect again for as long as the request may take.
            await #expect(throws: RedisError.self) {
                try await client.within(.milliseconds(50)).incr("n")
            }
        }
    }

    @Test func manyClientsOfManyServersAtOnce() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await withRedisServer { server in
                        try await withRedisClient(.inProcess(name: server.name), .init().patient) {
                            client throws in
                            for count in 1...20 { #expect(try await client.incr("n") == count) }
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
