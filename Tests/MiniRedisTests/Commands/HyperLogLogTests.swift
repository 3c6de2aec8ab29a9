import TestSupport
import Testing

/// The HyperLogLog commands through the wire: replies, errors, encodings.
@Suite struct HyperLogLogTests {
    @Test func countingAndMerging() async throws {
        try await expectScript(
            """
            PFADD k a b c d e f g -> :1
            PFADD k a b c -> :0
            PFCOUNT k -> :7
            OBJECT ENCODING k -> "raw"
            PFADD other x y g -> :1
            PFCOUNT k other none -> :9
            PFMERGE both k other none -> OK
            PFCOUNT both -> :9
            PFMERGE none2 -> OK
            PFCOUNT none2 -> :0
            PFCOUNT none -> :0
            GET k -> "HYLL\\x01\\x00\\x00\\x00\\x07\\x00\\x00\\x00\\x00\\x00\\x00\\x00Fm\\x80V\\x0c\\x80D<\\x848\\x80P\\xb1\\x84I\\x8c\\x80Bm\\x80BZ"
            PFADD -> -ERR wrong number of arguments for 'pfadd' command
            """)
    }

    @Test func errors() async throws {
        try await expectScript(
            """
            RENAME none k -> -ERR no such key
            SET n 5
            PFADD n a -> -WRONGTYPE Key is not a valid HyperLogLog string value.
            PFCOUNT n -> -WRONGTYPE Key is not a valid HyperLogLog string value.
            PFCOUNT none n -> -WRONGTYPE Key is not a valid HyperLogLog string value.
            PFMERGE x n -> -WRONGTYPE Key is not a valid HyperLogLog string value.
            EXISTS x -> :0
            SET c "HYLL\\x01\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x00\\x80\\x00"
            PFCOUNT c -> -INVALIDOBJ Corrupted HLL object detected
            PFCOUNT c none -> -INVALIDOBJ Corrupted HLL object detected
            PFADD c a -> -INVALIDOBJ Corrupted HLL object detected
            PFMERGE x c -> -INVALIDOBJ Corrupted HLL object detected
            PFDEBUG TODENSE c -> -INVALIDOBJ Corrupted HLL object detected
            PFDEBUG DECODE c -> "z:1"
            """)
    }

    @Test func debugging() async throws {
        try await expectScript(
            """
            PFDEBUG ENCODING none -> -ERR The specified key does not exist
            PFADD k a
            PFDEBUG encoding k -> sparse
            PFDEBUG DECODE k -> "Z:12711 v:2,1 Z:3672"
            PFDEBUG nonsense k -> -ERR Unknown PFDEBUG subcommand 'nonsense'
            PFDEBUG TODENSE k -> :1
            PFDEBUG TODENSE k -> :0
            PFDEBUG DECODE k -> -ERR HLL encoding is not sparse
            STRLEN k -> :12304
            PFDEBUG x -> -ERR wrong number of arguments for 'pfdebug' command
            """)
    }

    @Test func theSparseLimitIsConfigured() async throws {
        try await expectScript(
            """
            CONFIG GET hll-sparse-max-bytes -> ["hll-sparse-max-bytes" "3000"]
            CONFIG SET hll-sparse-max-bytes 20
            PFADD k a -> :1
            PFDEBUG ENCODING k -> dense
            CONFIG SET hll-sparse-max-bytes 30
            PFADD l a -> :1
            PFDEBUG ENCODING l -> sparse
            """)
    }
}
