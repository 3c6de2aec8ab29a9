import Testing

@testable import MiniRedisClient

/// Whether the typed methods can say all that the server's commands understand.
///
/// The grammar is what the server tells of its commands' rows. When a command is added to the server,
/// this fails until the client has a method for it and `Sample` uses all of its arguments.
@Suite(.timeLimit(.minutes(10))) struct CoverageTests {
    /// What has no method of its own, each for a reason.
    private static let elsewhere: [String: String] = [
        "subscribe": "subscribe(to:)", "psubscribe": "subscribe(toPatterns:)",
        "ssubscribe": "subscribe(toShardChannels:)", "unsubscribe": "when a subscription's body ends",
        "punsubscribe": "when a subscription's body ends", "sunsubscribe": "when a subscription's body ends",
        "hello": "the configuration", "quit": "the client's end", "reset": "would unsettle a connection",
        "client|reply": "would unsettle a connection", "debug": "has no grammar: by its words",
        "pfdebug": "for the server's makers: by its words", "pfselftest": "for the server's makers",
        "monitor": "its lines are for people", "multi": "RedisTransaction", "exec": "RedisTransaction",
        "discard": "RedisTransaction",
    ]

    /// Commands in other units that a method expresses.
    private static let sameAs = [
        "expire": "pexpire", "expireat": "pexpireat", "expiretime": "pexpiretime",
        "hexpire": "hpexpire", "hexpireat": "hpexpireat", "hexpiretime": "hpexpiretime",
    ]

    /// Ends of leaves that another leaf makes needless.
    private static let needless = [
        // Milliseconds say the same.
        " expiration seconds", " expiration unix-time-seconds",
        // The default.
        " unit byte",
        // The one without a filter's name.
        "client|kill filter old-format",
    ]

    private func docs(_ client: RedisClient) async throws -> [String: RESPValue] {
        var all = try await client.commandDocs()
        for (_, value) in all {
            guard let subcommands = value.field("subcommands") else { continue }
            all.merge(try [String: RESPValue](resp: subcommands)) { old, _ in old }
        }
        return all.filter { $0.value.field("subcommands") == nil }
    }

    /// The words behind the name, by the command's or the subcommand's full name.
    private func samples(_ names: Set<String>) -> [String: [[String]]] {
        var all: [String: [[String]]] = [:]
        for sample in Sample.all + Sample.last {
            let words = sample.text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            let name = words[0].lowercased()
            let full = words.count > 1 ? "\(name)|\(words[1].lowercased())" : name
            let isContained = names.contains(full)
            all[isContained ? full : name, default: []].append(Array(words.dropFirst(isContained ? 2 : 1)))
        }
        return all
    }

    @Test func everyCommandAndArgumentHasAMethod() async throws {
        try await Subject.miniRedis.connect { client async throws in
            let docs = try await docs(client)
            #expect(docs.count > 100)
            let samples = samples(Set(docs.keys))
            for (name, value) in docs where Self.elsewhere[name] == nil {
                // Deprecated ones have a replacement.
                if value.field("replaced_by") != nil { continue }
                guard let uses = samples[Self.sameAs[name] ?? name] else {
                    Issue.record("the client has no method for \(name)")
                    continue
                }
                let grammar = try Grammar.list(value.field("arguments"))
                var passed: Set<String> = []
                for words in uses {
                    var walk = GrammarWalk(words)
                    let isRead = walk.read(grammar, under: name)
                    #expect(isRead && walk.isAtEnd, "\(name) does not read \(words)")
                    passed.formUnion(walk.passed)
                }
                let missing = Grammar.leaves(grammar, under: name).subtracting(passed)
                    .filter { leaf in !Self.needless.contains { leaf.hasSuffix($0) } }
                #expect(missing.isEmpty, "no sample of \(name) says these")
            }
        }
    }

    @Test func whatHasNoMethodIsStillThere() async throws {
        try await Subject.miniRedis.connect { client async throws in
            let names = Set(try await docs(client).keys)
            #expect(Set(Self.elsewhere.keys).isSubset(of: names))
        }
    }

    @Test(arguments: [Subject].inBothProtocols) func everyReplyIsRead(
        _ subject: Subject, _ version: RedisClient.Configuration.ProtocolVersion
    ) async throws {
        try await subject.connect(.with { $0.protocolVersion = version }) { client async throws in
            for sample in Sample.all {
                do {
                    try await sample.send(client)
                } catch RedisError.server(let error) {
                    // Others are of other versions, or may refuse for a reason.
                    let isRefused = ["ERR syntax", "ERR wrong number", "ERR unknown sub"].contains {
                        error.message.hasPrefix($0)
                    }
                    if subject == .miniRedis, isRefused { Issue.record("\(sample.text): \(error)") }
                } catch {
                    Issue.record("\(sample.text): \(error)")
                }
            }
        }
    }
}

extension RESPValue {
    /// A map's value by its key.
    fileprivate func field(_ name: String) -> RESPValue? { pairs?.first { $0.key.string == name }?.value }
}
