import Engine
import MiniRedis
import TestSupport
import Testing

/// What follows when a command gives a key a deadline that has passed, as Redis has it.
@Suite struct PastDeadlineTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var before: String?
        var command: String
        var reply: Reply
        var events: [String]
        /// How many keys have then expired, rather than been deleted.
        var expired: String

        var testDescription: String { "\(command), \(before ?? "nothing") before" }
    }

    private static let ok = Reply.simple("OK")

    @Test(arguments: [
        Case(
            before: nil, command: "SET k v EXAT 1", reply: ok, events: ["set", "expire", "expired"],
            expired: "1"),
        Case(
            before: "SET k old", command: "SET k v PXAT 1", reply: ok, events: ["set", "expire", "expired"],
            expired: "1"),
        Case(
            before: "SET k old EX 99", command: "SET k v XX GET EXAT 1", reply: .text("old"),
            events: ["set", "expire", "expired"], expired: "1"),
        Case(before: "SET k old", command: "SET k v NX EXAT 1", reply: .null, events: [], expired: "0"),
        Case(before: nil, command: "SET k v XX EXAT 1", reply: .null, events: [], expired: "0"),
        Case(
            before: "SET k old", command: "MSETEX 1 k v EXAT 1", reply: .integer(1),
            events: ["set", "expire", "expired"], expired: "1"),
        Case(
            before: "SET k old", command: "GETEX k EXAT 1", reply: .text("old"), events: ["del"], expired: "0"
        ),
        Case(before: nil, command: "GETEX k EXAT 1", reply: .null, events: [], expired: "0"),
        Case(before: "SET k old", command: "EXPIREAT k 1", reply: .integer(1), events: ["del"], expired: "0"),
    ])
    func aPastDeadline(_ test: Case) async throws {
        try await withServer {
            $0.notifyKeyspaceEvents = [.keyevent, .string, .generic, .expired]
        } _: { server in
            let client = try server.connect()
            if let before = test.before { try client.command(words(before)) }
            let follower = try server.connect()
            try follower.command("PSUBSCRIBE", "__keyevent@0__:*")
            #expect(try client.command(words(test.command)) == test.reply)
            let isLeft = test.before != nil && test.events.isEmpty
            #expect(try client.command("EXISTS", "k") == .integer(isLeft ? 1 : 0))
            #expect(try client.info("stats")["expired_keys"] == test.expired)
            // Nothing else comes before what is sent last.
            try client.command("SETRANGE", "last", "0", "v")
            let events = try (test.events + ["setrange"]).map { _ in
                try follower.receive().elements[2].string?.split(separator: ":").last.map(String.init)
            }
            #expect(events == test.events + ["setrange"])
        }
    }

    private func words(_ line: String) -> [[UInt8]] { line.split(separator: " ").map { Array($0.utf8) } }
}
