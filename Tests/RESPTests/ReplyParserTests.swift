import Testing

@testable import RESP

/// What a parser made of some input, as text: `[1 "a" {k: v}]`, and what ended it.
private struct Parsed: Equatable {
    var replies: [String] = []
    var failure: ReplyError?
    var isIdle = true

    init(_ pieces: [[UInt8]]) {
        var parser = ReplyParser()
        // Elements of the aggregates that are open, with what closes each.
        var open: [(head: String, parts: [String])] = []
        do throws(ReplyError) {
            for piece in pieces {
                var rest = piece[...]
                while !rest.isEmpty {
                    let taken = parser.fill { span in
                        let count = min(span.byteCount, rest.count)
                        // Both hold `count` bytes.
                        unsafe span.withUnsafeMutableBytes { unsafe $0.copyBytes(from: rest.prefix(count)) }
                        return count
                    }
                    rest = rest.dropFirst(taken)
                    while let token = try parser.next() { take(token, parser, &open) }
                }
            }
        } catch {
            failure = error
        }
        isIdle = parser.isIdle
    }

    private mutating func take(
        _ token: ReplyToken, _ parser: borrowing ReplyParser, _ open: inout [(head: String, parts: [String])]
    ) {
        func text(_ range: Range<Int>) -> String {
            let bytes = [UInt8](copying: parser.bytes(range))
            return bytes.count > 100 ? "(\(bytes.count) bytes)" : String(decoding: bytes, as: UTF8.self)
        }
        var done: String?
        switch token {
        case .simpleString(let range): done = "+\(text(range))"
        case .error(let range): done = "-\(text(range))"
        case .integer(let value): done = "\(value)"
        case .bulkString(let range): done = "\"\(text(range))\""
        case .null: done = "null"
        case .double(let value): done = ",\(value)"
        case .boolean(let value): done = "\(value)"
        case .bigNumber(let range): done = "(\(text(range))"
        case .verbatimString(let format, let range): done = "=\(text(format)):\(text(range))"
        case .array: open.append(("*", []))
        case .map: open.append(("%", []))
        case .set: open.append(("~", []))
        case .push: open.append((">", []))
        case .attribute: open.append(("|", []))
        }
        for remaining in stride(from: parser.closed, through: 0, by: -1) {
            if let value = done {
                if open.isEmpty { replies.append(value) } else { open[open.count - 1].parts.append(value) }
                done = nil
            }
            if remaining == 0 { break }
            let level = open.removeLast()
            done = "\(level.head)[\(level.parts.joined(separator: " "))]"
        }
    }
}

/// Replies of every type, whole, in pieces and broken.
@Suite struct ReplyParserTests {
    static let replies: [(String, String)] = [
        ("+OK\r\n", "+OK"), ("+\r\n", "+"), ("-ERR no\r\n", "-ERR no"), ("!5\r\nE a\r\n\r\n", "-E a\r\n"),
        (":0\r\n", "0"), (":-7\r\n", "-7"), (":+7\r\n", "7"),
        (":9223372036854775807\r\n", "9223372036854775807"),
        (":-9223372036854775808\r\n", "-9223372036854775808"), ("$0\r\n\r\n", "\"\""), ("$-1\r\n", "null"),
        ("*-1\r\n", "null"), ("_\r\n", "null"), ("$4\r\n\r\n\r\n\r\n", "\"\r\n\r\n\""), ("#t\r\n", "true"),
        ("#f\r\n", "false"), (",1.5\r\n", ",1.5"), (",-0\r\n", ",-0.0"), (",1e3\r\n", ",1000.0"),
        (",inf\r\n", ",inf"),
        (",-inf\r\n", ",-inf"), (",nan\r\n", ",nan"), (",-nan\r\n", ",nan"),
        ("(3492890328409238509324850943850943825024385\r\n", "(3492890328409238509324850943850943825024385"),
        ("(-1\r\n", "(-1"), ("=8\r\ntxt:word\r\n", "=txt:word"), ("=4\r\nmkd:\r\n", "=mkd:"),
        ("*0\r\n", "*[]"),
        ("%0\r\n", "%[]"), ("~0\r\n", "~[]"), ("*2\r\n:1\r\n*1\r\n*0\r\n", "*[1 *[*[]]]"),
        ("%1\r\n+k\r\n*1\r\n_\r\n", "%[+k *[null]]"), ("~2\r\n#t\r\n,2\r\n", "~[true ,2.0]"),
        (">3\r\n$7\r\nmessage\r\n$1\r\nc\r\n$1\r\nm\r\n", ">[\"message\" \"c\" \"m\"]"),
        ("*2\r\n>1\r\n:1\r\n:2\r\n", "*[>[1] 2]"),
    ]

    @Test func everyTypeAtEverySplit() {
        for (input, expected) in Self.replies {
            let bytes = [UInt8](input)
            #expect(Parsed([bytes]).replies == [expected], "\(input.debugDescription)")
            #expect(
                Parsed(bytes.map { [$0] }).replies == [expected], "\(input.debugDescription) in single bytes")
            for split in 1..<bytes.count {
                let parsed = Parsed([Array(bytes[..<split]), Array(bytes[split...])])
                #expect(
                    parsed.replies == [expected] && parsed.isIdle, "\(input.debugDescription) at \(split)")
                #expect(Parsed([Array(bytes[..<split])]).replies == [], "half a reply is none")
            }
        }
    }

    @Test func repliesFollowEachOtherWhereverTheyAreSplit() {
        let bytes = Self.replies.flatMap { [UInt8]($0.0) }
        let expected = Self.replies.map(\.1)
        for size in [1, 2, 3, 7, 64, bytes.count] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map {
                Array(bytes[$0..<min($0 + size, bytes.count)])
            }
            #expect(Parsed(pieces).replies == expected)
        }
    }

    @Test func attributesAreNoElements() {
        let input = "|1\r\n+ttl\r\n:3\r\n*2\r\n|1\r\n+a\r\n|0\r\n+b\r\n:1\r\n:2\r\n"
        let parsed = Parsed([[UInt8](input)])
        #expect(parsed.replies == ["|[+ttl 3]", "*[|[+a |[] +b] 1 2]"] && parsed.isIdle)
        #expect(!Parsed([[UInt8]("|1\r\n+ttl\r\n:3\r\n")]).isIdle, "an attribute announces a value")
    }

    @Test(arguments: [
        ("x\r\n", "a type 'x', which there is none of"),
        ("\r\n", "a type of code 13, which there is none of"),
        (":1\n", "a line that does not end in CR LF"), ("+a\rb\r\n", "a line that does not end in CR LF"),
        (":\r\n", "a number that is none"), (":1a\r\n", "a number that is none"),
        (":9223372036854775808\r\n", "a number that is none"),
        (":+-1\r\n", "a number that is none"), (":+\r\n", "a number that is none"),
        (",\r\n", "a number that is none"),
        (",0x1p3\r\n", "a number that is none"), (",1e\r\n", "a number that is none"),
        (",infinity\r\n", "a number that is none"),
        ("(\r\n", "a number that is none"), ("(-\r\n", "a number that is none"),
        ("(12c\r\n", "a number that is none"),
        ("#\r\n", "a boolean that is neither t nor f"), ("#tt\r\n", "a boolean that is neither t nor f"),
        ("_x\r\n", "a null with something behind it"), ("$-2\r\n", "a length that is none"),
        ("$01\r\n", "a length that is none"),
        ("%-1\r\n", "a length that is none"), ("=-1\r\n", "a length that is none"),
        ("*\r\n", "a length that is none"),
        ("$1\r\nab\r\n", "a string longer than announced"),
        ("=3\r\ntxt\r\n", "a verbatim string without its format"),
        ("=4\r\ntxt;\r\n", "a verbatim string without its format"),
        ("$?\r\n", "a streamed type, which no server was known to send"),
        ("*?\r\n", "a streamed type, which no server was known to send"),
        ("%?\r\n", "a streamed type, which no server was known to send"),
        (";0\r\n", "a streamed type, which no server was known to send"),
        (".\r\n", "a streamed type, which no server was known to send"),
        ("$536870913\r\n", "a string longer than 536870912 bytes"),
        ("*134217729\r\n", "an aggregate of more than 134217728 elements"),
        ("%67108865\r\n", "an aggregate of more than 134217728 elements"),
        ("$99999999999999999999\r\n", "a length that is none"),
    ])
    func malformedInputIsRefused(_ input: String, _ reason: String) {
        let bytes = [UInt8]("+before\r\n" + input + "+after\r\n")
        for pieces in [[bytes], bytes.map { [$0] }] {
            let parsed = Parsed(pieces)
            #expect(parsed.failure?.text == reason)
            #expect(parsed.replies == ["+before"])
        }
    }

    @Test func nestingIsBounded() {
        let deepest = String(repeating: "*1\r\n", count: ReplyParser.deepestNesting)
        #expect(Parsed([[UInt8](deepest + ":1\r\n")]).failure == nil)
        #expect(Parsed([[UInt8](deepest + "*0\r\n")]).failure == .tooDeep)
    }

    @Test func linesAreBounded() {
        let longest = String(repeating: "x", count: ReplyParser.longestLine - 1)
        #expect(Parsed([[UInt8]("+\(longest)\r\n")]).replies == ["+(\(longest.utf8.count) bytes)"])
        #expect(Parsed([[UInt8]("+\(longest)xxx")]).failure == .longLine)
    }

    @Test func bigStringsArriveInPieces() {
        let value = [UInt8](repeating: 7, count: 3 << 20)
        let bytes = [UInt8]("*2\r\n$\(value.count)\r\n") + value + [UInt8]("\r\n:1\r\n")
        let pieces = stride(from: 0, to: bytes.count, by: 100_000).map {
            Array(bytes[$0..<min($0 + 100_000, bytes.count)])
        }
        #expect(Parsed(pieces).replies == ["*[\"(\(value.count) bytes)\" 1]"])
    }

    @Test func memoryIsGivenBack() {
        var parser = ReplyParser()
        func feed(_ bytes: [UInt8]) {
            var rest = bytes[...]
            while !rest.isEmpty {
                rest = rest.dropFirst(
                    parser.fill { span in
                        let count = min(span.byteCount, rest.count)
                        // Both hold `count` bytes.
                        unsafe span.withUnsafeMutableBytes { unsafe $0.copyBytes(from: rest.prefix(count)) }
                        return count
                    })
                while (try? parser.next()) != nil {}
            }
        }
        feed([UInt8]("$4000000\r\n") + [UInt8](repeating: 1, count: 4_000_000) + [UInt8]("\r\n"))
        #expect(parser.allocatedBytes >= 4_000_000)
        feed([UInt8](":1\r\n"))
        #expect(parser.allocatedBytes <= ReplyParser.keptCapacity)
    }

    @Test func announcementsTakeNoMemory() {
        var parser = ReplyParser()
        let bytes = [UInt8]("*134217728\r\n$536870912\r\n")
        _ = parser.fill { span in
            // The first room is larger than this.
            unsafe span.withUnsafeMutableBytes { unsafe $0.copyBytes(from: bytes) }
            return bytes.count
        }
        while (try? parser.next()) != nil {}
        _ = parser.fill { _ in 0 }
        #expect(parser.allocatedBytes <= 128 << 10)
    }

    @Test(arguments: 0..<20) func garbageNeverTraps(_ seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let alphabet = [UInt8]("+-:$*%~>|!=#,(_.;?\r\n\r\n\r\n0123456789aetx")
        for _ in 0..<2_000 {
            let count = Int.random(in: 1...60, using: &generator)
            let bytes = (0..<count).map { _ in
                Int.random(in: 0..<20, using: &generator) == 0
                    ? UInt8.random(in: 0...255, using: &generator)
                    : alphabet.randomElement(using: &generator) ?? 0
            }
            let whole = Parsed([bytes])
            let dripped = Parsed(bytes.map { [$0] })
            #expect(whole == dripped, "seed \(seed): \(bytes)")
        }
    }
}
