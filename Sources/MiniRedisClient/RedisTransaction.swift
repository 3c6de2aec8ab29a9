/// Commands that run in the server without any other between them, as a value.
///
/// ```swift
/// var transfer = RedisTransaction()
/// let debit = transfer.append(.decrBy("left", 5))
/// let credit = transfer.append(.incrBy("right", 5))
/// let replies = try await client.send(transfer)
/// print(try replies[debit], try replies[credit])
/// ```
///
/// It is sent as one pipeline, `MULTI` and `EXEC` around it, so any number of tasks can send theirs over
/// one connection. To make it depend on keys that were read before, `watch` them and send it on a
/// connection of one's own: see `RedisClientPool`.
public struct RedisTransaction: Sendable {
    private var commands = RedisPipeline()

    /// Makes a transaction without commands.
    public init() {}

    /// How many commands there are.
    public var count: Int { commands.count }

    /// Adds a command; the slot reads its reply.
    @discardableResult
    public mutating func append<Response>(_ command: RedisCommand<Response>) -> RedisPipeline.Slot<Response> {
        commands.append(command)
    }

    /// What is sent.
    var framed: RedisPipeline {
        var all = RedisPipeline()
        all.append(RedisCommand<RESPValue>("MULTI"))
        all.append(contentsOf: commands)
        all.append(RedisCommand<RESPValue>("EXEC"))
        return all
    }

    /// What came of it, from the replies to all that was sent.
    func outcome(_ values: [RESPValue]) throws(RedisError) -> RedisPipeline.Replies {
        guard values.count == count + 2, let first = values.first, let last = values.last else {
            throw .protocolViolation("another number of replies than of commands")
        }
        if case .error(let error) = first { throw .server(error) }
        switch last {
        case .error(let error):
            // It only says that something was refused before: that says what.
            for case .error(let refusal) in values.dropFirst().dropLast() { throw .server(refusal) }
            throw .server(error)
        case .null: throw .watchedKeyChanged
        case .array(let replies) where replies.count == count: return RedisPipeline.Replies(values: replies)
        default: throw .unexpectedReply(last, expected: "a reply for each command")
        }
    }
}
