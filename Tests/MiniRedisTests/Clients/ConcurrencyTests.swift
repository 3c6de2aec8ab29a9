import MiniRedis
import TestSupport
import Testing

/// Many clients at once, slow ones, and ones that leave without a word.
@Suite struct ConcurrencyTests {
    @Test func sixtyFourClientsLoseNoIncrement() async throws {
        try await withServer { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<64 {
                    group.addTask {
                        let client = try server.connect()
                        // Half of them one by one, half of them in pipelines.
                        if number.isMultiple(of: 2) {
                            for _ in 0..<200 { try client.command("INCR", "n") }
                        } else {
                            try client.send(
                                Array(repeating: pipeline(["INCR", "n"]), count: 200).flatMap { $0 })
                            for _ in 0..<200 { _ = try client.receive() }
                        }
                    }
                }
                try await group.waitForAll()
            }
            #expect(try server.connect().command("GET", "n") == .text("12800"))
        }
    }

    @Test func aThousandConnectionsComeAndGo() async throws {
        try await withServer { server in
            let watching = try server.connect()
            var clients: [TestClient] = []
            for _ in 0..<1000 { clients.append(try server.connect()) }
            for client in clients { try client.send(pipeline(["PING"])) }
            for client in clients { #expect(try client.receive() == .simple("PONG")) }
            #expect(try watching.clientLines("CLIENT", "LIST").count == 1001)
            clients = []
            #expect(try watching.waitUntilIdle { try watching.clientLines("CLIENT", "LIST").count == 1 })
        }
    }

    @Test func halfFramesAndSuddenClosesDisturbNobody() async throws {
        try await withServer { server in
            let steady = try server.connect()
            let request = pipeline(["SET", "half", "value"])
            for length in 1..<request.count {
                let client = try server.connect()
                try client.send(Array(request.prefix(length)))
                #expect(try steady.command("ECHO", "x") == .text("x"))
            }
            #expect(try steady.command("GET", "half") == .null)
            #expect(try steady.waitUntilIdle { try steady.clientLines("CLIENT", "LIST").count == 1 })
        }
    }

    @Test("input that ends with a read's buffer is read to its end", arguments: [1, 2, 3, 5], [false, true])
    func inputOfWholeReads(reads: Int, endsAtOnce: Bool) async throws {
        try await withServer { server in
            let client = try server.connect()
            // Sixteen bytes each, so that they fill buffers of any usual size.
            let count = reads << 10
            try client.send(Array(repeating: Array("ECHO 123456789\r\n".utf8), count: count).flatMap { $0 })
            if endsAtOnce { client.shutdownSending() }
            for _ in 0..<count { #expect(try client.receive() == .text("123456789")) }
            if !endsAtOnce {
                #expect(client.isSilent(for: 5))
                client.shutdownSending()
            }
            #expect(try client.receiveUntilClosed().isEmpty)
        }
    }

    @Test func dripFedRequestsAreServed() async throws {
        try await withServer { server in
            let client = try server.connect()
            for byte in pipeline(["SET", "k", "v"], ["GET", "k"]) { try client.send([byte]) }
            #expect(try client.receive() == .ok)
            #expect(try client.receive() == .text("v"))
        }
    }

    @Test func aSlowReaderDisturbsNobody() async throws {
        try await withServer { server in
            let slow = try server.connect()
            let quick = try server.connect()
            try quick.command("SET", "big", String(repeating: "x", count: 1 << 20))
            try slow.send(Array(repeating: pipeline(["GET", "big"]), count: 64).flatMap { $0 })
            for number in 0..<1000 { #expect(try quick.command("INCR", "n") == .integer(Int64(number + 1))) }
            for _ in 0..<64 { #expect(try slow.receive().string?.utf8.count == 1 << 20) }
        }
    }

    @Test func aHundredThousandRequestsBeforeTheFirstReply() async throws {
        try await withServer { server in
            let client = try server.connect()
            var requests: [UInt8] = []
            for number in 0..<100_000 { requests += pipeline(["ECHO", String(number)]) }
            try client.send(requests)
            for number in 0..<100_000 {
                guard try client.receive() == .text(String(number)) else {
                    Issue.record("reply \(number) is missing")
                    return
                }
            }
        }
    }

    @Test func subscribersComeAndGoWhileOthersPublish() async throws {
        try await withServer { server in
            let witness = try server.connect()
            try witness.command("SUBSCRIBE", "c")
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<50 {
                            let client = try server.connect()
                            try client.command("SUBSCRIBE", "c")
                            try client.command("PSUBSCRIBE", "*")
                        }
                    }
                }
                for _ in 0..<4 {
                    group.addTask {
                        let publisher = try server.connect()
                        for _ in 0..<250 { try publisher.command("PUBLISH", "c", "m") }
                    }
                }
                try await group.waitForAll()
            }
            for _ in 0..<1000 {
                #expect(try witness.receive() == .array([.text("message"), .text("c"), .text("m")]))
            }
            let asking = try server.connect()
            #expect(
                try asking.waitUntilIdle {
                    try asking.command("PUBSUB", "NUMSUB", "c") == .array([.text("c"), .integer(1)])
                })
            #expect(try asking.command("PUBSUB", "NUMPAT") == .integer(0))
        }
    }
}
