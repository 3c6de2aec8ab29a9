import Testing

@testable import Engine

@Suite struct AccessClockTests {
    private var counting: DatasetSettings {
        var settings = DatasetSettings()
        settings.countsFrequency = true
        return settings
    }

    private let minute: Int64 = 60_000
    private let start: Int64 = 1_700_000_000_000

    @Test func idleTimeIsCountedInSeconds() {
        let clock = AccessClock.initial(start, DatasetSettings())
        #expect(AccessClock.idleSeconds(clock, start) == 0)
        #expect(AccessClock.idleSeconds(clock, start + 999) == 0)
        #expect(AccessClock.idleSeconds(clock, start + 90_000) == 90)
        #expect(AccessClock.idleSeconds(clock, start + 24 * 3600_000) == 86400)
    }

    @Test func idleTimeSurvivesTheWrap() {
        // The clock's 24 bits are about to run over.
        let before: Int64 = (1 << 24) * 1000 - 5000
        let clock = AccessClock.seconds(before)
        #expect(clock == 0xff_fffb)
        #expect(AccessClock.idleSeconds(clock, before + 10_000) == 10)
    }

    @Test func newKeysStartWithFive() {
        let clock = AccessClock.initial(start, counting)
        #expect(AccessClock.frequency(clock, start, counting) == 5)
        #expect(clock < 1 << 24)
    }

    @Test func countersDecayByTheMinute() {
        var settings = counting
        let clock = AccessClock.initial(start, settings)
        let minuteStart = start - start % minute
        #expect(AccessClock.frequency(clock, minuteStart + minute - 1, settings) == 5)
        for minutes in 0...5 {
            #expect(
                AccessClock.frequency(clock, start + Int64(minutes) * minute, settings) == UInt32(5 - minutes)
            )
        }
        #expect(AccessClock.frequency(clock, start + 100 * minute, settings) == 0)
        settings.frequencyDecayMinutes = 10
        #expect(AccessClock.frequency(clock, start + 25 * minute, settings) == 3)
        settings.frequencyDecayMinutes = 0
        #expect(AccessClock.frequency(clock, start + 10_000 * minute, settings) == 5)
        settings.frequencyDecayMinutes = .max
        #expect(AccessClock.frequency(clock, start + 10_000 * minute, settings) == 5)
    }

    @Test func decaySurvivesTheWrapOfMinutes() {
        let before = 65535 * minute
        let clock = AccessClock.initial(before, counting)
        #expect(AccessClock.frequency(clock, before + 2 * minute, counting) == 3)
    }

    private func count(_ uses: Int, _ settings: DatasetSettings, seed: UInt64 = 1) -> UInt32 {
        var random = RandomSource(seed: seed)
        var clock = AccessClock.initial(start, settings)
        for _ in 0..<uses { clock = AccessClock.counted(clock, start, settings, &random) }
        return AccessClock.frequency(clock, start, settings)
    }

    @Test func countersSaturate() {
        var settings = counting
        settings.frequencyLogFactor = 0
        #expect(count(5, settings) == 10)
        #expect(count(249, settings) == 254)
        #expect(count(250, settings) == 255)
        #expect(count(10_000, settings) == 255)
    }

    /// The table in Redis's redis.conf: counters after so many uses by log factor, give or take chance.
    @Test(arguments: [
        (factor: 1, uses: 100, expected: UInt32(18)), (1, 1000, 49), (1, 100_000, 255), (10, 100, 10),
        (10, 1000, 18), (10, 100_000, 142), (100, 100, 8), (100, 1000, 11), (100, 100_000, 49),
    ])
    func countersGrowLogarithmically(factor: Int, uses: Int, expected: UInt32) {
        var settings = counting
        settings.frequencyLogFactor = factor
        let counts = (1...3).map { count(uses, settings, seed: $0) }
        let mean = Double(counts.reduce(0, +)) / 3
        #expect(abs(mean - Double(expected)) <= max(3, Double(expected) * 0.15), "\(counts)")
    }

    @Test func usesRestartTheDecay() {
        var settings = counting
        settings.frequencyLogFactor = 0
        var random = RandomSource(seed: 1)
        let later = start + 3 * minute
        let clock = AccessClock.counted(AccessClock.initial(start, settings), later, settings, &random)
        #expect(AccessClock.frequency(clock, later, settings) == 3)
    }
}
