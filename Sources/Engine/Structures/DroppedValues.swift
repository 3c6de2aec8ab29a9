/// Values that their keys have let go of and that take too long to be freed at once.
///
/// The one place where a big value goes, whether its key was deleted, overwritten, due or flushed.
final class DroppedValues {
    /// Values that cost more than so many blocks are freed in slices; the same figure as Redis's
    /// `LAZYFREE_THRESHOLD`, a matter of ten microseconds.
    static var threshold: Int { 64 }

    private var values: [(value: Value, bytes: Int)] = []
    /// Whether nobody will come for more.
    private var isClosed = false
    /// Called when there is a value where there was none.
    var whenFilled: (() -> Void)?

    /// How many values wait.
    var count: Int { values.count }

    /// The bytes that they had when they were dropped.
    private(set) var memoryUse = 0

    /// Gives up one reference: frees a value at once, or later if it is big and nobody else has it.
    static func drop(_ value: consuming Value, into dropped: DroppedValues?) {
        guard let dropped, !dropped.isClosed, value.releaseCost > threshold, isKnownUniquelyReferenced(&value)
        else { return }
        dropped.add(value)
    }

    /// Takes charge of a value that nobody will use any more, if it is big.
    func add(_ value: Value) {
        guard !isClosed, value.releaseCost > Self.threshold else { return }
        let bytes = value.memoryUse
        memoryUse += bytes
        values.append((value, bytes))
        if values.count == 1 { whenFilled?() }
    }

    /// Frees all that waits, and from now on every value at once.
    ///
    /// A big value's elements lie in an arena that knows of this object: whatever waited here at the end
    /// of a data set would keep itself, and the arena, for ever.
    func close() {
        isClosed = true
        values = []
        memoryUse = 0
    }

    /// Frees about so many blocks; true when nothing is left.
    func releaseSome(blocks budget: Int) -> Bool {
        guard let last = values.last else { return true }
        if last.value.releaseSome(blocks: budget) {
            memoryUse -= last.bytes
            values.removeLast()
        }
        return values.isEmpty
    }
}
