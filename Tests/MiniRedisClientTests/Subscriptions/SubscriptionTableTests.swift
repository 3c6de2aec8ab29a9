import Testing

@testable import MiniRedisClient

/// Who is told what, without a connection.
@Suite struct SubscriptionTableTests {
    private func push(_ words: String...) -> [RESPValue] { words.map { .bulkString(Array($0.utf8)) } }

    /// A table with one subscriber who follows these.
    private func followed(_ kind: SubscriptionKind, _ names: String...) -> (SubscriptionTable, MessageBuffer)
    {
        var table = SubscriptionTable()
        let buffer = MessageBuffer(.init())
        table.add(buffer, kind, names.map { Array($0.utf8) })
        return (table, buffer)
    }

    @Test(arguments: [
        (SubscriptionKind.channel, "missed"), (.pattern, "pmissed"), (.shard, "smissed"),
    ])
    func whatTheServerDroppedIsTold(_ kind: SubscriptionKind, _ word: String) async throws {
        let (table, buffer) = followed(kind, "n*")
        #expect(table.take(push(word, "other", "7")) == .message)
        #expect(table.take([.simpleString(word), .bulkString(Array("n*".utf8)), .integer(3)]) == .message)
        buffer.end(.closed)
        #expect(try await buffer.next() == .dropped(3, of: Array("n*".utf8)))
        #expect(try await buffer.next() == nil)
    }

    @Test func inRESP2ItIsToldByMessages() async throws {
        let (channels, channelBuffer) = followed(.channel, "c", "__missed__:own")
        _ = channels.take(push("message", "__missed__:c", "3"))
        _ = channels.take(push("message", "__missed__:own", "text"))
        channelBuffer.end(.closed)
        #expect(try await channelBuffer.next() == .dropped(3, of: Array("c".utf8)))
        let own = RedisMessage(channel: Array("__missed__:own".utf8), payload: Array("text".utf8))
        #expect(try await channelBuffer.next() == .message(own))
        #expect(try await channelBuffer.next() == nil)

        let (patterns, patternBuffer) = followed(.pattern, "p*", "*")
        _ = patterns.take(push("pmessage", "p*", "__missed__:p*", "4"))
        _ = patterns.take(push("pmessage", "*", "__missed__:p*", "text"))
        patternBuffer.end(.closed)
        #expect(try await patternBuffer.next() == .dropped(4, of: Array("p*".utf8)))
        let other = RedisMessage(
            channel: Array("__missed__:p*".utf8), pattern: Array("*".utf8), payload: Array("text".utf8))
        #expect(try await patternBuffer.next() == .message(other))
        #expect(try await patternBuffer.next() == nil)

        let (shards, shardBuffer) = followed(.shard, "s")
        _ = shards.take(push("smessage", "__missed__:s", "5"))
        shardBuffer.end(.closed)
        #expect(try await shardBuffer.next() == .dropped(5, of: Array("s".utf8)))
    }

    @Test func nonsenseIsPassedOver() async throws {
        let (table, buffer) = followed(.channel, "c")
        for parts in [
            [], push("missed"), push("missed", "c"), push("missed", "c", "-1"), push("missed", "c", "many"),
            push("message"), [.null, .null, .null], push("message", "c"), push("invalidate", "k"),
        ] {
            #expect(table.take(parts) == .message)
        }
        _ = table.take([.simpleString("message"), .array([]), .null])
        buffer.end(.closed)
        #expect(try await buffer.next() == nil)
    }

    @Test func namesAreKnownForFollowingAgain() {
        var (table, buffer) = followed(.channel, "a", "b")
        table.add(buffer, .pattern, [Array("p".utf8)])
        #expect(Set(table.names(of: .channel)) == [[0x61], [0x62]] && table.names(of: .shard).isEmpty)
        let refused = table.removeAll(of: .channel)
        #expect(refused.count == 1 && table.names(of: .channel).isEmpty && !table.isEmpty)
        #expect(table.remove(buffer, .pattern, [Array("p".utf8)]) == [Array("p".utf8)] && table.isEmpty)
    }
}
