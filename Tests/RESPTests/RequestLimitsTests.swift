import Testing

@testable import RESP

/// What the reader refuses, with Redis's texts.
@Suite struct RequestLimitsTests {
    /// Input and the text that refuses it.
    static let refused: [(input: String, text: String)] = [
        ("*\r\n", "invalid multibulk length"),
        ("*abc\r\n", "invalid multibulk length"),
        ("* 1\r\n", "invalid multibulk length"),
        ("*1 \r\n", "invalid multibulk length"),
        ("*+1\r\n", "invalid multibulk length"),
        ("*01\r\n", "invalid multibulk length"),
        ("*-0\r\n", "invalid multibulk length"),
        ("*1.0\r\n", "invalid multibulk length"),
        ("*2147483648\r\n", "invalid multibulk length"),
        ("*9223372036854775808\r\n", "invalid multibulk length"),
        ("*18446744073709551617\r\n", "invalid multibulk length"),
        ("*-9223372036854775809\r\n", "invalid multibulk length"),
        ("*1\r\n$\r\n", "invalid bulk length"),
        ("*1\r\n$-1\r\n", "invalid bulk length"),
        ("*1\r\n$x\r\n", "invalid bulk length"),
        ("*1\r\n$01\r\n", "invalid bulk length"),
        ("*1\r\n$536870913\r\n", "invalid bulk length"),
        ("*1\r\n$9223372036854775808\r\n", "invalid bulk length"),
        ("*2\r\n$4\r\nECHO\r\n$-5\r\n", "invalid bulk length"),
        ("*1\r\nPING\r\n", "expected '$', got 'P'"),
        ("*1\r\n:1\r\n", "expected '$', got ':'"),
        ("*1\r\n*1\r\n$1\r\na\r\n", "expected '$', got '*'"),
        ("*1\r\n %s%n\r\n", "expected '$', got ' '"),
        ("*1\r\n\r\n", "expected '$', got '\r'"),
        ("*1\r\n\n\r\n", "expected '$', got '\n'"),
        ("set \"a\r\n", "unbalanced quotes in request"),
        ("set 'a\r\n", "unbalanced quotes in request"),
        ("set \"a\"b\r\n", "unbalanced quotes in request"),
    ]

    @Test(arguments: refused) func refuses(_ input: String, _ text: String) {
        #expect(Feeder.read([[UInt8](input)]) == Reading(frames: [], failure: text))
        #expect(Feeder.read([UInt8](input).map { [$0] }) == Reading(frames: [], failure: text))
    }

    @Test func quotesAnyByte() {
        for byte in UInt8(1)...255 where byte != UInt8(ascii: "$") {
            var feeder = Feeder()
            feeder.feed([UInt8]("*1\r\n") + [byte] + [UInt8]("4\r\n"))
            #expect(
                feeder.reader.failure?.bytes == [UInt8]("expected '$', got '") + [byte, UInt8(ascii: "'")])
        }
    }

    @Test func waitsForTheLineBeforeItComplains() {
        #expect(Feeder.read([[UInt8]("*1\r\nPING\r")]).failure == nil)
        #expect(Feeder.read([[UInt8]("*x\r")]).failure == nil)
    }

    @Test func linesAreBounded() {
        let most = RequestLimits.inlineLength
        let cases: [(start: String, text: String)] = [
            ("*", "too big mbulk count string"), ("*1\r\n$", "too big bulk count string"),
            ("*1\r\n", "too big bulk count string"), ("", "too big inline request"),
        ]
        for (start, text) in cases {
            // The line's own type byte counts too.
            let line = start.hasSuffix("*") || start.hasSuffix("$") ? 1 : 0
            let fits = [UInt8](start) + [UInt8](repeating: 49, count: most - line)
            #expect(Feeder.read([fits]).failure == nil, "\(text)")
            #expect(Feeder.read([fits + [49]]).failure == text)
            #expect(Feeder.read([fits, [49]]).failure == text)
        }
        let word = [UInt8](repeating: 97, count: most)
        #expect(Feeder.read([word, [10]]).frames == [[word]])
        // A line that arrives whole may be longer, as in Redis.
        #expect(Feeder.read([word + [97]]).failure == "too big inline request")
    }

    @Test func bulkLengthIsConfigured() {
        var limits = RequestLimits()
        limits.bulkLength = 5
        #expect(Feeder.read([[UInt8]("*1\r\n$5\r\nhello\r\n")], limits).frames == [[[UInt8]("hello")]])
        #expect(Feeder.read([[UInt8]("*1\r\n$6\r\n")], limits).failure == "invalid bulk length")
    }

    @Test func strangersGetLittle() {
        var limits = RequestLimits()
        limits.authenticated = false
        let ten = encoded((0..<10).map { [UInt8("\($0)") ?? 0] })
        #expect(Feeder.read([ten], limits).frames.count == 1)
        #expect(Feeder.read([[UInt8]("*11\r\n")], limits).failure == "unauthenticated multibulk length")
        let long = [UInt8](repeating: 97, count: RequestLimits.unauthenticatedBulkLength)
        #expect(Feeder.read([encoded([long])], limits).frames == [[long]])
        #expect(Feeder.read([[UInt8]("*1\r\n$16385\r\n")], limits).failure == "unauthenticated bulk length")
        #expect(Feeder.read([[UInt8]("*1\r\n$-1\r\n")], limits).failure == "invalid bulk length")
        #expect(Feeder.read([[UInt8]("*x\r\n")], limits).failure == "invalid multibulk length")
    }

    /// AUTH lifts the limits for the very next frame, so that may not be parsed ahead.
    @Test func strangersAreReadOneFrameAtATime() {
        var feeder = Feeder()
        feeder.limits.authenticated = false
        let bytes = encoded("AUTH", "secret") + [UInt8]("*11\r\n")
        var left = bytes[...]
        _ = feeder.reader.fill { span in
            // The first read has room for more than these bytes.
            unsafe span.withUnsafeMutableBytes { unsafe $0.copyBytes(from: left) }
            defer { left = [] }
            return left.count
        }
        feeder.reader.parse(feeder.limits)
        #expect(feeder.reader.frameCount == 1)
        #expect(feeder.reader.failure == nil)
        feeder.reader.finishBatch()
        feeder.limits.authenticated = true
        feeder.reader.parse(feeder.limits)
        #expect(feeder.reader.failure == nil)
    }

    /// Ranges have 32 bits, whatever `client-query-buffer-limit` is.
    @Test func rangesReachOverAllThatIsParsed() {
        let reach = RequestLimits().bufferedBytes
        #expect(reach <= Int(UInt32.max))
        // The last bytes that may be named, an empty argument behind them included, and no block's mark.
        for (start, count) in [(reach - 1, 1), (reach, 0), (0, reach), (reach - 7, 7)] {
            let range = ArgumentRange(start: start, count: count)
            #expect(Int(range.start) == start && Int(range.count) == count)
        }
        #expect(ArgumentRange(start: reach - 1, count: 1).start != ArgumentRange.blockMark)
    }

    @Test func bufferedInputIsBounded() {
        var limits = RequestLimits()
        limits.bufferedBytes = 100_000
        // Many arguments of one request, so that nothing of it can be run and dropped.
        let word = [UInt8](repeating: 97, count: 90)
        let request = encoded(Array(repeating: word, count: 1_100))
        #expect(request.count > limits.bufferedBytes)
        let ping = [UInt8]("PING")
        let refused = Reading(frames: [[ping]], failure: "too big request")
        #expect(Feeder.read([encoded([ping]), request], limits) == refused)
        // What was run does not count, nor what lies in a block of its own.
        let fitting = encoded(Array(repeating: word, count: 1_000))
        #expect(fitting.count <= limits.bufferedBytes)
        #expect(Feeder.read([fitting, fitting, fitting], limits).frames.count == 3)
        let big = [UInt8](repeating: 98, count: 2 * RequestReader.bigBulk)
        #expect(Feeder.read([encoded([big, big, big])], limits).frames == [[big, big, big]])
    }

    /// A count is a promise, not a reservation.
    @Test func countsAllocateNothing() {
        var feeder = Feeder()
        feeder.feed([UInt8]("*2147483647\r\n"))
        #expect(feeder.reader.failure == nil)
        #expect(feeder.reader.allocatedBytes <= 16 << 10)
    }
}
