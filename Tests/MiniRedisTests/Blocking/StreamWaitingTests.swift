import MiniRedis
import TestSupport
import Testing

/// Clients that wait for entries of streams, alone and in groups.
@Suite(.timeLimit(.minutes(10))) struct StreamWaitingTests {
    /// Sends a command that waits, and returns when the server knows that it does.
    private func block(_ client: TestClient, seenBy other: TestClient, _ words: String...) throws {
        let count = try waiting(other)
        try client.send(TestClient.encode(words.map { Array($0.utf8) }))
        #expect(try other.waitUntil { try waiting($0) == count + 1 })
    }

    private func waiting(_ client: TestClient) throws -> Int {
        let info = try client.command("INFO", "clients").string ?? ""
        let line = info.split(separator: "\r\n").first { $0.hasPrefix("blocked_clients:") }
        return line.flatMap { Int($0.dropFirst("blocked_clients:".count)) } ?? -1
    }

    private func entries(_ key: String, _ id: String) -> Reply {
        .array([
            .array([.text(key), .array([.array([.text(id), .array([.text("f"), .text("v")])])])])
        ])
    }

    @Test func everyReaderGetsWhatIsAdded() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let readers = try (0..<3).map { _ in try server.connect() }
            try adder.command("XADD", "s", "1-1", "f", "v")
            try block(readers[0], seenBy: adder, "XREAD", "BLOCK", "0", "STREAMS", "t", "s", "$", "$")
            try block(readers[1], seenBy: adder, "XREAD", "BLOCK", "0", "STREAMS", "s", "1-1")
            // A reader that is behind is served at once.
            #expect(try readers[2].command("XREAD", "BLOCK", "0", "STREAMS", "s", "0") == entries("s", "1-1"))
            try adder.command("XADD", "s", "2-1", "f", "v")
            #expect(try readers[0].receive() == entries("s", "2-1"))
            #expect(try readers[1].receive() == entries("s", "2-1"))
            #expect(try readers[2].command("XREAD", "BLOCK", "1", "STREAMS", "s", "$") == .null)
            #expect(try waiting(adder) == 0)
        }
    }

    @Test func aDeletedStreamLeavesReadersAlone() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let reader = try server.connect()
            try adder.command("XADD", "s", "1-1", "f", "v")
            try block(reader, seenBy: adder, "XREAD", "BLOCK", "0", "STREAMS", "s", "$")
            try adder.command("DEL", "s")
            try adder.command("SET", "s", "text")
            try adder.command("DEL", "s")
            // Smaller than what was the end when the reader began to wait.
            try adder.command("XADD", "s", "1-0", "f", "v")
            #expect(try waiting(adder) == 1)
            try adder.command("XADD", "s", "1-2", "f", "v")
            #expect(try reader.receive() == entries("s", "1-2"))
        }
    }

    @Test func oneConsumerGetsAnEntry() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let readers = try (0..<2).map { _ in try server.connect() }
            try adder.command("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
            for (reader, name) in zip(readers, ["a", "b"]) {
                try block(
                    reader, seenBy: adder, "XREADGROUP", "GROUP", "g", name, "BLOCK", "0", "STREAMS", "s", ">"
                )
            }
            try adder.command("XADD", "s", "1-1", "f", "v")
            #expect(try readers[0].receive() == entries("s", "1-1"))
            #expect(try waiting(adder) == 1)
            try adder.command("XADD", "s", "2-1", "f", "v")
            #expect(try readers[1].receive() == entries("s", "2-1"))
            // History never waits.
            #expect(
                try readers[0].command("XREADGROUP", "GROUP", "g", "a", "BLOCK", "0", "STREAMS", "s", "0")
                    == entries("s", "1-1"))
        }
    }

    @Test func theEndOfAGroupEndsTheWait() async throws {
        try await withServer { server in
            let adder = try server.connect()
            let reader = try server.connect()
            let ends: [([String], String)] = [
                (["XGROUP", "DESTROY", "s", "g"], "-NOGROUP"), (["DEL", "s"], "-NOGROUP"),
                (["SET", "s", "x"], "-WRONGTYPE"), (["FLUSHALL"], "-NOGROUP"),
                (["PEXPIRE", "s", "1"], "-NOGROUP"),
            ]
            for (words, error) in ends {
                try adder.command("DEL", "s")
                try adder.command("XGROUP", "CREATE", "s", "g", "$", "MKSTREAM")
                try block(
                    reader, seenBy: adder, "XREADGROUP", "GROUP", "g", "a", "BLOCK", "0", "STREAMS", "s", ">")
                try adder.command(words.map { Array($0.utf8) })
                guard case .error(let text) = try reader.receive() else {
                    Issue.record("\(words) does not end the wait")
                    return
                }
                #expect("-\(text)".hasPrefix(error), "\(words)")
            }
        }
    }

    @Test func unblocking() async throws {
        try await withServer { server in
            let other = try server.connect()
            let reader = try server.connect()
            guard case .integer(let id) = try reader.command("CLIENT", "ID") else { return }
            try block(reader, seenBy: other, "XREAD", "BLOCK", "0", "STREAMS", "s", "$")
            try other.command("CLIENT", "UNBLOCK", String(id))
            #expect(try reader.receive() == .null)
            try block(reader, seenBy: other, "XREAD", "BLOCK", "0", "STREAMS", "s", "$")
            try other.command("CLIENT", "UNBLOCK", String(id), "ERROR")
            #expect(try reader.receive() == .error("UNBLOCKED client unblocked via CLIENT UNBLOCK"))
        }
    }
}
