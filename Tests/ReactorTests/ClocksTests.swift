import Glibc
import Testing

@testable import Reactor

@Suite struct ClocksTests {
    @Test func ticksAreNanosecondsAfterAll() {
        Ticks.calibrate()
        let start = (time: MonotonicClock.nanoseconds(), ticks: Ticks.now())
        usleep(20_000)
        let end = (time: MonotonicClock.nanoseconds(), ticks: Ticks.now())
        let byClock = Double(end.time - start.time)
        let byTicks = Double(Ticks.nanoseconds(end.ticks - start.ticks))
        #expect(abs(byTicks / byClock - 1) < 0.05)
        #expect(Ticks.nanoseconds(0) == 0)
    }

    @Test func wallClockUnitsAgree() {
        let milliseconds = WallClock.milliseconds()
        #expect(WallClock.microseconds() / 1_000 - milliseconds < 1_000)
        #expect(milliseconds > 1_700_000_000_000)
    }

    @Test func deadlinesAreNeverEarly() {
        #expect(Deadline(notBefore: 0).milliseconds == 0)
        #expect(Deadline(notBefore: 1).milliseconds == 1)
        #expect(Deadline(notBefore: 1_000_000).milliseconds == 1)
        #expect(Deadline.after(milliseconds: 5, since: 1_000_001).milliseconds == 7)
        #expect(Deadline.after(milliseconds: .max, since: 1).milliseconds == .max)
    }
}
