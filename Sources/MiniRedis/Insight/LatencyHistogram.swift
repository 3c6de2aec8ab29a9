import Reactor

/// How often a command took how long: counts on a scale that is logarithmic in steps, linear within.
///
/// Each power of two is cut into 128 buckets, so that a value is known to within 1 %. Recording is one
/// increment; ticks become nanoseconds only when somebody asks.
@safe final class LatencyHistogram {
    private static let stepsPerOctave = 128
    private static let stepBits = 7
    /// The highest buckets hold 2^40 ticks and all that is more: minutes at least.
    private static let highestBit = 40
    private static let bucketCount = (highestBit - stepBits + 2) * stepsPerOctave

    /// Nothing until the first value: most commands are never used.
    private var counts: UnsafeMutablePointer<UInt64>?
    private(set) var total: UInt64 = 0

    deinit { reset() }

    /// Counts one value.
    @inline(__always)
    func record(_ ticks: UInt64) {
        guard let counts = unsafe counts else { return recordFirst(ticks) }
        // `bucket` is below `bucketCount`, and so many counts are there.
        unsafe counts[Self.bucket(of: ticks)] &+= 1
        total &+= 1
    }

    /// Forgets all values.
    func reset() {
        // Allocated by `recordFirst`.
        unsafe counts?.deallocate()
        unsafe counts = nil
        total = 0
    }

    /// The value below which a share of all values lies, in nanoseconds: the upper end of its bucket.
    func nanoseconds(atPercentile percentile: Double) -> UInt64 {
        let wanted = max(UInt64(percentile / 100 * Double(total) + 0.5), 1)
        var passed: UInt64 = 0
        for bucket in 0..<Self.bucketCount {
            passed += count(bucket)
            if passed >= wanted {
                return Ticks.nanoseconds(percentile == 0 ? Self.low(bucket) : Self.high(bucket))
            }
        }
        return 0
    }

    /// For powers of two of about a microsecond how many values were no longer, as far as that adds any.
    ///
    /// The limits are those of Redis's LATENCY HISTOGRAM: the upper ends of its own buckets.
    func cumulative() -> [(microseconds: UInt64, count: UInt64)] {
        var result: [(microseconds: UInt64, count: UInt64)] = []
        var limit: UInt64 = 1024
        var passed: UInt64 = 0
        var told: UInt64 = 0
        for bucket in 0..<Self.bucketCount where count(bucket) > 0 {
            let value = Ticks.nanoseconds(Self.high(bucket))
            while value > Self.upperEnd(limit) {
                if passed > told { result.append((Self.upperEnd(limit) / 1000, passed)) }
                told = passed
                limit *= 2
            }
            passed += count(bucket)
        }
        if passed > told { result.append((Self.upperEnd(limit) / 1000, passed)) }
        return result
    }

    private static func upperEnd(_ limit: UInt64) -> UInt64 { limit + limit / 128 - 1 }

    private func recordFirst(_ ticks: UInt64) {
        let fresh = UnsafeMutablePointer<UInt64>.allocate(capacity: Self.bucketCount)
        // The block has so many.
        unsafe fresh.initialize(repeating: 0, count: Self.bucketCount)
        unsafe counts = fresh
        record(ticks)
    }

    private func count(_ bucket: Int) -> UInt64 {
        // Callers stay below `bucketCount`.
        unsafe counts?[bucket] ?? 0
    }

    /// Values below 256 have buckets of their own; above that, 128 share each power of two.
    @inline(__always)
    static func bucket(of ticks: UInt64) -> Int {
        let value = min(ticks, (1 &<< UInt64(highestBit &+ 1)) &- 1)
        if value < 256 { return Int(truncatingIfNeeded: value) }
        let shift = 63 &- value.leadingZeroBitCount &- stepBits
        return shift &* stepsPerOctave &+ Int(truncatingIfNeeded: value &>> UInt64(truncatingIfNeeded: shift))
    }

    /// The lowest value of a bucket.
    static func low(_ bucket: Int) -> UInt64 {
        if bucket < 256 { return UInt64(bucket) }
        let shift = bucket / stepsPerOctave - 1
        return UInt64(bucket - shift * stepsPerOctave) << UInt64(shift)
    }

    /// The highest value of a bucket.
    static func high(_ bucket: Int) -> UInt64 { low(bucket + 1) - 1 }
}
