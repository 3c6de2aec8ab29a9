import RESP
import Testing

@testable import Engine

/// The pool against a list that is sorted anew each time.
@Suite struct EvictionPoolTests {
    private struct Model {
        var candidates: [(score: UInt32, key: [UInt8])] = []

        mutating func offer(_ key: [UInt8], _ score: UInt32) {
            let isFull = candidates.count == EvictionPool.capacity
            if isFull, score <= candidates.map(\.score).min() ?? 0 { return }
            if let known = candidates.firstIndex(where: { $0.key == key }) {
                if candidates[known].score == score { return }
                candidates.remove(at: known)
            } else if isFull {
                candidates.removeFirst()
            }
            let place = candidates.firstIndex { $0.score >= score } ?? candidates.count
            candidates.insert((score, key), at: place)
        }
    }

    @Test(arguments: Array(1...20) as [UInt64])
    func choosesAsAFullSortWould(seed: UInt64) {
        var random = RandomSource(seed: seed)
        var pool = EvictionPool()
        var model = Model()
        for _ in 0..<2_000 {
            if Int.random(in: 0..<4, using: &random) == 0 {
                let best = pool.takeBest()
                let expected = model.candidates.popLast()
                #expect(best?.key == expected?.key && best?.score == expected?.score)
            } else {
                let key = Array("k\(Int.random(in: 0..<60, using: &random))".utf8)
                let score = UInt32.random(in: 0..<40, using: &random)
                // The array lives until the end of the turn.
                pool.offer(unsafe key.span.bytes, in: 0, score: score)
                model.offer(key, score)
            }
            let scores = pool.candidates.map(\.score)
            #expect(scores == scores.sorted() && scores.count <= EvictionPool.capacity)
            #expect(pool.candidates.map(\.key) == model.candidates.map(\.key))
        }
    }

    @Test func keysOfOtherKeyspacesAreOthers() {
        var pool = EvictionPool()
        let key = Array("k".utf8)
        // The array lives until the end of the test.
        let span = unsafe key.span.bytes
        pool.offer(span, in: 0, score: 1)
        pool.offer(span, in: 1, score: 2)
        pool.offer(span, in: 0, score: 3)
        #expect(pool.candidates.map(\.database) == [1, 0])
        pool.removeAll()
        #expect(pool.takeBest() == nil)
    }
}
