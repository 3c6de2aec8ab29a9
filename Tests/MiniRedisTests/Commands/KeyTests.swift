import TestSupport
import Testing

/// The commands on keys and whole keyspaces through the wire.
@Suite struct KeyTests {
    @Test func everyProtocolHasItsNull() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("RANDOMKEY") == .null)
            try client.command("HELLO", "3")
            #expect(try client.command("OBJECT", "ENCODING", "missing") == .null)
            #expect(try client.command("TYPE", "missing") == .simple("none"))
        }
    }

    @Test func databasesAreSwappedUnderTheirClients() async throws {
        try await withServer { server in
            let one = try server.connect()
            let two = try server.connect()
            try two.command("SELECT", "1")
            try one.command("SET", "k", "zero")
            #expect(try two.command("GET", "k") == .null)
            #expect(try one.command("SWAPDB", "0", "1") == .ok)
            #expect(try one.command("GET", "k") == .null)
            #expect(try two.command("GET", "k") == .text("zero"))
            #expect(try two.command("MOVE", "k", "0") == .integer(1))
            #expect(try one.command("DBSIZE") == .integer(1))
        }
    }

    @Test func aPassOverManyKeys() async throws {
        try await withServer { server in
            let client = try server.connect()
            for start in stride(from: 0, to: 10_000, by: 500) {
                let pairs = (start..<start + 500).flatMap { [Array("key:\($0)".utf8), Array("v".utf8)] }
                try client.command([Array("MSET".utf8)] + pairs)
            }
            #expect(try client.command("KEYS", "*").elements.count == 10_000)
            var seen: Set<String> = []
            var cursor = "0"
            repeat {
                let reply = try client.command("SCAN", cursor, "COUNT", "100").elements
                cursor = reply.first?.string ?? "0"
                seen.formUnion((reply.last?.elements ?? []).compactMap(\.string))
            } while cursor != "0"
            #expect(seen.count == 10_000)
            #expect(try client.command("FLUSHALL", "ASYNC") == .ok)
            #expect(try client.command("DBSIZE") == .integer(0))
        }
    }

    /// A copied deadline is kept to the millisecond even where no other key has one.
    @Test func copiedDeadlinesAreKept() async throws {
        try await withServer { server in
            let client = try server.connect()
            let watcher = try server.connect()
            try watcher.command("SELECT", "1")
            // Again with more time, should the key have been due before it was copied and kept.
            var milliseconds = 60
            while true {
                try client.command("SET", "k", "v", "PX", "\(milliseconds)")
                let isCopied = try client.command("COPY", "k", "copy", "DB", "1") == .integer(1)
                if isCopied, try client.command("PERSIST", "k") == .integer(1) { break }
                try client.command("FLUSHALL")
                milliseconds *= 2
            }
            // DBSIZE counts due keys too: only the alarm brings it to zero.
            while try watcher.command("DBSIZE") != .integer(0) {}
            #expect(try client.command("DBSIZE") == .integer(1))
        }
    }
}
