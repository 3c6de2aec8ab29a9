@testable import chat
import Testing

/// JSON, as strict as its standard.
@Suite struct JSONTests {
    @Test(arguments: [
        ("null", JSON.null), (" true ", .boolean(true)), ("false", .boolean(false)),
        ("0", .number("0")), ("-1.5e+10", .number("-1.5e+10")), ("10E-2", .number("10E-2")),
        (#""""#, .string("")), (#""a\"\\\/\b\f\n\r\t""#, .string("a\"\\/\u{8}\u{c}\n\r\t")),
        (#""\u00e9\u20AC\ud83d\ude00é""#, .string("é€😀é")), ("[]", .array([])), ("{}", .object([])),
        ("[1, [2],{}]", .array([.number("1"), .array([.number("2")]), .object([])])),
        (
            #"{"a" : "b" , "a":null}"#,
            .object([.init(name: "a", value: .string("b")), .init(name: "a", value: .null)])
        ),
        ("\t\r\n1\r", .number("1")),
    ])
    func reads(_ text: String, _ value: JSON) throws {
        #expect(try JSON(Array(text.utf8)) == value)
    }

    @Test(arguments: [
        "", " ", "nul", "True", "01", "1.", ".5", "+1", "-", "1e", "0x1", "\"", "\"\\x\"", "\"\\u12\"",
        "\"\\u12g4\"", #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "\"a\u{1}\"", "\"a\nb\"", "[", "[1,]",
        "[1 2]", "{", "{1:2}", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "1 2", "{}{}", "'a'", "/**/1", "NaN",
        "\u{feff}1", String(repeating: "[", count: 100_000),
    ])
    func refuses(_ text: String) {
        #expect(throws: JSON.Fault.self) { try JSON(Array(text.utf8)) }
    }

    @Test func refusesWhatIsNotUTF8() {
        #expect(throws: JSON.Fault(reason: "a string that is not UTF-8", offset: 1)) {
            try JSON([0x22, 0xff, 0x22])
        }
    }

    @Test(arguments: ["", "plain", "\"\\/\u{8}\u{c}\n\r\t\u{0}\u{1f}\u{7f}", "é€😀\u{2028}"])
    func writesWhatItReads(_ text: String) throws {
        var bytes: [UInt8] = []
        JSON.append(text, to: &bytes)
        #expect(try JSON(bytes) == .string(text))
        #expect(bytes.allSatisfy { $0 >= 0x20 })
    }

    /// Damaged texts are refused or mean something else, and never do harm.
    @Test func damageIsHarmless() throws {
        let text = Array(
            #"{"Post":{"group_name":"g\u00e9\ud83d\ude00","message":[1.5e-3,true,null,{"a":"\n"}]}}"#.utf8)
        for index in text.indices {
            for byte: UInt8 in [0, 0x0a, 0x22, 0x2c, 0x30, 0x5b, 0x5c, 0x5d, 0x7b, 0x7d, 0x80, 0xc3, 0xff] {
                var damaged = text
                damaged[index] = byte
                _ = try? JSON(damaged)
                damaged.remove(at: index)
                _ = try? JSON(damaged)
            }
            #expect(throws: JSON.Fault.self) { try JSON(Array(text[..<index])) }
        }
    }

    @Test func packetsAreAsOnTheWire() throws {
        let join = ClientPacket.join(group: "g")
        let post = ClientPacket.post(group: "g", message: "m")
        #expect(String(decoding: join.line, as: UTF8.self) == #"{"Join":{"group_name":"g"}}"# + "\n")
        #expect(
            String(decoding: post.line, as: UTF8.self)
                == #"{"Post":{"group_name":"g","message":"m"}}"# + "\n")
        let message = ServerPacket.message(group: "g", message: "m")
        #expect(
            String(decoding: message.line, as: UTF8.self)
                == #"{"Message":{"group_name":"g","message":"m"}}"# + "\n")
        let error = ServerPacket.error("text")
        #expect(String(decoding: error.line, as: UTF8.self) == #"{"Error":"text"}"# + "\n")
        for packet in [join, post] { #expect(try ClientPacket(line: packet.line) == packet) }
        for packet in [message, error] { #expect(try ServerPacket(line: packet.line) == packet) }
        let turned = #" { "Post" : { "message" : "m" , "group_name" : "g" } } "#
        #expect(try ClientPacket(line: Array(turned.utf8)) == post)
    }

    @Test(arguments: [
        "1", "[]", "{}", #""Join""#, #"{"Join":"g"}"#, #"{"Join":{}}"#, #"{"Join":{"group_name":1}}"#,
        #"{"Join":{"name":"g"}}"#, #"{"Join":{"group_name":"g","x":1}}"#, #"{"Leave":{"group_name":"g"}}"#,
        #"{"Post":{"group_name":"g"}}"#, #"{"Post":{"group_name":"g","group_name":"g"}}"#,
        #"{"Join":{"group_name":"g"},"Post":{"group_name":"g","message":"m"}}"#,
        #"{"join":{"group_name":"g"}}"#,
    ])
    func otherObjectsAreNoPackets(_ line: String) {
        #expect(throws: ClientPacket.Fault.self) { try ClientPacket(line: Array(line.utf8)) }
    }

    @Test func linesComeWholeHoweverTheyArrive() {
        let long = String(repeating: "x", count: 30)
        let text = Array("one\n\ntwo\r\n\(long)\nlast".utf8)
        let expected: [LineBuffer.Line] = [
            .text(Array("one".utf8)), .text([]), .text(Array("two\r".utf8)), .tooLong,
            .text(Array("last".utf8)),
        ]
        for size in 1...text.count {
            var buffer = LineBuffer(longest: 10)
            var lines: [LineBuffer.Line] = []
            var rest = text[...]
            while !rest.isEmpty {
                let piece = rest.prefix(size)
                _ = buffer.fill { room in
                    for (index, byte) in piece.enumerated() {
                        room.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
                    }
                    return piece.count
                }
                rest = rest.dropFirst(size)
                while let line = buffer.next() { lines.append(line) }
            }
            if let line = buffer.rest() { lines.append(line) }
            #expect(lines == expected, "pieces of \(size)")
        }
    }
}
