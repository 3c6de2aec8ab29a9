import Testing

@testable import Engine

/// Sorted rows against a sorted array.
@Suite struct SortedRowsTests {
    private func id(_ number: Int) -> StreamID {
        StreamID(milliseconds: UInt64(number / 7), sequence: UInt64(number % 7))
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64]) func behavesAsASortedArray(seed: UInt64) {
        let arena = Arena()
        var rows = SortedRows<PendingEntry>()
        var model: [Int] = []
        var random = SeededGenerator(seed: seed)
        for step in 0..<structureSteps(30_000) {
            // Grows for a while, then shrinks, at the ends and anywhere.
            let grows = step / 3000 % 2 == 0
            let number = Int.random(in: 0..<(seed == 1 ? 400 : 20_000), using: &random)
            let place = model.firstIndex { $0 >= number } ?? model.count
            let isThere = place < model.count && model[place] == number
            #expect(rows.firstPath(from: id(number)).map { rows[$0].id } == model[safe: place].map(id))
            let before = isThere ? place : place - 1
            #expect(rows.lastPath(through: id(number)).map { rows[$0].id } == model[safe: before].map(id))
            if Int.random(in: 0..<10, using: &random) < (grows ? 7 : 3) {
                let row = PendingEntry(id: id(number), deliveryTime: 1, deliveryCount: 1, consumer: 0)
                #expect(rows.insert(row, in: arena) == !isThere)
                if !isThere { model.insert(number, at: place) }
            } else if !model.isEmpty {
                let at = seed == 2 ? 0 : Int.random(in: 0..<model.count, using: &random)
                let path = rows.find(id(model[at]))
                let next = path.flatMap { rows.remove(at: $0, in: arena) }
                model.remove(at: at)
                #expect(next.map { rows[$0].id } == model[safe: at].map(id))
            }
            #expect(rows.count == model.count)
            if step % 500 == 0 { check(rows, model) }
        }
        check(rows, model)
        var budget = 2
        while !rows.removeSome(blocks: &budget, in: arena) {
            rows.checkInvariants()
            budget = 2
        }
        #expect(rows.count == 0 && rows.memoryUse == 0 && arena.bytesInUse == 0)
    }

    private func check(_ rows: SortedRows<PendingEntry>, _ model: [Int]) {
        rows.checkInvariants()
        var all: [StreamID] = []
        rows.forEach {
            all.append($0.id)
            return true
        }
        #expect(all == model.map(id))
        var path = rows.last
        for number in model.reversed() {
            #expect(path.map { rows[$0].id } == id(number))
            path = path.flatMap { rows.path(before: $0) }
        }
        #expect(path == nil)
    }

    @Test func aCopyIsItsOwn() {
        let arena = Arena()
        var rows = SortedRows<StreamID>()
        for number in 0..<1000 { rows.append(id(number), in: arena) }
        var copy = rows.copy(in: arena) { $0 }
        for _ in 0..<500 { rows.first.map { _ = rows.remove(at: $0, in: arena) } }
        copy.checkInvariants()
        #expect(copy.count == 1000 && rows.count == 500)
        copy.removeAll(in: arena)
        rows.removeAll(in: arena)
        #expect(arena.bytesInUse == 0)
    }

    @Test func segmentsFitInTheArenasPages() {
        #expect(SortedRows<StreamID>.largestSegment == 128)
        #expect(SortedRows<StreamNode>.largestSegment == 64)
        #expect(SortedRows<PendingEntry>.largestSegment == 32)
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
