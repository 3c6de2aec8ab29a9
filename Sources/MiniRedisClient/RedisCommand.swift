/// A command as a value: its words, and what its reply is read as.
///
/// Made by `RedisCommand.get("key")` and its like, sent by `RedisClient.send(_:)` or in a pipeline.
public struct RedisCommand<Response: Sendable>: Sendable {
    /// The command's name and arguments.
    public let words: RedisWords
    let read: @Sendable (RESPValue) throws(RedisError) -> Response
    /// What it has to do with others that share its connection.
    var manner = CommandManner.plain

    /// Makes a command of any words, and of what reads its reply.
    public init(
        _ words: RedisWords, reading read: @escaping @Sendable (RESPValue) throws(RedisError) -> Response
    ) {
        self.words = words
        self.read = read
    }
}

extension RedisCommand where Response: RESPDecodable {
    /// Makes a command of any words whose reply is read as `Response`.
    public init(_ words: RedisWords) {
        self.init(words) { (value) throws(RedisError) in try Response(resp: value) }
    }

    /// Makes a command of its name and the arguments that are added to it.
    init(_ name: StaticString, _ add: (inout RedisWords) -> Void = { _ in }) {
        var words = RedisWords(name)
        add(&words)
        self.init(words)
    }
}

extension RedisCommand where Response == Void {
    /// Makes a command of its name and arguments whose reply says only that it worked.
    init(_ name: StaticString, _ add: (inout RedisWords) -> Void = { _ in }) {
        var words = RedisWords(name)
        add(&words)
        self.init(words) { (value) throws(RedisError) in
            if case .error(let error) = value { throw .server(error) }
        }
    }
}

/// Something that commands can be sent through; all typed commands are methods of it.
public protocol RedisCommandSender: Sendable {
    /// Sends a command and reads its reply.
    func send<Response>(_ command: RedisCommand<Response>) async throws(RedisError) -> Response

    /// Sends the commands of a pipeline together and waits for all replies.
    func send(_ pipeline: RedisPipeline) async throws(RedisError) -> RedisPipeline.Replies
}

extension RedisCommandSender {
    /// Sends any command by its words: `client.send("SET", "key", "value")`.
    @discardableResult
    public func send<each Word: RedisArgument>(
        _ name: String, _ words: repeat each Word
    ) async throws(RedisError) -> RESPValue {
        try await send(name, repeat each words, as: RESPValue.self)
    }

    /// Sends any command by its words and reads the reply as a type: `client.send("DBSIZE", as: Int.self)`.
    public func send<each Word: RedisArgument, Response: RESPDecodable>(
        _ name: String, _ words: repeat each Word, as _: Response.Type
    ) async throws(RedisError) -> Response {
        var all = RedisWords(name)
        for word in repeat each words { all.append(word) }
        var command = RedisCommand<Response>(all)
        command.manner = try CommandManner(of: all)
        return try await send(command)
    }

    /// Sends any command by a list of words.
    @discardableResult
    public func send(words: [some RedisArgument]) async throws(RedisError) -> RESPValue {
        guard let name = words.first else { throw .server(RedisServerError("ERR no command")) }
        var all = RedisWords(name)
        all.append(contentsOf: Array(words.dropFirst()))
        var command = RedisCommand<RESPValue>(all)
        command.manner = try CommandManner(of: all)
        return try await send(command)
    }
}
