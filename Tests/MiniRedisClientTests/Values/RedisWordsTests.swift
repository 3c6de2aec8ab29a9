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
        #expect(sent(words) == Array("*6\r\n\(text)".utf8))
        #expect(words.count == 6)
        #expect(words.words(atMost: 1) == [Array("SET".utf8)] && words.words[3] == Array("-12".utf8))
    }

    private func sent(_ words: RedisWords) -> [UInt8] {
        var bytes: [UInt8] = []
        words.append(to: &bytes)
        return bytes
    }

    /// Around the length at which a command does not fit into the value itself any more.
    @Test func wordsOfAnyLengthAreSentAlike() {
        for length in 0..<300 {
            for more in 0..<12 {
                var words = RedisWords("GET")
                let word = [UInt8](repeating: UInt8(ascii: "x"), count: length)
                words.append(word)
                words.append(contentsOf: Array(repeating: "yz", count: more))
                let text =
                    "*\(more + 2)\r\n$3\r\nGET\r\n$\(length)\r\n\(String(repeating: "x", count: length))\r\n"
                    + String(repeating: "$2\r\nyz\r\n", count: more)
                #expect(sent(words) == Array(text.utf8))
                #expect(
                    words.words == [Array("GET".utf8), word] + Array(repeating: Array("yz".utf8), count: more)
                )
            }
        }
    }

    @Test func equalWordsAreEqual() {
        #expect(RedisWords("GET") == RedisWords([UInt8]("GET".utf8)))
        #expect(RedisWords("GET") != RedisWords("GEt"))
        #expect(Set([RedisWords("GET"), RedisWords("GET"), RedisWords("SET")]).count == 2)
    }

    @Test(arguments: ["subscribe", "MONITOR", "Hello", "multi"])
    func commandsThatTakeTheConnectionOverAreRefused(
        _ name: String
    ) {
        #expect(throws: RedisError.needsOwnConnection(name.uppercased())) {
            _ = try CommandManner(of: RedisWords(name))
        }
    }

    @Test func namesThatOnlyBeginAlikeAreNot() throws {
        #expect(try CommandManner(of: RedisWords("HELLOX")) == .plain)
        var words = RedisWords("client")
        words.append("info")
        #expect(try CommandManner(of: words) == .plain)
        words = RedisWords("client")
        words.append("reply")
        words.append("off")
        #expect(throws: RedisError.needsOwnConnection("CLIENT REPLY")) { try CommandManner(of: words) }
    }

    @Test func durationsAreRoundedUp() {
        #expect(Duration.milliseconds(5).wholeMilliseconds == 5)
        #expect(Duration.microseconds(1).wholeMilliseconds == 1)
        #expect(Duration.seconds(-3).wholeMilliseconds == 0)
        #expect(Duration.seconds(Int64.max).wholeMilliseconds == .max)
    }
}
