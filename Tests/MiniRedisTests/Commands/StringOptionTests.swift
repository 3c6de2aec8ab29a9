import Testing

/// Options and errors of the string commands, as real servers answer them.
@Suite struct StringOptionTests {
    @Test func setTakesConditions() async throws {
        try await expectScript(
            """
            SET k v XX -> nil
            SET k v NX -> OK
            SET k w NX -> nil
            SET k w NX GET -> "v"
            GET k -> "v"
            SET k w XX GET -> "v"
            SET fresh v GET NX -> nil
            GET fresh -> "v"
            SET k v NX XX -> -ERR syntax error
            SET k v XX NX -> -ERR syntax error
            SET k v2 XX XX -> OK
            SET k v IFEQ -> -ERR syntax error
            SET k v NX IFEQ a -> -ERR syntax error
            SET k v IFEQ a IFNE b -> -ERR syntax error
            SET k v FOO -> -ERR syntax error
            """)
    }

    @Test func setComparesValues() async throws {
        try await expectScript(
            """
            SET k a IFEQ x -> nil
            GET k -> nil
            SET k a IFNE x -> OK
            SET k b IFEQ x -> nil
            SET k b IFEQ a -> OK
            SET k c IFNE b -> nil
            SET k c IFNE x GET -> "b"
            SET k d IFEQ x GET -> "c"
            GET k -> "c"
            SET none d IFEQ x GET -> nil
            GET none -> nil
            SET n 12345
            SET n b IFEQ 12345 -> OK
            SET e ""
            SET e x IFEQ "" -> OK
            """)
    }

    @Test func setComparesDigests() async throws {
        try await expectScript(
            """
            SET k a IFDEQ short -> nil
            SET k hello IFDNE short -> OK
            DIGEST k -> "9555e8555c62dcfd"
            SET k x IFDEQ 9555e8555c62dcfe -> nil
            SET k hello IFDEQ 9555E8555C62DCFD GET -> "hello"
            SET k x IFDNE 9555e8555c62dcfd -> nil
            SET k x IFDEQ 9555e8555c62dcf -> -ERR must be exactly 16 hexadecimal characters
            SET k x IFDEQ 9555e8555c62dcfd0 GET -> -ERR must be exactly 16 hexadecimal characters
            SET k x IFDNE 9555e8555c62dcfe -> OK
            DIGEST none -> nil
            DIGEST -> -ERR wrong number of arguments for 'digest' command
            """)
    }

    @Test func setTakesDeadlines() async throws {
        try await expectScript(
            """
            SET k v EX 0 -> -ERR invalid expire time in 'set' command
            SET k v PX -1 -> -ERR invalid expire time in 'set' command
            SET k v EX 9223372036854775807 -> -ERR invalid expire time in 'set' command
            SET k v PX 9223372036854775807 -> -ERR invalid expire time in 'set' command
            SET k v EX abc -> -ERR value is not an integer or out of range
            SET k v EX abc FOO -> -ERR syntax error
            SET k v EX -> -ERR syntax error
            SET k v EX 5 PX 5 -> -ERR syntax error
            SET k v EX 5 KEEPTTL -> -ERR syntax error
            SET k v KEEPTTL KEEPTTL -> OK
            SET k v EX x EX 5 -> OK
            SET k v PXAT 1 -> OK
            GET k -> nil
            SETEX k 0 v -> -ERR invalid expire time in 'setex' command
            PSETEX k -1 v -> -ERR invalid expire time in 'psetex' command
            SETEX k x v -> -ERR value is not an integer or out of range
            """)
    }

    @Test func getexTakesOneDeadline() async throws {
        try await expectScript(
            """
            GETEX k EX 0 -> nil
            SET k v
            GETEX k EX 0 -> -ERR invalid expire time in 'getex' command
            GETEX k EX 10 EX 20 -> "v"
            GETEX k EX 10 PX 20 -> -ERR syntax error
            GETEX k PERSIST EX 10 -> -ERR syntax error
            GETEX k PERSIST PERSIST -> "v"
            GETEX k KEEPTTL -> -ERR syntax error
            GETEX k EX -> -ERR syntax error
            GETEX k PXAT 1 -> "v"
            GET k -> nil
            """)
    }

    @Test func deletesOnCondition() async throws {
        try await expectScript(
            """
            DELEX k -> :0
            DELEX k IFEQ -> -ERR wrong number of arguments for 'delex' command
            DELEX k IFEQ a b -> -ERR wrong number of arguments for 'delex' command
            DELEX k IFDEQ 123 -> :0
            SET k hello
            DELEX k IFFY a -> -ERR Invalid condition. Use IFEQ, IFNE, IFDEQ, or IFDNE
            DELEX k IFDEQ 123 -> -ERR must be exactly 16 hexadecimal characters
            DELEX k IFEQ x -> :0
            DELEX k IFNE hello -> :0
            DELEX k IFDNE 9555e8555c62dcfd -> :0
            DELEX k IFDEQ 9555E8555c62dcfd -> :1
            SET k hello
            DELEX k -> :1
            SET k 12
            DELIFEQ k 13 -> :0
            DELIFEQ k 12 -> :1
            DELIFEQ k 12 -> :0
            DELIFEQ k -> -ERR wrong number of arguments for 'delifeq' command
            """)
    }

    @Test func msetexSetsAllOrNothing() async throws {
        try await expectScript(
            """
            MSETEX x a 1 -> -ERR invalid numkeys value
            MSETEX 0 a 1 -> -ERR invalid numkeys value
            MSETEX 2147483648 a 1 -> -ERR invalid numkeys value
            MSETEX 2147483647 a 1 -> -ERR wrong number of key-value pairs
            MSETEX 2 a 1 b -> -ERR wrong number of key-value pairs
            MSETEX 1 a 1 FOO -> -ERR syntax error
            MSETEX 1 a 1 NX XX -> -ERR syntax error
            MSETEX 1 a 1 EX 1 PX 1 -> -ERR syntax error
            MSETEX 1 a 1 EX 0 -> -ERR invalid expire time in 'msetex' command
            MSETEX 1 a -> -ERR wrong number of arguments for 'msetex' command
            MSETEX 2 a 1 b 2 XX -> :0
            MSETEX 2 a 1 b 2 NX EX 100 -> :1
            MSETEX 2 b 3 c 4 NX -> :0
            MGET a b c -> ["1" "2" nil]
            MSETEX 2 b 3 a 4 XX PX 100000 -> :1
            MGET a b -> ["4" "3"]
            MSETEX 2 a 1 c 2 PXAT 1 -> :1
            MGET a c -> [nil nil]
            """)
    }

    @Test func lcsAnswersInFourWays() async throws {
        try await expectScript(
            """
            MSET a ohmytext b mynewtext
            LCS a b -> "mytext"
            LCS a b LEN -> :6
            LCS a b IDX -> ["matches" [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len" :6]
            LCS a b IDX MINMATCHLEN 4 -> ["matches" [[[:4 :7] [:5 :8]]] "len" :6]
            LCS a b IDX MINMATCHLEN 4 WITHMATCHLEN -> ["matches" [[[:4 :7] [:5 :8] :4]] "len" :6]
            LCS a b IDX MINMATCHLEN -9 -> ["matches" [[[:4 :7] [:5 :8]] [[:2 :3] [:0 :1]]] "len" :6]
            LCS a none -> ""
            LCS a none IDX -> ["matches" [] "len" :0]
            LCS a b LEN IDX -> -ERR If you want both the length and indexes, please just use IDX.
            LCS a b MINMATCHLEN -> -ERR syntax error
            LCS a b MINMATCHLEN x -> -ERR value is not an integer or out of range
            LCS a b FOO -> -ERR syntax error
            """)
    }
}
