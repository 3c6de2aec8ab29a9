import Testing

@testable import Engine

/// A live block, and what was written to it.
private struct Block {
    let start: UInt
    let size: Int
    let stamp: UInt8

    /// The block's bytes; they are live as long as the test has not given them back.
    var bytes: UnsafeMutableRawBufferPointer {
        // The test has not given the block back.
        unsafe UnsafeMutableRawBufferPointer(start: UnsafeMutableRawPointer(bitPattern: start), count: size)
    }

    func fill() {
        // The block is live.
        for index in 0..<size { unsafe bytes[index] = stamp }
    }

    var isIntact: Bool {
        // The block is live.
        unsafe bytes.allSatisfy { $0 == stamp }
    }
}

extension Arena {
    fileprivate func block(_ size: Int, stamp: UInt8 = 0) -> Block {
        // Only the address is kept.
        Block(start: unsafe UInt(bitPattern: allocate(size)), size: size, stamp: stamp)
    }

    fileprivate func free(_ block: Block) {
        // The block came from this arena with this size.
        if let start = unsafe block.bytes.baseAddress { unsafe deallocate(start, block.size) }
    }
}

@Suite struct ArenaTests {
    @Test func classesAreTightAndOrdered() {
        for size in 0...Arena.largestBlock {
            let sizeClass = Arena.sizeClass(size)
            #expect((1..<Arena.classCount).contains(sizeClass))
            #expect(Arena.blockSize(ofClass: sizeClass) == Arena.roundedSize(size))
            let slack = Arena.roundedSize(size) - size
            #expect(slack >= 0 && (size == 0 || slack < (size <= 512 ? 8 : 64)))
        }
        #expect(Arena.sizeClass(Arena.largestBlock) == Arena.classCount - 1)
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func blocksKeepTheirContents(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let arena = Arena()
        var live: [Block] = []
        var expected = 0
        for step in 0..<structureSteps(40_000) {
            let growing = step / 8000 % 2 == 0
            if Int.random(in: 0..<10, using: &generator) < (growing ? 7 : 3) || live.isEmpty {
                let small = Int.random(in: 0...3, using: &generator) > 0
                let size = Int.random(in: 0...(small ? 100 : 3000), using: &generator)
                let block = arena.block(size, stamp: UInt8.random(in: 0...255, using: &generator))
                if block.start % 8 != 0 { Issue.record("unaligned") }
                block.fill()
                expected += Arena.roundedSize(size)
                live.append(block)
            } else {
                let index = Int.random(in: 0..<live.count, using: &generator)
                let block = live[index]
                live.swapAt(index, live.count - 1)
                live.removeLast()
                if !block.isIntact { Issue.record("overwritten, step \(step)") }
                expected -= Arena.roundedSize(block.size)
                arena.free(block)
            }
            if arena.bytesInUse != expected { Issue.record("bytesInUse, step \(step)") }
        }
        #expect(arena.bytesReserved >= arena.bytesInUse)
        #expect(live.allSatisfy { $0.isIntact })
        for block in live { arena.free(block) }
        #expect(arena.bytesInUse == 0)
        #expect(arena.bytesReserved <= Arena.reservedPages * Page.byteCount)
    }

    @Test func cacheLinesAreAligned() {
        let arena = Arena()
        for _ in 0..<3000 {
            for size in [64, 128, 512, 2048] {
                let block = arena.block(size)
                if block.start % 64 != 0 { Issue.record("\(size)") }
            }
        }
    }

    @Test func pagesAreReusedByOtherClasses() {
        let arena = Arena()
        let blocks = (0..<50_000).map { _ in arena.block(40) }
        let reserved = arena.bytesReserved
        #expect(reserved < 50_000 * 40 + Page.byteCount * 2)
        for block in blocks { arena.free(block) }
        #expect(arena.bytesReserved <= Arena.reservedPages * Page.byteCount)
        for _ in 0..<25_000 { _ = arena.block(80) }
        #expect(arena.bytesReserved <= reserved + Page.byteCount)
    }

    /// After most blocks went at random and as many came again, the memory is not scattered.
    @Test func fullerPagesAreFilledFirst() {
        var generator = SeededGenerator(seed: 9)
        let arena = Arena()
        var live = (0..<100_000).map { _ in arena.block(48) }
        let full = arena.bytesReserved
        for _ in 0..<20 {
            live.shuffle(using: &generator)
            for block in live[10_000...] { arena.free(block) }
            live.removeSubrange(10_000...)
            for _ in 0..<90_000 { live.append(arena.block(48)) }
            #expect(arena.bytesReserved <= full + 4 * Page.byteCount)
        }
    }

    @Test func releasesInSlices() {
        let arena = Arena()
        for number in 0..<200_000 { _ = arena.block(number % 200 + 1) }
        for _ in 0..<10 { _ = arena.block(5000) }
        // A page that its owner manages goes with the rest.
        _ = unsafe arena.allocatePage()
        let pages = arena.bytesReserved / Page.byteCount
        arena.discardAll()
        #expect(arena.bytesInUse == 0)
        #expect(arena.bytesReserved == 0)
        // The arena is usable while its former memory goes.
        let block = arena.block(100, stamp: 7)
        block.fill()
        var slices = 1
        while !arena.releaseSome(pages: 16) { slices += 1 }
        #expect(slices >= pages / 16)
        #expect(arena.releaseSome(pages: 1))
        #expect(block.isIntact)
        #expect(arena.bytesInUse == 104)
    }

    @Test func ownPagesAreAlignedAndReturned() {
        let arena = Arena()
        // Addresses of pages that the test owns.
        var pages: [UnsafeMutableRawPointer] = unsafe []
        for index in 0..<100 {
            // As above.
            let page = unsafe arena.allocatePage()
            #expect(UInt(bitPattern: page) % UInt(Page.byteCount) == 0)
            // A page has 65536 bytes.
            for offset in [0, 65535] {
                // As above; a page has 65536 bytes.
                unsafe page.storeBytes(of: UInt8(index), toByteOffset: offset, as: UInt8.self)
            }
            // As above.
            unsafe pages.append(page)
        }
        #expect(arena.bytesInUse == 100 * Page.byteCount)
        // The addresses are those of live pages.
        for unsafe(index, page) in unsafe pages.enumerated() {
            // The page is live until the next statement.
            #expect(unsafe page.load(fromByteOffset: 65535, as: UInt8.self) == UInt8(index))
            // As above; the test does not look at it again.
            unsafe arena.deallocatePage(page)
        }
        #expect(arena.bytesInUse == 0)
        #expect(arena.bytesReserved == Arena.reservedPages * Page.byteCount)
    }

    @Test func largeBlocksAreUnlinkedInAnyOrder() {
        let arena = Arena()
        let blocks = (0..<5).map { arena.block(3000 + $0, stamp: UInt8($0)) }
        for block in blocks { block.fill() }
        for index in [2, 0, 4, 3, 1] {
            #expect(blocks[index].isIntact)
            arena.free(blocks[index])
        }
        #expect(arena.bytesReserved == 0)
    }
}
