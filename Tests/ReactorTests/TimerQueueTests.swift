import Testing

@testable import Reactor

@Suite struct TimerQueueTests {
    /// What the queue should do, done slowly.
    private struct Model {
        var timers: [(id: TimerID, deadline: Int64, payload: Int)] = []

        func index(of id: TimerID) -> Int? { timers.firstIndex { $0.id == id } }
        var soonest: Int64? { timers.map(\.deadline).min() }
    }

    @Test(arguments: 0..<8) func agreesWithNaiveModel(seed: UInt64) {
        var random = SplitMix(state: seed)
        var queue = TimerQueue<Int>()
        var model = Model()
        var gone: [TimerID] = []
        for step in 0..<3_000 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0..<4:
                let deadline = Int64.random(in: 0..<200, using: &random)
                let id = queue.insert(step, at: Deadline(milliseconds: deadline))
                model.timers.append((id, deadline, step))
            case 4..<6:
                guard let victim = model.timers.randomElement(using: &random) else { continue }
                #expect(queue.cancel(victim.id) == victim.payload)
                model.timers.removeAll { $0.id == victim.id }
                gone.append(victim.id)
            case 6..<8:
                guard let moved = model.timers.randomElement(using: &random) else { continue }
                let deadline = Int64.random(in: 0..<200, using: &random)
                let hasMoved = queue.move(moved.id, to: Deadline(milliseconds: deadline))
                #expect(hasMoved)
                if let index = model.index(of: moved.id) { model.timers[index].deadline = deadline }
            case 8:
                let now = Int64.random(in: 0..<200, using: &random)
                guard let payload = queue.popDue(by: Deadline(milliseconds: now)) else {
                    #expect(model.soonest.map { $0 > now } ?? true)
                    continue
                }
                guard let index = model.timers.firstIndex(where: { $0.payload == payload }) else {
                    Issue.record("a timer came that was not set")
                    continue
                }
                #expect(model.timers[index].deadline == model.soonest)
                gone.append(model.timers.remove(at: index).id)
            default:
                guard let id = gone.randomElement(using: &random) else { continue }
                #expect(queue.cancel(id) == nil)
                let hasMoved = queue.move(id, to: Deadline(milliseconds: 0))
                #expect(!hasMoved)
            }
            queue.checkInvariants()
            #expect(queue.count == model.timers.count)
            #expect(queue.next?.milliseconds == model.soonest)
        }
    }

    @Test func givesTimersInOrder() {
        var random = SplitMix(state: 42)
        var queue = TimerQueue<Int64>()
        for _ in 0..<10_000 {
            let deadline = Int64.random(in: 0..<1_000, using: &random)
            _ = queue.insert(deadline, at: Deadline(milliseconds: deadline))
        }
        var last: Int64 = -1
        while let deadline = queue.popDue(by: Deadline(milliseconds: .max)) {
            #expect(deadline >= last)
            last = deadline
        }
        #expect(queue.isEmpty)
    }

    @Test func noTimerIsNone() {
        var queue = TimerQueue<Int>()
        #expect(queue.cancel(.none) == nil)
        _ = queue.insert(1, at: Deadline(milliseconds: 1))
        #expect(queue.cancel(.none) == nil)
    }
}
