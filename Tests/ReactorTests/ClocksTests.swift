import Glibc
import Testing

@testable import Reactor

@Suite struct ClocksTests {
    @Test func ticksAreNanosecondsAfterAll() {
        let start = reading()
        usleep(20_000)
        let end = reading()
        let byClock = Double(end.time - start.time)
        let byTicks = Double(Ticks.nanoseconds(end.ticks - start.ticks))
        #expect(abs(byTicks / byClock - 1) < 0.05)
        #expect(Ticks.nanoseconds(0) == 0)
    }

    /// Both clocks at the same moment: of many tries the one that took least.
    private func reading() -> (time: UInt64, ticks: UInt64) {
        var best: (time: UInt64, ticks: UInt64) = (0, 0)
        var shortest = UInt64.max
        for _ in 0..<1_000 {
            let time = MonotonicClock.nanoseconds()
            let ticks = Ticks.now()
            let length = MonotonicClock.nanoseconds() - time
            if length < shortest {
                shortest = length
                best = (time, ticks)
            }
        }
        return best
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
