import Synchronization

/// What the connections of one loop have read and written since the start.
///
/// They all write from the loop's thread, so plain stores will do; anybody may read.
final class Traffic: Sendable {
    private let bytesRead = Atomic<UInt64>(0)
    private let bytesWritten = Atomic<UInt64>(0)
    private let reads = Atomic<UInt64>(0)
    private let writes = Atomic<UInt64>(0)

    struct Totals: Sendable {
        var bytesRead: UInt64 = 0
        var bytesWritten: UInt64 = 0
        var reads: UInt64 = 0
        var writes: UInt64 = 0
    }

    /// Counts one read from a socket.
    @inline(__always)
    func noteRead(_ bytes: Int) {
        Self.add(UInt64(truncatingIfNeeded: bytes), to: bytesRead)
        Self.add(1, to: reads)
    }

    /// Counts one write to a socket, or to several.
    @inline(__always)
    func noteWritten(_ bytes: Int, writes count: Int = 1) {
        Self.add(UInt64(truncatingIfNeeded: bytes), to: bytesWritten)
        Self.add(UInt64(truncatingIfNeeded: count), to: writes)
    }

    /// The present totals.
    var totals: Totals {
        Totals(
            bytesRead: bytesRead.load(ordering: .relaxed),
            bytesWritten: bytesWritten.load(ordering: .relaxed),
            reads: reads.load(ordering: .relaxed), writes: writes.load(ordering: .relaxed))
    }

    @inline(__always)
    private static func add(_ count: UInt64, to counter: borrowing Atomic<UInt64>) {
        counter.store(counter.load(ordering: .relaxed) &+ count, ordering: .relaxed)
    }
}

extension Traffic.Totals {
    /// The sum of both, or what one has more than the other, figure by figure.
    private func combined(_ other: Self, _ combine: (UInt64, UInt64) -> UInt64) -> Self {
        Self(
            bytesRead: combine(bytesRead, other.bytesRead),
            bytesWritten: combine(bytesWritten, other.bytesWritten),
            reads: combine(reads, other.reads), writes: combine(writes, other.writes))
    }

    static func + (a: Self, b: Self) -> Self { a.combined(b, &+) }
    static func - (a: Self, b: Self) -> Self { a.combined(b, &-) }
}
