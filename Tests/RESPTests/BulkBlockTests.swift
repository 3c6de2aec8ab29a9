import Glibc
import Testing

@testable import RESP

@Suite struct BulkBlockTests {
    @Test func fillsUpAndHandsItsMemoryOver() throws {
        let block = try #require(BulkBlock(count: 10))
        #expect(block.append([UInt8]("abcd").raw) == 4)
        #expect(!block.isFull)
        // Not complete: nothing to hand over.
        #expect(unsafe block.take() == nil)
        var missing = 0
        let filled = block.fill { span in
            missing = span.byteCount
            span.storeBytes(of: UInt8(ascii: "e"), toByteOffset: 0, as: UInt8.self)
            return 1
        }
        #expect(missing == 6)
        #expect(filled == 1)
        #expect([UInt8](copying: block.bytes) == [UInt8]("abcde"))
        // Only what is missing is taken from longer input.
        #expect(block.append([UInt8]("fghijklm").raw) == 5)
        #expect(block.isFull)
        #expect(block.append([UInt8]("x").raw) == 0)
        #expect([UInt8](copying: block.bytes) == [UInt8]("abcdefghij"))
        // Complete: the memory is now the test's own, to be freed once.
        let memory = try unsafe #require(block.take())
        unsafe free(memory)
        #expect(unsafe block.take() == nil)
        #expect(block.bytes.byteCount == 0)
        #expect(block.append([UInt8]("x").raw) == 0)
        #expect(block.fill { _ in 5 } == 0)
    }

    @Test func claimsAreBounded() throws {
        let block = try #require(BulkBlock(count: 3))
        #expect(block.fill { _ in -4 } == 0)
        let filled = block.fill { span in
            for index in 0..<span.byteCount { span.storeBytes(of: 1, toByteOffset: index, as: UInt8.self) }
            return 100
        }
        #expect(filled == 3)
        #expect(block.isFull)
    }

    @Test func givesBackWhatHasNotArrived() throws {
        let block = try #require(BulkBlock(count: 100_000))
        #expect(block.append([UInt8]("abc").raw) == 3)
        block.release()
        #expect(block.capacity == 3)
        #expect([UInt8](copying: block.bytes) == [UInt8]("abc"))
        // Nothing fits until there is room again.
        #expect(block.append([UInt8]("d").raw) == 0)
        #expect(block.fill { $0.byteCount } == 0)
        #expect(block.regain())
        #expect(block.capacity == 100_000)
        #expect(
            block.fill { span in
                for index in 0..<span.byteCount {
                    span.storeBytes(of: 7, toByteOffset: index, as: UInt8.self)
                }
                return span.byteCount
            } == 99_997)
        #expect(block.isFull)
        block.release()
        #expect(block.capacity == 100_000)
        #expect([UInt8](copying: block.bytes) == [UInt8]("abc") + [UInt8](repeating: 7, count: 99_997))
    }

    /// Also before the first byte.
    @Test func givesBackEverythingAndFillsUp() throws {
        let block = try #require(BulkBlock(count: 4))
        block.release()
        #expect(block.capacity == 0)
        #expect(block.bytes.byteCount == 0)
        #expect(block.regain())
        #expect(block.append([UInt8]("abcd").raw) == 4)
        #expect([UInt8](copying: block.bytes) == [UInt8]("abcd"))
    }
}
