import Testing

@testable import Engine

/// A block that knows what should be in it.
@safe private struct Block {
    let arena: Arena
    var start: UnsafeMutableRawPointer
    var model: [UInt8] = []

    init(in arena: Arena) {
        self.arena = arena
        // The block belongs to this value until the test frees it, here and below.
        unsafe start = unsafe arena.allocateSpliced(0)
    }

    mutating func splice(at offset: Int, old: Int, new: [UInt8]) {
        // The block holds as many bytes as the model.
        unsafe start = unsafe arena.splice(start, size: model.count, at: offset, old: old, new: new.count)
        // Room was made for them.
        unsafe Bytes.copy(new.raw, to: start + offset)
        model.replaceSubrange(offset..<offset + old, with: new)
    }

    var isIntact: Bool {
        // As above.
        let bytes = unsafe UnsafeRawBufferPointer(start: start, count: model.count)
        return unsafe bytes.elementsEqual(model)
    }

    func free() {
        // As above.
        unsafe arena.deallocateSpliced(start, model.count)
    }
}

@Suite struct ArenaSplicingTests {
    /// Several blocks at once, so that they cannot all grow in place and the arena's list is relinked.
    @Test(arguments: 1...3 as ClosedRange<UInt64>)
    func agreesWithArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let arena = Arena()
        var blocks = (0..<5).map { _ in Block(in: arena) }
        for step in 0..<structureSteps(1500) {
            let index = Int.random(in: blocks.indices, using: &generator)
            let count = blocks[index].model.count
            let offset = Int.random(in: 0...count, using: &generator)
            let grows = step / 300 % 2 == 0
            let old = min(count - offset, Int.random(in: 0...(grows ? 100 : 900), using: &generator))
            let new = generator.bytes(Int.random(in: 0...(grows ? 700 : 100), using: &generator))
            blocks[index].splice(at: offset, old: old, new: new)
            if step % 10 == 0, !blocks.allSatisfy(\.isIntact) { Issue.record("step \(step)") }
            let expected = blocks.reduce(0) { $0 + Arena.splicedSize($1.model.count) }
            if arena.bytesInUse != expected { Issue.record("bytesInUse, step \(step)") }
        }
        let longest = blocks.map(\.model.count).max()
        #expect(longest.map { $0 > 3 * Arena.largestBlock } == true)
        for block in blocks { block.free() }
        #expect(arena.bytesInUse == 0 && arena.state.largeBytes == 0)
    }

    /// Long blocks are dropped with their arena wherever they were moved.
    @Test func movedBlocksAreStillListed() {
        let arena = Arena()
        var blocks = (0..<3).map { _ in Block(in: arena) }
        for size in [3000, 200_000] {
            for index in blocks.indices {
                let more = [UInt8](repeating: UInt8(index), count: size)
                blocks[index].splice(at: 0, old: 0, new: more)
            }
        }
        #expect(blocks.allSatisfy { $0.isIntact })
        arena.discardAll()
        #expect(arena.releaseSome(pages: .max) && arena.bytesReserved == 0)
    }

    @Test func costIsWhatAllocatorsTake() {
        #expect(Arena.cost(40) == 40 && Arena.cost(41) == 48 && Arena.cost(2048) == 2048)
        // 16 bytes of links and 8 of the system's, in all a multiple of 16.
        #expect(Arena.cost(8192) == 8224 && Arena.splicedCost(8000) == 8224)
    }
}
