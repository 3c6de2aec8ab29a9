import CLinux

/// The cheapest clock there is, for timing a single command.
///
/// A reading is the processor's own counter where it runs steadily, else the monotonic clock. Only
/// differences have a meaning, and only after `nanoseconds(_:)`.
package enum Ticks {
    /// A reading.
    @inline(__always)
    package static func now() -> UInt64 {
        origin.usesCounter ? clinux_ticks() : MonotonicClock.nanoseconds()
    }

    /// What a difference of two readings is in nanoseconds.
    package static func nanoseconds(_ difference: UInt64) -> UInt64 {
        let product = difference.multipliedFullWidth(by: nanosecondsPerTick)
        return product.high << 32 | product.low >> 32
    }

    /// How much a reading grows in about so many nanoseconds, four seconds at most.
    ///
    /// To a thousandth, and without waiting long for that: a server asks with its first request.
    package static func count(ofNanoseconds nanoseconds: UInt64) -> UInt64 {
        min(nanoseconds, 1 << 32 - 1) << 32 / rate(over: shortSpan)
    }

    // MARK: Calibration

    /// Where the measuring began.
    private struct Origin {
        let usesCounter = clinux_ticks_are_steady()
        let time = MonotonicClock.nanoseconds()
        let ticks = clinux_ticks()
    }

    private static let origin = Origin()

    /// Spans over which the counter is compared with the clock: long enough for an error below a
    /// ten-thousandth, or a thousandth, when a clock reading takes 50 ns.
    private static let longSpan: UInt64 = 2_000_000
    private static let shortSpan: UInt64 = 100_000

    /// The rate by which differences are told; always the same, so that sums of them never fall.
    ///
    /// Whoever asks for it first has nearly always waited for long enough by other work.
    private static let nanosecondsPerTick = rate(over: longSpan)

    /// Nanoseconds for each tick as a fixed-point number with 32 bits of fraction, measured since the origin
    /// and over so many nanoseconds at least.
    private static func rate(over span: UInt64) -> UInt64 {
        let plain: UInt64 = 1 << 32
        guard origin.usesCounter else { return plain }
        var end = (time: MonotonicClock.nanoseconds(), ticks: clinux_ticks())
        while end.time &- origin.time < span { end = (MonotonicClock.nanoseconds(), clinux_ticks()) }
        guard end.ticks > origin.ticks else { return plain }
        let (time, ticks) = (end.time - origin.time, end.ticks - origin.ticks)
        // A counter of less than a tick in four seconds is none.
        guard time >> 32 < ticks else { return plain }
        return max(ticks.dividingFullWidth((high: time >> 32, low: time << 32)).quotient, 1)
    }
}
