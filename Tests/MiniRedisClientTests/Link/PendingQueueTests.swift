import Reactor
import Synchronization
import Testing

@testable import MiniRedisClient

/// The order of replies, without a connection.
@Suite struct PendingQueueTests {
    private func deadline(_ milliseconds: Int64) -> Deadline { Deadline(milliseconds: milliseconds) }

    @Test func theEarliestDeadlineIsKnown() {
        var queue = PendingQueue()
        #expect(queue.earliest == nil)
        var earliest: [Deadline?] = []
        for deadline in [nil, deadline(50), deadline(60), deadline(40)] {
            queue.append(nil, due: .replies(1), deadline: deadline)
            earliest.append(queue.earliest)
        }
        #expect(earliest == [nil, deadline(50), deadline(50), deadline(40)])
    }

    @Test func repliesGoToTheOldest() async {
        let answers = await withTaskGroup(of: (Int, Answer).self) { group in
            let queue = Shared()
            for number in 0..<3 {
                group.addTask { (number, await queue.wait(for: number == 1 ? 2 : 1, at: number)) }
            }
            await queue.fill(3)
            for value in 0..<4 { queue.reply(.integer(Int64(value))) }
            var all: [Int: Answer] = [:]
            for await (number, answer) in group { all[number] = answer }
            return all
        }
        if case .one(let value)? = answers[0] {
            #expect(value == .integer(0))
        } else {
            Issue.record("\(answers)")
        }
        if case .many(let values)? = answers[1] {
            #expect(values == [.integer(1), .integer(2)])
        } else {
            Issue.record("\(answers)")
        }
        if case .one(let value)? = answers[2] {
            #expect(value == .integer(3))
        } else {
            Issue.record("\(answers)")
        }
    }

    @Test func whatNobodyWaitsForIsDropped() {
        var queue = PendingQueue()
        var resume: [PendingQueue.Resumption] = []
        queue.append(nil, due: .replies(2), deadline: nil)
        queue.append(nil, due: .confirmations(2), deadline: nil)
        #expect(queue.count == 2)
        var isTaken = [queue.take(.null, &resume), queue.take(.null, &resume)]
        #expect(isTaken == [true, true])
        #expect(queue.count == 1)
        isTaken = [queue.take(.null, &resume)]
        #expect(isTaken == [false], "a reply is no confirmation")
        _ = queue.confirm(&resume)
        _ = queue.confirm(&resume)
        #expect(queue.count == 0 && resume.isEmpty)
        isTaken = [queue.take(.null, &resume)]
        #expect(isTaken == [false], "a reply to nothing")
        _ = queue.confirm(&resume)
        for number: UInt64 in [0, 1, 99, .max] {
            let waiter = queue.abandon(number)
            if waiter != nil { Issue.record("nobody waits for \(number)") }
        }
    }

    @Test func waitingForTheConnectionTakesNoReply() {
        var queue = PendingQueue()
        var resume: [PendingQueue.Resumption] = []
        for due in [PendingQueue.Due.replies(0), .replies(1), .replies(0), .confirmations(1)] {
            queue.append(nil, due: due, deadline: nil)
        }
        queue.open(&resume)
        let isTaken = queue.take(.null, &resume)
        _ = queue.confirm(&resume)
        #expect(isTaken && queue.count == 0)
    }

    @Test func aRefusedSubscriptionIsOver() {
        var queue = PendingQueue()
        var resume: [PendingQueue.Resumption] = []
        queue.append(nil, due: .confirmations(3), deadline: nil)
        let isTaken = queue.take(.error(RedisServerError("NOPERM")), &resume)
        #expect(isTaken)
        #expect(queue.count == 0)
    }

    @Test func manyRequestsTakeBoundedRoom() {
        var queue = PendingQueue()
        var resume: [PendingQueue.Resumption] = []
        for round in 0..<10_000 {
            queue.append(nil, due: .replies(1), deadline: nil)
            let isTaken = round < 100 || queue.take(.null, &resume)
            #expect(isTaken)
            #expect(queue.count == min(round + 1, 100))
        }
        #expect(queue.nextNumber == 10_001)
    }
}

/// A queue that tasks wait in, in a given order.
private final class Shared: Sendable {
    private let queue = Mutex(PendingQueue())

    func wait(for replies: Int, at place: Int) async -> Answer {
        while queue.withLock({ $0.count }) < place { await Task.yield() }
        return await Parked<Answer>.suspend { waiter in
            queue.withLock { $0.append(waiter, due: .replies(replies), deadline: nil) }
        }
    }

    func fill(_ count: Int) async {
        while queue.withLock({ $0.count }) < count { await Task.yield() }
    }

    func reply(_ value: RESPValue) {
        var resume: [PendingQueue.Resumption] = []
        queue.withLock { _ = $0.take(value, &resume) }
        for resumption in resume { resumption.waiter.resume(returning: resumption.answer) }
    }
}
