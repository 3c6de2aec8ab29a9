import MiniRedisClient
import Testing

/// The documentation's Swift, which `Snippets` compiles, does what it says.
@Suite(.timeLimit(.minutes(10))) struct DocumentationTests {
    @Test(arguments: Subject.all) func snippetsRun(_ subject: Subject) async throws {
        try await subject.serve { address in
            try await withRedisClient(address) { client async throws in
                #expect(try await Snippets.values(client) == "5 hello 1 2 2 embstr")
                try await Snippets.errors(client)
                #expect(try await Snippets.pipelines(client) == "hi 2 5050")
                #expect(try await Snippets.limits(client) == nil)
                #expect(try await Snippets.besideDeclarations(client) == "1 1")
                try await Snippets.service(address)
                try await Snippets.pools(address)
                try await Snippets.waiting(address)
                #expect(try await client.get("k", as: String.self) == "shared")
                try await client.del("n")
                try await Snippets.threads(client)
                #expect(try await client.get("n", as: Int.self) == 1000)
                try await Snippets.following(client)
                try await client.subscribe(to: "c") { subscription in
                    await withTaskGroup(of: Void.self) { group in
                        group.addTask { try? await Snippets.events(subscription) }
                        group.cancelAll()
                    }
                }
            }
            let configuration = Snippets.configured()
            try await withRedisClient(address, configuration) { client async throws in
                #expect(try await client.clientInfo().contains("name=orders"))
            }
        }
    }

    @Test(arguments: Subject.all) func transactionsRun(_ subject: Subject) async throws {
        try await subject.serve { address in
            try await withRedisClientPool(address) { pool async throws in
                try await pool.set("stock", 1)
                #expect(try await Snippets.transactions(pool) == "-5 5")
                #expect(try await Snippets.transactionsBesideDeclarations(pool.client) == 0)
                #expect(try await pool.mget(["stock", "sold"], as: Int.self) == [0, 1])
            }
        }
    }
}
