/// The messages of some channels, patterns or shard channels, as they come.
///
/// The messages wait in a bounded buffer for the one task that reads them. When they come faster than
/// they are read, the oldest are dropped, and the reader is told how many in their place; the
/// connection, on which others wait for replies, is never held up.
///
/// When the connection is lost and comes back, the channels are subscribed to again, and the reader is
/// told that there is a gap. The sequence ends when the client is closed or the reading task cancelled,
/// and throws when the connection is lost for good, each time after what had come before was read.
public struct RedisSubscription: AsyncSequence, Sendable {
    /// What a subscriber is told.
    public enum Event: Sendable, Hashable {
        case message(RedisMessage)
        /// So many messages have been dropped here, as the subscription's own buffer was full.
        case missed(Int)
        /// The server has dropped so many messages of this channel, or of this pattern, here, as they
        /// were not taken off the connection fast enough; see `Configuration.overflow`.
        case dropped(Int, of: [UInt8])
        /// The connection was lost here and stands again; nobody knows what was published meanwhile.
        ///
        /// The channels are followed again: what is read elsewhere from now on misses nothing.
        case interrupted
    }

    /// How much waits for a reader at most.
    public struct Buffer: Sendable, Hashable {
        public var messages: Int
        /// Of channels' names and payloads; a single larger message is kept nevertheless.
        public var bytes: Int

        /// A bound of 1,000 messages and 32 MiB, unless others are given.
        public init(messages: Int = 1_000, bytes: Int = 32 << 20) {
            self.messages = messages
            self.bytes = bytes
        }
    }

    let buffer: MessageBuffer

    /// Begins to read; there can be one reader at a time.
    public func makeAsyncIterator() -> Iterator { Iterator(buffer: buffer) }

    /// Reads event after event.
    public struct Iterator: AsyncIteratorProtocol {
        let buffer: MessageBuffer

        /// The next event, or nil at the end.
        public mutating func next() async throws -> Event? { try await buffer.next() }

        /// The next event, or nil at the end.
        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RedisError) -> Event? {
            try await buffer.next()
        }
    }

    /// The messages alone; what was missed is passed over in silence.
    public var messages: Messages { Messages(subscription: self) }

    /// The messages of a subscription without its gaps.
    public struct Messages: AsyncSequence, Sendable {
        let subscription: RedisSubscription

        /// Begins to read; there can be one reader at a time.
        public func makeAsyncIterator() -> Iterator { Iterator(events: subscription.makeAsyncIterator()) }

        /// Reads message after message.
        public struct Iterator: AsyncIteratorProtocol {
            var events: RedisSubscription.Iterator

            /// The next message, or nil at the end.
            public mutating func next() async throws -> RedisMessage? {
                try await next(isolation: #isolation)
            }

            /// The next message, or nil at the end.
            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(RedisError) -> RedisMessage? {
                while let event = try await events.next(isolation: actor) {
                    if case .message(let message) = event { return message }
                }
                return nil
            }
        }
    }
}
