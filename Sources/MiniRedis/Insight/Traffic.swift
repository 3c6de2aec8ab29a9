import Synchronization

/// What all connections have read and written, on whatever loop they are.
final class Traffic: Sendable {
    private let bytesRead = Atomic<UInt64>(0)
    private let bytesWritten = Atomic<UInt64>(0)
    private let reads = Atomic<UInt64>(0)
    private let writes = Atomic<UInt64>(0)
    private let queryLimitHits = Atomic<UInt64>(0)

    struct Totals: Sendable {
        var bytesRead: UInt64 = 0
        var bytesWritten: UInt64 = 0
        var reads: UInt64 = 0
        var writes: UInt64 = 0
        /// Clients closed for more unfinished input than `client-query-buffer-limit`.
        var queryLimitHits: UInt64 = 0
    }

    /// Counts one read from a socket.
    @inline(__always)
    func noteRead(_ bytes: Int) {
        bytesRead.wrappingAdd(UInt64(truncatingIfNeeded: bytes), ordering: .relaxed)
        reads.wrappingAdd(1, ordering: .relaxed)
    }

    /// Counts one write to a socket.
    @inline(__always)
    func noteWritten(_ bytes: Int) {
        bytesWritten.wrappingAdd(UInt64(truncatingIfNeeded: bytes), ordering: .relaxed)
        writes.wrappingAdd(1, ordering: .relaxed)
    }

    /// Counts a client that is closed for its unfinished input.
    func noteQueryLimit() { queryLimitHits.wrappingAdd(1, ordering: .relaxed) }

    /// The present totals.
    var totals: Totals {
        Totals(
            bytesRead: bytesRead.load(ordering: .relaxed),
            bytesWritten: bytesWritten.load(ordering: .relaxed),
            reads: reads.load(ordering: .relaxed), writes: writes.load(ordering: .relaxed),
            queryLimitHits: queryLimitHits.load(ordering: .relaxed))
    }

    /// Puts all back to zero.
    func reset() {
        bytesRead.store(0, ordering: .relaxed)
        bytesWritten.store(0, ordering: .relaxed)
        reads.store(0, ordering: .relaxed)
        writes.store(0, ordering: .relaxed)
        queryLimitHits.store(0, ordering: .relaxed)
    }
}
