import Testing

@testable import Engine

@Suite struct DeckTests {
    @Test(arguments: 1...4 as ClosedRange<UInt64>)
    func agreesWithArray(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let arena = Arena()
        var deck = Deck<Int32>()
        var model: [Int32] = []
        for step in 0..<structureSteps(10_000) {
            let grows = step / 700 % 2 == 0
            // One end, the other, any place.
            let end = step / 200 % 4
            if Int.random(in: 0..<10, using: &generator) < (grows ? 7 : 3) || model.isEmpty {
                let middle = Int.random(in: 0...model.count, using: &generator)
                let index = end == 0 ? 0 : end == 1 ? model.count : middle
                deck.insert(Int32(step), at: index, in: arena)
                model.insert(Int32(step), at: index)
            } else {
                let middle = Int.random(in: 0..<model.count, using: &generator)
                let index = end == 0 ? model.count - 1 : end == 1 ? 0 : middle
                #expect(deck.remove(at: index, in: arena) == model.remove(at: index))
            }
            let isSmall = arena.bytesInUse <= Arena.largestBlock
            if deck.count != model.count || isSmall && arena.bytesInUse != deck.memoryUse {
                Issue.record("step \(step)")
            }
            if step % 10 == 0, !model.indices.allSatisfy({ deck[$0] == model[$0] }) {
                Issue.record("step \(step)")
            }
        }
        for index in model.indices { deck[index] += 1 }
        #expect(model.indices.allSatisfy { deck[$0] == model[$0] + 1 })
        deck.free(in: arena)
        #expect(deck.count == 0 && arena.bytesInUse == 0)
    }

    /// A queue neither grows without end nor moves all its records again and again.
    @Test func queuesStaySmall() {
        let arena = Arena()
        var deck = Deck<Int>()
        for number in 0..<100 { deck.insert(number, at: number, in: arena) }
        for number in 100..<20_000 {
            deck.insert(number, at: deck.count, in: arena)
            deck.remove(at: 0, in: arena)
        }
        #expect(deck[0] == 19_900 && deck[99] == 19_999)
        #expect(deck.memoryUse <= 100 * 8 * 3)
    }
}
