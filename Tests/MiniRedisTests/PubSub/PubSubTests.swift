import Engine
import MiniRedis
import TestSupport
import Testing

/// Channels, patterns and shard channels through the wire.
@Suite struct PubSubTests {
    @Test func messagesReachFollowersOnly() async throws {
        try await withServer { server in
            let follower = try server.connect()
            let other = try server.connect()
            let publisher = try server.connect()
            #expect(
                try follower.command("SUBSCRIBE", "a", "b", "a")
                    == .array([.text("subscribe"), .text("a"), .integer(1)]))
            #expect(try follower.receive() == .array([.text("subscribe"), .text("b"), .integer(2)]))
            #expect(try follower.receive() == .array([.text("subscribe"), .text("a"), .integer(2)]))
            try other.command("PSUBSCRIBE", "[bc]*")
            #expect(try publisher.command("PUBLISH", "a", "one") == .integer(1))
            #expect(try publisher.command("PUBLISH", "b", "two") == .integer(2))
            #expect(try publisher.command("PUBLISH", "d", "none") == .integer(0))
            #expect(try follower.receive() == .array([.text("message"), .text("a"), .text("one")]))
            #expect(try follower.receive() == .array([.text("message"), .text("b"), .text("two")]))
            #expect(
                try other.receive() == .array([.text("pmessage"), .text("[bc]*"), .text("b"), .text("two")]))
            #expect(other.isSilent(for: 20))
        }
    }

    @Test func unsubscribingFromAllConfirmsEach() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("UNSUBSCRIBE") == .array([.text("unsubscribe"), .null, .integer(0)]))
            try client.command("SUBSCRIBE", "x")
            try client.command("PSUBSCRIBE", "y*")
            #expect(
                try client.command("UNSUBSCRIBE") == .array([.text("unsubscribe"), .text("x"), .integer(1)]))
            #expect(
                try client.command("PUNSUBSCRIBE", "no", "y*")
                    == .array([.text("punsubscribe"), .text("no"), .integer(1)]))
            #expect(try client.receive() == .array([.text("punsubscribe"), .text("y*"), .integer(0)]))
            #expect(try client.command("GET", "k") == .null)
        }
    }

    @Test func subscribersAreRestrictedInRESP2() async throws {
        try await withServer { server in
            let client = try server.connect()
            try client.command("SSUBSCRIBE", "shard")
            #expect(
                try client.command("GET", "k")
                    == .error(
                        "ERR Can't execute 'get': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context"
                    ))
            #expect(try client.command("PING") == .array([.text("pong"), .text("")]))
            #expect(try client.command("PING", "hi") == .array([.text("pong"), .text("hi")]))
            try client.command("SUNSUBSCRIBE")
            #expect(try client.command("PING") == .simple("PONG"))
        }
    }

    @Test func shardChannelsAreANamespaceOfTheirOwn() async throws {
        try await withServer { server in
            let client = try server.connect()
            let publisher = try server.connect()
            #expect(
                try client.command("SSUBSCRIBE", "c")
                    == .array([.text("ssubscribe"), .text("c"), .integer(1)]))
            #expect(try publisher.command("PUBLISH", "c", "m") == .integer(0))
            #expect(try publisher.command("SPUBLISH", "c", "m") == .integer(1))
            #expect(try client.receive() == .array([.text("smessage"), .text("c"), .text("m")]))
            #expect(
                try publisher.command("PUBSUB", "SHARDNUMSUB", "c", "d")
                    == .array([.text("c"), .integer(1), .text("d"), .integer(0)]))
            #expect(try publisher.command("PUBSUB", "SHARDCHANNELS") == .array([.text("c")]))
            #expect(try publisher.command("PUBSUB", "CHANNELS") == .array([]))
        }
    }

    @Test func introspectionCountsFollowers() async throws {
        try await withServer { server in
            let one = try server.connect()
            let two = try server.connect()
            let asking = try server.connect()
            try one.command("SUBSCRIBE", "news")
            try two.command("SUBSCRIBE", "news")
            try two.command("PSUBSCRIBE", "n*")
            try one.command("PSUBSCRIBE", "n*")
            #expect(try asking.command("PUBSUB", "NUMSUB", "news") == .array([.text("news"), .integer(2)]))
            #expect(try asking.command("PUBSUB", "NUMPAT") == .integer(1))
            #expect(try asking.command("PUBSUB", "CHANNELS", "x*") == .array([]))
            #expect(try asking.command("PUBSUB", "NUMSUB") == .array([]))
            #expect(
                try asking.command("PUBSUB", "NOPE")
                    == .error("ERR unknown subcommand 'NOPE'. Try PUBSUB HELP."))
            #expect(
                try asking.command("PUBSUB", "channels", "a", "b")
                    == .error(
                        "ERR unknown subcommand or wrong number of arguments for 'channels'. Try PUBSUB HELP."
                    ))
            // A client that goes takes its subscriptions along.
            one.shutdownSending()
            _ = try one.receiveUntilClosed()
            #expect(
                try asking.waitUntil {
                    try $0.command("PUBSUB", "NUMSUB", "news") == .array([.text("news"), .integer(1)])
                })
        }
    }

    @Test func keyspaceEventsAreMessages() async throws {
        try await withServer {
            $0.notifyKeyspaceEvents = [.keyspace, .keyevent, .string, .expired, .newKey]
        } _: { server in
            let follower = try server.connect()
            let writer = try server.connect()
            try follower.command("PSUBSCRIBE", "__key*__:*")
            try writer.command("SET", "k", "v", "PX", "5")
            let messages = try (0..<6).map { _ in
                try follower.receive().elements.suffix(2).compactMap(\.string)
            }
            #expect(
                messages == [
                    ["__keyspace@0__:k", "new"], ["__keyevent@0__:new", "k"], ["__keyspace@0__:k", "set"],
                    ["__keyevent@0__:set", "k"], ["__keyspace@0__:k", "expired"],
                    ["__keyevent@0__:expired", "k"],
                ])
        }
    }

    @Test func aStalledSubscriberIsClosedAtItsHardLimit() async throws {
        try await withServer { server in
            let stalled = try server.connect()
            let publisher = try server.connect()
            try stalled.command("SUBSCRIBE", "flood")
            let message = String(repeating: "x", count: 1 << 20)
            var receivers = try publisher.command("PUBLISH", "flood", message)
            var sent = 0
            while receivers == .integer(1), sent < 200 {
                receivers = try publisher.command("PUBLISH", "flood", message)
                sent += 1
            }
            // 32 MiB is the default; the kernel's buffers take some more.
            #expect(receivers == .integer(0) && sent >= 31)
        }
    }
}
