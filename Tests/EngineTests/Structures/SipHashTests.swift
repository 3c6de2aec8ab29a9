import Testing

@testable import Engine

/// SipHash-c-d by the book: bytes one at a time, rounds as parameters.
private func naiveSipHash(_ bytes: [UInt8], _ key: SipKey, rounds: Int, finalRounds: Int) -> UInt64 {
    var v = [
        key.low ^ 0x736f_6d65_7073_6575, key.high ^ 0x646f_7261_6e64_6f6d,
        key.low ^ 0x6c79_6765_6e65_7261, key.high ^ 0x7465_6462_7974_6573,
    ]
    func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 { word << count | word >> (64 - count) }
    func round() {
        v[0] &+= v[1]
        v[1] = rotate(v[1], 13) ^ v[0]
        v[0] = rotate(v[0], 32)
        v[2] &+= v[3]
        v[3] = rotate(v[3], 16) ^ v[2]
        v[0] &+= v[3]
        v[3] = rotate(v[3], 21) ^ v[0]
        v[2] &+= v[1]
        v[1] = rotate(v[1], 17) ^ v[2]
        v[2] = rotate(v[2], 32)
    }
    var padded = bytes
    while padded.count % 8 != 7 { padded.append(0) }
    padded.append(UInt8(truncatingIfNeeded: bytes.count))
    for start in stride(from: 0, to: padded.count, by: 8) {
        let word = (0..<8).reduce(UInt64(0)) { $0 | UInt64(padded[start + $1]) << UInt64(8 * $1) }
        v[3] ^= word
        for _ in 0..<rounds { round() }
        v[0] ^= word
    }
    v[2] ^= 0xff
    for _ in 0..<finalRounds { round() }
    return v[0] ^ v[1] ^ v[2] ^ v[3]
}

@Suite struct SipHashTests {
    /// The first and the sixteenth of the vectors that SipHash's authors published, for 2-4.
    @Test func naiveImplementationMeetsReference() {
        #expect(naiveSipHash([], testKey, rounds: 2, finalRounds: 4) == 0x726f_db47_dd0e_0e31)
        let fifteen = [UInt8](0..<15)
        #expect(naiveSipHash(fifteen, testKey, rounds: 2, finalRounds: 4) == 0xa129_ca61_49be_45e5)
    }

    @Test func agreesWithNaiveForEveryLength() {
        var generator = SeededGenerator(seed: 1)
        for count in 0...300 {
            let bytes = generator.bytes(count)
            let key = SipKey(low: generator.next(), high: generator.next())
            let expected = naiveSipHash(bytes, key, rounds: 1, finalRounds: 3)
            let hash = key.hash(bytes.raw)
            #expect(hash == expected, "length \(count)")
        }
    }

    @Test func dependsOnKeyAndPosition() {
        let bytes = Array("some key".utf8)
        let hash = testKey.hash(bytes.raw)
        #expect(hash != SipKey(low: testKey.low ^ 1, high: testKey.high).hash(bytes.raw))
        #expect(hash != SipKey(low: testKey.low, high: testKey.high ^ 1).hash(bytes.raw))
        #expect(hash != testKey.hash((bytes + [0]).raw))
    }
}
