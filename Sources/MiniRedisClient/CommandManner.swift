/// What a command has to do with others that share its connection.
struct CommandManner: Sendable, Hashable {
    /// How long the server may take until it answers; what is behind the command waits as well.
    enum Wait: Sendable, Hashable {
        case upTo(Duration)
        case forever
    }

    /// Nil if it is answered at once.
    var wait: Wait?
    /// Whether what it says depends on what came before on the connection, or the other way round.
    var isTied = false

    /// As most commands are.
    static let plain = CommandManner()

    /// The time limit for the reply of a command that has this limit if it is answered at once.
    func extending(_ limit: Duration?) -> Duration? {
        guard let wait, let limit else { return limit }
        guard case .upTo(let time) = wait else { return nil }
        return time + limit
    }

    /// Adds what comes behind in a pipeline.
    mutating func formUnion(_ next: CommandManner) {
        isTied = isTied || next.isTied
        switch (wait, next.wait) {
        case (let wait, nil), (nil, let wait): self.wait = wait
        case (.upTo(let first), .upTo(let second)): wait = .upTo(first + second)
        default: wait = .forever
        }
    }
}

extension RedisCommand {
    /// The same command, which may wait in the server for so long; nil is for ever.
    func waiting(_ time: Duration?) -> Self {
        var command = self
        command.manner.wait = time.map { .upTo($0) } ?? .forever
        return command
    }

    /// The same command, which is meant for a connection that the caller has alone.
    func tiedToConnection() -> Self {
        var command = self
        command.manner.isTied = true
        return command
    }
}
