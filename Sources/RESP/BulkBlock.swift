import Glibc

/// Memory for one big bulk string, filled from the socket and then kept as the value itself.
///
/// One owner at a time: the reader fills it, then a command may take its memory.
@safe
public final class BulkBlock: Sendable {
    /// Written by the one owner only: the reader until the frame is complete, then the command.
    nonisolated(unsafe) private var base: UnsafeMutableRawPointer?
    /// Bytes of the whole bulk string.
    public let count: Int
    /// Behind `capacity`; touched by the reader only, while it is the one owner.
    nonisolated(unsafe) private var room: Int
    /// Bytes allocated: `count`, unless the memory for what has not arrived was given back.
    private(set) var capacity: Int {
        get { unsafe room }
        set { unsafe room = newValue }
    }
    /// Behind `filled`; touched by the reader only, while it is the one owner.
    nonisolated(unsafe) private var arrived = 0
    /// Bytes that have arrived.
    private(set) var filled: Int {
        get { unsafe arrived }
        set { unsafe arrived = newValue }
    }

    /// Allocates `count` bytes, or fails when the system has none left.
    init?(count: Int) {
        // Uninitialised; reads are bounded by `filled`.
        guard let memory = unsafe malloc(max(count, 1)) else { return nil }
        unsafe base = memory
        unsafe room = count
        self.count = count
    }

    deinit {
        // Still owned unless taken.
        unsafe free(base)
    }

    var isFull: Bool { filled == count }

    /// What has arrived; empty once the memory was taken.
    public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            guard let start = unsafe base else { return RawSpan() }
            let span = unsafe RawSpan(_unsafeStart: UnsafeRawPointer(start), byteCount: filled)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Gives back the memory for what has not arrived; `regain` is due before more is filled in.
    func release() { resize(to: filled) }

    /// Has room for the whole again; false when the system has none left.
    @inline(__always)
    func regain() -> Bool { capacity == count || resize(to: count) }

    @discardableResult
    private func resize(to size: Int) -> Bool {
        // The memory is from `malloc`, and nobody else uses the block yet.
        guard size != capacity, let old = unsafe base else { return true }
        // As above.
        guard let memory = unsafe realloc(old, max(size, 1)) else { return false }
        // As above: what was there has moved along.
        unsafe base = memory
        capacity = size
        return true
    }

    /// Lets `body` fill what is still to come; it returns how many bytes it wrote.
    func fill<Failure: Error>(_ body: (inout MutableRawSpan) throws(Failure) -> Int) throws(Failure) -> Int {
        guard let start = unsafe base else { return 0 }
        // filled...capacity lies inside the allocation, and nobody else uses the block yet.
        var span = unsafe MutableRawSpan(_unsafeStart: start + filled, byteCount: capacity - filled)
        let n = min(max(try body(&span), 0), capacity - filled)
        filled += n
        return n
    }

    /// Copies the first bytes of `source` that are still missing; returns how many.
    func append(_ source: RawSpan) -> Int {
        let n = min(source.byteCount, capacity - filled)
        guard n > 0, let start = unsafe base else { return 0 }
        unsafe source.withUnsafeBytes { bytes in
            // n is bounded by both sides.
            guard let from = bytes.baseAddress else { return }
            unsafe (start + filled).copyMemory(from: from, byteCount: n)
        }
        filled += n
        return n
    }

    /// Hands the memory (from `malloc`, exactly `count` bytes) to the caller, who frees it.
    ///
    /// Nil when it was taken before or is not complete.
    @unsafe public func take() -> UnsafeMutableRawPointer? {
        guard isFull, let memory = unsafe base else { return nil }
        unsafe base = nil
        return unsafe memory
    }
}
