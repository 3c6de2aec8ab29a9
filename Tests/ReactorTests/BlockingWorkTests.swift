import Synchronization
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct BlockingWorkTests {
    private struct Failure: Error, Equatable {}

    @Test func moreThanTheQueueHoldsIsAllDone() async throws {
        try await onLoop { loop in
            let blocking = try BlockingWork(threads: 3)
            defer { blocking.stopAndJoin() }
            await withTaskGroup(of: Int.self) { group in
                for number in 0..<10 * BlockingWork.queueLimit {
                    group.addTask(on: loop) {
                        let answer = await blocking.run {
                            #expect(!loop.isCurrent)
                            return number
                        }
                        #expect(loop.isCurrent)
                        return answer
                    }
                }
                var sum = 0
                for await number in group { sum += number }
                let count = 10 * BlockingWork.queueLimit
                #expect(sum == count * (count - 1) / 2)
            }
        }
    }

    @Test func errorsComeBackTyped() async throws {
        let blocking = try BlockingWork(threads: 1)
        do throws(Failure) {
            _ = try await blocking.run { () throws(Failure) -> Int in throw Failure() }
            Issue.record("an error was swallowed")
        } catch {
            #expect(error == Failure())
        }
        blocking.stopAndJoin()
        blocking.stopAndJoin()
    }

    @Test func stoppingDoesWhatIsQueuedFirst() async throws {
        try await onLoop { loop in
            let blocking = try BlockingWork(threads: 1)
            let done = Atomic<Int>(0)
            await withDiscardingTaskGroup { group in
                for _ in 0..<50 {
                    group.addTask(on: loop) {
                        await blocking.run { _ = done.add(1, ordering: .relaxed) }
                    }
                }
                await loop.yield()
                blocking.stopAndJoin()
                #expect(done.load(ordering: .relaxed) == 50)
            }
        }
    }
}
