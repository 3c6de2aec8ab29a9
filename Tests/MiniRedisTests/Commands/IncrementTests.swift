import Testing

/// INCRBYFLOAT and INCREX through the wire.
@Suite struct IncrementTests {
    @Test func incrbyfloat() async throws {
        try await expectScript(
            """
            INCRBYFLOAT k 1 -> "1"
            INCRBYFLOAT k 10.5 -> "11.5"
            INCRBYFLOAT k -0.5e1 -> "6.5"
            INCRBYFLOAT k x -> -ERR value is not a valid float
            INCRBYFLOAT k +inf -> -ERR increment would produce NaN or Infinity
            SET s " 11"
            INCRBYFLOAT s 1 -> -ERR value is not a valid float
            SET s inf
            INCRBYFLOAT s -inf -> -ERR increment would produce NaN or Infinity
            SET n 17179869184
            INCRBYFLOAT n 1.5 -> "17179869185.5"
            """)
    }

    @Test func increxCountsWholeNumbers() async throws {
        try await expectScript(
            """
            INCREX k -> [:1 :1]
            INCREX k BYINT 5 -> [:6 :5]
            INCREX k BYINT -10 -> [:-4 :-10]
            INCREX k BYINT 0 -> [:-4 :0]
            SET k 50
            INCREX k BYINT 100 UBOUND 80 -> [:50 :0]
            INCREX k BYINT 100 UBOUND 80 SATURATE -> [:80 :30]
            INCREX k BYINT -100 LBOUND 0 SATURATE -> [:0 :-80]
            SET k 50
            INCREX k BYINT 5 UBOUND 30 -> [:50 :0]
            INCREX k BYINT -25 UBOUND 30 -> [:25 :-25]
            SET k 9223372036854775800
            INCREX k BYINT 9223372036854775800 -> [:9223372036854775800 :0]
            INCREX k BYINT 1 SATURATE UBOUND -9223372036854775808 -> -ERR applied increment would overflow
            INCREX k BYINT 9223372036854775800 SATURATE -> [:9223372036854775807 :7]
            SET k -9223372036854775800
            INCREX k BYINT -9223372036854775800 SATURATE -> [:-9223372036854775808 :-8]
            INCREX none BYINT 15 UBOUND 10 -> [:0 :0]
            GET none -> nil
            SET k x
            INCREX k -> -ERR value is not an integer or out of range
            """)
    }

    @Test func increxCountsFractions() async throws {
        try await expectScript(
            """
            SET k 1.5
            INCREX k BYFLOAT 0.25 -> ["1.75" "0.25"]
            INCREX k BYFLOAT 100 UBOUND 42.5 SATURATE -> ["42.5" "40.75"]
            INCREX k BYFLOAT 1 UBOUND 42.5 -> ["42.5" "0"]
            INCREX none BYFLOAT -0.5 UBOUND -1.5 -> ["0" "0"]
            GET none -> nil
            INCREX k BYFLOAT inf -> -ERR BYFLOAT increment cannot be Infinity
            INCREX k BYINT 1 -> -ERR value is not an integer or out of range
            SET k -inf
            INCREX k BYFLOAT 1 -> -ERR value cannot be Infinity
            SET k hello
            INCREX k BYFLOAT 1 -> -ERR value is not a valid float
            """)
    }

    @Test func increxChecksItsWords() async throws {
        try await expectScript(
            """
            INCREX -> -ERR wrong number of arguments for 'increx' command
            INCREX k FOO -> -ERR syntax error
            INCREX k BYINT -> -ERR syntax error
            INCREX k BYINT 1 BYFLOAT 1 -> -ERR syntax error
            INCREX k BYINT 1 BYINT 2 -> -ERR syntax error
            INCREX k LBOUND 0 LBOUND 1 -> -ERR syntax error
            INCREX k SATURATE SATURATE -> -ERR syntax error
            INCREX k EX 1 EX 2 -> -ERR syntax error
            INCREX k EX 1 PERSIST -> -ERR syntax error
            INCREX k PERSIST PERSIST -> -ERR syntax error
            INCREX k PERSIST ENX -> -ERR syntax error
            INCREX k ENX ENX EX 10 -> -ERR syntax error
            INCREX k ENX -> -ERR ENX flag requires an expiration
            INCREX k BYINT x -> -ERR Increment is not an integer or out of range
            INCREX k BYFLOAT x -> -ERR Increment is not a valid float
            INCREX k LBOUND 1.5 -> -ERR LBOUND is not an integer or out of range
            INCREX k BYFLOAT 1 UBOUND x -> -ERR UBOUND is not a valid float
            INCREX k LBOUND 10 UBOUND 5 -> -ERR LBOUND can't be greater than UBOUND
            INCREX k BYFLOAT 1 UBOUND -inf -> -ERR LBOUND can't be greater than UBOUND
            INCREX k EX 0 -> -ERR invalid expire time in 'increx' command
            SET k 10
            INCREX k EXAT 1 -> [:11 :1]
            GET k -> nil
            SET k 10 EX 500
            INCREX k EXAT 1 ENX -> [:11 :1]
            GET k -> "11"
            """)
    }
}
