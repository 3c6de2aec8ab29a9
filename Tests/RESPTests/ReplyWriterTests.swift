import Testing

@testable import RESP

/// Every kind of reply, byte for byte in both versions of the protocol.
@Suite struct ReplyWriterTests {
    private func written(_ version: ProtocolVersion, _ body: (inout ReplyWriter) -> Void) -> String {
        var writer = ReplyWriter(version: version)
        body(&writer)
        #expect(writer.count == writer.buffer.count)
        return String(decoding: [UInt8](copying: writer.buffer.bytes), as: UTF8.self)
    }

    private func check(
        _ resp2: String, _ resp3: String? = nil, at location: SourceLocation = #_sourceLocation,
        _ body: (inout ReplyWriter) -> Void
    ) {
        #expect(written(.resp2, body) == resp2, sourceLocation: location)
        #expect(written(.resp3, body) == resp3 ?? resp2, sourceLocation: location)
    }

    @Test func lines() {
        check("+OK\r\n") { $0.ok() }
        check("+PONG\r\n") { $0.simple("PONG") }
        check("-ERR no\r\n") { $0.error("ERR no") }
        check("-ERR a  b c\r\n") { $0.error([UInt8]("ERR a\r\nb\nc").raw) }
        check("+\r\n") { $0.simple("") }
    }

    @Test func integers() {
        check(":0\r\n") { $0.integer(0) }
        check(":-9223372036854775808\r\n") { $0.integer(Int64.min) }
        check(":9223372036854775807\r\n") { $0.integer(Int.max) }
        check(":1\r\n", "#t\r\n") { $0.boolean(true) }
        check(":0\r\n", "#f\r\n") { $0.boolean(false) }
    }

    @Test func strings() {
        check("$0\r\n\r\n") { $0.bulk("") }
        check("$5\r\nhello\r\n") { $0.bulk("hello") }
        check("$5\r\nhello\r\n") { $0.bulk(text: "hello") }
        check("$3\r\né!\r\n") { $0.bulk(text: "é!") }
        check("$2\r\n\r\n\r\n") { $0.bulk([13, 10]) }
        check("$3\r\nabc\r\n") { $0.bulk([UInt8]("abc").raw) }
        check("$3\r\n-42\r\n") { $0.bulk(decimal: -42) }
        check("$20\r\n-9223372036854775808\r\n") { $0.bulk(decimal: .min) }
        check("$4\r\nsome\r\n", "=8\r\ntxt:some\r\n") { $0.verbatim([UInt8]("some").raw) }
        check("$4\r\n2.50\r\n", ",2.50\r\n") { $0.double(text: "2.50") }
        check("$3\r\ninf\r\n", ",inf\r\n") { $0.double(text: "inf") }
    }

    @Test func longStrings() {
        let long = String(repeating: "x", count: 100_000)
        check("$100000\r\n\(long)\r\n") { $0.bulk(text: long) }
    }

    @Test func headersOfEveryLength() {
        for length in Array(0...130) + [999, 1000, 65536] {
            let text = String(repeating: "x", count: length)
            check("$\(length)\r\n\(text)\r\n") { $0.bulk([UInt8](text.utf8).raw) }
        }
    }

    /// A header may be written as a whole word, so bytes behind it must not be taken for written.
    @Test func shortStringsFillABuffer() {
        for count in 1...200 {
            let expected = String(repeating: "$1\r\na\r\n$12\r\nabcdefghijkl\r\n", count: count)
            check(expected) { writer in
                for _ in 0..<count {
                    writer.bulk([UInt8]("a".utf8).raw)
                    writer.bulk([UInt8]("abcdefghijkl".utf8).raw)
                }
            }
        }
    }

    @Test func nothing() {
        check("$-1\r\n", "_\r\n") { $0.null() }
        check("*-1\r\n", "_\r\n") { $0.nullArray() }
    }

    @Test func aggregates() {
        check("*0\r\n") { $0.array(0) }
        check("*4\r\n", "%2\r\n") { $0.map(2) }
        check("*3\r\n", "~3\r\n") { $0.set(3) }
        check("*3\r\n", ">3\r\n") { $0.push(3) }
        check("*0\r\n", "%0\r\n") { $0.map(0) }
    }

    @Test func arraysOfUnknownLength() {
        check(":1\r\n*2\r\n+a\r\n+b\r\n") { writer in
            writer.integer(1)
            let mark = writer.mark()
            writer.simple("a")
            writer.simple("b")
            writer.closeArray(2, since: mark)
        }
        check("*0\r\n") { $0.closeArray(0, since: $0.mark()) }
    }

    @Test func pushesChangeTheirVersion() {
        for (from, to) in [
            (ProtocolVersion.resp2, ProtocolVersion.resp3), (.resp3, .resp2), (.resp2, .resp2),
        ] {
            var writer = ReplyWriter(version: from)
            writer.push(2)
            writer.bulk("*")
            writer.bulk(">")
            writer.convertPush(to: to)
            let head = to == .resp3 ? ">" : "*"
            #expect(
                String(decoding: [UInt8](copying: writer.buffer.bytes), as: UTF8.self)
                    == "\(head)2\r\n$1\r\n*\r\n$1\r\n>\r\n")
            #expect(writer.version == to)
        }
    }

    @Test func takingLeavesTheVersion() {
        var writer = ReplyWriter(version: .resp3)
        writer.ok()
        let taken = writer.take()
        #expect(taken.count == 5)
        #expect(writer.count == 0)
        #expect(writer.version == .resp3)
    }
}
