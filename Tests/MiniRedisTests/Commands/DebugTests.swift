import MiniRedis
import TestSupport
import Testing

/// DEBUG through the wire.
@Suite struct DebugTests {
    @Test func isRefusedUnlessAllowed() async throws {
        try await withServer { server in
            let reply = try server.connect().command("DEBUG", "DIGEST").string ?? ""
            #expect(
                reply.hasPrefix(
                    "ERR DEBUG command not allowed. If the enable-debug-command option is set to \"local\""))
        }
        try await withServer({ $0.enableDebugCommand = .local }) { server in
            let client = try server.connect()
            #expect(try client.command("DEBUG", "SLEEP", "0") == .ok)
        }
    }

    @Test func unknownSubcommands() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            for words in [["DEBUG", "nosuch"], ["DEBUG", "sleep"], ["DEBUG", "object", "a", "b"]] {
                let text =
                    "ERR unknown subcommand or wrong number of arguments for '\(words[1])'. Try DEBUG HELP."
                #expect(try client.command(words.map { Array($0.utf8) }) == .error(text))
            }
            #expect(try client.command("DEBUG", "HELP").elements.count > 10)
        }
    }

    @Test func looksAtLists() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            let size = "argument must be a memory value bigger than 1 and smaller than 4gb"
            for bad in ["x", "-1", "4gb", "4294967296"] {
                #expect(
                    try client.command("DEBUG", "QUICKLIST-PACKED-THRESHOLD", bad) == .error("ERR \(size)"))
            }
            #expect(try client.command("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "5b") == .ok)
            // The figure survives a change of the configuration.
            try client.command("CONFIG", "SET", "list-max-listpack-size", "3", "list-compress-depth", "1")
            try client.command("RPUSH", "l", "a", "long elements", "b", "c", "d", "e", "f")
            try client.command("RPUSH", "s", "a")
            let text = try client.command("DEBUG", "OBJECT", "l").string ?? ""
            #expect(
                text.hasSuffix(
                    " ql_nodes:4 ql_avg_node:1.75 ql_listpack_max:3 ql_compressed:1 ql_uncompressed_size:52"),
                "\(text)")
            let printed = " structure printed on stdout"
            #expect(try client.command("DEBUG", "QUICKLIST", "l", "1") == .simple("Quicklist" + printed))
            #expect(try client.command("DEBUG", "LISTPACK", "s") == .simple("Listpack" + printed))
            #expect(
                try client.command("DEBUG", "LISTPACK", "l") == .error("ERR Not a listpack encoded object."))
            #expect(
                try client.command("DEBUG", "QUICKLIST", "s") == .error("ERR Not a quicklist encoded object.")
            )
            #expect(try client.command("DEBUG", "LISTPACK", "none") == .error("ERR no such key"))
            #expect(try client.command("DEBUG", "QUICKLIST-PACKED-THRESHOLD", "0") == .ok)
            let digest = try client.command("DEBUG", "DIGEST-VALUE", "l")
            try client.command("COPY", "l", "m")
            #expect(try client.command("DEBUG", "DIGEST-VALUE", "m") == digest)
            try client.command("LPOP", "m")
            #expect(try client.command("DEBUG", "DIGEST-VALUE", "m") != digest)
        }
    }

    @Test func looksAtValues() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            #expect(try client.command("DEBUG", "DIGEST") == .simple(String(repeating: "0", count: 40)))
            try client.command("MSET", "a", "1", "b", "hello")
            let text = try client.command("DEBUG", "OBJECT", "b").string ?? ""
            #expect(text.contains(" encoding:embstr "))
            // Whole seconds, one of which may have begun since MSET.
            let idle = text.split(separator: " lru_seconds_idle:").last.flatMap { Int($0) }
            #expect(idle.map((0..<60).contains) == true)
            #expect(try client.command("DEBUG", "OBJECT", "missing") == .error("ERR no such key"))
            #expect(
                try client.command("DEBUG", "DIGEST-VALUE", "a", "missing")
                    == .array([
                        .simple("b4fc66738120fba0b5aa500ab5c2bf89cea1c5da"),
                        .simple(String(repeating: "0", count: 40)),
                    ]))
            let table = try client.command("DEBUG", "HTSTATS", "0", "full").string ?? ""
            #expect(table.contains(" number of elements: 2\n") && table.contains("Chain length distribution"))
            #expect(try client.command("DEBUG", "HTSTATS", "99") == .error("ERR Out of range database"))
            try client.command("CONFIG", "SET", "set-max-listpack-entries", "1")
            try client.command("SADD", "s", "a", "b", "c")
            let members = try client.command("DEBUG", "HTSTATS-KEY", "s", "full").string ?? ""
            #expect(members.contains(" number of elements: 3\n") && members.contains("distribution"))
            let refusal = "ERR The value stored at the specified key is not represented using an hash table"
            #expect(try client.command("DEBUG", "HTSTATS-KEY", "a") == .error(refusal))
            #expect(try client.command("DEBUG", "HTSTATS-KEY", "none") == .error("ERR no such key"))
        }
    }

    @Test func populates() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            #expect(try client.command("DEBUG", "POPULATE", "50") == .ok)
            #expect(try client.command("GET", "key:49") == .text("value:49"))
            #expect(try client.info("keyspace")["db0"]?.hasPrefix("keys=50,") == true)
            let range = "ERR value is out of range, must be positive"
            for bad in ["-1", "x"] { #expect(try client.command("DEBUG", "POPULATE", bad) == .error(range)) }
            #expect(try client.command("DEBUG", "POPULATE", "1", "p", "99999999999") == .error(range))
        }
    }

    @Test(arguments: [("SET-ACTIVE-EXPIRE", "0", "1"), ("PAUSE-CRON", "1", "0")])
    func dueKeysStayWhileActiveExpiryIsOff(subcommand: String, off: String, on: String) async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            #expect(try client.command("DEBUG", subcommand, off) == .ok)
            try client.command("SET", "k", "v", "PX", "1")
            try client.command("DEBUG", "SLEEP", "0.02")
            try client.command("PING")
            #expect(try client.info("keyspace")["db0"]?.hasPrefix("keys=1,") == true)
            #expect(try client.command("DEBUG", subcommand, on) == .ok)
            while try client.info("keyspace")["db0"] != nil {}
            #expect(try client.info("stats")["expired_keys"] == "1")
        }
    }

    @Test func protocolTypesInRESP2() async throws {
        try await withServer({ $0.enableDebugCommand = .yes }) { server in
            let client = try server.connect()
            #expect(try client.command("DEBUG", "PROTOCOL", "double") == .text("3.141"))
            #expect(
                try client.command("DEBUG", "PROTOCOL", "bignum")
                    == .text("1234567999999999999999999999999999999"))
            #expect(
                try client.command("DEBUG", "PROTOCOL", "attrib")
                    == .text("Some real reply following the attribute"))
            #expect(
                try client.command("DEBUG", "PROTOCOL", "push")
                    == .error("ERR RESP2 is not supported by this command"))
            #expect(try client.command("DEBUG", "ERROR", "E a\r\nb") == .error("E a  b"))
        }
    }
}
