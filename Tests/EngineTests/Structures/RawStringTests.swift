import Glibc
import Testing

@testable import Engine

@Suite struct RawStringTests {
    @Test(arguments: [1, 2] as [UInt64])
    func agreesWithArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for round in 0..<structureSteps(200) {
            var model = generator.bytes(round % 3 == 0 ? 0 : Int.random(in: 0...600, using: &generator))
            let string = RawString(model.raw)
            #expect(string.capacity == model.count)
            for _ in 0..<20 {
                switch Int.random(in: 0..<5, using: &generator) {
                case 0:
                    let more = generator.bytes(Int.random(in: 0...200, using: &generator))
                    model += more
                    string.append(more.raw)
                case 1:
                    let count = Int.random(in: 0...1000, using: &generator)
                    if count > model.count { model += [UInt8](repeating: 0, count: count - model.count) }
                    string.ensureCount(count)
                case 2:
                    let count = Int.random(in: 0...1000, using: &generator)
                    model = [UInt8](model.prefix(count))
                    string.truncate(to: count)
                case 3:
                    guard let index = model.indices.randomElement(using: &generator) else { continue }
                    model[index] ^= 0xff
                    let byte = model[index]
                    string.mutate { $0.storeBytes(of: byte, toByteOffset: index, as: UInt8.self) }
                default:
                    string.shrinkToFit()
                    #expect(string.capacity == model.count)
                }
                #expect(string.count == model.count && string.capacity >= string.count)
                let bytes = [UInt8](copying: string.bytes)
                #expect(bytes == model)
            }
        }
    }

    @Test func growsByDoublingThenByMegabytes() {
        let string = RawString([UInt8](repeating: 1, count: 100).raw)
        string.append([2].raw)
        #expect(string.capacity == 202)
        string.ensureCount(1 << 20)
        #expect(string.capacity == 2 << 20)
        string.ensureCount(3 << 20)
        #expect(string.capacity == 4 << 20)
        #expect(string.memoryUse >= 4 << 20)
    }

    @Test func zerosAreZero() {
        let zeros = [UInt8](copying: RawString(zeros: 1000).bytes)
        #expect(zeros == [UInt8](repeating: 0, count: 1000))
        #expect(RawString(zeros: 0).count == 0)
    }

    @Test func adoptsWithoutCopying() {
        let count = 64
        // The block has `count` bytes, all of which are written.
        guard let block = unsafe malloc(count) else { return }
        // As above.
        unsafe memset(block, 7, count)
        // As above; the string owns the block from here on.
        let string = unsafe RawString(adopting: block, count: count)
        // Only the addresses are compared.
        let isSame = unsafe string.bytes.withUnsafeBytes { unsafe $0.baseAddress == UnsafeRawPointer(block) }
        #expect(isSame)
        string.append([8].raw)
        let all = [UInt8](copying: string.bytes)
        #expect(all == [UInt8](repeating: 7, count: count) + [8])
    }
}
