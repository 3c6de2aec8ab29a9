import Testing

@testable import Engine

/// Vectors made by the reference implementation (`xxhsum -H3`), several for each size class.
@Suite struct XXH3Tests {
    /// Byte i of the input of a vector.
    private static func byte(_ index: Int) -> UInt8 {
        UInt8(truncatingIfNeeded: index * index * 7 + index * 31 + index >> 8)
    }

    static let vectors: [(count: Int, hash: UInt64)] = [
        (0, 0x2d06800538d394c2),
        (1, 0xc44bdff4074eecdb),
        (2, 0x9aaf71d6a8c4da34),
        (3, 0x09fa62ce4c680afd),
        (4, 0x79957825ae360e50),
        (5, 0xdba7c8c0502a872b),
        (7, 0xecce17a0daae0b52),
        (8, 0x6f76cea09120eca3),
        (9, 0xd1a16ab7aa368dfb),
        (12, 0x1889cea35c59cb49),
        (15, 0x357ddbaab3ba6d64),
        (16, 0xd2d2438706238265),
        (17, 0xa38fa88ad2e8141f),
        (31, 0xaab160a89d1219b1),
        (32, 0x9f1c65d249c19b92),
        (33, 0x875ea29737b0fe06),
        (64, 0x5ef0b4fac22464ec),
        (65, 0x88ab42dbb1a3beae),
        (96, 0xb0f25e46f717d5d1),
        (97, 0x2d6d845d4a551eaa),
        (127, 0xeb68bda5a36d043a),
        (128, 0xd9a7fff055b79a44),
        (129, 0xf41dfd0a1c19fe9d),
        (144, 0x2d026343b9054fc0),
        (159, 0xad74a2c2f3af92f2),
        (160, 0x59e2f249fa4c567c),
        (200, 0xc8346951dec299db),
        (239, 0x836f77108b529493),
        (240, 0xe23324e4c8a041ed),
        (241, 0x30ca188aa84358a4),
        (255, 0xd5f9d72ef979e8ed),
        (256, 0x35cc4f9c49d76abb),
        (257, 0x2d2e6be6f7f3f870),
        (511, 0x4cce1fdd332d3b49),
        (512, 0x681dd780de8e088f),
        (1023, 0x59f7d4e24aad486c),
        (1024, 0x7051a94ba436afc0),
        (1025, 0xd0a45e3e159a16eb),
        (1087, 0xe68512e741c04a62),
        (1088, 0x5a73f6c204a0f599),
        (1089, 0x4dd3f5db5fa26dfc),
        (2048, 0xed39b36ed388de22),
        (2049, 0xeb9c73eb507dc6df),
        (4096, 0xa1b3bccb92e4a68d),
        (10007, 0x5190d9f2ab2478ee),
        (65536, 0xd1e8470a4ce4f8a6),
    ]

    @Test(arguments: vectors)
    func hashIsTheReferences(_ vector: (count: Int, hash: UInt64)) {
        let bytes = (0..<vector.count).map { Self.byte($0) }
        // The array lives until the hash is made.
        let hash = unsafe XXH3.hash(bytes.span.bytes)
        #expect(hash == vector.hash, "\(vector.count) bytes")
    }

    @Test(
        arguments: [
            ("Hello world", 0xb6ac_b9d8_4a38_ff74), ("test", 0x9ec9_f791_8d7d_fc40),
            ("hello", 0x9555_e855_5c62_dcfd),
            (
                "v8lf0c11xh8ymlqztfd3eeq16kfn4sspw7fqmnuuq3k3t75em5wdizgcdw7uc26nnf961u2jkfzkjytls2kwlj7626sd",
                0x0000_6c38_adf3_1777
            ),
        ] as [(String, UInt64)])
    func hashIsWhatRedisDocuments(_ text: String, _ hash: UInt64) {
        let bytes = Array(text.utf8)
        // The array lives until the hash is made.
        #expect(unsafe XXH3.hash(bytes.span.bytes) == hash)
    }
}
