import Engine
import Reactor

/// What a server has beside its data: log, listeners, clock, and where its configuration came from.
///
/// The server's tasks and its database share one.
struct ServerEnvironment: Sendable {
    var log = Log.silent
    /// The absolute path of the configuration's file, for CONFIG REWRITE.
    var configurationFile: String?
    var clock = ServerClock.machine
    /// Whether the process does other things too, so that its memory is not the server's.
    var sharesProcess = false
    /// The buffers that this server passes around with others on its first loop; its own if there are none.
    var buffers: LoopBuffers?
    /// Where the process's title is shown, if the server may choose it.
    var title: ServerTitle?
    let listeners = ListenerSet()
    let entrance = InProcessEntrance()
}
