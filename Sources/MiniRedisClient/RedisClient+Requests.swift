import RESP
import Reactor

extension RedisClient {
    /// The same client with another time limit for each request; nil is for ever.
    public func within(_ limit: Duration?) -> TimedSender { TimedSender(link: link, limit: limit) }

    /// A client's connection with a time limit of its own.
    public struct TimedSender: RedisCommandSender {
        let link: Link
        let limit: Duration?

        /// Sends a command and reads its reply.
        public func send<Response>(_ command: RedisCommand<Response>) async throws(RedisError) -> Response {
            try await link.send(command, within: limit)
        }

        /// Sends the commands of a pipeline together and waits for all replies.
        public func send(_ pipeline: RedisPipeline) async throws(RedisError) -> RedisPipeline.Replies {
            try await link.send(pipeline, within: limit)
        }
    }

    /// Sends a command and reads its reply.
    public func send<Response>(_ command: RedisCommand<Response>) async throws(RedisError) -> Response {
        try await link.send(command, within: command.manner.extending(configuration.requestTimeout))
    }

    /// Sends the commands of a pipeline together and waits for all replies.
    public func send(_ pipeline: RedisPipeline) async throws(RedisError) -> RedisPipeline.Replies {
        try await link.send(pipeline, within: pipeline.manner.extending(configuration.requestTimeout))
    }
}

extension RedisCommandSender {
    /// Sends commands together and reads all replies.
    ///
    /// ```swift
    /// let (_, value, count) = try await client.pipeline(.set("k", "v"), .get("k"), .incr("n"))
    /// ```
    ///
    /// All of them are sent and run, whatever the others answer; the first error in the order of the
    /// commands is thrown then. To have each command's own error use `RedisPipeline`.
    public func pipeline<each Response>(
        _ commands: repeat RedisCommand<each Response>
    ) async throws(RedisError) -> (repeat each Response) {
        var pipeline = RedisPipeline()
        let slots = (repeat pipeline.append(each commands))
        let replies = try await send(pipeline)
        return (repeat try replies[each slots])
    }

    /// Runs commands in the server without any other between them, and reads all replies.
    ///
    /// ```swift
    /// let (left, right) = try await client.transaction(.decrBy("left", 5), .incrBy("right", 5))
    /// ```
    ///
    /// None of them runs if the server refuses one (`MULTI`); an error that one meets when it runs is
    /// thrown when all have run. To have each command's own error use `RedisTransaction`.
    public func transaction<each Response>(
        _ commands: repeat RedisCommand<each Response>
    ) async throws(RedisError) -> (repeat each Response) {
        var transaction = RedisTransaction()
        let slots = (repeat transaction.append(each commands))
        let replies = try await send(transaction)
        return (repeat try replies[each slots])
    }

    /// Runs the commands of a transaction in the server without any other between them.
    ///
    /// It throws what the server refused it for, in which case no command has run, and
    /// `RedisError.watchedKeyChanged` when a key that was watched has changed.
    public func send(_ transaction: RedisTransaction) async throws(RedisError) -> RedisPipeline.Replies {
        let replies = try await send(transaction.framed)
        return try transaction.outcome(replies.values)
    }
}

extension Link {
    func send<Response>(
        _ command: RedisCommand<Response>, within limit: Duration?
    ) async throws(RedisError) -> Response {
        let deadline = Deadline?.within(limit)
        let waits = command.manner.wait != nil
        while true {
            let answer = await request(due: .replies(1), deadline: deadline, waits: waits) {
                $0.append(command.words)
            }
            switch answer {
            case .one(let value): return try command.read(value)
            case .many: throw .protocolViolation("many replies to one command")
            case .failure(let error): throw error
            case .again: continue
            }
        }
    }

    func send(_ pipeline: RedisPipeline, within limit: Duration?) async throws(RedisError)
        -> RedisPipeline.Replies
    {
        guard pipeline.count > 0 else { return RedisPipeline.Replies(values: []) }
        let answer = await request(
            due: .replies(pipeline.count), deadline: .within(limit), waits: pipeline.manner.wait != nil
        ) {
            $0.append(pipeline.encoded)
        }
        switch answer {
        case .one(let value): return RedisPipeline.Replies(values: [value])
        case .many(let values): return RedisPipeline.Replies(values: values)
        case .failure(let error): throw error
        // Only the wait of a single command is ended.
        case .again: throw .protocolViolation("one reply to many commands")
        }
    }
}

extension Deadline? {
    /// So much later than now.
    static func within(_ limit: Duration?) -> Deadline? {
        limit.map { .after(milliseconds: $0.wholeMilliseconds) }
    }
}
