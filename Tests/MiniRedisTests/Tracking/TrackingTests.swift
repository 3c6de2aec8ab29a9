@testable import MiniRedis
import TestSupport
import Testing

/// CLIENT TRACKING through the wire.
@Suite struct TrackingTests {
    private func invalidation(_ keys: String...) -> Reply {
        .push([.text("invalidate"), .array(keys.map { .text($0) })])
    }

    /// A client that tracks in RESP3.
    private func tracker(_ server: TestServer, _ options: String...) throws -> TestClient {
        let client = try server.connect()
        try client.command("HELLO", "3")
        let words = ["CLIENT", "TRACKING", "ON"] + options
        #expect(try client.command(words.map { Array($0.utf8) }) == .ok)
        return client
    }

    @Test func whatWasReadIsToldOnce() async throws {
        try await withServer { server in
            let client = try tracker(server)
            let other = try server.connect()
            try client.command("MGET", "a", "b")
            try other.command("SET", "c", "1")
            try other.command("SET", "b", "1")
            try other.command("SET", "b", "2")
            try other.command("RENAME", "b", "a")
            #expect(try client.receive() == invalidation("b"))
            #expect(try client.receive() == invalidation("a"))
            #expect(try client.command("GET", "a") == .text("2"))
            try other.command("FLUSHALL")
            #expect(try client.receive() == .push([.text("invalidate"), .null]))
            try other.command("SET", "a", "1")
            #expect(try client.command("PING") == .simple("PONG"))
        }
    }

    @Test func itsOwnChangesFollowTheReply() async throws {
        try await withServer { server in
            let client = try tracker(server)
            try client.send(pipeline(["GET", "k"], ["SET", "k", "1"], ["PING"]))
            for expected in [.null, .ok, invalidation("k"), Reply.simple("PONG")] {
                #expect(try client.receive() == expected)
            }
            try client.send(pipeline(["MULTI"], ["GET", "k"], ["DEL", "k"], ["PING"], ["EXEC"]))
            for _ in 0..<4 { _ = try client.receive() }
            #expect(try client.receive() == .array([.text("1"), .integer(1), .simple("PONG")]))
            #expect(try client.receive() == invalidation("k"))
            let silent = try tracker(server, "NOLOOP")
            try silent.command("GET", "k")
            #expect(try silent.command("SET", "k", "1") == .ok)
            #expect(try silent.command("PING") == .simple("PONG"))
        }
    }

    @Test func keysThatComeDueAreTold() async throws {
        try await withServer { server in
            let client = try tracker(server)
            let broad = try tracker(server, "BCAST", "NOLOOP")
            try broad.command("SET", "k", "v", "PX", "20")
            try client.command("GET", "k")
            #expect(try client.receive() == invalidation("k"))
            #expect(try broad.receive() == invalidation("k"))
        }
    }

    @Test func prefixesAreToldTogether() async throws {
        try await withServer { server in
            let client = try tracker(server, "BCAST", "PREFIX", "a:", "PREFIX", "b:")
            let other = try server.connect()
            try other.command("MSET", "b:1", "1", "c:1", "1", "a:2", "1", "a:1", "1")
            #expect(try client.receive() == invalidation("a:1", "a:2"))
            #expect(try client.receive() == invalidation("b:1"))
            try client.command("CLIENT", "TRACKING", "OFF")
            try other.command("SET", "a:1", "2")
            #expect(try client.command("PING") == .simple("PONG"))
        }
    }

    @Test func anotherClientIsTold() async throws {
        try await withServer { server in
            let listener = try server.connect()
            let id = try listener.id()
            try listener.command("SUBSCRIBE", "__redis__:invalidate")
            let client = try server.connect()
            #expect(try client.command("CLIENT", "TRACKING", "ON", "REDIRECT", id) == .ok)
            #expect(try client.command("CLIENT", "GETREDIR") == .integer(Int64(id) ?? -1))
            try client.command("GET", "k")
            try client.command("SET", "k", "1")
            #expect(
                try listener.receive()
                    == .array([.text("message"), .text("__redis__:invalidate"), .array([.text("k")])]))
            try client.command("HELLO", "3")
            try client.command("GET", "k")
            try listener.command("QUIT")
            let steering = try server.connect()
            #expect(try steering.waitUntil { try $0.clientLines("CLIENT", "LIST", "ID", id).isEmpty })
            #expect(try client.command("SET", "k", "2") == .ok)
            #expect(
                try client.receive()
                    == .push([.text("tracking-redir-broken"), .integer(Int64(id) ?? -1)]))
            #expect(try client.clientLines("CLIENT", "INFO").first?["flags"] == "tR")
        }
    }

    @Test func cachingChoosesCommandsAndTransactions() async throws {
        try await withServer { server in
            let client = try tracker(server, "OPTIN")
            let other = try server.connect()
            func read(_ words: [String]...) throws {
                for words in words { try client.command(words.map { Array($0.utf8) }) }
            }
            try read(["GET", "a"], ["CLIENT", "CACHING", "YES"], ["GET", "b"], ["GET", "c"])
            try read(
                ["CLIENT", "CACHING", "YES"], ["MULTI"], ["GET", "d"], ["GET", "e"], ["EXEC"], ["GET", "f"])
            try other.command("MSET", "a", "1", "b", "1", "c", "1", "d", "1", "e", "1", "f", "1")
            for key in ["b", "d", "e"] { #expect(try client.receive() == invalidation(key)) }
            #expect(try client.command("PING") == .simple("PONG"))
        }
    }

    @Test func theTableIsBounded() async throws {
        try await withServer { server in
            let client = try tracker(server)
            for number in 0..<50 { try client.command("GET", "k\(number)") }
            let steering = try server.connect()
            try steering.command("CONFIG", "SET", "tracking-table-max-keys", "10")
            var told: Set<String> = []
            for _ in 0..<40 {
                if case .push(let parts) = try client.receive(), case .array(let keys) = parts[1] {
                    told.formUnion(keys.compactMap(\.string))
                }
            }
            #expect(told.count == 40)
            let info = try steering.command("INFO").string ?? ""
            #expect(info.contains("tracking_total_keys:10\r\ntracking_total_items:10\r\n"))
            #expect(info.contains("tracking_clients:1\r\n"))
        }
    }

    @Test func optionsMustGoTogether() async throws {
        try await withServer { server in
            let client = try server.connect()
            func error(_ words: String...) throws -> String {
                let words = ["CLIENT", "TRACKING", "ON"] + words
                guard case .error(let text) = try client.command(words.map { Array($0.utf8) }) else {
                    return ""
                }
                return text
            }
            #expect(try error("PREFIX", "a") == "ERR PREFIX option requires BCAST mode to be enabled")
            #expect(try error("OPTIN", "OPTOUT") == "ERR You can't specify both OPTIN mode and OPTOUT mode")
            #expect(try error("BCAST", "OPTIN") == "ERR OPTIN and OPTOUT are not compatible with BCAST")
            #expect(
                try error("REDIRECT", "999") == "ERR The client ID you want redirect to does not exist")
            #expect(
                try error("BCAST", "PREFIX", "foo", "PREFIX", "foobar")
                    == "ERR Prefix 'foo' overlaps with another provided prefix 'foobar'."
                    + " Prefixes for a single client must not overlap.")
            #expect(try error("NONSENSE") == "ERR syntax error")
            #expect(try client.command("CLIENT", "CACHING", "YES") != .ok)
        }
    }
}
