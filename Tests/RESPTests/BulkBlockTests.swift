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
}
