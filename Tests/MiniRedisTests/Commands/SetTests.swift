import TestSupport
import Testing

/// The commands on sets through the wire: replies, encodings, errors and their order, events.
@Suite struct SetTests {
    @Test func members() async throws {
        try await expectScript(
            """
            SADD s 3 1 2 1 -> :3
            OBJECT ENCODING s -> "intset"
            SMEMBERS s -> ["1" "2" "3"]
            SADD s 1 a -> :1
            OBJECT ENCODING s -> "listpack"
            SCARD s -> :4
            SISMEMBER s a -> :1
            SISMEMBER s 01 -> :0
            SISMEMBER none a -> :0
            SMISMEMBER s a b 2 -> [:1 :0 :1]
            SMISMEMBER none a -> [:0]
            SREM s a b 1 -> :2
            SREM none a -> :0
            SREM s 2 3 -> :2
            EXISTS s -> :0
            SMEMBERS s -> []
            TYPE s -> none
            SET x y
            SADD x a -> -WRONGTYPE Operation against a key holding the wrong kind of value
            SCARD x -> -WRONGTYPE Operation against a key holding the wrong kind of value
            SADD s -> -ERR wrong number of arguments for 'sadd' command
            """)
    }

    @Test func encodingsFollowTheLimits() async throws {
        try await expectScript(
            """
            CONFIG SET set-max-intset-entries 3 set-max-listpack-entries 2 set-max-listpack-value 4
            SADD i 1 2 3 -> :3
            OBJECT ENCODING i -> "intset"
            SADD i 4 -> :1
            OBJECT ENCODING i -> "hashtable"
            SADD l a bbbb -> :2
            OBJECT ENCODING l -> "listpack"
            SADD l c -> :1
            OBJECT ENCODING l -> "hashtable"
            SADD v a -> :1
            SADD v bbbbb -> :1
            OBJECT ENCODING v -> "hashtable"
            SADD h a b c -> :3
            OBJECT ENCODING h -> "hashtable"
            SADD m 1 2 -> :2
            SADD m a -> :1
            OBJECT ENCODING m -> "hashtable"
            SREM h a b -> :2
            OBJECT ENCODING h -> "hashtable"
            SINTERSTORE d i i -> :4
            OBJECT ENCODING d -> "hashtable"
            SREM i 1 -> :1
            SINTERSTORE d i i -> :3
            OBJECT ENCODING d -> "intset"
            """)
    }

    @Test func algebra() async throws {
        try await expectScript(
            """
            SADD a 1 2 3 x
            SADD b 2 3 4
            SINTER a b -> ["2" "3"]
            SINTER a none -> []
            SDIFF a b -> ["1" "x"]
            SDIFF none a -> []
            SUNION b b -> ["2" "3" "4"]
            SINTERCARD 2 a b -> :2
            SINTERCARD 2 a b LIMIT 1 -> :1
            SINTERCARD 2 a b LIMIT 0 -> :2
            SINTERCARD 0 a -> -ERR numkeys should be greater than 0
            SINTERCARD 2 a -> -ERR Number of keys can't be greater than number of args
            SINTERCARD 1 a LIMIT -1 -> -ERR LIMIT can't be negative
            SINTERCARD 1 a LIMIT -> -ERR syntax error
            SINTERSTORE a a b -> :2
            SMEMBERS a -> ["2" "3"]
            SUNIONSTORE d a b none -> :3
            SDIFFSTORE d d a -> :1
            SMEMBERS d -> ["4"]
            SDIFFSTORE d d d -> :0
            EXISTS d -> :0
            SET str v
            SINTER a str -> -WRONGTYPE Operation against a key holding the wrong kind of value
            SUNIONSTORE str a -> :2
            TYPE str -> set
            """)
    }

    @Test func moving() async throws {
        try await expectScript(
            """
            SADD a 1 2
            SMOVE a b 1 -> :1
            SMOVE a b 1 -> :0
            SMOVE a a 2 -> :1
            SMOVE a a 3 -> :0
            SMOVE none b 1 -> :0
            SMOVE a b 2 -> :1
            EXISTS a -> :0
            SMEMBERS b -> ["1" "2"]
            SET str v
            SMOVE b str 1 -> -WRONGTYPE Operation against a key holding the wrong kind of value
            SMOVE none str 1 -> :0
            COPY b c -> :1
            SREM b 1
            SMEMBERS c -> ["1" "2"]
            RENAME c d
            MOVE d 1 -> :1
            SELECT 1
            SMEMBERS d -> ["1" "2"]
            """)
    }

    @Test func picking() async throws {
        try await withServer { server in
            let client = try server.connect()
            for (key, members) in [("i", 0..<100), ("p", 0..<100), ("t", 0..<1000)] {
                let words = members.map { key == "i" ? "\($0)" : "m\($0)" }
                #expect(
                    try client.command((["SADD", key] + words).map { Array($0.utf8) })
                        == .integer(Int64(members.count)))
                let all = Set(words)
                for count in [1, 7, members.count - 1, members.count, 5000] {
                    let picked = try texts(client.command("SRANDMEMBER", key, "\(count)"))
                    #expect(picked.count == min(count, members.count))
                    #expect(Set(picked).count == picked.count && all.isSuperset(of: picked))
                }
                let repeated = try texts(client.command("SRANDMEMBER", key, "-5000"))
                #expect(repeated.count == 5000 && all.isSuperset(of: repeated))
                let popped = try texts(client.command("SPOP", key, "\(members.count / 2)"))
                let rest = try texts(client.command("SMEMBERS", key))
                #expect(Set(popped).isDisjoint(with: rest) && Set(popped).union(rest) == all)
                #expect(try texts(client.command("SPOP", key, "5000")).count == rest.count)
                #expect(try client.command("EXISTS", key) == .integer(0))
            }
        }
    }

    /// Members are as likely to be picked wherever they are: a thousand picks of each are expected.
    @Test func picksAreFair() async throws {
        try await withServer { server in
            let client = try server.connect()
            for words in [(0..<20).map { "\($0)" }, (0..<20).map { "m\($0)" }] {
                _ = try client.command((["SADD", words[0]] + words).map { Array($0.utf8) })
                var counts: [String: Int] = [:]
                for member in try texts(client.command("SRANDMEMBER", words[0], "-20000")) {
                    counts[member, default: 0] += 1
                }
                #expect(words.allSatisfy { (800...1200).contains(counts[$0] ?? 0) })
            }
        }
    }

    @Test func pickErrors() async throws {
        try await expectScript(
            """
            SADD s a
            SPOP none -> nil
            SPOP none 3 -> []
            SRANDMEMBER none -> nil
            SRANDMEMBER none 3 -> []
            SRANDMEMBER s 0 -> []
            SPOP s 0 -> []
            SPOP s -1 -> -ERR value is out of range, must be positive
            SPOP s 1 1 -> -ERR syntax error
            SRANDMEMBER s x -> -ERR value is not an integer or out of range
            SRANDMEMBER s -9223372036854775808 -> -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
            SPOP s -> "a"
            EXISTS s -> :0
            """)
    }

    /// As many random picks as a client asks for, but not more than a server can hold.
    @Test func endlessPicksAreRefused() async throws {
        try await withServer { server in
            let client = try server.connect()
            let member = String(repeating: "m", count: 1 << 20)
            #expect(try client.command("SADD", "s", member) == .integer(1))
            #expect(
                try client.command("SRANDMEMBER", "s", "-9223372036854775807")
                    == .error("ERR value is out of range"))
            #expect(try client.command("PING") == .simple("PONG"))
        }
    }

    @Test func scanning() async throws {
        try await withServer { server in
            let client = try server.connect()
            _ = try client.command("SADD", "small", "1", "2", "x1")
            #expect(
                try client.command("SSCAN", "small", "0", "COUNT", "1", "MATCH", "*1")
                    == .array([bulk("0"), .array([bulk("1"), bulk("x1")])]))
            let members = (0..<5000).map { "m\($0)" }
            _ = try client.command((["SADD", "big"] + members).map { Array($0.utf8) })
            var found: Set<String> = []
            var cursor = "0"
            repeat {
                guard case .array(let parts) = try client.command("SSCAN", "big", cursor, "COUNT", "50"),
                    case .bulk(let next) = parts.first, parts.count == 2
                else {
                    Issue.record("no scan")
                    break
                }
                found.formUnion(texts(parts[1]))
                cursor = String(decoding: next, as: UTF8.self)
            } while cursor != "0"
            #expect(found == Set(members))
            #expect(try client.command("SSCAN", "big", "x") == .error("ERR invalid cursor"))
            #expect(try client.command("SSCAN", "big", "0", "COUNT", "0") == .error("ERR syntax error"))
            #expect(
                try client.command("SSCAN", "big", "0", "NOVALUES")
                    == .error("ERR NOVALUES option can only be used in HSCAN"))
            #expect(
                try client.command("SSCAN", "none", "0", "COUNT", "0")
                    == .array([bulk("0"), .array([])]))
        }
    }

    private func bulk(_ text: String) -> Reply { .bulk(Array(text.utf8)) }

    private func texts(_ reply: Reply) -> [String] {
        guard case .array(let items) = reply else { return [] }
        return items.compactMap { item in
            if case .bulk(let bytes) = item { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }
}
