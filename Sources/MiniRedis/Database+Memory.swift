import Engine

/// The limit on memory.
extension Database {
    /// Whether there is more data than `maxmemory` allows.
    ///
    /// The figure is taken once a millisecond: asking the allocator costs more than a command.
    @inline(__always)
    func isOverMemoryLimit(_ now: Int64) -> Bool {
        guard configuration.maxMemory > 0 else { return false }
        return memoryMeter.use(clock.realMilliseconds(now)) { usedMemory } > configuration.maxMemory
    }
}

/// A reading of memory in use that is good for a millisecond.
struct MemoryMeter {
    private var bytes = 0
    private var readAt = Int64.min

    /// The reading of this millisecond, taken now if there is none yet.
    mutating func use(_ now: Int64, _ read: () -> Int) -> Int {
        if readAt != now {
            bytes = read()
            readAt = now
        }
        return bytes
    }
}
