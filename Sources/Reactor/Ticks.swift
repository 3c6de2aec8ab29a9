import CLinux

/// The cheapest clock there is, for timing a single command.
///
/// A reading is the processor's own counter where it runs steadily, else the monotonic clock. Only
/// differences have a meaning, and only after `nanoseconds(_:)`.
package enum Ticks {
    /// A reading.
    @inline(__always)
    package static func now() -> UInt64 {
        calibration.usesCounter ? clinux_ticks() : MonotonicClock.nanoseconds()
    }

    /// What a difference of two readings is in nanoseconds.
    package static func nanoseconds(_ difference: UInt64) -> UInt64 {
        let product = difference.multipliedFullWidth(by: calibration.nanosecondsPerTick)
        return product.high << 32 | product.low >> 32
    }

    /// How much a reading grows in so many nanoseconds, four seconds at most.
    package static func count(ofNanoseconds nanoseconds: UInt64) -> UInt64 {
        min(nanoseconds, 1 << 32 - 1) << 32 / calibration.nanosecondsPerTick
    }

    /// Measures the counter's rate now, which takes two milliseconds, not at the first reading.
    package static func calibrate() {
        _ = calibration
    }

    private struct Calibration {
        var usesCounter: Bool
        /// A fixed-point number with 32 bits of fraction.
        var nanosecondsPerTick: UInt64
    }

    private static let calibration = measure()

    /// Long enough for an error below a ten-thousandth, when a clock reading takes 50 ns.
    private static let calibrationNanoseconds: UInt64 = 2_000_000

    private static func measure() -> Calibration {
        let plain = Calibration(usesCounter: false, nanosecondsPerTick: 1 << 32)
        guard clinux_ticks_are_steady() else { return plain }
        let start = (time: MonotonicClock.nanoseconds(), ticks: clinux_ticks())
        var end = start
        while end.time &- start.time < calibrationNanoseconds {
            end = (MonotonicClock.nanoseconds(), clinux_ticks())
        }
        guard end.ticks > start.ticks else { return plain }
        let rate = ((end.time - start.time) << 32) / (end.ticks - start.ticks)
        return rate == 0 ? plain : Calibration(usesCounter: true, nanosecondsPerTick: rate)
    }
}
