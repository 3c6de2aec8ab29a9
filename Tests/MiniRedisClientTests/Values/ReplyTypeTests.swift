import Testing

@testable import MiniRedisClient

/// Replies that are read as types of their own, sound and unsound.
@Suite struct ReplyTypeTests {
    private func text(_ text: String) -> RESPValue { .bulkString(Array(text.utf8)) }

    @Test func commonSubsequences() throws {
        let ranges = RESPValue.array([
            .array([.integer(4), .integer(7)]), .array([.integer(5), .integer(8)]),
        ])
        let flat = RESPValue.array([text("matches"), .array([ranges]), text("len"), .integer(6)])
        let read = try RedisCommonSubsequence(resp: flat)
        #expect(read.length == 6 && read.matches.map(\.first) == [4...7] && read.matches[0].length == nil)
        let backward = RESPValue.array([
            .array([.integer(7), .integer(4)]), .array([.integer(5), .integer(8)]),
        ])
        for wrong in [
            .null, .array([]), .array([text("matches"), .array([backward]), text("len"), .integer(6)]),
            .array([text("matches"), .array([.null]), text("len"), .integer(6)]),
        ] as [RESPValue] {
            #expect(throws: RedisError.self) { try RedisCommonSubsequence(resp: wrong) }
        }
    }

    @Test func increments() throws {
        let read = try RedisIncrement<Int>(resp: .array([.integer(5), .integer(2)]))
        #expect(read.value == 5 && read.added == 2)
        #expect(try RedisIncrement<Double>(resp: .array([text("1.5"), .double(1)])).value == 1.5)
        #expect(throws: RedisError.self) { try RedisIncrement<Int>(resp: .array([.integer(5)])) }
    }

    @Test func fieldsComeFlatOrInPairs() throws {
        let pairs = RESPValue.array([.array([text("f"), text("v")]), .array([text("g"), text("w")])])
        let flat = RESPValue.array([text("f"), text("v"), text("g"), text("w")])
        #expect(try [RedisField](resp: pairs) == [RedisField](resp: flat))
        #expect(try [RedisField](resp: flat).map(\.value) == [Array("v".utf8), Array("w".utf8)])
        #expect(try [RedisField](resp: .array([])).isEmpty)
        #expect(throws: RedisError.self) { try [RedisField](resp: .null) }
        #expect(throws: RedisError.self) { try [RedisField](resp: .array([.array([])])) }
    }

    @Test func poppedElements() throws {
        let one = try RedisPopped(resp: .array([text("k"), text("e")]))
        let many = try RedisPopped(resp: .array([text("k"), .array([text("e")])]))
        #expect(one == many && one.elements == [Array("e".utf8)])
        #expect(throws: RedisError.self) { try RedisPopped(resp: .array([text("k")])) }
        #expect(RedisPopped.seconds(nil) == 0)
        #expect(RedisPopped.seconds(.zero) == 0.001, "no time is not for ever")
        #expect(RedisPopped.seconds(.milliseconds(1500)) == 1.5)
    }
}
