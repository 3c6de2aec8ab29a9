import TestSupport
import Testing

@testable import RESP

/// The reader beside a real server: the same words from inline lines, the same texts for what is malformed.
@Suite(.enabled(if: RealServer.program != nil, "redis-server is not installed"), .serialized)
struct RealServerTests {
    @Test func refusalsHaveTheSameText() async throws {
        try await withTemporaryDirectory { directory in
            try compareRefusals(with: RealServer(in: directory))
        }
    }

    private func compareRefusals(with server: RealServer) throws {
        for (input, text) in RequestLimitsTests.refused {
            let answer = try server.answer(to: [UInt8](input), until: "never")
            // Line breaks that are quoted become spaces in any error.
            let line = text.map { $0 == "\r" || $0 == "\n" ? " " : String($0) }.joined()
            #expect(answer.hasSuffix("-ERR Protocol error: \(line)\r\n"), "\(input.debugDescription)")
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64]) func inlineLinesHaveTheSameWords(_ seed: UInt64) async throws {
        try await withTemporaryDirectory { directory in
            try compareLines(seed, with: RealServer(in: directory))
        }
    }

    private func compareLines(_ seed: UInt64, with server: RealServer) throws {
        var random = SeededGenerator(seed: seed)
        let pieces = ["\"", "\"", "'", "\\", "\\x", "4", "1", "n", "a", " ", " ", "\t", "\r", "\u{b}", "z"]
        for _ in 0..<400 {
            let fragment = (0..<Int.random(in: 0...14, using: &random)).map { _ in
                pieces.randomElement(using: &random) ?? ""
            }
            let line = "RPUSH k \(fragment.joined())\r\n"
            let answer = try server.answer(
                to: [UInt8]("FLUSHALL\r\n\(line)LRANGE k 0 -1\r\nPING\r\n"), until: "+PONG\r\n")
            #expect(
                answer == "+OK\r\n" + expectation(Feeder.read([[UInt8](line)])),
                "seed \(seed): \(line.debugDescription)")
        }
    }

    /// What a server answers that understood RPUSH, LRANGE and PING as our reader does.
    private func expectation(_ reading: Reading) -> String {
        if let failure = reading.failure { return "-ERR Protocol error: \(failure)\r\n" }
        let words = reading.frames.first?.dropFirst(2) ?? []
        var writer = ReplyWriter()
        if words.isEmpty {
            writer.error("ERR wrong number of arguments for 'rpush' command")
        } else {
            writer.integer(words.count)
        }
        writer.array(words.count)
        for word in words { writer.bulk(word) }
        writer.simple("PONG")
        return String(decoding: [UInt8](copying: writer.buffer.bytes), as: UTF8.self)
    }
}
