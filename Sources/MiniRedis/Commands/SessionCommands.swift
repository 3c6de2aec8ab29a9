import Engine
import RESP

/// Every command on connection and server, family by family.
enum SessionCommands {
    /// All rows.
    static let all: [SessionCommand] =
        connection + configuration + pubsub + insight + transactions + replication

    /// The family's index, one line a command.
    static let connection: [SessionCommand] = [auth, client, echo, hello, ping, quit, reset, select]

    /// What the server tells of itself: the family's index, one line a command.
    static let insight: [SessionCommand] = [
        command, debug, info, latency, lolwut, memory, monitor, slowlog, time,
    ]
}
