import Glibc

/// Time that never jumps; its zero is somewhere in the machine's past.
package enum MonotonicClock {
    /// A fresh reading.
    package static func nanoseconds() -> UInt64 {
        UInt64(readClock(CLOCK_MONOTONIC))
    }

    /// Has the calling thread sleep, unless a signal ends that: less than a second, and longer by the thread's
    /// timer slack.
    static func rest(nanoseconds: UInt64) {
        var time = timespec(tv_sec: 0, tv_nsec: Int(min(nanoseconds, 999_999_999)))
        // The pointer is to a local that outlives the call.
        _ = unsafe nanosleep(&time, nil)
    }
}

/// Time since 1970 as the machine's administrator sets it; it may jump.
package enum WallClock {
    /// A fresh reading.
    package static func milliseconds() -> Int64 {
        readClock(CLOCK_REALTIME) / 1_000_000
    }

    /// A fresh reading.
    package static func microseconds() -> Int64 {
        readClock(CLOCK_REALTIME) / 1_000
    }
}

@inline(__always)
private func readClock(_ clock: clockid_t) -> Int64 {
    var time = timespec()
    // The pointer is to a local that outlives the call. These clocks can't fail on Linux.
    _ = unsafe clock_gettime(clock, &time)
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
}

/// A moment on the monotonic clock, in whole milliseconds; timers and waits end there.
///
/// Durations are rounded up, so that nothing ends early.
package struct Deadline: Comparable, Hashable, Sendable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// The first whole millisecond that is not before the given nanosecond.
    package init(notBefore nanoseconds: UInt64) {
        milliseconds = Int64((nanoseconds &+ 999_999) / 1_000_000)
    }

    /// So many milliseconds after a reading of the monotonic clock, by default a fresh one.
    package static func after(
        milliseconds: Int64, since nanoseconds: UInt64 = MonotonicClock.nanoseconds()
    ) -> Deadline {
        let start = Deadline(notBefore: nanoseconds)
        let (sum, overflow) = start.milliseconds.addingReportingOverflow(milliseconds)
        return Deadline(milliseconds: overflow ? .max : sum)
    }

    package static func < (left: Deadline, right: Deadline) -> Bool {
        left.milliseconds < right.milliseconds
    }
}
