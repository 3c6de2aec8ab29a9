import Testing

@testable import Reactor

@Suite(.timeLimit(.minutes(10))) struct AlarmTests {
    @Test func movesBothWays() async throws {
        try await onLoop { loop in
            let alarm = Alarm(on: loop)
            let start = loop.now
            alarm.set(loop.deadline(in: 60_000))
            alarm.set(loop.deadline(in: 1))
            alarm.set(loop.deadline(in: 20))
            #expect(await alarm.next())
            #expect(MonotonicClock.nanoseconds() - start >= 20_000_000)
        }
    }

    @Test func isSetWhileSomebodyWaits() async throws {
        try await onLoop { loop in
            let alarm = Alarm(on: loop)
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) {
                    #expect(await alarm.next())
                    #expect(await alarm.next())
                }
                for _ in 0..<2 {
                    await loop.yield()
                    alarm.set(loop.deadline(in: 60_000))
                    alarm.set(loop.deadline(in: 2))
                    _ = await loop.sleep(until: loop.deadline(in: 10))
                }
            }
        }
    }

    @Test func aPassedDeadlineIsToldOnceAndCanBeTakenBack() async throws {
        try await onLoop { loop in
            let alarm = Alarm(on: loop)
            alarm.set(loop.deadline(in: 0))
            _ = await loop.sleep(until: loop.deadline(in: 5))
            #expect(await alarm.next())
            alarm.set(loop.deadline(in: 0))
            _ = await loop.sleep(until: loop.deadline(in: 5))
            alarm.set(nil)
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) { #expect(await !alarm.next()) }
                _ = await loop.sleep(until: loop.deadline(in: 5))
                group.cancelAll()
            }
        }
    }

    @Test func closingEndsTheWait() async throws {
        try await onLoop { loop in
            let alarm = Alarm(on: loop)
            alarm.set(loop.deadline(in: 60_000))
            await withDiscardingTaskGroup { group in
                group.addTask(on: loop) { #expect(await !alarm.next()) }
                await loop.yield()
                alarm.close()
            }
            alarm.set(loop.deadline(in: 0))
            #expect(await !alarm.next())
            #expect(loop.state.withState { $0.timers.isEmpty })
        }
    }
}
