import MiniRedis
import TestSupport
import Testing

/// Messages that are written for clients whose tasks wait.
@Suite(.timeLimit(.minutes(10))) struct ForwardingTests {
    /// What is published in one turn goes to each subscriber in one write.
    @Test func aBatchIsOneWriteForEachSubscriber() async throws {
        try await withServer {
            $0.ioThreads = 1
        } _: { server in
            let readers = try (0..<3).map { _ in try server.connect() }
            for reader in readers { try reader.command("SUBSCRIBE", "c") }
            let publisher = try server.connect()
            // A slow machine may make two turns of it now and then.
            var counts: [Int] = []
            while counts.count < 20 * TestEnvironment.slack, counts.last != 3 + 2 {
                let before = try writes(publisher)
                try publisher.send((0..<10).flatMap { pipeline(["PUBLISH", "c", "\($0)"]) })
                for _ in 0..<10 { #expect(try publisher.receive() == .integer(3)) }
                for reader in readers {
                    for number in 0..<10 {
                        let message = Reply.array([.text("message"), .text("c"), .text("\(number)")])
                        #expect(try reader.receive() == message)
                    }
                }
                counts.append(try writes(publisher) - before)
            }
            // One for the publisher's replies, and one for the answer to the first question.
            #expect(counts.last == 3 + 2, "\(counts)")
        }
    }

    /// More subscribers than a turn serves get all messages, in order.
    @Test func everybodyHasTheirTurn() async throws {
        try await withServer { server in
            let readers = try (0..<200).map { _ in try server.connect() }
            for reader in readers { try reader.command("SUBSCRIBE", "c") }
            let publisher = try server.connect()
            for number in 0..<20 {
                #expect(try publisher.command("PUBLISH", "c", "\(number)") == .integer(200))
            }
            for reader in readers {
                for number in 0..<20 {
                    #expect(
                        try reader.receive() == .array([.text("message"), .text("c"), .text("\(number)")]))
                }
            }
        }
    }

    /// What the socket does not take at once follows, and the replies to requests after it.
    @Test func theRestFollowsWhenThereIsRoom() async throws {
        try await withServer { server in
            let reader = try server.connect()
            try reader.command("HELLO", "3")
            try reader.command("SUBSCRIBE", "c")
            let publisher = try server.connect()
            let text = String(repeating: "x", count: 1 << 20)
            for number in 0..<20 { try publisher.command("PUBLISH", "c", "\(number)\(text)") }
            try reader.send(pipeline(["ECHO", "last"]))
            for number in 0..<20 {
                let parts = try reader.receive().elements
                let isNext = parts.last == .text("\(number)\(text)")
                try #require(isNext)
            }
            #expect(try reader.receive() == .text("last"))
            #expect(try publisher.command("PUBLISH", "c", "one more") == .integer(1))
            #expect(try reader.receive().elements.last == .text("one more"))
        }
    }

    /// Clients that go, or are told to, while messages wait for them.
    @Test func whoGoesMissesTheRest() async throws {
        try await withServer { server in
            let publisher = try server.connect()
            for round in 0..<20 {
                let readers = try (0..<3).map { _ in try server.connect() }
                for reader in readers { try reader.command("SUBSCRIBE", "c") }
                try publisher.send(
                    pipeline(["PUBLISH", "c", "\(round)"], ["CLIENT", "KILL", "TYPE", "pubsub"]))
                #expect(try publisher.receive() == .integer(3))
                #expect(try publisher.receive() == .integer(3))
                for reader in readers { _ = try reader.receiveUntilClosed() }
                #expect(try publisher.command("PUBLISH", "c", "") == .integer(0))
            }
        }
    }

    private func writes(_ client: TestClient) throws -> Int {
        let info = try client.command("INFO", "stats").string ?? ""
        let line = info.split(separator: "\r\n").first { $0.hasPrefix("total_writes_processed:") }
        return line.flatMap { $0.split(separator: ":").last }.flatMap { Int($0) } ?? -1
    }
}
