import Testing

@testable import Engine

@Suite struct StreamIDTests {
    private func parse(_ text: String) -> String? {
        StreamID.parse(Array(text.utf8).raw, missing: 7).map { String(decoding: $0.text, as: UTF8.self) }
    }

    @Test func texts() {
        #expect(parse("1-2") == "1-2")
        #expect(parse("1") == "1-7")
        #expect(
            parse("18446744073709551615-18446744073709551615") == "18446744073709551615-18446744073709551615")
        #expect(parse("9223372036854775808-9223372036854775807") == "9223372036854775808-9223372036854775807")
        // What C reads as a number, and where its strings end.
        #expect(parse("01-+2") == "1-2")
        #expect(parse("1-2\0x") == "1-2")
        for wrong in ["", "-", "+", "1-", "-1", "1--", "a", "1-a", "1-*", "18446744073709551616", "1-2 "] {
            #expect(parse(wrong) == nil, "\(wrong)")
        }
        #expect(parse(String(repeating: "0", count: 127)) == "0-7")
        #expect(parse(String(repeating: "0", count: 128)) == nil)
    }

    @Test func neighbours() {
        let edge = StreamID(milliseconds: 5, sequence: .max)
        #expect(edge.successor == StreamID(milliseconds: 6, sequence: 0))
        #expect(edge.successor?.predecessor == edge)
        #expect(StreamID.largest.successor == nil)
        #expect(StreamID.zero.predecessor == nil)
        #expect(StreamID(milliseconds: 1, sequence: 9) < StreamID(milliseconds: 2, sequence: 0))
    }
}
