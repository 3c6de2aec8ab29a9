// Every byte of every request and reply passes through this file from other modules, so it is one
// of the few whose bodies are inlinable (a call across a module seam costs 7 times an inlined one).

import Glibc

/// A growable byte queue: bytes are appended at its tail and consumed at its head.
///
/// It owns its memory alone (it can't be copied), so it may move between tasks. Memory grows by
/// doubling and is given back by `shrink(to:)`; who fills a buffer bounds it.
@safe
public struct ByteBuffer: ~Copyable, Sendable {
    /// Unique owner of the memory: no other value holds this pointer, hence moving it is safe.
    @usableFromInline nonisolated(unsafe) var base: UnsafeMutableRawPointer
    @usableFromInline var head = 0
    @usableFromInline var tail = 0
    /// Bytes allocated; zero means that nothing is allocated and `base` is a dummy.
    public private(set) var capacity: Int

    /// The smallest allocation worth making; idle connections are counted in thousands.
    @usableFromInline static var smallestCapacity: Int { 256 }

    /// Creates a buffer with room for `capacity` bytes (0 allocates nothing).
    public init(capacity: Int = 0) {
        // A new block, or none.
        unsafe base = capacity == 0 ? Self.dummy : Self.reallocate(nil, capacity)
        self.capacity = capacity
    }

    /// What stands for no memory, as every access is bounded by the capacity.
    private static var dummy: UnsafeMutableRawPointer {
        // Any address but zero will do.
        unsafe UnsafeMutableRawPointer(bitPattern: 16).unsafelyUnwrapped
    }

    /// The block with another size, or a new one: a long one keeps its pages, and nothing is copied.
    private static func reallocate(
        _ block: UnsafeMutableRawPointer?, _ capacity: Int
    ) -> UnsafeMutableRawPointer {
        // The caller owns the block and forgets its old address.
        guard let new = unsafe realloc(block, capacity) else {
            // As Swift's own allocations, and Redis's: who fills a buffer bounds it, so the system is at its end.
            fatalError("out of memory: no buffer of \(capacity) bytes")
        }
        // The new block.
        return unsafe new
    }

    deinit {
        // Sole owner, allocated by `reallocate`.
        if capacity > 0 { unsafe free(base) }
    }

    /// Bytes that wait to be consumed.
    @inlinable public var count: Int { tail &- head }

    /// Whether nothing waits to be consumed.
    @inlinable public var isEmpty: Bool { tail == head }

    /// Bytes that fit behind the tail without growing.
    @inlinable public var room: Int { capacity &- tail }

    /// The bytes that wait, valid until the buffer changes.
    @inlinable public var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // head...tail lies inside the allocation; the span borrows self and can't outlive it.
            let span = unsafe RawSpan(_unsafeStart: base + head, byteCount: tail &- head)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Makes room for `extra` more bytes behind the tail, moving or growing as needed.
    @inlinable public mutating func reserve(_ extra: Int) {
        if capacity &- tail < extra { makeRoom(extra) }
    }

    @usableFromInline mutating func makeRoom(_ extra: Int) {
        let waiting = count
        let needed = waiting + extra
        if needed <= capacity, head >= capacity / 2 {
            // Both ranges lie inside the allocation; memmove semantics.
            unsafe base.copyMemory(from: base + head, byteCount: waiting)
        } else {
            reallocate(max(needed, capacity * 2, Self.smallestCapacity))
        }
        head = 0
        tail = waiting
    }

    private mutating func reallocate(_ newCapacity: Int) {
        let waiting = count
        if head > 0 {
            // Both ranges lie inside the allocation; memmove semantics.
            unsafe base.copyMemory(from: base + head, byteCount: waiting)
        }
        // Without capacity there is only the dummy.
        let old = unsafe capacity > 0 ? base : nil
        if newCapacity > 0 {
            // The caller made sure that the waiting bytes fit.
            unsafe base = Self.reallocate(old, newCapacity)
        } else {
            // Nothing waits, and the block is ours alone.
            unsafe free(old)
            // As above.
            unsafe base = Self.dummy
        }
        capacity = newCapacity
        head = 0
        tail = waiting
    }

    /// Gives memory back when at most `limit` bytes are needed and more are held.
    ///
    /// With a limit of 0 an empty buffer keeps nothing at all.
    public mutating func shrink(to limit: Int) {
        guard capacity > limit, count <= limit else { return }
        reallocate(limit)
    }

    /// Drops `n` bytes at the head (at most what waits).
    @inlinable public mutating func consume(_ n: Int) {
        head &+= min(max(n, 0), count)
        if head == tail {
            head = 0
            tail = 0
        }
    }

    /// Drops everything and keeps the memory.
    @inlinable public mutating func removeAll() {
        head = 0
        tail = 0
    }

    /// Drops what was appended after the buffer held `count` bytes.
    @inlinable public mutating func truncate(to count: Int) {
        tail = min(head &+ max(count, 0), tail)
    }

    /// Lets `body` fill the room behind the tail and appends as many bytes as it says.
    @inlinable public mutating func fill<Failure: Error>(
        _ body: (inout MutableRawSpan) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        // tail...capacity is allocated, owned, and not otherwise borrowed while `body` runs; its
        // bytes may be whatever was there, as for any read buffer.
        var span = unsafe MutableRawSpan(_unsafeStart: base + tail, byteCount: capacity &- tail)
        let n = try body(&span)
        let filled = min(max(n, 0), capacity &- tail)
        tail &+= filled
        return filled
    }

    /// Appends one byte.
    @inlinable public mutating func append(_ byte: UInt8) {
        reserve(1)
        // reserve made room.
        unsafe base.storeBytes(of: byte, toByteOffset: tail, as: UInt8.self)
        tail &+= 1
    }

    /// Appends a copy of `span`.
    @inlinable public mutating func append(_ span: RawSpan) {
        let n = span.byteCount
        reserve(n)
        // reserve made room for n bytes; the span is another allocation, as self is held exclusively.
        unsafe span.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (base + tail).copyMemory(from: start, byteCount: n)
        }
        tail &+= n
    }

    /// Appends the bytes of a literal.
    @inlinable public mutating func append(_ text: StaticString) {
        let n = text.utf8CodeUnitCount
        reserve(n)
        // A StaticString that is no single scalar points at n bytes of constant memory.
        unsafe (base + tail).copyMemory(from: text.utf8Start, byteCount: n)
        tail &+= n
    }

    /// Appends text as UTF-8.
    @inlinable public mutating func append(text: String) {
        // The text's own storage, borrowed for the call.
        unsafe append(text.utf8Span.span.bytes)
    }

    /// Appends an array's bytes.
    @inlinable public mutating func append(_ array: [UInt8]) {
        // The array's own storage, borrowed for the call.
        unsafe append(array.span.bytes)
    }

    /// Inserts `prefix` before the byte at `position` (counted from the head).
    public mutating func insert(_ prefix: RawSpan, at position: Int) {
        let at = min(max(position, 0), count)
        let n = prefix.byteCount
        reserve(n)
        let place = head + at
        // reserve made room for n bytes behind the tail.
        unsafe (base + place + n).copyMemory(from: base + place, byteCount: tail - place)
        unsafe prefix.withUnsafeBytes { source in
            guard let start = source.baseAddress else { return }
            unsafe (base + place).copyMemory(from: start, byteCount: n)
        }
        tail += n
    }

    /// Overwrites waiting bytes from `position` (counted from the head) on.
    ///
    /// Bytes that would fall behind the tail are left out.
    mutating func overwrite(_ byte: UInt8, at position: Int) {
        guard position >= 0, position < count else { return }
        // Bounded by the guard.
        unsafe base.storeBytes(of: byte, toByteOffset: head + position, as: UInt8.self)
    }

    /// Takes the whole buffer out and leaves an empty one.
    public mutating func take() -> ByteBuffer {
        let taken = self
        self = ByteBuffer(capacity: 0)
        return taken
    }
}
