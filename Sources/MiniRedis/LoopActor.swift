import Reactor

/// The isolation of code that lives on one event loop: a connection's, above all.
///
/// A task that runs isolated to it calls another actor on the same loop, and returns, without a
/// switch of executors. Unisolated code would be queued anew on each return, which costs as much as
/// parsing and running a GET.
actor LoopActor {
    nonisolated let loop: EventLoop

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The actor keeps the loop alive.
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop) { self.loop = loop }
}
