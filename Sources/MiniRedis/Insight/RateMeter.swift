/// A rate over the last 16 samples of a growing total, as INFO's `instantaneous_` fields.
struct RateMeter {
    private static let sampleCount = 16

    private var samples = InlineArray<16, UInt64>(repeating: 0)
    private var next = 0
    private var lastTotal: UInt64 = 0
    private var lastTime: UInt64 = 0

    /// Starts from a total that was reached at a time, mostly in milliseconds; older samples stay.
    mutating func start(total: UInt64, at time: UInt64) {
        lastTotal = total
        lastTime = time
    }

    /// Takes a sample: how much the total grew in `unit`s of time, for which a second is the usual one.
    mutating func sample(total: UInt64, at time: UInt64, per unit: UInt64 = 1000) {
        let elapsed = max(time &- lastTime, 1)
        // A total that fell was put back to zero meanwhile.
        samples[next] = total >= lastTotal ? (total - lastTotal) * unit / elapsed : 0
        next = (next + 1) % Self.sampleCount
        start(total: total, at: time)
    }

    /// The mean of the samples.
    var mean: UInt64 {
        var sum: UInt64 = 0
        for index in 0..<Self.sampleCount { sum &+= samples[index] }
        return sum / UInt64(Self.sampleCount)
    }
}
