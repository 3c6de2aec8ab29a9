import Glibc
@testable import MiniRedis
import TestSupport
import Testing

/// Subscribers that read more slowly than they are sent messages.
@Suite(.timeLimit(.minutes(10))) struct OverflowTests {
    /// Long enough that the kernel's buffers, some megabytes, don't hold a test's messages.
    private static let size = 32 << 10

    private func dropOldest(_ configuration: inout Configuration) {
        configuration.pubsubOverflowPolicy = .dropOldest
        configuration.pubsubBacklogMessages = 50
    }

    @Test func theOptionIsReadAndRefused() async throws {
        try await expectScript(
            """
            CLIENT PUBSUB-OVERFLOW DROP-OLDEST -> OK
            CLIENT PUBSUB-OVERFLOW drop-oldest max-messages 10 MAX-BYTES 4096 -> OK
            CLIENT PUBSUB-OVERFLOW DISCONNECT -> OK
            CLIENT PUBSUB-OVERFLOW DEFAULT -> OK
            CLIENT PUBSUB-OVERFLOW NEWEST -> -ERR syntax error
            CLIENT PUBSUB-OVERFLOW DEFAULT 1 -> -ERR syntax error
            CLIENT PUBSUB-OVERFLOW DISCONNECT MAX-BYTES 1 -> -ERR syntax error
            CLIENT PUBSUB-OVERFLOW DROP-OLDEST MAX-BYTES -> -ERR syntax error
            CLIENT PUBSUB-OVERFLOW DROP-OLDEST MAX 1 -> -ERR syntax error
            CLIENT PUBSUB-OVERFLOW DROP-OLDEST MAX-MESSAGES 0 -> -ERR value is out of range, must be positive
            CLIENT PUBSUB-OVERFLOW DROP-OLDEST MAX-MESSAGES x -> -ERR value is not an integer or out of range
            CLIENT PUBSUB-OVERFLOW DROP-OLDEST MAX-MESSAGES 3000000000 -> -ERR value is out of range, must be at most 2147483647
            CLIENT PUBSUB-OVERFLOW DROP-OLDEST MAX-BYTES 33554433 -> -ERR value is out of range, must be at most 33554432
            CONFIG SET pubsub-overflow-policy drop-oldest pubsub-backlog-max-messages 10 -> OK
            CONFIG GET pubsub-*y -> ["pubsub-overflow-policy" "drop-oldest"]
            CONFIG GET pubsub-backlog-max-messages -> ["pubsub-backlog-max-messages" "10"]
            CONFIG SET pubsub-backlog-max-bytes 1mb -> OK
            CONFIG GET pubsub-backlog-max-bytes -> ["pubsub-backlog-max-bytes" "1048576"]
            """)
    }

    /// Readers of all kinds at once: whatever each received and missed is what was published, in order.
    @Test(arguments: [2, 3]) func receivedAndMissedArePublished(_ version: Int) async throws {
        try await withServer(dropOldest) { server in
            let readers = try (0..<3).map { _ in try server.connect() }
            for reader in readers {
                try reader.command("HELLO", "\(version)")
                try reader.command("SUBSCRIBE", "news")
                try reader.command("PSUBSCRIBE", "n*s")
                try reader.command("SSUBSCRIBE", "news")
            }
            let publisher = try server.connect()
            var ledgers = [Ledger(), Ledger(), Ledger()]
            let count = 400
            for number in 0..<count {
                let text = payload(number, size: Self.size)
                #expect(try publisher.command("PUBLISH", "news", text) == .integer(6))
                #expect(try publisher.command("SPUBLISH", "news", text) == .integer(3))
                // One reads everything as it comes, one a little, one nothing.
                try readers[0].read(&ledgers[0], until: "s:news", has: number + 1)
                if number.isMultiple(of: 4) {
                    let next = ledgers[1].next(":news") + 1
                    try readers[1].read(&ledgers[1], until: ":news", has: next)
                }
            }
            for index in 0..<3 {
                for topic in [":news", "p:n*s", "s:news"] {
                    try readers[index].read(&ledgers[index], until: topic, has: count)
                    #expect(ledgers[index].next(topic) == count)
                    if index > 0 { #expect(ledgers[index].missed[topic, default: 0] > 0) }
                }
                #expect(ledgers[index].faults == [])
                #expect(readers[index].isSilent(for: 10))
            }
            #expect(ledgers[0].missed == [:])
            // The stalled one kept what the limit allows, beside what was on its way.
            #expect(ledgers[2].received.values.reduce(0, +) > 50)
            let missed = ledgers.flatMap(\.missed.values).reduce(0, +)
            let info = try publisher.command("INFO", "stats").string ?? ""
            #expect(info.contains("\r\npubsub_missed_messages:\(missed)\r\n"))
        }
    }

    /// What a client asks for holds for itself only, until RESET.
    @Test func eachClientChoosesForItself() async throws {
        try await withServer {
            $0.outputLimits.pubsub = OutputLimit(hard: 4 << 20)
        } _: { server in
            let tolerant = try server.connect()
            #expect(
                try tolerant.command("CLIENT", "PUBSUB-OVERFLOW", "DROP-OLDEST", "MAX-MESSAGES", "3") == .ok)
            let strict = try server.connect()
            let reset = try server.connect()
            try reset.command("CLIENT", "PUBSUB-OVERFLOW", "DROP-OLDEST")
            #expect(try reset.command("RESET") == .simple("RESET"))
            let publisher = try server.connect()
            for client in [tolerant, strict, reset] { try client.command("SUBSCRIBE", "c") }
            var number = 0
            while try publisher.command("PUBLISH", "c", payload(number, size: 1 << 20)) != .integer(1) {
                number += 1
                try #require(number < 100)
            }
            for _ in 0..<20 {
                number += 1
                try publisher.command("PUBLISH", "c", payload(number, size: 1 << 20))
            }
            var ledger = Ledger()
            try tolerant.read(&ledger, until: ":c", has: number + 1)
            #expect(ledger.faults == [] && ledger.missed[":c", default: 0] > 0)
            for client in [strict, reset] { _ = try client.receiveUntilClosed() }
        }
    }

    /// Replies and confirmations stay where they belong among the messages.
    @Test func repliesKeepTheirPlace() async throws {
        try await withServer(dropOldest) { server in
            let reader = try server.connect()
            let publisher = try server.connect()
            try reader.command("HELLO", "3")
            try reader.command("SUBSCRIBE", "c")
            var number = 0
            func flood() throws {
                for _ in 0..<400 {
                    try publisher.command("PUBLISH", "c", payload(number, size: Self.size))
                    number += 1
                }
            }
            try flood()
            try reader.send(
                pipeline(["ECHO", "one"], ["PUBLISH", "c", payload(number, size: 10)], ["ECHO", "two"]))
            number += 1
            // It is the server's turn when the reader's own message has been published.
            #expect(
                try publisher.waitUntil {
                    try $0.command("CLIENT", "LIST").string?.contains("cmd=echo") == true
                })
            try flood()
            try reader.send(pipeline(["UNSUBSCRIBE", "c"], ["ECHO", "three"]))
            #expect(
                try publisher.waitUntil {
                    try $0.command("PUBSUB", "NUMSUB", "c").elements.last == .integer(0)
                })
            var ledger = Ledger()
            var others: [Reply] = []
            var places: [Int] = []
            while others.last != .text("three") {
                let reply = try reader.receive()
                if ledger.note(reply) { continue }
                others.append(reply)
                places.append(ledger.next(":c"))
            }
            #expect(
                others == [
                    .text("one"), .integer(1), .text("two"),
                    .push([.text("unsubscribe"), .text("c"), .integer(0)]), .text("three"),
                ])
            // Between the replies lies what was published then, received or missed.
            #expect(places == [400, 400, 401, 801, 801])
            #expect(ledger.faults == [])
            #expect(try reader.command("PING") == .simple("PONG"))
        }
    }

    /// A client that never reads its replies is closed at the limit for those, whatever its messages do.
    @Test func repliesAreBoundedByThemselves() async throws {
        try await withServer {
            dropOldest(&$0)
            $0.outputLimits.pubsub = OutputLimit(hard: 1 << 20)
        } _: { server in
            let reader = try server.connect()
            let publisher = try server.connect()
            try reader.command("HELLO", "3")
            try reader.command("SUBSCRIBE", "c")
            for number in 0..<400 { try publisher.command("PUBLISH", "c", payload(number, size: Self.size)) }
            let text = String(repeating: "y", count: 100 << 10)
            var isOpen = true
            for _ in 0..<20 where isOpen { isOpen = (try? reader.send(pipeline(["ECHO", text]))) != nil }
            #expect(try publisher.waitUntil { try $0.command("PUBLISH", "c", "") == .integer(0) })
            _ = try reader.receiveUntilClosed()
        }
    }

    /// Who leaves in order gets all that waits first.
    @Test func quittingWaitsForItsTurn() async throws {
        try await withServer(dropOldest) { server in
            let reader = try server.connect()
            let publisher = try server.connect()
            try reader.command("SUBSCRIBE", "c")
            for number in 0..<400 { try publisher.command("PUBLISH", "c", payload(number, size: Self.size)) }
            try reader.send(pipeline(["QUIT"]))
            var ledger = Ledger()
            var last = try reader.receive()
            while ledger.note(last) { last = try reader.receive() }
            #expect(last == .ok && ledger.next(":c") == 400 && ledger.faults == [])
            #expect(try reader.receiveUntilClosed().isEmpty)
        }
    }

    /// Readers that keep up, that are slow and that have stalled, in both protocols and all at once: nobody
    /// misses or repeats anything untold, those who keep up miss nothing, and the server does not grow.
    @Test func readersOfAllKindsAtOnce() async throws {
        try await withTemporaryDirectory { directory in
            let program = try overflowing(in: directory, backlog: "256kb")
            let kinds = 3
            let readers = try (0..<(kinds * 4)).map { index in
                let reader = try TestClient(unixPath: "\(directory)/s")
                // Of each kind, half speak the older version.
                try reader.command("HELLO", index / kinds % 2 == 0 ? "2" : "3")
                try reader.command("SUBSCRIBE", "c")
                return reader
            }
            let publisher = try TestClient(unixPath: "\(directory)/s")
            var ledgers = readers.map { _ in Ledger() }
            var published = 0
            func publish(_ count: Int) throws {
                for _ in 0..<count {
                    let text = payload(published, size: 20_000)
                    #expect(try publisher.command("PUBLISH", "c", text) == .integer(Int64(readers.count)))
                    published += 1
                    for index in readers.indices {
                        switch index % kinds {
                        case 0: try readers[index].read(&ledgers[index], until: ":c", has: published)
                        case 1 where published.isMultiple(of: 5):
                            let next = ledgers[index].next(":c") + 1
                            try readers[index].read(&ledgers[index], until: ":c", has: next)
                        default: break
                        }
                    }
                }
            }
            try publish(100)
            let before = try program.residentBytes()
            try publish(400)
            // By now 40 MB were owed to those who have stalled, and nearly as much to the slow ones.
            #expect(try program.residentBytes() - before < (8 << 20) * TestEnvironment.slack)
            for index in readers.indices {
                try readers[index].read(&ledgers[index], until: ":c", has: published)
                let missed = ledgers[index].missed[":c", default: 0]
                #expect(ledgers[index].faults == [])
                #expect(missed + ledgers[index].received[":c", default: 0] == published)
                #expect((missed == 0) == (index % kinds == 0), "kind \(index % kinds)")
                #expect(readers[index].isSilent(for: 0))
            }
        }
    }

    private func overflowing(in directory: String, backlog: String) throws -> ChildProcess {
        let program = try ChildProcess(
            "mini-redis-server",
            [
                "--port", "0", "--dir", directory, "--unixsocket", "s", "--pubsub-overflow-policy",
                "drop-oldest", "--pubsub-backlog-max-bytes", backlog, "--io-threads",
                "\(TestServer.ioThreads)",
            ])
        try program.wait(for: "Ready to accept connections unix")
        return program
    }

    /// Many that never read, each owed far more than its bounds, cost no more than those.
    @Test func memoryIsBounded() async throws {
        try await withTemporaryDirectory { directory in
            let program = try overflowing(in: directory, backlog: "1mb")
            let readers = try (0..<50).map { _ in try TestClient(unixPath: "\(directory)/s") }
            let publisher = try TestClient(unixPath: "\(directory)/s")
            for reader in readers { try reader.command("SUBSCRIBE", "c") }
            let text = payload(0, size: 100_000)
            func publish(_ count: Int) throws {
                for _ in 0..<count { #expect(try publisher.command("PUBLISH", "c", text) == .integer(50)) }
            }
            try publish(50)
            let before = try program.residentBytes()
            try publish(300)
            // Some 1.5 GB were owed by now; a megabyte is, once for all of them, and a buffer for each.
            #expect(try program.residentBytes() - before < (16 << 20) * TestEnvironment.slack)
        }
    }
}

extension ChildProcess {
    /// What the system says that the program's memory takes.
    fileprivate func residentBytes() throws -> Int {
        // The stream is closed below, and nobody else knows it.
        guard let file = unsafe fopen("/proc/\(id)/statm", "r") else { throw TestFailure("no statm") }
        defer { _ = unsafe fclose(file) }
        var line = [CChar](repeating: 0, count: 200)
        // At most the array's bytes are written, the zero at the end included.
        guard unsafe fgets(&line, Int32(line.count), file) != nil else { throw TestFailure("empty statm") }
        let words = String(decoding: line.map(UInt8.init(bitPattern:)), as: UTF8.self).split(separator: " ")
        guard words.count > 1, let pages = Int(words[1]) else { throw TestFailure("odd statm") }
        return pages * sysconf(Int32(_SC_PAGESIZE))
    }
}
