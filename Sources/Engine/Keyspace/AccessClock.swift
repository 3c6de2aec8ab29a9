/// The 24 bits of an entry that tell how lately or how often it was used.
///
/// By time: seconds, wrapping after 194 days (Redis's LRU clock). By frequency: 16 bits of minutes
/// and a logarithmic 8-bit counter (Redis's LFU).
enum AccessClock {
    private static var mask: UInt32 { 0xff_ffff }
    /// A new key's counter, so that it isn't evicted at once (`LFU_INIT_VAL`).
    private static var firstCount: UInt32 { 5 }

    /// The clock of a key used now.
    @inline(__always)
    static func seconds(_ now: Int64) -> UInt32 { UInt32(truncatingIfNeeded: now / 1000) & mask }

    /// The clock of a key made now.
    @inline(__always)
    static func initial(_ now: Int64, _ settings: DatasetSettings) -> UInt32 {
        settings.countsFrequency ? minutes(now) << 8 | firstCount : seconds(now)
    }

    /// Seconds since the key was used, by time.
    static func idleSeconds(_ clock: UInt32, _ now: Int64) -> Int64 {
        Int64((seconds(now) &- clock) & mask)
    }

    /// The key's counter now, by frequency.
    static func frequency(_ clock: UInt32, _ now: Int64, _ settings: DatasetSettings) -> UInt32 {
        let count = clock & 0xff
        guard settings.frequencyDecayMinutes > 0 else { return count }
        let elapsed = (minutes(now) &- (clock >> 8)) & 0xffff
        let periods = elapsed / UInt32(clamping: settings.frequencyDecayMinutes)
        return periods > count ? 0 : count - periods
    }

    /// The clock after one more use, by frequency.
    static func counted(
        _ clock: UInt32, _ now: Int64, _ settings: DatasetSettings, _ random: inout RandomSource
    ) -> UInt32 {
        var count = frequency(clock, now, settings)
        if count < 255 {
            let base = count > firstCount ? Double(count - firstCount) : 0
            let chance = 1 / (base * Double(settings.frequencyLogFactor) + 1)
            if Double.random(in: 0..<1, using: &random) < chance { count += 1 }
        }
        return minutes(now) << 8 | count
    }

    private static func minutes(_ now: Int64) -> UInt32 { UInt32(truncatingIfNeeded: now / 60_000) & 0xffff }
}
