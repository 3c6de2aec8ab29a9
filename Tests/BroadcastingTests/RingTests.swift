@testable import Broadcasting
import Testing

/// A queue that goes round in its array.
@Suite struct RingTests {
    @Test func whatGoesInComesOutInOrder() {
        var ring = Ring<Int>()
        var expected: [Int] = []
        var next = 0
        // Longer and shorter by turns, so that the ring goes round at every size.
        for step in 0..<2_000 {
            if (step * 7) % 13 < 7 || step % 300 < 60 {
                ring.append(next)
                expected.append(next)
                next += 1
            } else {
                #expect(ring.popFirst() == (expected.isEmpty ? nil : expected.removeFirst()))
            }
            #expect(ring.count == expected.count && ring.isEmpty == expected.isEmpty)
            #expect(ring.first { $0 } == expected.first)
            #expect(ring[ring.count - 1] == expected.last && ring[ring.count] == nil && ring[-1] == nil)
        }
        while let first = ring.popFirst() { #expect(first == expected.removeFirst()) }
        #expect(expected == [])
    }

    @Test func elementsAreUpdatedInPlace() {
        var ring = Ring<[Int]>()
        for number in 0..<6 { ring.append([number]) }
        _ = ring.popFirst()
        ring.update(0) { $0.append(10) }
        ring.update(4) { $0.append(20) }
        ring.update(5) { $0.append(30) }
        ring.update(-1) { $0.append(40) }
        #expect((0..<5).map { ring[$0] } == [[1, 10], [2], [3], [4], [5, 20]])
    }

    /// What was taken out is let go of at once.
    @Test func nothingIsHeldThatIsGone() {
        final class Object: Sendable {}
        var ring = Ring<Object>()
        weak var last: Object?
        for _ in 0..<3 {
            let object = Object()
            last = object
            ring.append(object)
        }
        for _ in 0..<3 { _ = ring.popFirst() }
        #expect(last == nil)
    }
}
