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

        /// Sends commands together and reads all replies; an error in any of them is thrown.
        public func pipeline<each Response>(
            _ commands: repeat RedisCommand<each Response>
        ) async throws(RedisError) -> (repeat each Response) {
            try await link.pipeline(repeat each commands, within: limit)
        }

        /// Sends the commands of a pipeline together and waits for all replies.
        public func send(_ pipeline: RedisPipeline) async throws(RedisError) -> RedisPipeline.Replies {
            try await link.send(pipeline, within: limit)
        }
    }

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
        try await link.pipeline(repeat each commands, within: configuration.requestTimeout)
    }

    /// Sends the commands of a pipeline together and waits for all replies.
    public func send(_ pipeline: RedisPipeline) async throws(RedisError) -> RedisPipeline.Replies {
        try await link.send(pipeline, within: configuration.requestTimeout)
    }
}

extension Link {
    func send<Response>(
        _ command: RedisCommand<Response>, within limit: Duration?
    ) async throws(RedisError) -> Response {
        let answer = await request(due: .replies(1), deadline: .within(limit)) { $0.append(command.words) }
        switch answer {
        case .one(let value): return try command.read(value)
        case .many: throw .protocolViolation("many replies to one command")
        case .failure(let error): throw error
        }
    }

    func send(_ pipeline: RedisPipeline, within limit: Duration?) async throws(RedisError)
        -> RedisPipeline.Replies
    {
        RedisPipeline.Replies(
            values: try await replies(to: pipeline.count, within: limit) { $0.append(pipeline.encoded) })
    }

    fileprivate func pipeline<each Response>(
        _ commands: repeat RedisCommand<each Response>, within limit: Duration?
    ) async throws(RedisError) -> (repeat each Response) {
        var count = 0
        for _ in repeat each commands { count += 1 }
        let values = try await replies(to: count, within: limit) { output in
            for command in repeat each commands { output.append(command.words) }
        }
        var index = 0
        func next<One>(_ command: RedisCommand<One>) throws(RedisError) -> One {
            defer { index += 1 }
            return try command.read(values[index])
        }
        return (repeat try next(each commands))
    }

    private func replies(
        to count: Int, within limit: Duration?, _ encode: (inout ByteBuffer) -> Void
    ) async throws(RedisError) -> [RESPValue] {
        guard count > 0 else { return [] }
        switch await request(due: .replies(count), deadline: .within(limit), encode) {
        case .one(let value): return [value]
        case .many(let values): return values
        case .failure(let error): throw error
        }
    }
}

extension Deadline? {
    /// So much later than now.
    static func within(_ limit: Duration?) -> Deadline? {
        limit.map { .after(milliseconds: $0.wholeMilliseconds) }
    }
}
