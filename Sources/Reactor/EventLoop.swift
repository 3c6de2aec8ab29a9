import CLinux
import Glibc
import Synchronization

/// One thread that waits for descriptors, timers and other threads, and runs Swift tasks meanwhile.
///
/// It is a serial executor and a task executor at once. A task that is started with
/// `executorPreference:` wakes up on the loop's thread; an actor that gives the loop as its
/// `unownedExecutor` is entered by such a task without leaving the thread, as a plain call. Code on
/// the loop must not block: everything else on the loop waits for it.
///
/// A turn runs the queued jobs, then the chores that they left, looks at the descriptors and the timers, has
/// attendants take the turns of tasks that leave them to those, and looks at what other threads have left.
package final class EventLoop: SerialExecutor, TaskExecutor, Sendable {
    /// What the loop's thread alone touches, but for the queue of jobs.
    ///
    /// That has its own box, since whoever is resumed while this is in use goes into the queue.
    struct State: ~Copyable {
        var poller: Poller
        var table = WaitTable<ParkedTask>()
        var timers = TimerQueue<WaitToken>()
        /// Who has called `yield()` since the last look at the descriptors.
        var yielded: [Waiter<Void>] = []
        /// Turns that others take for tasks, from the last look at the descriptors.
        var attended = AttendedTurns()
        /// What is to be done before the next look at the descriptors.
        var chores: [any LoopChore] = []
        /// The monotonic clock as of this turn.
        var now: UInt64
        var figures = LoopFigures()
        var moderation = Moderation()
    }

    let thread = LoopThreadMark()
    let state: LoopBound<State>
    let queue: LoopBound<JobQueue>
    let mailbox = Mailbox()
    let isStopping = Atomic<Bool>(false)
    private let epoll: Descriptor
    private let wakeUps: Descriptor

    /// Makes a loop that no thread runs yet.
    package init() throws(SystemError) {
        epoll = Descriptor(
            owning: try checked("epoll_create1") { epoll_create1(Int32(EPOLL_CLOEXEC)) })
        wakeUps = Descriptor(
            owning: try checked("eventfd") {
                eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_NONBLOCK))
            })
        let poller = try Poller(epoll: epoll.number, wakeUps: wakeUps.number)
        state = LoopBound(State(poller: poller, now: MonotonicClock.nanoseconds()), owner: thread)
        queue = LoopBound(JobQueue(), owner: thread)
    }

    /// Whether the caller is on the loop's thread.
    package var isCurrent: Bool {
        @inline(__always) get { thread.isCurrent }
    }

    /// The monotonic clock in nanoseconds as of this turn; loop only.
    package var now: UInt64 {
        precondition(isCurrent, "a loop's clock is for its own thread")
        return state.withState { $0.now }
    }

    /// A moment so many milliseconds after `now`, which is when this turn began; loop only.
    package func deadline(in milliseconds: Int64) -> Deadline {
        .after(milliseconds: milliseconds, since: now)
    }

    /// Runs the loop on the calling thread until the body, its root task, has ended.
    ///
    /// To be called from a synchronous context: the main thread or a thread of its own. The body is
    /// isolated to the loop: see `LoopIsolation`. All other tasks on the loop are to be its children,
    /// direct or not, added with `addTask(on:)`.
    package func run(_ body: @escaping @Sendable () async -> Void) {
        occupyThread {
            // The only unstructured task there is; the loop ends with it.
            Task.detached(executorPreference: self) {
                await LoopIsolation(self).run(body)
                self.stop()
            }
        }
    }

    /// Runs the loop on the calling thread until `stop()`.
    func run() {
        occupyThread {}
    }

    /// Asks the loop to return once no job is queued; callable from any thread.
    ///
    /// Tasks that are suspended then stay so.
    func stop() {
        isStopping.store(true, ordering: .releasing)
        if !isCurrent { wake() }
    }

    /// Ends a sleep in `epoll_wait`, present or next.
    func wake() {
        var one: UInt64 = 1
        // The pointer is to a local that outlives the call.
        let written = uninterrupted { unsafe write(wakeUps.number, &one, MemoryLayout<UInt64>.size) }
        precondition(written > 0, "an eventfd that is open takes a write")
    }

    /// Leaves something for the loop from another thread.
    func deposit(_ add: (inout sending Mailbox.Mail) -> Void) {
        if mailbox.deposit(add) { wake() }
    }

    private func occupyThread(_ start: () -> Void) {
        precondition(thread.adopt(), "a loop runs on one thread at a time")
        // Else rests would last twice as long and more.
        clinux_set_timer_slack(1)
        start()
        runTurns()
        clinux_set_timer_slack(0)
        isStopping.store(false, ordering: .relaxed)
        thread.release()
    }
}
