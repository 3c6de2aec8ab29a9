import TestSupport
import Testing

@testable import MiniRedis

/// `rename-command`, as Redis 7 and 8 behave with it.
@Suite struct CommandNamesTests {
    private static func names(_ lines: String) throws -> CommandNames {
        var reader = ConfigurationReader()
        try reader.read(text: Array(lines.utf8))
        return reader.configuration.commandNames
    }

    @Test func aCommandAnswersToItsNewNameOnly() async throws {
        let names = try Self.names(
            """
            rename-command flushdb badger
            rename-command badger "Honey Badger"
            rename-command get ""
            RENAME-COMMAND set get
            rename-command CONFIG cfg
            rename-command debug Dbg
            rename-command incr incr2
            rename-command incr2 INCR
            """)
        try await withServer {
            $0.commandNames = names
            $0.enableDebugCommand = .yes
        } _: { server in
            let client = try server.connect()
            func reply(_ words: String...) throws -> Reply {
                try client.command(words.map { Array($0.utf8) })
            }
            #expect(
                try reply("flushdb") == .error("ERR unknown command 'flushdb', with args beginning with: "))
            #expect(try reply("badger") == .error("ERR unknown command 'badger', with args beginning with: "))
            #expect(try reply("HONEY badgeR") == .simple("OK"))
            #expect(try reply("GET", "k", "1") == .simple("OK"))
            #expect(try reply("get", "k") == .error("ERR wrong number of arguments for 'set' command"))
            #expect(
                try reply("set", "k", "1")
                    == .error("ERR unknown command 'set', with args beginning with: 'k' '1' "))
            #expect(try reply("incr", "k") == .integer(2))
            #expect(
                try reply("config", "x")
                    == .error("ERR unknown command 'config', with args beginning with: 'x' "))
            #expect(try reply("CFG", "get", "databases") == .array([.text("databases"), .text("16")]))
            #expect(try reply("cFg", "x") == .error("ERR unknown subcommand 'x'. Try CFG HELP."))
            #expect(try reply("cfg") == .error("ERR wrong number of arguments for 'config' command"))
            #expect(try reply("cfg", "help").elements.first?.string?.hasPrefix("CFG <subcommand>") == true)
            #expect(try reply("dbg", "help").elements.first?.string?.hasPrefix("DBG <subcommand>") == true)
            #expect(
                try reply("dbg", "x")
                    == .error("ERR unknown subcommand or wrong number of arguments for 'x'. Try DBG HELP."))
        }
    }

    /// Whatever tells of commands finds them by their new names and calls them by their own.
    @Test func itIsStillToldByItsOwnName() async throws {
        let names = try Self.names(
            "rename-command get \"\"\nrename-command config cfg\nrename-command set get")
        let count = try await withServer { server in
            let client = try server.connect()
            return try client.command("COMMAND", "COUNT")
        }
        try await withServer {
            $0.commandNames = names
        } _: { server in
            let client = try server.connect()
            guard case .integer(let all) = count else { throw TestFailure("no count") }
            #expect(try client.command("COMMAND", "COUNT") == .integer(all - 1))
            #expect(try client.command("COMMAND").elements.count == Int(all) - 1)
            let info = try client.command("COMMAND", "INFO", "get", "set", "cfg|get", "config|get").elements
            #expect(info[0].elements.first == .text("set"))
            #expect(info[1] == .null)
            #expect(info[2].elements.first == .text("config|get"))
            #expect(info[3] == .null)
            #expect(try client.command("COMMAND", "DOCS", "cfg").elements.first == .text("config"))
            let list = try client.command("COMMAND", "LIST").elements
            #expect(list.contains(.text("config|get")) && list.contains(.text("set")))
            #expect(!list.contains(.text("get")) && !list.contains(.text("cfg")))
            #expect(
                try client.command("COMMAND", "LIST", "FILTERBY", "PATTERN", "cfg*").elements.isEmpty)
            #expect(try client.command("COMMAND", "GETKEYS", "get", "k", "v") == .array([.text("k")]))
            #expect(
                try client.command("COMMAND", "GETKEYS", "set", "k", "v")
                    == .error("ERR Invalid command specified"))
            try client.command("CFG", "GET", "port")
            try client.command("GET", "k", "v")
            let stats = try client.info("commandstats")
            #expect(stats["cmdstat_config|get"] != nil && stats["cmdstat_set"] != nil)
            #expect(stats.keys.allSatisfy { !$0.contains("cfg") && $0 != "cmdstat_get" })
        }
    }

    @Test func theRewriteKeepsIt() throws {
        let text = "rename-command get fetch\nport 1\nrename-command set \"\"\n"
        var reader = ConfigurationReader()
        try reader.read(text: Array(text.utf8))
        #expect(
            ConfigurationRewriter.rewrite(Array(text.utf8), for: reader.configuration) == Array(text.utf8))
    }
}
