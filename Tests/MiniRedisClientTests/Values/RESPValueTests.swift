import RESP
import Testing

@testable import MiniRedisClient

extension Inbox {
    /// What a fresh one makes of some bytes.
    static func values(of pieces: [[UInt8]]) throws -> [RESPValue] {
        var inbox = Inbox()
        for piece in pieces { try inbox.feed(piece) }
        return inbox.values
    }
}

/// Values as they come off the wire, and as what they can be read.
@Suite struct RESPValueTests {
    @Test func attributesAreDropped() throws {
        let values = try Inbox.values(of: [
            Array("|1\r\n+ttl\r\n:3\r\n*2\r\n|1\r\n+a\r\n*1\r\n:9\r\n:1\r\n:2\r\n".utf8)
        ])
        #expect(values == [.array([.integer(1), .integer(2)])])
    }

    @Test(arguments: 0..<10) func whatTheServerWritesIsRead(_ seed: Int) throws {
        var generator = SplitMix(state: UInt64(seed))
        for _ in 0..<200 {
            let value = RESPValue.random(depth: 4, using: &generator)
            var writer = ReplyWriter(version: .resp3)
            value.write(to: &writer)
            let bytes = unsafe writer.buffer.bytes.withUnsafeBytes { unsafe Array($0) }  // copied at once
            #expect(try Inbox.values(of: [bytes]) == [value], "seed \(seed)")
            let split = Int.random(in: 0...bytes.count, using: &generator)
            #expect(
                try Inbox.values(of: [Array(bytes[..<split]), Array(bytes[split...])]) == [value],
                "seed \(seed) at \(split)")
            #expect(try Inbox.values(of: bytes.map { [$0] }) == [value], "seed \(seed) in single bytes")
        }
    }

    @Test func valuesAreReadAsTypes() throws {
        #expect(try String(resp: .bulkString([0x61])) == "a")
        #expect(try [UInt8](resp: .bulkString([0, 255])) == [0, 255])
        #expect(try [UInt8](resp: .simpleString("a")) == [0x61])
        #expect(try [UInt8]?(resp: .null) == nil)
        #expect(try Int(resp: .bulkString(Array("-5".utf8))) == -5)
        #expect(try Double(resp: .bulkString(Array("1.5".utf8))) == 1.5)
        #expect(try Double(resp: .integer(2)) == 2)
        #expect(
            try Bool(resp: .simpleString("OK")) && Bool(resp: .integer(1)) && !Bool(resp: .null)
                && !Bool(resp: .boolean(false)))
        #expect(try [String?](resp: .array([.bulkString([0x61]), .null])) == ["a", nil])
        #expect(try [[UInt8]](resp: .set([.bulkString([1])])) == [[1]])
        #expect(try [String: Int](resp: .map([RESPPair(.simpleString("a"), .integer(1))])) == ["a": 1])
        #expect(try [String: Int](resp: .array([.simpleString("a"), .integer(1)])) == ["a": 1])
    }

    @Test func mismatchesAreTold() {
        #expect(throws: RedisError.unexpectedReply(.array([]), expected: "a string")) {
            try String(resp: .array([]))
        }
        #expect(throws: RedisError.unexpectedReply(.bulkString([0x61]), expected: "an integer")) {
            try Int(resp: .bulkString([0x61]))
        }
        #expect(throws: RedisError.unexpectedReply(.integer(256), expected: "a byte")) {
            try UInt8(resp: .integer(256))
        }
        #expect(throws: RedisError.unexpectedReply(.integer(2), expected: "a truth value")) {
            try Bool(resp: .integer(2))
        }
        let error = RedisServerError("WRONGTYPE Operation against")
        #expect(error.code == "WRONGTYPE" && error.text == "Operation against")
        #expect(throws: RedisError.server(error)) { try String(resp: .error(error)) }
        #expect(throws: RedisError.server(error)) { try [String](resp: .array([.error(error)])) }
    }
}

/// A small generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

extension RESPValue {
    /// A value that the server's writer can write.
    static func random(depth: Int, using generator: inout SplitMix) -> RESPValue {
        let bytes = (0..<Int.random(in: 0..<8, using: &generator)).map { _ in
            UInt8.random(in: 0...255, using: &generator)
        }
        switch Int.random(in: 0..<(depth > 0 ? 11 : 7), using: &generator) {
        case 0: return .null
        case 1: return .integer(Int64.random(in: .min ... .max, using: &generator))
        case 2: return .bulkString(bytes)
        case 3: return .double(Double(Int.random(in: -1_000_000...1_000_000, using: &generator)) / 1024)
        case 4: return .boolean(Bool.random(using: &generator))
        case 5: return .verbatimString(format: "txt", text: bytes)
        case 6: return .error(RedisServerError("ERR \(bytes.count)"))
        case 7: return .array(many(depth, &generator))
        case 8: return .set(many(depth, &generator))
        case 9: return .push(many(depth, &generator))
        default:
            let keys = many(depth, &generator)
            return .map(keys.map { RESPPair($0, .random(depth: depth - 1, using: &generator)) })
        }
    }

    private static func many(_ depth: Int, _ generator: inout SplitMix) -> [RESPValue] {
        (0..<Int.random(in: 0..<4, using: &generator)).map { _ in .random(depth: depth - 1, using: &generator)
        }
    }

    /// Writes the value as the server does.
    func write(to writer: inout ReplyWriter) {
        switch self {
        case .null: writer.null()
        case .simpleString, .bigNumber: break
        // The array outlives the call.
        case .error(let error): unsafe writer.error(Array(error.message.utf8).span.bytes)
        case .integer(let value): writer.integer(value)
        case .bulkString(let bytes): writer.bulk(bytes)
        case .double(let value): writer.double(text: "\(value)")
        case .boolean(let value): writer.boolean(value)
        // The array outlives the call.
        case .verbatimString(_, let text): unsafe writer.verbatim(text.span.bytes)
        case .array(let all):
            writer.array(all.count)
            for one in all { one.write(to: &writer) }
        case .set(let all):
            writer.set(all.count)
            for one in all { one.write(to: &writer) }
        case .push(let all):
            writer.push(all.count)
            for one in all { one.write(to: &writer) }
        case .map(let pairs):
            writer.map(pairs.count)
            for pair in pairs {
                pair.key.write(to: &writer)
                pair.value.write(to: &writer)
            }
        }
    }
}
