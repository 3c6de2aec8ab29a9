import TestSupport
import Testing

/// The bitmap commands through the wire: ranges, errors and their order, limits.
@Suite struct BitmapTests {
    @Test func bitsByNumber() async throws {
        try await expectScript(
            """
            SETBIT k 7 1 -> :0
            GET k -> "\\x01"
            SETBIT k 7 0 -> :1
            GETBIT k 100 -> :0
            GETBIT none 0 -> :0
            SET n 1
            GETBIT n 2 -> :1
            SETBIT n 6 1 -> :0
            GET n -> "3"
            SETBIT k -1 1 -> -ERR bit offset is not an integer or out of range
            SETBIT k x 1 -> -ERR bit offset is not an integer or out of range
            SETBIT k 4294967296 1 -> -ERR bit offset is not an integer or out of range
            GETBIT k 4294967296 -> -ERR bit offset is not an integer or out of range
            SETBIT k 0 2 -> -ERR bit is not an integer or out of range
            SETBIT k 0 x -> -ERR bit is not an integer or out of range
            SETBIT k x x -> -ERR bit offset is not an integer or out of range
            """)
    }

    @Test func theLastBitOfTheLongestString() async throws {
        try await withServer { server in
            let client = try server.connect()
            #expect(try client.command("SETBIT", "k", "4294967295", "1") == .integer(0))
            #expect(try client.command("STRLEN", "k") == .integer(512 << 20))
            #expect(try client.command("GETBIT", "k", "4294967295") == .integer(1))
            #expect(try client.command("BITPOS", "k", "1", "-1") == .integer(4_294_967_295))
            #expect(
                try client.command("APPEND", "k", "x")
                    == .error("ERR string exceeds maximum allowed size (proto-max-bulk-len)"))
            #expect(try client.command("GETDEL", "none") == .null)
        }
    }

    @Test func counting() async throws {
        try await expectScript(
            """
            BITCOUNT none -> :0
            BITCOUNT none 0 -> -ERR syntax error
            BITCOUNT none 0 1 HELLO -> -ERR syntax error
            BITCOUNT none 0 1 BIT x -> -ERR syntax error
            BITCOUNT none a b -> -ERR value is not an integer or out of range
            SET k foobar
            BITCOUNT k -> :26
            BITCOUNT k 0 0 -> :4
            BITCOUNT k 1 1 byte -> :6
            BITCOUNT k 5 30 BIT -> :17
            BITCOUNT k 0 -1 BIT -> :26
            BITCOUNT k -2 -3 -> :0
            BITCOUNT k 0 -100 -> :4
            BITCOUNT k 9223372036854775807 9223372036854775807 -> :0
            BITCOUNT k -9223372036854775808 9223372036854775807 -> :26
            SET n 10
            BITCOUNT n -> :5
            SET e ""
            BITCOUNT e 0 -1 -> :0
            """)
    }

    @Test func searching() async throws {
        try await expectScript(
            """
            BITPOS none 0 -> :0
            BITPOS none 1 -> :-1
            BITPOS none 0 5 6 -> :0
            BITPOS none 2 -> -ERR The bit argument must be 1 or 0.
            BITPOS none x -> -ERR value is not an integer or out of range
            BITPOS none 0 1 2 BIT x -> -ERR syntax error
            BITPOS none 0 1 2 FOO -> -ERR syntax error
            BITPOS none 0 1 x FOO -> -ERR syntax error
            SET k "\\xff\\xff\\xff"
            BITPOS k 0 -> :24
            BITPOS k 0 0 -1 -> :-1
            BITPOS k 0 0 -> :24
            BITPOS k 0 9 -> :-1
            BITPOS k 1 1 -> :8
            BITPOS k 0 0 -1 BIT -> :-1
            SET k "\\x00\\xff\\xf0"
            BITPOS k 0 -> :0
            BITPOS k 1 -> :8
            BITPOS k 1 7 15 BIT -> :8
            BITPOS k 0 8 18 BIT -> :-1
            BITPOS k 0 8 20 BIT -> :20
            BITPOS k 1 -4 -1 BIT -> :-1
            BITPOS k 1 2 1 -> :-1
            SET e ""
            BITPOS e 0 -> :-1
            """)
    }

    @Test func combining() async throws {
        try await expectScript(
            """
            SET a "\\xf0"
            SET b "\\x3c\\xff"
            BITOP AND d a b -> :2
            GET d -> "0\\x00"
            BITOP OR d a b -> :2
            GET d -> "\\xfc\\xff"
            BITOP XOR d a b -> :2
            GET d -> "\\xcc\\xff"
            BITOP NOT d b -> :2
            GET d -> "\\xc3\\x00"
            BITOP DIFF d b a -> :2
            GET d -> "\\x0c\\xff"
            BITOP DIFF1 d a b -> :2
            GET d -> "\\x0c\\xff"
            BITOP ANDOR d b a -> :2
            GET d -> "0\\x00"
            BITOP ONE d a b a -> :2
            GET d -> "\\x0c\\xff"
            BITOP OR a a b -> :2
            BITOP AND d none none -> :0
            GET d -> nil
            BITOP FOO d a -> -ERR syntax error
            BITOP NOT d a b -> -ERR BITOP NOT must be called with a single source key.
            BITOP DIFF d a -> -ERR BITOP DIFF must be called with at least two source keys.
            BITOP DIFF1 d a -> -ERR BITOP DIFF1 must be called with at least two source keys.
            BITOP ANDOR d a -> -ERR BITOP ANDOR must be called with at least two source keys.
            BITOP AND d -> -ERR wrong number of arguments for 'bitop' command
            """)
    }

    @Test func fields() async throws {
        let type =
            "-ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is."
        try await expectScript(
            """
            BITFIELD k -> []
            BITFIELD k GET u8 0 -> [:0]
            BITFIELD k SET u8 #1 255 GET i8 #1 INCRBY u8 #1 1 -> [:0 :-1 :0]
            BITFIELD k OVERFLOW SAT INCRBY u8 #1 1000 OVERFLOW FAIL INCRBY u8 #1 1 -> [:255 nil]
            BITFIELD k OVERFLOW SAT SET i3 0 -9223372036854775807 -> [:0]
            BITFIELD k GET i3 0 -> [:3]
            BITFIELD k OVERFLOW WRAP -> []
            BITFIELD k OVERFLOW FOO -> -ERR Invalid OVERFLOW type specified
            BITFIELD k GET u64 0 -> \(type)
            BITFIELD k GET i65 0 -> \(type)
            BITFIELD k GET u0 0 -> \(type)
            BITFIELD k GET x8 0 -> \(type)
            BITFIELD k GET "" 0 -> \(type)
            BITFIELD k GET u08 0 -> \(type)
            BITFIELD k GET u8 -1 -> -ERR bit offset is not an integer or out of range
            BITFIELD k GET u8 # -> -ERR bit offset is not an integer or out of range
            BITFIELD k GET u8 #9223372036854775807 -> -ERR bit offset is not an integer or out of range
            BITFIELD k GET u8 4294967296 -> -ERR bit offset is not an integer or out of range
            BITFIELD k SET u8 0 x -> -ERR value is not an integer or out of range
            BITFIELD k SET u8 0 -> -ERR syntax error
            BITFIELD k FOO -> -ERR syntax error
            BITFIELD_RO k GET u8 8 -> [:255]
            BITFIELD_RO k SET u8 0 1 -> -ERR BITFIELD_RO only supports the GET subcommand
            BITFIELD_RO none GET u8 0 -> [:0]
            SET n 12
            BITFIELD n GET u8 0 GET u16 0 GET u24 0 -> [:49 :12594 :3224064]
            """)
    }
}
