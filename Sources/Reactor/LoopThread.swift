import Synchronization

/// A loop on a thread of its own.
///
/// Tasks come to it by `executorPreference:`, as children of a task group elsewhere.
package final class LoopThread: Sendable {
    package let loop: EventLoop
    /// `nil` once it is joined.
    private let thread: Guarded<Thread?>
    /// Whether the thread ends with its root task, not when it is told to.
    private let hasRoot: Bool

    /// Starts a loop; of the thread's name the system keeps fifteen bytes.
    package init(named name: String) throws(SystemError) {
        let loop = try EventLoop()
        self.loop = loop
        hasRoot = false
        thread = Guarded(try Thread.start(named: name) { loop.run() })
    }

    /// Starts a loop that ends with its root task, of which all tasks on it are to be children.
    package init(
        named name: String, root: @escaping @Sendable (EventLoop) async -> Void
    ) throws(SystemError) {
        let loop = try EventLoop()
        self.loop = loop
        hasRoot = true
        thread = Guarded(try Thread.start(named: name) { loop.run { await root(loop) } })
    }

    deinit {
        // It may be a task on that very thread that lets go last, so nobody waits here.
        guard let thread = thread.withLock({ $0.take() }) else { return }
        if !hasRoot { loop.stop() }
        thread.detach()
    }

    /// Ends the thread, when no job is queued, and waits for that; not to be called on the loop.
    ///
    /// All tasks on it should have ended before: those that are suspended stay so for ever. A thread
    /// with a root task is only waited for.
    package func stopAndJoin() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        if !hasRoot { loop.stop() }
        thread.join()
    }
}
