import Engine
import MiniRedis
import TestSupport
import Testing

/// COMMAND and its subcommands through the wire.
@Suite struct CommandTests {
    @Test func infoOfGet() async throws {
        try await withServer { server in
            let client = try server.connect()
            let info = try client.command("COMMAND", "INFO", "GET", "nosuch", "get|x", "config|get|x")
                .elements
            #expect(info.dropFirst() == [.null, .null, .null])
            let get = try #require(info.first).elements
            #expect(
                get.prefix(3) == [.text("get"), .integer(2), .array([.simple("readonly"), .simple("fast")])])
            #expect(get[3...5] == [.integer(1), .integer(1), .integer(1)])
            #expect(get[6] == .array([.simple("@read"), .simple("@string"), .simple("@fast")]))
            #expect(get[8].elements.count == 1)
        }
    }

    @Test func subcommandsAreNested() async throws {
        try await withServer { server in
            let client = try server.connect()
            let info = try client.command("COMMAND", "INFO", "memory").elements
            let subcommands = try #require(info.first?.elements.last)
            #expect(subcommands.elements.map { $0.elements.first }.contains(.text("memory|usage")))
            let usage = try client.command("COMMAND", "INFO", "memory|USAGE").elements.first?.elements
            #expect(usage?.prefix(2) == [.text("memory|usage"), .integer(-3)])
        }
    }

    @Test func countAgreesWithTheList() async throws {
        try await withServer { server in
            let client = try server.connect()
            let all = try client.command("COMMAND").elements
            #expect(try client.command("COMMAND", "COUNT") == .integer(Int64(all.count)))
            let names = try client.command("COMMAND", "LIST").elements.compactMap(\.string)
            #expect(names.filter { !$0.contains("|") }.count == all.count)
            #expect(names.contains("command|docs"))
            let docs = try client.command("COMMAND", "DOCS").elements
            #expect(docs.count == 2 * all.count)
        }
    }

    @Test func filters() async throws {
        try await withServer { server in
            let client = try server.connect()
            func list(_ kind: String, _ filter: String) throws -> [String?] {
                try client.command("COMMAND", "LIST", "FILTERBY", kind, filter).elements.map(\.string)
            }
            #expect(try list("pattern", "SET") == ["set"])
            #expect(try list("PATTERN", "memory|*age") == ["memory|usage"])
            #expect(try list("aclcat", "nosuch") == [])
            #expect(try list("module", "nosuch") == [])
            #expect(try list("ACLCAT", "string").contains("getrange"))
            #expect(try !list("ACLCAT", "string").contains("ping"))
            #expect(try client.command("COMMAND", "LIST", "a") == .error("ERR syntax error"))
            #expect(try client.command("COMMAND", "LIST", "FILTERBY", "x", "y") == .error("ERR syntax error"))
        }
    }

    @Test func keysAndTheirErrors() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(
                try client.command("COMMAND", "GETKEYS", "mset", "a", "1", "b", "2")
                    == .array([.text("a"), .text("b")]))
            #expect(try client.command("COMMAND", "GETKEYS", "memory", "usage", "k") == .array([.text("k")]))
            #expect(
                try client.command("COMMAND", "GETKEYSANDFLAGS", "set", "k", "v")
                    == .array([.array([.text("k"), .array([.simple("OW"), .simple("update")])])]))
            let errors: [([String], String)] = [
                (["ping"], "ERR The command has no key arguments"),
                (["nosuch"], "ERR Invalid command specified"),
                (["memory", "x", "k"], "ERR Invalid command specified"),
                (["get"], "ERR Invalid number of arguments specified for command"),
                (["get", "a", "b"], "ERR Invalid number of arguments specified for command"),
            ]
            for (words, text) in errors {
                let request = ["COMMAND", "GETKEYS"] + words
                #expect(try client.command(request.map { Array($0.utf8) }) == .error(text), "\(words)")
            }
        }
    }

    @Test func docsNameKeysAndOptions() async throws {
        try await withServer { server in
            let client = try server.connect()
            let docs = try client.command("COMMAND", "DOCS", "get", "nosuch", "setnx").elements
            #expect(docs.count == 4)
            let arguments = try #require(docs[1].elements.last).elements
            #expect(
                arguments == [
                    .array([
                        .text("name"), .text("key"), .text("type"), .text("key"), .text("display_text"),
                        .text("key"),
                        .text("key_spec_index"), .integer(0),
                    ])
                ])
            #expect(docs[3].elements.contains(.text("deprecated_since")))
        }
    }
}
