import Testing

@testable import Engine

extension LZF {
    /// The compressed bytes, or nil if they are more than `most`.
    static func compressed(_ bytes: [UInt8], most: Int) -> [UInt8]? {
        var count: Int?
        // The buffer has `most` bytes, of which the encoder tells how many it has written.
        let packed = unsafe [UInt8](unsafeUninitializedCapacity: most) { buffer, written in
            let space = UnsafeMutableRawBufferPointer(buffer)
            count = unsafe compress(bytes.raw, into: UnsafeMutableRawBufferPointer(rebasing: space[..<most]))
            written = count ?? 0
        }
        return count == nil ? nil : packed
    }

    static func decompressed(_ bytes: [UInt8], count: Int) -> [UInt8]? {
        var isRight = false
        let plain = [UInt8](repeating: 0xee, count: count)
        var copy = plain
        // The buffer is the array's own.
        unsafe copy.withUnsafeMutableBytes { buffer in isRight = unsafe decompress(bytes.raw, into: buffer) }
        return isRight ? copy : nil
    }
}

@Suite struct LZFTests {
    /// Bytes of some redundancy: random ones, repeated stretches, and a small alphabet.
    private func sample(_ generator: inout SeededGenerator) -> [UInt8] {
        var bytes: [UInt8] = []
        let target = Int.random(
            in: 1...(Int.random(in: 0..<8, using: &generator) == 0 ? 20_000 : 600), using: &generator)
        while bytes.count < target {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0: bytes += generator.bytes(Int.random(in: 1...50, using: &generator))
            case 1:
                let byte = UInt8.random(in: 0...255, using: &generator)
                bytes += [UInt8](repeating: byte, count: Int.random(in: 1...600, using: &generator))
            case 2:
                bytes += (0..<40).map { _ in UInt8.random(in: 97...99, using: &generator) }
            default:
                guard !bytes.isEmpty else { continue }
                let from = Int.random(in: bytes.indices, using: &generator)
                bytes += bytes[from..<min(bytes.count, from + Int.random(in: 1...400, using: &generator))]
            }
        }
        return bytes
    }

    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func whatComesOutWentIn(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var shortest = 1.0
        for _ in 0..<structureSteps(25) {
            let bytes = sample(&generator)
            guard let packed = LZF.compressed(bytes, most: bytes.count + bytes.count / 16 + 16) else {
                Issue.record("refused \(bytes.count) bytes")
                continue
            }
            shortest = min(shortest, Double(packed.count) / Double(bytes.count))
            verify(LZF.decompressed(packed, count: bytes.count) == bytes)
            verify(LZF.decompressed(packed, count: bytes.count + 1) == nil)
            verify(LZF.decompressed(packed, count: bytes.count - 1) == nil)
            // With just enough room it is the same, with less it is refused.
            verify(LZF.compressed(bytes, most: packed.count) == packed)
            verify(LZF.compressed(bytes, most: packed.count - 1) == nil)
        }
        #expect(shortest < 0.3)
    }

    @Test func anyBytesAreTakenOrRefused() {
        var generator = SeededGenerator(seed: 5)
        for _ in 0..<structureSteps(2000) {
            let bytes = generator.bytes(Int.random(in: 0...30, using: &generator))
            _ = LZF.decompressed(bytes, count: Int.random(in: 0...60, using: &generator))
        }
    }

    /// What Redis writes for these bytes, and what can be written otherwise.
    @Test func readsTheFormat() {
        let text = Array("aaaaaaaaaaaaaaaaaaaabcabcabcabc".utf8)
        // Two literals, 18 more of the last, "bc", and nine bytes from three back, in the longer form.
        let packed: [UInt8] = [1, 97, 97, 0xe0, 9, 0, 1, 98, 99, 0xe0, 0, 2]
        verify(LZF.decompressed(packed, count: 31) == text)
        // Backwards beyond the beginning, and cut off in the middle of a reference.
        verify(LZF.decompressed([0, 97, 0x20, 1], count: 4) == nil)
        verify(LZF.decompressed([0, 97, 0xe0], count: 4) == nil)
        verify(LZF.decompressed([0, 97, 0xe0, 1], count: 4) == nil)
        verify(LZF.decompressed([3, 97], count: 4) == nil)
        verify(LZF.decompressed([], count: 0) == [])
    }

    @Test func whatDoesNotRepeatIsRefused() {
        var generator = SeededGenerator(seed: 6)
        let bytes = generator.bytes(5000)
        #expect(LZF.compressed(bytes, most: 4990) == nil)
        #expect(LZF.compressed(bytes, most: 5200) != nil)
    }
}
