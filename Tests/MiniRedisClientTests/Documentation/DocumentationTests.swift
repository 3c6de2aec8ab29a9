import Foundation
import MiniRedisClient
import Testing

/// The documentation's Swift is what `Snippets` compiles, and does what it says.
@Suite(.timeLimit(.minutes(1))) struct DocumentationTests {
    /// Tests/MiniRedisClientTests/Documentation is three steps below the package.
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Pages, and sources with comments.
    private static let documents = try? FileManager.default.subpathsOfDirectory(
        atPath: root.appending(path: "Sources/MiniRedisClient").path
    ).filter { $0.hasSuffix(".md") || $0.hasSuffix(".swift") }

    @Test func everySnippetIsCompiled() throws {
        let source = try String(
            contentsOf: Self.root.appending(path: "Tests/MiniRedisClientTests/Documentation/Snippets.swift"),
            encoding: .utf8)
        let compiled = Self.bare(source.components(separatedBy: "\n"))
        var count = 0
        for document in try #require(Self.documents) {
            let text = try String(
                contentsOf: Self.root.appending(path: "Sources/MiniRedisClient/\(document)"), encoding: .utf8)
            for snippet in Self.snippets(in: text) {
                count += 1
                #expect(compiled.contains(snippet), "\(document) shows what is not compiled")
            }
        }
        #expect(count > 20)
    }

    @Test func snippetsAreFound() {
        let page =
            "a\n```swift\nlet a = 1\n\n  f()\n```\n```\nno Swift\n```\n    /// ```swift\n    /// g()\n    /// ```"
        #expect(Self.snippets(in: page) == ["let a = 1\nf()", "g()"])
    }

    /// Each block of Swift, without indentation and blank lines.
    private static func snippets(in text: String) -> [String] {
        var found: [String] = []
        var open: [String]?
        for line in text.components(separatedBy: "\n") {
            var line = line.trimmingCharacters(in: .whitespaces)
            if line.hasPrefix("///") { line = String(line.dropFirst(3)).trimmingCharacters(in: .whitespaces) }
            if let lines = open {
                if line == "```" { found.append(bare(lines)) }
                open = line == "```" ? nil : lines + [line]
            } else if line == "```swift" {
                open = []
            }
        }
        return found
    }

    private static func bare(_ lines: [String]) -> String {
        lines.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

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
