import Engine

/// The limit on memory.
extension Database {
    /// Bytes in use: what the process started with, and the data.
    var usedMemory: Int { environment.startMemory + dataset.memoryUse }

    /// Whether there is more data than `maxmemory` allows.
    @inline(__always)
    var isOverMemoryLimit: Bool {
        configuration.maxMemory > 0 && usedMemory > configuration.maxMemory
    }
}
