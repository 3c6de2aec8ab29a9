import TestSupport
import Testing

/// Clients that wait for elements of lists.
@Suite(.timeLimit(.minutes(10))) struct ListWaitingTests {
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

    @Test func whatIsThereIsTakenAtOnce() async throws {
        try await expectScript(
            """
            RPUSH l a b c d e f g
            BLPOP none l 0 -> ["l" "a"]
            BRPOP none l 0 -> ["l" "g"]
            BLMPOP 0 2 none l RIGHT COUNT 2 -> ["l" ["f" "e"]]
            BLMOVE l m LEFT LEFT 0 -> "b"
            BRPOPLPUSH l m 0 -> "d"
            LRANGE m 0 -1 -> ["d" "b"]
            BLPOP none 0.001 -> nil
            BLMOVE none m LEFT LEFT 0.001 -> nil
            BLPOP l -1 -> -ERR timeout is negative
            BRPOP l x -> -ERR timeout is not a float or out of range
            BLMOVE l m LEFT UP x -> -ERR syntax error
            BLMPOP x 0 l LEFT -> -ERR numkeys should be greater than 0
            BLMPOP x 1 l LEFT -> -ERR timeout is not a float or out of range
            SET s v
            BLPOP none s 0 -> -WRONGTYPE Operation against a key holding the wrong kind of value
            BLMOVE s m LEFT LEFT 0 -> -WRONGTYPE Operation against a key holding the wrong kind of value
            """)
    }

    @Test func whoWaitsIsServedInTheOrderOfArrival() async throws {
        try await withServer { server in
            let (first, second, pusher) = (try server.connect(), try server.connect(), try server.connect())
            try block(first, seenBy: pusher, "BLPOP", "other", "l", "0")
            try block(second, seenBy: pusher, "BRPOP", "l", "0")
            // The whole of the command is done before anyone is served.
            #expect(try pusher.command("RPUSH", "l", "a", "b", "c") == .integer(3))
            #expect(try first.receive() == .array([.text("l"), .text("a")]))
            #expect(try second.receive() == .array([.text("l"), .text("c")]))
            #expect(try pusher.command("LLEN", "l") == .integer(1))
        }
    }

    @Test func movesServeOneAnother() async throws {
        try await withServer { server in
            let (mover, popper, pusher) = (try server.connect(), try server.connect(), try server.connect())
            try block(popper, seenBy: pusher, "BLMPOP", "0", "1", "target", "LEFT", "COUNT", "9")
            try block(mover, seenBy: pusher, "BLMOVE", "source", "target", "LEFT", "RIGHT", "0")
            #expect(try pusher.command("LPUSH", "source", "x") == .integer(1))
            #expect(try mover.receive() == .text("x"))
            #expect(try popper.receive() == .array([.text("target"), .array([.text("x")])]))
            #expect(try pusher.command("EXISTS", "source", "target") == .integer(0))
        }
    }

    @Test func aMoveToWhatIsNoListFails() async throws {
        try await withServer { server in
            let (mover, pusher) = (try server.connect(), try server.connect())
            try pusher.command("SET", "target", "v")
            try block(mover, seenBy: pusher, "BRPOPLPUSH", "source", "target", "0")
            #expect(try pusher.command("LPUSH", "source", "x") == .integer(1))
            #expect(
                try mover.receive()
                    == .error("WRONGTYPE Operation against a key holding the wrong kind of value"))
            #expect(try pusher.command("LRANGE", "source", "0", "-1") == .array([.text("x")]))
        }
    }

    @Test func aPopAndTheEndOfTheListAreOneChange() async throws {
        try await withServer { server in
            let (pusher, client) = (try server.connect(), try server.connect())
            let before = try pusher.figure("rdb_changes_since_last_save")
            try block(client, seenBy: pusher, "BLPOP", "l", "0")
            try pusher.command("RPUSH", "l", "a")
            #expect(try client.receive() == .array([.text("l"), .text("a")]))
            #expect(try pusher.figure("rdb_changes_since_last_save") == before + 2)
        }
    }
}
