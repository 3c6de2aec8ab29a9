import MiniRedis
import TestSupport
import Testing

/// The commands on streams through the wire: replies, errors and their order.
@Suite struct StreamTests {
    @Test func entries() async throws {
        try await expectScript(
            """
            XADD s 1-1 f v -> "1-1"
            XADD s 1-* f v g w -> "1-2"
            XADD s 5 f v -> "5-0"
            XADD s 5-0 f v -> -ERR The ID specified in XADD is equal or smaller than the target stream top item
            XADD s 0-0 f v -> -ERR The ID specified in XADD must be greater than 0-0
            XADD s x f v -> -ERR Invalid stream ID specified as stream command argument
            XADD s * f -> -ERR wrong number of arguments for 'xadd' command
            XADD s * f v g -> -ERR wrong number of arguments for 'xadd' command
            XADD none NOMKSTREAM * f v -> nil
            XLEN s -> :3
            XLEN none -> :0
            TYPE s -> stream
            OBJECT ENCODING s -> "stream"
            XRANGE s - + -> [["1-1" ["f" "v"]] ["1-2" ["f" "v" "g" "w"]] ["5-0" ["f" "v"]]]
            XRANGE s (1-1 + COUNT 1 -> [["1-2" ["f" "v" "g" "w"]]]
            XRANGE s 1 1 COUNT 1 -> [["1-1" ["f" "v"]]]
            XREVRANGE s + - COUNT 2 -> [["5-0" ["f" "v"]] ["1-2" ["f" "v" "g" "w"]]]
            XREVRANGE s (5-0 (1-1 -> [["1-2" ["f" "v" "g" "w"]]]
            XRANGE s - + COUNT 0 -> nil
            XRANGE none - + COUNT 0 -> []
            XRANGE s (18446744073709551615-18446744073709551615 + -> -ERR invalid start ID for the interval
            XRANGE s - (0-0 -> -ERR invalid end ID for the interval
            XRANGE s - + COUNT -> -ERR syntax error
            XDEL s 1-2 1-2 9-9 -> :1
            XDEL s 1-1 x -> -ERR Invalid stream ID specified as stream command argument
            XRANGE s - + -> [["1-1" ["f" "v"]] ["5-0" ["f" "v"]]]
            XDEL s 1-1 5-0 -> :2
            EXISTS s -> :1
            XADD s 5-0 f v -> -ERR The ID specified in XADD is equal or smaller than the target stream top item
            SET x y
            XADD x * f v -> -WRONGTYPE Operation against a key holding the wrong kind of value
            XLEN x -> -WRONGTYPE Operation against a key holding the wrong kind of value
            """)
    }

    @Test func trimming() async throws {
        try await expectScript(
            """
            CONFIG SET stream-node-max-entries 2
            XADD s 1-1 f v
            XADD s 2-1 f v
            XADD s 3-1 f v
            XADD s 4-1 f v
            XADD s 5-1 f v
            XTRIM s MAXLEN ~ 4 -> :0
            XTRIM s MAXLEN ~ 3 -> :2
            XTRIM s MAXLEN 2 -> :1
            XTRIM s MINID ~ 5 -> :1
            XRANGE s - + -> [["5-1" ["f" "v"]]]
            XADD s MAXLEN 1 6-1 f v -> "6-1"
            XADD s MINID = 7 8-1 f v -> "8-1"
            XLEN s -> :1
            XTRIM s MAXLEN ~ 0 LIMIT 0 -> :1
            XTRIM s MAXLEN 5 LIMIT 1 -> -ERR syntax error, LIMIT cannot be used without the special ~ option
            XTRIM s LIMIT 1 -> -ERR syntax error, LIMIT cannot be used without specifying a trimming strategy
            XADD s LIMIT 1 9-1 f v -> -ERR syntax error, LIMIT cannot be used without specifying a trimming strategy
            XADD s LIMIT 1 x f v -> -ERR Invalid stream ID specified as stream command argument
            XADD s MAXLEN 5 LIMIT 1 x f v -> -ERR Invalid stream ID specified as stream command argument
            XTRIM s MAXLEN 1 MINID 2 -> -ERR syntax error, MAXLEN and MINID options at the same time are not compatible
            XTRIM s KEEPREF DELREF -> -ERR syntax error
            XTRIM s MAXLEN -1 -> -ERR The MAXLEN argument must be >= 0.
            XTRIM none MAXLEN 1 -> :0
            """)
    }

    @Test func referencesDecideWhatGoes() async throws {
        try await expectScript(
            """
            XADD s 1-1 f v
            XADD s 2-1 f v
            XADD s 3-1 f v
            XADD s 4-1 f v
            XGROUP CREATE s g 0
            XGROUP CREATE s h 0
            XREADGROUP GROUP g c COUNT 2 STREAMS s > -> [["s" [["1-1" ["f" "v"]] ["2-1" ["f" "v"]]]]]
            XDELEX s ACKED IDS 3 1-1 3-1 9-9 -> [:2 :2 :-1]
            XREADGROUP GROUP h c COUNT 3 STREAMS s >
            XACK s h 1-1 2-1 3-1 -> :3
            XACKDEL s g ACKED IDS 2 1-1 7-7 -> [:1 :-1]
            XACKDEL s h KEEPREF IDS 1 2-1 -> [:-1]
            XTRIM s MAXLEN 0 ACKED -> :0
            XDELEX s IDS 1 2-1 -> [:1]
            XPENDING s g -> [:1 "2-1" "2-1" [["c" "1"]]]
            XDELEX s DELREF IDS 1 2-1 -> [:-1]
            XPENDING s g -> [:0 nil nil nil]
            XREADGROUP GROUP g c STREAMS s >
            XADD s MAXLEN 1 DELREF 5-1 f v -> "5-1"
            XPENDING s g -> [:0 nil nil nil]
            XRANGE s - + -> [["5-1" ["f" "v"]]]
            XACKDEL s g IDS 2 5-1 -> -ERR The `numids` parameter must match the number of arguments
            XDELEX s IDS 1 5-1 6-1 -> -ERR The `numids` parameter must match the number of arguments
            XDELEX s IDS 0 5-1 -> -ERR Number of IDs must be a positive integer
            XDELEX s FOO IDS 1 5-1 -> -ERR syntax error
            XDELEX none IDS 2 1-1 2-2 -> [:-1 :-1]
            """)
    }

    @Test func reading() async throws {
        try await expectScript(
            """
            XADD s 1-1 f v
            XADD s 2-1 f w
            XADD t 1-1 f x
            XREAD COUNT 1 STREAMS s t 0 0 -> [["s" [["1-1" ["f" "v"]]]] ["t" [["1-1" ["f" "x"]]]]]
            XREAD STREAMS s t 1-1 $ -> [["s" [["2-1" ["f" "w"]]]]]
            XREAD STREAMS s + -> [["s" [["2-1" ["f" "w"]]]]]
            XREAD STREAMS s none 2-1 0 -> nil
            XREAD STREAMS s t 0 -> -ERR Unbalanced 'xread' list of streams: for each stream key an ID, '+', or '$' must be specified.
            XREAD COUNT 1 s 0 -> -ERR syntax error
            XREAD BLOCK -1 STREAMS s 0 -> -ERR timeout is negative
            XREAD BLOCK x STREAMS s 0 -> -ERR timeout is not an integer or out of range
            XREAD NOACK STREAMS s 0 -> -ERR The NOACK option is only supported by XREADGROUP. You called XREAD instead.
            HELLO 3
            XREAD STREAMS s 1-1 -> {"s" [["2-1" ["f" "w"]]]}
            """)
    }

    @Test func pendingEntries() async throws {
        let clock = RedisManualClock(unixMilliseconds: 1_750_000_000_000)
        try await withRedisServer(clock: clock) { server in
            let client = try TestClient(adopting: server.connect())
            try expectScript(
                """
                XGROUP CREATE s g 0 MKSTREAM
                XADD s 1-1 f v
                XADD s 2-1 f v
                XADD s 3-1 f v
                XADD s 4-1 f v
                XREADGROUP GROUP g a COUNT 2 STREAMS s >
                """, of: client)
            await clock.advance(by: .milliseconds(100))
            try expectScript(
                """
                XREADGROUP GROUP g b STREAMS s >
                XPENDING s g - + 10 -> [["1-1" "a" :100 :1] ["2-1" "a" :100 :1] ["3-1" "b" :0 :1] ["4-1" "b" :0 :1]]
                XPENDING s g 2-1 3-1 10 -> [["2-1" "a" :100 :1] ["3-1" "b" :0 :1]]
                XPENDING s g (1-1 (4-1 10 -> [["2-1" "a" :100 :1] ["3-1" "b" :0 :1]]
                XPENDING s g 4-1 4-1 10 -> [["4-1" "b" :0 :1]]
                XPENDING s g - + 3 -> [["1-1" "a" :100 :1] ["2-1" "a" :100 :1] ["3-1" "b" :0 :1]]
                XPENDING s g - + 10 b -> [["3-1" "b" :0 :1] ["4-1" "b" :0 :1]]
                XPENDING s g 2 3 10 a -> [["2-1" "a" :100 :1]]
                XPENDING s g - + 10 none -> []
                XPENDING s g IDLE 100 - + 10 -> [["1-1" "a" :100 :1] ["2-1" "a" :100 :1]]
                XPENDING s g IDLE 100 - + 1 -> [["1-1" "a" :100 :1]]
                XPENDING s g IDLE 100 - + 10 b -> []
                XPENDING s g IDLE 101 - + 10 -> []
                XPENDING s g - + 0 -> []
                XPENDING s g - + -5 -> []
                XPENDING s g + - 10 -> []
                XPENDING s g - + -> -ERR syntax error
                XPENDING s g - + x -> -ERR value is not an integer or out of range
                XPENDING s g IDLE x - + 10 -> -ERR value is not an integer or out of range
                XPENDING s g IDLE 90 - + -> -ERR syntax error
                XPENDING s g x + 10 -> -ERR Invalid stream ID specified as stream command argument
                XPENDING s none - + 10 -> -NOGROUP No such key 's' or consumer group 'none'
                """, of: client)
        }
    }

    @Test func groups() async throws {
        try await expectScript(
            """
            XGROUP CREATE s g 0 -> -ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.
            XGROUP CREATE s g 0 MKSTREAM -> OK
            XGROUP CREATE s g 0 -> -BUSYGROUP Consumer Group name already exists
            XADD s 1-1 f v
            XADD s 2-1 f w
            XREADGROUP GROUP g a COUNT 1 STREAMS s > -> [["s" [["1-1" ["f" "v"]]]]]
            XREADGROUP GROUP g b STREAMS s > -> [["s" [["2-1" ["f" "w"]]]]]
            XREADGROUP GROUP g b STREAMS s > -> nil
            XREADGROUP GROUP g a STREAMS s 0 -> [["s" [["1-1" ["f" "v"]]]]]
            XREADGROUP GROUP no a STREAMS s > -> -NOGROUP No such key 's' or consumer group 'no' in XREADGROUP with GROUP option
            XPENDING s g -> [:2 "1-1" "2-1" [["a" "1"] ["b" "1"]]]
            XACK s g 1-1 1-1 -> :1
            XDEL s 2-1
            XREADGROUP GROUP g b STREAMS s 0 -> [["s" [["2-1" nil]]]]
            XAUTOCLAIM s g a 0 0 -> ["0-0" [] ["2-1"]]
            XCLAIM s g a 0 1-1 FORCE JUSTID RETRYCOUNT 7 -> ["1-1"]
            XCLAIM s g a 0 1-1 FOO -> -ERR Unrecognized XCLAIM option 'FOO'
            XGROUP DELCONSUMER s g a -> :1
            XGROUP CREATECONSUMER s g a -> :1
            XGROUP CREATECONSUMER s g a -> :0
            XGROUP SETID s g $ ENTRIESREAD 2 -> OK
            XINFO GROUPS s -> [["name" "g" "consumers" :2 "pending" :0 "last-delivered-id" "2-1" "entries-read" :2 "lag" :0]]
            XGROUP SETID s g 0 x -> -ERR unknown subcommand or wrong number of arguments for 'SETID'. Try XGROUP HELP.
            XGROUP DESTROY s g -> :1
            XGROUP DESTROY s g -> :0
            XINFO STREAM s FOO -> -ERR unknown subcommand or wrong number of arguments for 'STREAM'. Try XINFO HELP.
            XINFO STREAM none -> -ERR no such key
            """)
    }

    /// An entry that another consumer left alone for too long comes before what is new.
    @Test func idleEntriesAreReadAgain() async throws {
        try await expectScript(
            """
            XGROUP CREATE s g 0 MKSTREAM -> OK
            XADD s 1-1 f v
            XADD s 2-1 f w
            XADD s 3-1 f x
            XREADGROUP GROUP g a COUNT 2 STREAMS s >
            XCLAIM s g a 0 2-1 TIME 1 RETRYCOUNT 4 JUSTID
            XCLAIM s g a 0 1-1 TIME 2 RETRYCOUNT 3 JUSTID
            XREADGROUP GROUP g b COUNT 1 CLAIM 99999999999999 STREAMS s > -> [["s" [["3-1" ["f" "x"] :0 :0]]]]
            XADD s 4-1 f y
            XGROUP SETID s g 4-1
            XREADGROUP GROUP g b CLAIM x STREAMS s > -> -ERR min-idle-time must be a positive integer
            XREADGROUP GROUP g b CLAIM 5 STREAMS s 0 -> [["s" [["3-1" ["f" "x"]]]]]
            XREADGROUP GROUP g b CLAIM 99999999999999 STREAMS s > -> nil
            """)
    }

    @Test func informationAboutAStream() async throws {
        try await expectScript(
            """
            XADD s 1-1 f v
            XADD s 1-2 f v
            XDEL s 1-1
            XINFO STREAM s -> ["length" :1 "radix-tree-keys" :1 "radix-tree-nodes" :2 "last-generated-id" "1-2" "max-deleted-entry-id" "1-1" "entries-added" :2 "recorded-first-entry-id" "1-2" "groups" :0 "first-entry" ["1-2" ["f" "v"]] "last-entry" ["1-2" ["f" "v"]]]
            XSETID s 9-9 ENTRIESADDED 7 MAXDELETEDID 3-3 -> OK
            XINFO STREAM s FULL -> ["length" :1 "radix-tree-keys" :1 "radix-tree-nodes" :2 "last-generated-id" "9-9" "max-deleted-entry-id" "3-3" "entries-added" :7 "recorded-first-entry-id" "1-2" "entries" [["1-2" ["f" "v"]]] "groups" []]
            XSETID s 3-2 -> -ERR The ID specified in XSETID is smaller than current max_deleted_entry_id
            XSETID s 9 ENTRIESADDED 0 -> -ERR The entries_added specified in XSETID is smaller than the target stream length
            XSETID none 1 -> -ERR no such key
            """)
    }
}
