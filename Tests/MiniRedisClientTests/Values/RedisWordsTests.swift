import Testing

@testable import MiniRedisClient

/// Commands as they are sent.
@Suite struct RedisWordsTests {
    @Test func wordsOfAnyKindAreBulkStrings() {
        var words = RedisWords("SET")
        words.append("kéy")
        words.append([UInt8]([0, 13, 10]))
        words.append(-12)
        words.append(1.5)
        words.append(String(repeating: "x", count: 1234))
        let text =
            "$3\r\nSET\r\n$4\r\nkéy\r\n$3\r\n\0\r\n\r\n$3\r\n-12\r\n$3\r\n1.5\r\n$1234\r\n\(String(repeating: "x", count: 1234))\r\n"
        #expect(words.encoded == Array(text.utf8))
        #expect(words.count == 6)
        #expect(words.name(at: 0) == "SET" && words.name(at: 3) == "-12")
    }

    @Test(arguments: ["subscribe", "MONITOR", "Hello"]) func commandsThatTakeTheConnectionOverAreRefused(
        _ name: String
    ) {
        #expect(throws: RedisError.needsOwnConnection(name.uppercased())) {
            try RedisWords(name).checkSharing()
        }
    }

    @Test func namesThatOnlyBeginAlikeAreNot() throws {
        try RedisWords("HELLOX").checkSharing()
        var words = RedisWords("client")
        words.append("info")
        try words.checkSharing()
        words = RedisWords("client")
        words.append("reply")
        words.append("off")
        #expect(throws: RedisError.needsOwnConnection("CLIENT REPLY")) { try words.checkSharing() }
    }

    @Test func durationsAreRoundedUp() {
        #expect(Duration.milliseconds(5).wholeMilliseconds == 5)
        #expect(Duration.microseconds(1).wholeMilliseconds == 1)
        #expect(Duration.seconds(-3).wholeMilliseconds == 0)
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
    }
}
