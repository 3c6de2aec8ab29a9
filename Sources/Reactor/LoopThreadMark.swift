import CLinux
import Synchronization

/// Tells which thread runs a loop at present.
@usableFromInline
final class LoopThreadMark: Sendable {
    /// Zero while no thread does.
    private let thread = Atomic<UInt>(0)

    /// Whether the caller is on that thread.
    @inline(__always) @usableFromInline
    var isCurrent: Bool {
        // A thread compares with what it wrote itself, or with another's number, which is never its.
        thread.load(ordering: .relaxed) == UInt(clinux_thread())
    }

    /// Makes the calling thread the loop's; false if the loop has one already.
    func adopt() -> Bool {
        thread.compareExchange(
            expected: 0, desired: UInt(clinux_thread()), ordering: .acquiring
        ).exchanged
    }

    func release() {
        thread.store(0, ordering: .releasing)
    }
}
