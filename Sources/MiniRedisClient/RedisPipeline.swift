/// Commands that are sent together, as a value; each reply is then read on its own.
///
/// ```swift
/// var pipeline = RedisPipeline()
/// let hits = pipeline.append(.incr("hits"))
/// let page = pipeline.append(.get("page"))
/// let replies = try await client.send(pipeline)
/// print(try replies[hits], try replies[page] ?? [])
/// ```
public struct RedisPipeline: Sendable {
    /// Where a command's reply will be.
    public struct Slot<Response: Sendable>: Sendable {
        fileprivate let index: Int
        fileprivate let read: @Sendable (RESPValue) throws(RedisError) -> Response
    }

    /// All commands as they are sent.
    private(set) var encoded: [UInt8] = []
    /// How many commands there are.
    public private(set) var count = 0
    /// What they have to do with others that share the connection.
    private(set) var manner = CommandManner.plain

    /// Room made by the first command, in bytes: for a dozen or two.
    private static let firstCapacity = 1000

    /// Makes a pipeline without commands.
    public init() {}

    /// Adds a command; the slot reads its reply.
    @discardableResult
    public mutating func append<Response>(_ command: RedisCommand<Response>) -> Slot<Response> {
        if encoded.isEmpty { encoded.reserveCapacity(Self.firstCapacity) }
        command.words.append(to: &encoded)
        if command.manner != .plain { manner.formUnion(command.manner) }
        defer { count += 1 }
        return Slot(index: count, read: command.read)
    }

    /// Adds all commands of another pipeline.
    mutating func append(contentsOf other: RedisPipeline) {
        encoded += other.encoded
        count += other.count
    }

    /// The replies to a pipeline's commands.
    public struct Replies: Sendable {
        /// The replies as they came, errors among them.
        public let values: [RESPValue]

        /// The reply to one command; its error is thrown.
        public subscript<Response>(_ slot: Slot<Response>) -> Response {
            get throws(RedisError) {
                guard values.indices.contains(slot.index) else {
                    throw .unexpectedReply(.null, expected: "a reply to this pipeline's command")
                }
                return try slot.read(values[slot.index])
            }
        }
    }
}
