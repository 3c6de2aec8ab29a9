import Reactor

/// What a server has beside its data: log, listeners, and where its configuration came from.
///
/// The server's tasks and its database share one.
struct ServerEnvironment: Sendable {
    var log = Log.silent
    /// The absolute path of the configuration's file, for CONFIG REWRITE.
    var configurationFile: String?
    /// Where the process's title is shown, if the server may choose it.
    var title: ServerTitle?
    let listeners = ListenerSet()
    /// Bytes that the process held before there was any data; they count against `maxmemory`.
    let startMemory = ProcessMemory.heap().used
}
