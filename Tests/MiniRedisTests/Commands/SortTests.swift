import TestSupport
import Testing

/// SORT through the wire: orders, patterns, what is stored, and errors.
@Suite struct SortTests {
    @Test func numbersAndTexts() async throws {
        try await expectScript(
            """
            RPUSH l 10 9 -1 1.5 "" 1e1 inf
            SORT l -> ["-1" "" "1.5" "9" "10" "1e1" "inf"]
            SORT l DESC -> ["inf" "1e1" "10" "9" "1.5" "" "-1"]
            SORT l DESC ASC LIMIT 1 2 -> ["" "1.5"]
            SORT l LIMIT -5 1 -> ["-1"]
            SORT l LIMIT 5 -7 -> ["1e1" "inf"]
            SORT l LIMIT 9 1 -> []
            SORT l ALPHA -> ["" "-1" "1.5" "10" "1e1" "9" "inf"]
            SORT_RO l ALPHA DESC LIMIT 0 2 -> ["inf" "9"]
            SADD s b a "a\\x00c" A 10 9
            SORT s ALPHA LIMIT 0 3 -> ["10" "9" "A"]
            SORT s -> -ERR One or more scores can't be converted into double
            ZADD z 1 c 2 b 3 a
            SORT z ALPHA -> ["a" "b" "c"]
            OBJECT ENCODING z -> "skiplist"
            SORT z BY nosort -> ["c" "b" "a"]
            SORT z BY nosort DESC LIMIT 1 5 -> ["b" "c"]
            SORT l BY nosort DESC LIMIT 5 5 -> ["9" "10"]
            SORT l BY nosort LIMIT 5 5 -> ["1e1" "inf"]
            SORT none -> []
            SORT none ALPHA LIMIT 0 1 GET # -> []
            """)
    }

    @Test func equalNumbersAreOrderedByText() async throws {
        try await expectScript(
            """
            RPUSH l 1.0 1 01 +1 9007199254740993 9007199254740992
            SORT l -> ["+1" "01" "1" "1.0" "9007199254740992" "9007199254740993"]
            SORT l BY none* DESC -> ["9007199254740993" "9007199254740992" "1.0" "1" "01" "+1"]
            """)
    }

    @Test func patterns() async throws {
        try await expectScript(
            """
            RPUSH l 1 2 3 4
            MSET w1 30 w2 10 w3 x1 w3x 7 x y
            HSET h1 f 5 g one
            HSET h2 f 9
            HSET h3 f 1
            SET h4 nohash
            SORT l BY w*x DESC -> ["3" "4" "2" "1"]
            SORT l BY h*->f -> ["4" "3" "1" "2"]
            SORT l BY w* -> -ERR One or more scores can't be converted into double
            SORT l BY w* ALPHA -> ["4" "2" "1" "3"]
            SORT l BY h*->f GET # GET w* GET h*->g GET x -> ["4" nil nil nil "3" "x1" nil nil "1" "30" "one" nil "2" "10" nil nil]
            SORT l GET h* LIMIT 0 1 -> [nil]
            SORT l GET h*-> LIMIT 3 1 -> [nil]
            SORT l BY nosort GET w* -> ["30" "10" "x1" nil]
            HELLO 3
            SORT l GET w*x DESC LIMIT 1 2 -> ["7" nil]
            """)
    }

    /// Keys and fields that a pattern leads to are gone when they are due.
    @Test func patternsFindNothingThatIsDue() async throws {
        try await expectScript(
            """
            RPUSH l 1 2
            MSET w1 9 w2 1
            HSET h1 f 9 g 1
            HSET h2 f 1
            SORT l BY w* -> ["2" "1"]
            PEXPIREAT w1 1 -> :1
            HPEXPIREAT h1 1 FIELDS 1 f -> [:2]
            SORT l BY w* -> ["1" "2"]
            SORT l BY h*->f GET h*->g -> ["1" nil]
            """)
    }

    @Test func storing() async throws {
        try await expectScript(
            """
            RPUSH l 3 1 2
            SORT l STORE d -> :3
            TYPE d -> list
            OBJECT ENCODING d -> "listpack"
            LRANGE d 0 -1 -> ["1" "2" "3"]
            SORT l GET w* GET # STORE l -> :6
            LRANGE l 0 -1 -> ["" "1" "" "2" "" "3"]
            SORT none STORE d -> :0
            EXISTS d -> :0
            SADD s c b a
            SORT s BY nosort STORE d -> :3
            LRANGE d 0 -1 -> ["a" "b" "c"]
            SORT s STORE d -> -ERR One or more scores can't be converted into double
            LLEN d -> :3
            CONFIG SET list-max-listpack-size 2
            SORT s ALPHA STORE d -> :3
            OBJECT ENCODING d -> "quicklist"
            """)
    }

    @Test func compressedListsAreSorted() async throws {
        try await expectScript(
            """
            CONFIG SET list-max-listpack-size 2 list-compress-depth 1
            RPUSH l dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd a c b 5 6 \
            cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc z x
            SORT l ALPHA LIMIT 2 4 -> ["a" "b" "c" "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"]
            """)
    }

    @Test func sortingIsRefused() async throws {
        try await expectScript(
            """
            SET s x
            SORT s -> -WRONGTYPE Operation against a key holding the wrong kind of value
            SORT s LIMIT x 1 -> -ERR value is not an integer or out of range
            SORT s LIMIT 1 -> -ERR syntax error
            SORT s BY -> -ERR syntax error
            SORT s FOO -> -ERR syntax error
            SORT_RO s STORE d -> -ERR syntax error
            HSET h f v
            SORT h -> -WRONGTYPE Operation against a key holding the wrong kind of value
            COMMAND GETKEYS SORT a BY STORE GET x LIMIT 0 1 STORE b STORE c -> ["a" "c"]
            COMMAND GETKEYS SORT_RO a BY x -> ["a"]
            """)
    }
}
