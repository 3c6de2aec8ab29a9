package import RESP

/// What one reader of broadcasts has still to get, in order.
///
/// The broadcast channel of mini-redis, reader by reader. Messages are bounded in number and bytes; when
/// there are too many, the oldest go, and in their place the reader is told how many of each topic it
/// missed. Writers never wait, and who reads slowly costs no more than its bounds; the messages themselves
/// are shared between all readers. What must not be lost, such as replies, is kept at its place among the
/// messages and counts by itself, for the owner to bound.
@safe
package struct Backlog: ~Copyable, Sendable {
    /// How much of the messages that may go waits at most.
    package struct Limit: Sendable, Equatable {
        package var messages: Int
        /// Of encoded messages; the latest message stays however long it is.
        package var bytes: Int

        /// Bounds both.
        package init(messages: Int, bytes: Int) {
            self.messages = messages
            self.bytes = bytes
        }
    }

    /// Allocated with the first entry, as most connections never have one; owned alone, hence safe to move.
    nonisolated(unsafe) private var queue: UnsafeMutablePointer<BacklogQueue>?

    /// An empty backlog; it owns no memory.
    package init() {
        // Nothing is pointed at.
        unsafe queue = nil
    }

    deinit {
        // Allocated by `makeQueue`, and nobody else knows it.
        unsafe queue?.deinitialize(count: 1)
        unsafe queue?.deallocate()
    }

    /// Whether there is nothing to get.
    package var isEmpty: Bool {
        // See the property.
        unsafe queue?.pointee.isEmpty ?? true
    }

    /// All bytes that wait.
    package var bytes: Int {
        // See the property.
        unsafe queue?.pointee.bytes ?? 0
    }

    /// Bytes that wait and must not go.
    package var keptBytes: Int {
        // See the property.
        unsafe queue?.pointee.keptBytes ?? 0
    }

    /// Messages that wait and may go.
    package var count: Int {
        // See the property.
        unsafe queue?.pointee.count ?? 0
    }

    /// Adds a message, and lets the oldest go while there are more than `limit`; returns how many went.
    package mutating func add(_ message: SharedMessage, within limit: Limit) -> Int {
        // See the property.
        unsafe makeQueue().pointee.add(message, within: limit)
    }

    /// Adds a message that must not go.
    package mutating func keep(_ message: SharedMessage) {
        // See the property.
        unsafe makeQueue().pointee.keep(message)
    }

    /// Adds a copy of bytes that must not go.
    package mutating func keep(_ bytes: RawSpan) {
        // See the property.
        unsafe makeQueue().pointee.keep(bytes)
    }

    /// Moves what waits behind the bytes of `output`, in order, until that holds `most` bytes or nothing
    /// is left.
    ///
    /// A message may be taken in pieces, and is then not lost any more. `tell` encodes what was missed.
    package mutating func drain(
        into output: inout ByteBuffer, upTo most: Int, tell: (Missed, inout ByteBuffer) -> Void
    ) {
        // See the property.
        unsafe queue?.pointee.drain(into: &output, upTo: most, tell: tell)
    }

    /// Forgets everything.
    package mutating func removeAll() {
        self = Backlog()
    }

    private mutating func makeQueue() -> UnsafeMutablePointer<BacklogQueue> {
        // See the property.
        if let queue = unsafe queue { return unsafe queue }
        let made = UnsafeMutablePointer<BacklogQueue>.allocate(capacity: 1)
        // Owned by nobody else yet.
        unsafe made.initialize(to: BacklogQueue())
        unsafe queue = made
        return unsafe made
    }

    /// Traps unless counts and orders agree; for tests.
    func checkInvariants() {
        // See the property.
        unsafe queue?.pointee.checkInvariants()
    }
}
