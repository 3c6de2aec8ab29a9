import TestSupport
import Testing

/// The commands on sorted sets through the wire: replies, encodings, errors and their order.
@Suite struct SortedSetTests {
    @Test func adding() async throws {
        try await expectScript(
            """
            ZADD z 1 a 2 b 2.5 c -> :3
            OBJECT ENCODING z -> "listpack"
            TYPE z -> zset
            ZADD z CH 1 a 3 b 4 d -> :2
            ZADD z NX 9 a 5 e -> :1
            ZADD z XX 9 nope -> :0
            ZADD z GT CH 0 a 7 b -> :1
            ZADD z LT CH 0 a 8 b -> :1
            ZADD z INCR 1.1 a -> "1.1"
            ZADD z NX INCR 1 a -> nil
            ZADD z XX INCR 1 nope -> nil
            ZADD none XX INCR 1 nope -> nil
            ZADD none XX 1 nope -> :0
            ZINCRBY z 2 a -> "3.1"
            ZINCRBY new -0.5 a -> "-0.5"
            ZSCORE z nope -> nil
            ZSCORE none a -> nil
            ZMSCORE z a nope -> ["3.1" nil]
            ZMSCORE none a -> [nil]
            ZCARD z -> :5
            ZREM z a b nope -> :2
            ZREM z c d e -> :3
            EXISTS z -> :0
            ZREM z a -> :0
            """)
    }

    @Test func addingIsRefused() async throws {
        try await expectScript(
            """
            SET s x
            ZADD s 1 a -> -WRONGTYPE Operation against a key holding the wrong kind of value
            ZADD s x a -> -ERR value is not a valid float
            ZADD z 1 -> -ERR wrong number of arguments for 'zadd' command
            ZADD z 1 a 2 -> -ERR syntax error
            ZADD z NX XX -> -ERR syntax error
            ZADD z NX XX 1 a -> -ERR XX and NX options at the same time are not compatible
            ZADD z NX GT 1 a -> -ERR GT, LT, and/or NX options at the same time are not compatible
            ZADD z GT LT 1 a -> -ERR GT, LT, and/or NX options at the same time are not compatible
            ZADD z INCR 1 a 2 b -> -ERR INCR option supports a single increment-element pair
            ZADD z 1 a nan b -> -ERR value is not a valid float
            EXISTS z -> :0
            ZADD z inf a -> :1
            ZINCRBY z -inf a -> -ERR resulting score is not a number (NaN)
            ZINCRBY z x a -> -ERR value is not a valid float
            ZINCRBY z nx a -> -ERR syntax error
            ZSCORE z a -> "inf"
            """)
    }

    @Test func ranges() async throws {
        try await expectScript(
            """
            ZADD z 1 a 2 b 3 c 4 d 5 e
            ZRANGE z 1 -2 -> ["b" "c" "d"]
            ZRANGE z 3 1 -> []
            ZRANGE z 0 1 REV WITHSCORES -> ["e" "5" "d" "4"]
            ZREVRANGE z -2 -1 -> ["b" "a"]
            ZRANGE z (1 3 BYSCORE -> ["b" "c"]
            ZRANGE z +inf (3 BYSCORE REV LIMIT 1 5 -> ["d"]
            ZRANGE z -inf inf BYSCORE LIMIT -1 5 -> []
            ZRANGE z -inf inf BYSCORE LIMIT 4 -1 -> ["e"]
            ZRANGEBYSCORE z 2 4 WITHSCORES LIMIT 0 1 -> ["b" "2"]
            ZREVRANGEBYSCORE z 4 2 -> ["d" "c" "b"]
            ZCOUNT z (2 inf -> :3
            ZCOUNT z 3 1 -> :0
            ZCOUNT none 0 1 -> :0
            ZRANK z c -> :2
            ZREVRANK z a -> :4
            ZREVRANK z a WITHSCORE -> [:4 "1"]
            ZRANK z nope -> nil
            ZRANK z a x -> -ERR syntax error
            ZRANK z a WITHSCORE x -> -ERR wrong number of arguments for 'zrank' command
            ZRANGE z a b -> -ERR value is not an integer or out of range
            ZRANGE z a b BYSCORE -> -ERR min or max is not a float
            ZRANGE z a b BYLEX -> -ERR min or max not valid string range item
            ZRANGE z 0 1 LIMIT 0 1 -> -ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX
            ZRANGE z [a [b BYLEX WITHSCORES -> -ERR syntax error, WITHSCORES not supported in combination with BYLEX
            ZRANGE z 0 1 BYSCORE BYLEX -> -ERR syntax error
            ZREVRANGE z 0 1 REV -> -ERR syntax error
            ZRANGESTORE out z 1 2 -> :2
            ZRANGE out 0 -1 WITHSCORES -> ["b" "2" "c" "3"]
            ZRANGESTORE out none 0 -1 -> :0
            EXISTS out -> :0
            ZRANGESTORE z z 1 3 BYSCORE REV WITHSCORES -> -ERR syntax error
            ZREMRANGEBYRANK z 0 0 -> :1
            ZREMRANGEBYSCORE z (4 inf -> :1
            ZRANGE z 0 -1 -> ["b" "c" "d"]
            ZREMRANGEBYRANK z 0 -1 -> :3
            EXISTS z -> :0
            """)
    }

    @Test func rangesOfMembers() async throws {
        try await expectScript(
            """
            ZADD z 0 a 0 b 0 c 0 10 0 9
            ZRANGEBYLEX z - + -> ["10" "9" "a" "b" "c"]
            ZRANGEBYLEX z [10 (b -> ["10" "9" "a"]
            ZREVRANGEBYLEX z + [a LIMIT 1 1 -> ["b"]
            ZRANGE z (b - BYLEX REV -> ["a" "9" "10"]
            ZLEXCOUNT z (9 [b -> :2
            ZLEXCOUNT z + - -> :0
            ZREMRANGEBYLEX z [a + -> :3
            ZRANGE z 0 -1 -> ["10" "9"]
            """)
    }

    @Test func popping() async throws {
        try await expectScript(
            """
            ZADD z 1 a 2 b 3 c 4 d 5 e
            ZPOPMIN z -> ["a" "1"]
            ZPOPMAX z 2 -> ["e" "5" "d" "4"]
            ZPOPMIN z 0 -> []
            ZPOPMIN none 2 -> []
            ZPOPMIN z -1 -> -ERR value is out of range, must be positive
            ZPOPMIN z 1 1 -> -ERR syntax error
            ZMPOP 2 none z MAX -> ["z" [["c" "3"]]]
            ZMPOP 1 none MIN -> nil
            ZMPOP 0 z MIN -> -ERR numkeys should be greater than 0
            ZMPOP 1 z MIN COUNT 0 -> -ERR count should be greater than 0
            ZMPOP 2 z MIN -> -ERR syntax error
            ZMPOP 1 z MIN COUNT 9 -> ["z" [["b" "2"]]]
            EXISTS z -> :0
            HELLO 3
            ZADD z 1 a 2.5 b 3 c
            ZPOPMIN z -> ["a" ,1]
            ZPOPMAX z 1 -> [["c" ,3]]
            ZRANGE z 0 -1 WITHSCORES -> [["b" ,2.5]]
            ZMPOP 1 none MIN -> nil
            """)
    }

    @Test func algebra() async throws {
        try await expectScript(
            """
            ZADD a 1 x 2 y 3 z
            ZADD b 10 y 20 z 30 w
            SADD s x 5
            ZUNION 2 a b WITHSCORES -> ["x" "1" "y" "12" "z" "23" "w" "30"]
            ZUNION 2 a s WEIGHTS 2 0.5 WITHSCORES -> ["5" "0.5" "x" "2.5" "y" "4" "z" "6"]
            ZINTER 2 a b AGGREGATE MIN WITHSCORES -> ["y" "2" "z" "3"]
            ZINTER 2 a s -> ["x"]
            ZINTER 2 a a WITHSCORES -> ["x" "2" "y" "4" "z" "6"]
            ZINTERCARD 2 a b -> :2
            ZINTERCARD 2 a b LIMIT 1 -> :1
            ZINTERCARD 2 a b LIMIT -1 -> -ERR LIMIT can't be negative
            ZDIFF 2 a b WITHSCORES -> ["x" "1"]
            ZDIFF 2 a a -> []
            ZUNIONSTORE d 2 a b AGGREGATE MAX -> :4
            ZRANGE d 0 -1 WITHSCORES -> ["x" "1" "y" "10" "z" "20" "w" "30"]
            ZINTERSTORE a 2 a b -> :2
            ZRANGE a 0 -1 WITHSCORES -> ["y" "12" "z" "23"]
            ZDIFFSTORE d 2 d d -> :0
            EXISTS d -> :0
            ZADD i inf m
            ZADD j -inf m
            ZUNION 2 i j WITHSCORES -> ["m" "0"]
            ZUNION 1 i WEIGHTS 0 WITHSCORES -> ["m" "0"]
            SET str v
            ZUNION 2 a str -> -WRONGTYPE Operation against a key holding the wrong kind of value
            ZUNIONSTORE str 0 a -> -ERR at least 1 input key is needed for 'zunionstore' command
            ZUNIONSTORE str 2 a -> -ERR syntax error
            ZUNIONSTORE str 1 a WEIGHTS x -> -ERR weight value is not a float
            ZUNIONSTORE str 1 a AGGREGATE AVG -> -ERR syntax error
            ZDIFF 1 a WEIGHTS 1 -> -ERR syntax error
            ZUNIONSTORE str 1 a -> :2
            TYPE str -> zset
            """)
    }

    @Test func encodingsFollowTheLimits() async throws {
        try await expectScript(
            """
            CONFIG SET zset-max-listpack-entries 2 zset-max-listpack-value 4
            ZADD a 1 x -0 y -> :2
            OBJECT ENCODING a -> "listpack"
            ZSCORE a y -> "0"
            ZADD a 1 z -> :1
            OBJECT ENCODING a -> "skiplist"
            ZADD a -0 n 0.1 m -> :2
            ZSCORE a n -> "-0"
            ZSCAN a 0 MATCH m -> ["0" ["m" "0.10000000000000001"]]
            ZADD b 1 long!
            OBJECT ENCODING b -> "skiplist"
            ZADD c 1 a 1 a 1 a -> :1
            OBJECT ENCODING c -> "skiplist"
            ZRANGESTORE d a 0 1 -> :2
            OBJECT ENCODING d -> "listpack"
            ZUNIONSTORE d 1 a -> :5
            OBJECT ENCODING d -> "skiplist"
            ZDIFFSTORE d 1 b -> :1
            OBJECT ENCODING d -> "skiplist"
            ZREM a x y z n -> :4
            OBJECT ENCODING a -> "skiplist"
            COPY a e -> :1
            ZADD a 5 x
            ZRANGE e 0 -1 WITHSCORES -> ["m" "0.1"]
            """)
    }

    @Test func picking() async throws {
        try await withServer { server in
            let client = try server.connect()
            for count in [100, 1000] {
                let key = "z\(count)"
                let words = (0..<count).flatMap { ["\($0)", "m\($0)"] }
                _ = try client.command((["ZADD", key] + words).map { Array($0.utf8) })
                for wanted in [1, 7, count - 1, count, 5000] {
                    guard case .array(let picked) = try client.command("ZRANDMEMBER", key, "\(wanted)") else {
                        Issue.record("no picks")
                        return
                    }
                    #expect(picked.count == min(wanted, count))
                    #expect(Set(picked.map { "\($0)" }).count == picked.count)
                }
                guard case .array(let pairs) = try client.command("ZRANDMEMBER", key, "-50", "WITHSCORES")
                else {
                    Issue.record("no picks")
                    return
                }
                #expect(pairs.count == 100)
                for index in stride(from: 0, to: pairs.count, by: 2) {
                    guard case .bulk(let member) = pairs[index] else { return }
                    #expect(pairs[index + 1] == .bulk(Array(member.dropFirst())))
                }
            }
        }
        try await expectScript(
            """
            ZADD z 1 a
            ZRANDMEMBER z -> "a"
            ZRANDMEMBER none -> nil
            ZRANDMEMBER none 5 -> []
            ZRANDMEMBER z 0 -> []
            ZRANDMEMBER z x -> -ERR value is not an integer or out of range
            ZRANDMEMBER z 1 x -> -ERR syntax error
            ZRANDMEMBER z 4611686018427387904 WITHSCORES -> -ERR value is out of range
            """)
    }

    /// As many random picks as a client asks for, but not more than a server can hold.
    @Test func endlessPicksAreRefused() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(
                try client.command("ZADD", "z", "1", String(repeating: "m", count: 1 << 20)) == .integer(1))
            #expect(
                try client.command("ZRANDMEMBER", "z", "-9223372036854775807")
                    == .error("ERR value is out of range"))
            #expect(try client.command("PING") == .simple("PONG"))
        }
    }
}
