import TestSupport
import Testing

/// The commands on lists through the wire: replies, encodings, errors and their order.
@Suite struct ListTests {
    @Test func pushing() async throws {
        try await expectScript(
            """
            LPUSHX l a -> :0
            RPUSHX l a -> :0
            EXISTS l -> :0
            LPUSH l a b -> :2
            RPUSH l 1 -01 -> :4
            LPUSHX l x -> :5
            RPUSHX l "" y -> :7
            LRANGE l 0 -1 -> ["x" "b" "a" "1" "-01" "" "y"]
            OBJECT ENCODING l -> "listpack"
            TYPE l -> list
            LLEN l -> :7
            LLEN none -> :0
            SET s v
            LPUSH s a -> -WRONGTYPE Operation against a key holding the wrong kind of value
            LPUSHX s a -> -WRONGTYPE Operation against a key holding the wrong kind of value
            LLEN s -> -WRONGTYPE Operation against a key holding the wrong kind of value
            RPUSH l -> -ERR wrong number of arguments for 'rpush' command
            """)
    }

    @Test func reading() async throws {
        try await expectScript(
            """
            RPUSH l a b c d
            LRANGE l 1 2 -> ["b" "c"]
            LRANGE l -100 0 -> ["a"]
            LRANGE l -2 100 -> ["c" "d"]
            LRANGE l 3 1 -> []
            LRANGE l 4 9 -> []
            LRANGE l -9223372036854775808 9223372036854775807 -> ["a" "b" "c" "d"]
            LRANGE none 0 -1 -> []
            LRANGE none 0 x -> -ERR value is not an integer or out of range
            LINDEX l 0 -> "a"
            LINDEX l -1 -> "d"
            LINDEX l 4 -> nil
            LINDEX l -5 -> nil
            LINDEX l 9223372036854775807 -> nil
            LINDEX l -9223372036854775808 -> nil
            LINDEX none x -> nil
            LINDEX l x -> -ERR value is not an integer or out of range
            """)
    }

    @Test func popping() async throws {
        try await expectScript(
            """
            RPUSH l a b c d e f
            LPOP l -> "a"
            RPOP l -> "f"
            LPOP l 0 -> []
            RPOP l 2 -> ["e" "d"]
            LPOP l 9223372036854775807 -> ["b" "c"]
            EXISTS l -> :0
            LPOP l -> nil
            LPOP l 2 -> nil
            LPOP l 0 -> nil
            LPOP l -1 -> -ERR value is out of range, must be positive
            LPOP l x -> -ERR value is out of range, must be positive
            LPOP l 1 1 -> -ERR wrong number of arguments for 'lpop' command
            RPOP l 1 1 -> -ERR wrong number of arguments for 'rpop' command
            SET s v
            LPOP s -> -WRONGTYPE Operation against a key holding the wrong kind of value
            LPOP s 0 -> -WRONGTYPE Operation against a key holding the wrong kind of value
            RPUSH l a
            RPOP l -> "a"
            EXISTS l -> :0
            """)
    }

    /// No list is a null bulk string, but a null array where several elements were asked for.
    @Test func nullsOfBothProtocols() async throws {
        try await withServer { server in
            for (version, nulls) in [("2", "$-1\r\n*-1\r\n*-1\r\n$-1\r\n"), ("3", "_\r\n_\r\n_\r\n_\r\n")] {
                let client = try server.connect()
                _ = try client.command("HELLO", version)
                try client.send("LPOP none\r\nLPOP none 1\r\nLMPOP 1 none LEFT\r\nLMOVE none l LEFT LEFT\r\n")
                client.shutdownSending()
                #expect(try String(decoding: client.receiveUntilClosed(), as: UTF8.self) == nulls)
            }
        }
    }

    @Test func changing() async throws {
        try await expectScript(
            """
            RPUSH l a b c
            LSET l 1 B
            LSET l -1 C
            LSET l 3 d -> -ERR index out of range
            LSET l -4 d -> -ERR index out of range
            LSET l x d -> -ERR value is not an integer or out of range
            LSET none x d -> -ERR no such key
            LRANGE l 0 -1 -> ["a" "B" "C"]
            LINSERT l before B 1 -> :4
            LINSERT l AFTER C 2 -> :5
            LINSERT l AFTER x 2 -> :-1
            LINSERT none AFTER x 2 -> :0
            LINSERT none x x 2 -> -ERR syntax error
            LRANGE l 0 -1 -> ["a" "1" "B" "C" "2"]
            RPUSH r x 1 x 1 x 1
            LREM r 1 x -> :1
            LREM r -1 x -> :1
            LRANGE r 0 -1 -> ["1" "x" "1" "1"]
            LREM r 0 1 -> :3
            LREM r 0 none -> :0
            LREM r 0 x -> :1
            EXISTS r -> :0
            LREM r 0 x -> :0
            LREM r -9223372036854775808 x -> -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
            """)
    }

    @Test func trimming() async throws {
        try await expectScript(
            """
            RPUSH l a b c d e
            LTRIM l 0 -1
            LTRIM l 1 -2
            LRANGE l 0 -1 -> ["b" "c" "d"]
            LTRIM l -2 100
            LRANGE l 0 -1 -> ["c" "d"]
            LTRIM l x 0 -> -ERR value is not an integer or out of range
            LTRIM l 5 9
            EXISTS l -> :0
            LTRIM l 0 1
            SET s v
            LTRIM s 0 1 -> -WRONGTYPE Operation against a key holding the wrong kind of value
            """)
    }

    @Test func positions() async throws {
        try await expectScript(
            """
            RPUSH l a b 1 a b 1 a
            LPOS l a -> :0
            LPOS l 1 RANK 2 -> :5
            LPOS l a RANK -1 -> :6
            LPOS l a RANK -3 -> :0
            LPOS l a RANK 4 -> nil
            LPOS l a COUNT 0 -> [:0 :3 :6]
            LPOS l a COUNT 2 RANK -2 -> [:3 :0]
            LPOS l a COUNT 1 RANK 2 -> [:3]
            LPOS l 1 MAXLEN 2 -> nil
            LPOS l 1 MAXLEN 3 -> :2
            LPOS l b MAXLEN 4 COUNT 0 RANK -1 -> [:4]
            LPOS l x COUNT 5 -> []
            LPOS none a -> nil
            LPOS none a COUNT 1 -> []
            LPOS none a RANK 0 -> -ERR RANK can't be zero: use 1 to start from the first match, 2 from the second ... or use negative to start from the end of the list
            LPOS l a RANK x -> -ERR value is not an integer or out of range
            LPOS l a RANK -9223372036854775808 -> -ERR value is out of range, value must between -9223372036854775807 and 9223372036854775807
            LPOS l a RANK -9223372036854775807 -> nil
            LPOS l a COUNT -1 -> -ERR COUNT can't be negative
            LPOS l a MAXLEN x -> -ERR MAXLEN can't be negative
            LPOS l a RANK -> -ERR syntax error
            LPOS l a FOO 1 -> -ERR syntax error
            """)
    }

    @Test func moving() async throws {
        try await expectScript(
            """
            RPUSH l a b 3
            LMOVE l m LEFT RIGHT -> "a"
            LMOVE l m right left -> "3"
            LRANGE m 0 -1 -> ["3" "a"]
            LMOVE l l LEFT RIGHT -> "b"
            LMOVE l m LEFT LEFT -> "b"
            EXISTS l -> :0
            LMOVE l m LEFT LEFT -> nil
            LMOVE m m LEFT RIGHT -> "b"
            LRANGE m 0 -1 -> ["3" "a" "b"]
            RPOPLPUSH m m -> "b"
            RPOPLPUSH m n -> "a"
            RPOPLPUSH none n -> nil
            LMOVE m n UP LEFT -> -ERR syntax error
            SET s v
            LMOVE none s LEFT LEFT -> nil
            LMOVE m s LEFT LEFT -> -WRONGTYPE Operation against a key holding the wrong kind of value
            RPOPLPUSH s m -> -WRONGTYPE Operation against a key holding the wrong kind of value
            LRANGE m 0 -1 -> ["b" "3"]
            """)
    }

    @Test func poppingFromTheFirstList() async throws {
        try await expectScript(
            """
            RPUSH l 1 2 3 4
            LMPOP 2 none l LEFT -> ["l" ["1"]]
            LMPOP 2 l none right COUNT 2 -> ["l" ["4" "3"]]
            LMPOP 1 l RIGHT COUNT 9 -> ["l" ["2"]]
            EXISTS l -> :0
            LMPOP 1 l LEFT -> nil
            LMPOP 0 l LEFT -> -ERR numkeys should be greater than 0
            LMPOP x l LEFT -> -ERR numkeys should be greater than 0
            LMPOP 2 l LEFT -> -ERR syntax error
            LMPOP 1 l LEFT COUNT 0 -> -ERR count should be greater than 0
            LMPOP 1 l LEFT COUNT -> -ERR syntax error
            LMPOP 1 l LEFT COUNT 1 COUNT 1 -> -ERR syntax error
            LMPOP 1 l UP -> -ERR syntax error
            SET s v
            LMPOP 2 s l LEFT -> -WRONGTYPE Operation against a key holding the wrong kind of value
            """)
    }

    @Test func encodingsFollowTheLimits() async throws {
        try await expectScript(
            """
            CONFIG SET list-max-listpack-size 4
            RPUSH l 1 2 3 4
            OBJECT ENCODING l -> "listpack"
            LINSERT l BEFORE none x -> :-1
            OBJECT ENCODING l -> "quicklist"
            LPOP l -> "1"
            OBJECT ENCODING l -> "quicklist"
            LPOP l -> "2"
            OBJECT ENCODING l -> "listpack"
            RPUSH l 5 6 7 -> :5
            OBJECT ENCODING l -> "quicklist"
            COPY l m -> :1
            LRANGE m 0 -1 -> ["3" "4" "5" "6" "7"]
            LTRIM l 0 1
            OBJECT ENCODING l -> "listpack"
            OBJECT ENCODING m -> "quicklist"
            RENAME m n
            MOVE n 1 -> :1
            SELECT 1
            LREM n 0 6 -> :1
            LPOP n 2 -> ["3" "4"]
            LRANGE n 0 -1 -> ["5" "7"]
            CONFIG SET list-max-listpack-size -1
            RPUSH b a
            OBJECT ENCODING b -> "listpack"
            LSET b 0 \(String(repeating: "x", count: 4096)) -> OK
            OBJECT ENCODING b -> "quicklist"
            LSET b 0 y
            OBJECT ENCODING b -> "listpack"
            """)
    }

    /// Nodes of every kind: full ones, long elements of their own, compressed ones.
    @Test(arguments: ["-2", "3"]) func longLists(limit: String) async throws {
        try await withServer { server in
            let client = try server.connect()
            _ = try client.command(
                "CONFIG", "SET", "list-max-listpack-size", limit, "list-compress-depth", "1")
            var model = (0..<3000).map { "element:\($0 % 700)" }
            model[1000] = String(repeating: "l", count: 20_000)
            #expect(
                try client.command((["RPUSH", "l"] + model).map { Array($0.utf8) })
                    == .integer(Int64(model.count)))
            _ = try client.command("LTRIM", "l", "5", "-6")
            model = Array(model[5..<model.count - 5])
            #expect(try client.command("LREM", "l", "-2", "element:699") == .integer(2))
            for _ in 0..<2 { model.lastIndex(of: "element:699").map { _ = model.remove(at: $0) } }
            #expect(try client.command("LINSERT", "l", "AFTER", "element:500", "x") == .integer(2989))
            model.firstIndex(of: "element:500").map { model.insert("x", at: $0 + 1) }
            _ = try client.command("LSET", "l", "-1000", "y")
            model[model.count - 1000] = "y"
            #expect(try texts(client.command("LRANGE", "l", "0", "-1")) == model)
            #expect(try texts(client.command("LRANGE", "l", "900", "1100")) == Array(model[900...1100]))
            #expect(try texts(client.command("RPOP", "l", "1500")) == model.suffix(1500).reversed())
            #expect(try texts(client.command("LPOP", "l", "1400")) == Array(model.prefix(1400)))
            #expect(try client.command("LLEN", "l") == .integer(Int64(model.count - 2900)))
        }
    }

    private func texts(_ reply: Reply) -> [String] {
        guard case .array(let items) = reply else { return [] }
        return items.compactMap { item in
            if case .bulk(let bytes) = item { String(decoding: bytes, as: UTF8.self) } else { nil }
        }
    }
}
