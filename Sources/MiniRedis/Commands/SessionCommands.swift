import Engine
import RESP

/// Every command on connection and server, family by family.
enum SessionCommands {
    /// All rows.
    static let all: [SessionCommand] = connection + configuration + pubsub

    /// The family's index, one line a command.
    static let connection: [SessionCommand] = [auth, client, echo, hello, ping, quit, reset, select]
}
