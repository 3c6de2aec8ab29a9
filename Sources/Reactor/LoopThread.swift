import Synchronization

/// A loop on a thread of its own.
///
/// Tasks come to it by `executorPreference:`, as children of a task group elsewhere.
package final class LoopThread: Sendable {
    package let loop: EventLoop
    /// `nil` once it is joined.
    private let thread: Guarded<Thread?>

    /// Starts a loop; of the thread's name the system keeps fifteen bytes.
    package init(named name: String) throws(SystemError) {
        let loop = try EventLoop()
        self.loop = loop
        thread = Guarded(try Thread.start(named: name) { loop.run() })
    }

    deinit {
        // It may be a task on that very thread that lets go last, so nobody waits here.
        guard let thread = thread.withLock({ $0.take() }) else { return }
        loop.stop()
        thread.detach()
    }

    /// Ends the thread, when no job is queued, and waits for that; not to be called on the loop.
    ///
    /// All tasks on it should have ended before: those that are suspended stay so for ever.
    package func stopAndJoin() {
        guard let thread = thread.withLock({ $0.take() }) else { return }
        loop.stop()
        thread.join()
    }
}
