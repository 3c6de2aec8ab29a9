import MiniRedis
import TestSupport
import Testing

/// Short replies that wait until others had their turns.
@Suite(.timeLimit(.minutes(10))) struct DeferredReplyTests {
    /// What the socket does not take at once follows, in order, whoever else is served meanwhile.
    @Test func theRestFollowsWhenThereIsRoom() async throws {
        // Over socket pairs, which hold little.
        try await withRedisServer { server async throws in
            let reader = try TestClient(adopting: server.connect())
            let other = try TestClient(adopting: server.connect())
            let padding = String(repeating: "x", count: 900)
            var sent = 0
            // Until the server has output that no socket takes.
            while true {
                for _ in 0..<20 {
                    try reader.send(pipeline(["ECHO", "\(sent)\(padding)"]))
                    sent += 1
                    // One by one, so that each reply is short.
                    #expect(try other.command("PING") == .simple("PONG"))
                }
                let lines = try other.clientLines("CLIENT", "LIST")
                if lines.contains(where: { ($0["obl"] ?? "0") != "0" || ($0["omem"] ?? "0") != "0" }) {
                    break
                }
            }
            for number in 0..<sent {
                #expect(try reader.receive() == .text("\(number)\(padding)"))
            }
            #expect(try reader.command("PING") == .simple("PONG"))
        }
    }

    /// Clients that are served by one another's commands have the replies to their own first.
    @Test func whatOthersCauseComesBehind() async throws {
        try await withServer { server in
            let clients = try (0..<20).map { _ in try server.connect() }
            for round in 0..<50 {
                for (number, client) in clients.enumerated() {
                    let words = number < 10 ? ["SUBSCRIBE", "c"] : ["PUBLISH", "c", "\(round)"]
                    try client.send(pipeline(words))
                }
                for client in clients.prefix(10) {
                    #expect(try client.receive().elements.first == .text("subscribe"))
                    try client.send(pipeline(["UNSUBSCRIBE", "c"]))
                    var reply = try client.receive()
                    while reply.elements.first == .text("message") { reply = try client.receive() }
                    #expect(reply.elements.first == .text("unsubscribe"))
                }
                for client in clients.suffix(10) {
                    guard case .integer = try client.receive() else {
                        Issue.record("not told how many there were")
                        continue
                    }
                }
            }
        }
    }

    /// An error about what cannot be read comes behind the replies to what could be.
    @Test func errorsComeBehind() async throws {
        try await withServer { server in
            for _ in 0..<20 {
                let client = try server.connect()
                try client.send("PING\r\n*1\r\n$-5\r\n")
                #expect(
                    try String(decoding: client.receiveUntilClosed(), as: UTF8.self)
                        == "+PONG\r\n-ERR Protocol error: invalid bulk length\r\n")
            }
        }
    }
}
