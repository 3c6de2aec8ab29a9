import Synchronization
import Testing

@testable import Reactor

/// An actor that lives on a loop, as the database does.
private actor Counter {
    let loop: EventLoop
    private(set) var count = 0

    init(on loop: EventLoop) {
        self.loop = loop
    }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The actor holds the loop.
        unsafe loop.asUnownedSerialExecutor()
    }

    func increment() {
        loop.checkIsolated()
        count += 1
    }
}

private final class Chore: LoopChore {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }

    func perform() { body() }
}

@Suite(.timeLimit(.minutes(10))) struct EventLoopTests {
    @Test func runEndsWithItsRootTask() throws {
        let loop = try EventLoop()
        let steps = Mutex<[Int]>([])
        for round in 0..<3 {
            loop.run {
                #expect(loop.isCurrent)
                await loop.yield()
                #expect(await loop.sleep(until: loop.deadline(in: 1)))
                steps.withLock { $0.append(round) }
            }
            #expect(!loop.isCurrent)
        }
        #expect(steps.withLock { $0 } == [0, 1, 2])
    }

    @Test func turnsAreCountedAndTimed() async throws {
        try await onLoop { loop in
            let before = loop.figures
            for count in [3, 4, 5, 1] {
                loop.noteWork(count)
                // The first two are of one turn.
                if count != 3 { await loop.yield() }
            }
            #expect(loop.figures.mostWork == 7)
            for _ in 0..<10 { await loop.yield() }
            let start = Ticks.now()
            while Ticks.nanoseconds(Ticks.now() &- start) < 2_000_000 {}
            await loop.yield()
            let after = loop.figures
            #expect(after.completed >= before.completed + 11)
            #expect(after.longestNanoseconds >= 1_999_000)
            #expect(after.nanoseconds >= before.nanoseconds + 1_999_000)
            loop.resetFigures()
            #expect(loop.figures.completed == 0 && loop.figures.nanoseconds == 0)
            #expect(loop.figures.longestNanoseconds == 0 && loop.figures.mostWork == 0)
            #expect(loop.turn >= 11)
        }
    }

    @Test func anIsolatedTaskStaysOnItsThread() async throws {
        try await onLoop { loop in
            let counter = Counter(on: loop)
            let bell = Registration(on: loop)
            let before = loop.queue.withState { $0.appended }
            for _ in 0..<100 {
                await counter.increment()
                bell.signal()
                #expect(await bell.wait(for: []) == .signalled)
            }
            #expect(await counter.count == 100)
            // Not one detour through the queue.
            #expect(loop.queue.withState { $0.appended } == before)
        }
    }

    @Test func choresAreDoneOnceAfterTheJobsOfATurn() async throws {
        let order = Mutex<[String]>([])
        try await onLoop { loop in
            let chore = Chore { order.withLock { $0.append("chore") } }
            await withDiscardingTaskGroup { group in
                for name in ["a", "b"] {
                    group.addTask(on: loop) {
                        order.withLock { $0.append(name) }
                        if name == "a" { loop.beforePolling(chore) }
                    }
                }
            }
            await loop.yield()
            await loop.yield()
            // A loop without anything else to do does not go to sleep over one.
            let bell = Registration(on: loop)
            loop.beforePolling(Chore { loop.beforePolling(Chore { bell.signal() }) })
            #expect(await bell.wait(for: []) == .signalled)
        }
        #expect(order.withLock { $0 } == ["a", "b", "chore"])
    }

    @Test func jobsFromOtherThreadsAllRun() async throws {
        try await onLoop { loop in
            let counter = Counter(on: loop)
            await withDiscardingTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask(executorPreference: globalConcurrentExecutor) {
                        for _ in 0..<2_000 { await counter.increment() }
                    }
                }
            }
            #expect(await counter.count == 16_000)
        }
    }

    @Test func twoLoopsExchange() async throws {
        let other = try LoopThread(named: "other")
        defer { other.stopAndJoin() }
        let second = other.loop
        try await onLoop { first in
            let here = Counter(on: first)
            let there = Counter(on: second)
            await withDiscardingTaskGroup { group in
                for _ in 0..<20 {
                    group.addTask(on: first) {
                        for _ in 0..<200 {
                            await there.increment()
                            #expect(first.isCurrent)
                        }
                    }
                    group.addTask(on: second) {
                        for _ in 0..<200 {
                            await here.increment()
                            #expect(second.isCurrent)
                        }
                    }
                }
            }
            #expect(await here.count == 4_000)
            #expect(await there.count == 4_000)
        }
    }

    @Test func busyTasksDoNotStarveDescriptorsAndTimers() async throws {
        try await onLoop { loop in
            let pair = try SocketPair()
            let registration = try Registration(pair.server.descriptor, on: loop)
            defer { registration.close() }
            let isDone = Atomic<Bool>(false)
            await withDiscardingTaskGroup { group in
                // Each wakes the other for ever: the queue is never empty.
                let bells = [Registration(on: loop), Registration(on: loop)]
                for index in 0..<2 {
                    group.addTask(on: loop) {
                        while !isDone.load(ordering: .relaxed) {
                            bells[1 - index].signal()
                            _ = await bells[index].wait(for: [])
                        }
                        bells[1 - index].signal()
                    }
                }
                #expect(await loop.sleep(until: loop.deadline(in: 5)))
                _ = try? pair.client.write([1].span)
                #expect(await registration.wait(for: .readable) == .readable)
                isDone.store(true, ordering: .relaxed)
            }
        }
    }

    @Test func yieldLetsOthersGoFirst() async throws {
        let order = Mutex<[String]>([])
        try await onLoop { loop in
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) {
                    for _ in 0..<2 {
                        order.withLock { $0.append("a") }
                        await loop.yield()
                    }
                }
                group.addTask(on: loop) {
                    for _ in 0..<2 {
                        order.withLock { $0.append("b") }
                        await loop.yield()
                    }
                }
            }
        }
        #expect(order.withLock { $0 } == ["a", "b", "a", "b"])
    }

    @Test func sleepsAreNotShortAndEndByThemselves() async throws {
        try await onLoop { loop in
            // Nothing else would end them, so that a sleep too long is one without an end.
            for milliseconds in [0, 1, 5, 20] {
                let start = MonotonicClock.nanoseconds()
                #expect(await loop.sleep(until: .after(milliseconds: Int64(milliseconds))))
                let slept = MonotonicClock.nanoseconds() - start
                #expect(slept >= UInt64(milliseconds) * 1_000_000)
            }
        }
    }

    @Test func cancelledSleepEndsAtOnce() async throws {
        try await onLoop { loop in
            await withTaskGroup(of: Bool.self) { group in
                group.addTask(on: loop) { await loop.sleep(until: loop.deadline(in: 60_000)) }
                await loop.yield()
                group.cancelAll()
                group.addTask(on: loop) { await loop.sleep(until: loop.deadline(in: 60_000)) }
                for await slept in group { #expect(!slept) }
            }
            #expect(loop.state.withState { $0.timers.isEmpty })
            #expect(loop.state.withState { $0.table.count } == 0)
        }
    }

    @Test func threadsStopTwiceWithoutHarm() throws {
        let thread = try LoopThread(named: "a name of more than fifteen bytes")
        thread.stopAndJoin()
        thread.stopAndJoin()
    }
}
