package import RESP

/// What messages belong to, and are counted by when they are missed: a channel, a pattern, a group.
///
/// Known by its identity: two topics of one name are counted apart.
package final class Topic: Sendable {
    package let name: [UInt8]
    /// A kind of topic; what it means is its owner's affair.
    package let kind: UInt8

    /// Makes a topic.
    package init(_ name: [UInt8], kind: UInt8 = 0) {
        self.name = name
        self.kind = kind
    }
}

/// One message, encoded once and held by all who have still to get it.
@safe
package final class SharedMessage: Sendable {
    package let topic: Topic
    /// The form of the encoding, in which a reader is also told if it misses the message; what it means is
    /// its owner's affair.
    package let form: UInt8
    /// Bytes of the encoding.
    package let count: Int
    /// Initialised here, never changed, and freed in deinit, hence safe to read from any thread.
    ///
    /// Behind a pointer, as bytes can't be lent from a class's own buffer.
    nonisolated(unsafe) private let buffer: UnsafeMutablePointer<ByteBuffer>

    /// Takes the encoding over.
    package init(_ topic: Topic, form: UInt8 = 0, _ bytes: consuming ByteBuffer) {
        self.topic = topic
        self.form = form
        count = bytes.count
        // See the property.
        unsafe buffer = .allocate(capacity: 1)
        unsafe buffer.initialize(to: bytes)
    }

    deinit {
        // Nobody can hold the bytes any more.
        unsafe buffer.deinitialize(count: 1)
        unsafe buffer.deallocate()
    }

    /// The encoding.
    package var bytes: RawSpan {
        @_lifetime(borrow self)
        get {
            // The buffer is never changed, and lives as long as the message.
            unsafe _overrideLifetime(buffer.pointee.bytes, borrowing: self)
        }
    }
}
