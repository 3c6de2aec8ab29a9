import Synchronization
import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct TaskNestTests {
    @Test func allTasksRunAndAreAwaited() async throws {
        try await onLoop { loop in
            let done = Atomic<Int>(0)
            await TaskNest.run(on: loop) { nest in
                for index in 0..<1_000 {
                    nest.add { _ in
                        #expect(loop.isCurrent)
                        _ = await loop.sleep(until: loop.deadline(in: Int64(index * 7 % 10)))
                        done.add(1, ordering: .relaxed)
                    }
                    if index % 100 == 0 { await loop.yield() }
                }
            }
            #expect(done.load(ordering: .relaxed) == 1_000)
            #expect(loop.state.withState { $0.table.count } == 0)
        }
    }

    @Test func roomIsUsedAgain() async throws {
        try await onLoop { loop in
            await TaskNest.run(on: loop) { nest in
                for _ in 0..<20 {
                    for _ in 0..<100 { nest.add { _ in } }
                    for _ in 0..<5 { await loop.yield() }
                }
                // The bells of the root, of two groups for a hundred tasks, and none for the rest.
                #expect(loop.state.withState { $0.table.count } == 3)
            }
        }
    }

    @Test func cancellationReachesAll() async throws {
        try await onLoop { loop in
            let cancelled = Atomic<Int>(0)
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) {
                    await TaskNest.run(on: loop) { nest in
                        for _ in 0..<200 {
                            nest.add { _ in
                                let slept = await loop.sleep(until: loop.deadline(in: 60_000))
                                if !slept { cancelled.add(1, ordering: .relaxed) }
                            }
                        }
                        _ = await loop.sleep(until: loop.deadline(in: 60_000))
                    }
                }
                for _ in 0..<5 { await loop.yield() }
                group.cancelAll()
            }
            #expect(cancelled.load(ordering: .relaxed) == 200)
        }
    }
}
