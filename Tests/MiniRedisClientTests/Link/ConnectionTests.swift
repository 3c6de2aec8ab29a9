import MiniRedis
import MiniRedisClient
import TestSupport
import Testing

/// How connections begin and end.
@Suite(.timeLimit(.minutes(10))) struct ConnectionTests {
    @Test func nobodyListens() async throws {
        await #expect(throws: RedisError.connectionFailed("127.0.0.1:1: connect: Connection refused")) {
            try await withRedisClient(.tcp(host: "127.0.0.1", port: 1)) { _ in
                Issue.record("there is no server")
            }
        }
        await #expect(throws: RedisError.connectionFailed("/nowhere: connect: No such file or directory")) {
            try await withRedisClient(.unix(path: "/nowhere")) { _ in Issue.record("there is no server") }
        }
    }

    @Test func aServerThatNeverAnswersTimesOut() async throws {
        try await withScriptedServer { peer in
            while try await peer.receive() != nil {}
        } _: { address in
            await #expect(throws: RedisError.connectionFailed("\(address): no answer in time")) {
                try await withRedisClient(address, .with { $0.connectTimeout = .milliseconds(30) }) { _ in }
            }
        }
    }

    @Test func olderServersAreSpokenToInRESP2() async throws {
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words {
                case ["HELLO", "3", "AUTH", "default", "secret"]: "-ERR unknown command 'HELLO'\r\n"
                case ["AUTH", "secret"], ["SELECT", "2"]: "+OK\r\n"
                case ["GET", "k"]: "$-1\r\n"
                default: "-ERR unknown command '\(words[0])'\r\n"
                }
            }
        } _: { address in
            let configuration = RedisClient.Configuration.with {
                $0.password = "secret"
                $0.database = 2
            }
            try await withRedisClient(address, configuration) { client async throws in
                #expect(try await client.get("k") == nil)
            }
        }
    }

    @Test func aRefusedPasswordIsTheServersError() async throws {
        try await withServer {
            $0.requirePass = "secret"
        } _: { server in
            let address = RedisAddress.tcp(host: "127.0.0.1", port: server.port)
            for version in [RedisClient.Configuration.ProtocolVersion.resp2, .resp3] {
                var configuration = RedisClient.Configuration.with { $0.protocolVersion = version }
                configuration.password = "wrong"
                await #expect {
                    try await withRedisClient(address, configuration) { _ in }
                } throws: { error in
                    guard case .server(let error)? = error as? RedisError else { return false }
                    return error.code == "WRONGPASS"
                }
                configuration.password = "secret"
                let pong = try await withRedisClient(address, configuration) { try await $0.ping() }
                #expect(pong == "PONG")
            }
        }
    }

    @Test(arguments: Subject.all) func nameAndDatabaseAreSet(_ subject: Subject) async throws {
        try await subject.serve { address in
            let configuration = RedisClient.Configuration.with {
                $0.clientName = "tester"
                $0.database = 5
            }
            try await withRedisClient(address, configuration) { client async throws in
                let line = try await client.clientInfo()
                #expect(line.contains("name=tester ") && line.contains("db=5 ") && line.contains("resp=3"))
                #expect(!line.contains("lib-name") || line.contains("lib-name=MiniRedisClient"))
            }
        }
    }

    @Test func aUnixSocketServes() async throws {
        try await withTemporaryDirectory { directory in
            try await withServer {
                $0.unixSocket = "\(directory)/server"
            } _: { _ in
                try await withRedisClient(.unix(path: "\(directory)/server")) { client async throws in
                    try await client.set("k", "v")
                    #expect(try await client.get("k", as: String.self) == "v")
                }
            }
        }
    }

    @Test(arguments: [
        ("$5\r\nhal", RedisError.connectionLost("closed by the server")),
        ("", .connectionLost("closed by the server")),
        ("?what\r\n", .protocolViolation("a type '?', which there is none of")),
        (String(repeating: "+one\r\n", count: 11), .protocolViolation("a reply to no request")),
    ])
    func aConnectionThatBreaksFailsWhatWaits(_ reply: String, _ expected: RedisError) async throws {
        try await withScriptedServer { peer in
            try await peer.answer { words in
                switch words.first {
                case "HELLO": return "%0\r\n"
                case "CLIENT": return "+OK\r\n"
                default:
                    try await peer.send(reply)
                    throw TestFailure("enough")
                }
            }
        } _: { address in
            try await withRedisClient(address, .with { $0.reconnection = nil }) { client async throws in
                await withTaskGroup(of: Void.self) { group in
                    for task in 0..<10 {
                        group.addTask {
                            do {
                                // Some may have their replies before the connection breaks.
                                #expect(try await client.send("GET", task) == .simpleString("one"))
                            } catch {
                                #expect(error as? RedisError == expected)
                            }
                        }
                    }
                }
                // The end may be noticed later than the reply.
                await #expect(throws: expected) { while true { try await client.ping() } }
            }
        }
    }

    @Test func aClientRunsAgainAfterALoss() async throws {
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
            let client = RedisClient(address, .with { $0.reconnection = nil })
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    await #expect(throws: RedisError.connectionLost("closed by the server")) {
                        try await client.run()
                    }
                    try await client.run()
                }
                // Queued before the client runs.
                let pong = try await client.ping()
                #expect(pong == "PONG")
                await #expect(throws: RedisError.connectionLost("closed by the server")) {
                    try await client.send("DIE")
                }
                try await whenItSucceeds { try await client.ping() }
                await #expect(throws: RedisError.alreadyRunning) { try await client.run() }
                group.cancelAll()
            }
            await #expect(throws: RedisError.closed) { try await client.ping() }
        }
    }

    @Test func whoeverWaitsForAClientThatNeverRunsCanBeCancelled() async throws {
        let client = RedisClient(.unix(path: "/nowhere"))
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: RedisError.cancelled) { try await client.subscribe(to: "c") { _ in } }
            }
            group.addTask {
                await #expect(throws: RedisError.cancelled) { try await client.ping() }
            }
            await Task.yield()
            group.cancelAll()
        }
    }

    @Test func whatWaitsForAConnectionFailsWithIt() async throws {
        let client = RedisClient(.unix(path: "/nowhere"))
        let expected = RedisError.connectionFailed("/nowhere: connect: No such file or directory")
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: expected) { try await client.subscribe(to: "c") { _ in } }
            }
            group.addTask {
                await #expect(throws: expected) { try await client.ping() }
            }
            await #expect(throws: expected) { try await client.run() }
        }
    }

    @Test(arguments: Subject.all) func aClosedClientRefuses(_ subject: Subject) async throws {
        let client = try await subject.connect { client in client }
        await #expect(throws: RedisError.closed) { try await client.ping() }
    }

    @Test(arguments: Subject.all) func manyClientsComeAndGo(_ subject: Subject) async throws {
        try await subject.serve { address in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<50 {
                    group.addTask {
                        try await withRedisClient(address) { client async throws in
                            for _ in 0..<10 { try await client.incr("n") }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await withRedisClient(address) { try await $0.get("n", as: Int.self) } == 500)
        }
    }
}
