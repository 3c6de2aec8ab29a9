import CLinux
import Glibc
import Synchronization

/// A few threads for work that blocks: fsync, rename, looking up names.
///
/// At most `queueLimit` pieces wait for a thread; a task that brings more waits until there is room.
/// No piece is ever dropped, and one that has begun is not cut short by its task's cancellation.
package final class BlockingWork: Sendable {
    private struct State: ~Copyable {
        /// Oldest first from `next` on; emptied when all have been taken.
        var queue: [@Sendable () -> Void] = []
        var next = 0
        /// Tasks that wait for room, oldest first.
        var waiting: [Waiter<Void>] = []
        var isStopping = false

        var queued: Int { queue.count - next }

        mutating func take() -> (@Sendable () -> Void)? {
            guard next < queue.count else { return nil }
            let work = queue[next]
            next += 1
            if next == queue.count {
                queue.removeAll(keepingCapacity: true)
                next = 0
            }
            return work
        }
    }

    /// Enough to keep the threads busy, few enough that what waits is not forgotten.
    package static let queueLimit = 128

    private let state = Guarded(State())
    /// Counts the queued pieces; a reader takes one and sleeps while there are none.
    private let tickets: Descriptor
    private let threads: Guarded<[Thread]>

    /// Starts the threads.
    package init(threads count: Int = 2, named name: String = "blocking") throws(SystemError) {
        precondition(count > 0, "no threads do no work")
        tickets = Descriptor(
            owning: try checked("eventfd") {
                eventfd(0, Int32(EFD_CLOEXEC) | Int32(EFD_SEMAPHORE))
            })
        threads = Guarded([])
        for _ in 0..<count {
            let thread = try Thread.start(named: name) { self.serve() }
            threads.withLock { $0.append(thread) }
        }
    }

    /// Does the work on one of the threads, and comes back to the caller's executor.
    package func run<Answer: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        await room()
        let result = await Waiter<Result<Answer, Failure>>.suspend { waiter in
            state.withLock { state in
                precondition(!state.isStopping, "work for threads that have ended")
                state.queue.append { waiter.resume(returning: Result(catching: work)) }
            }
            issue(1)
        }
        return try result.get()
    }

    /// Ends the threads once all queued work is done, and waits for that.
    ///
    /// Nothing may be brought afterwards. The work's tasks go on when their executor does.
    package func stopAndJoin() {
        let ending = threads.withLock { threads in
            let ending = threads
            threads = []
            return ending
        }
        state.withLock { $0.isStopping = true }
        issue(UInt64(ending.count))
        for thread in ending { thread.join() }
    }

    private func room() async {
        while state.withLock({ $0.queued >= Self.queueLimit }) {
            await Waiter<Void>.suspend { waiter in
                let isFull = state.withLock { state in
                    guard state.queued >= Self.queueLimit else { return false }
                    state.waiting.append(waiter)
                    return true
                }
                if !isFull { waiter.resume(returning: ()) }
            }
        }
    }

    /// Lets so many readers of the tickets go on.
    private func issue(_ count: UInt64) {
        guard count > 0 else { return }
        var count = count
        // The pointer is to a local that outlives the call.
        let written = uninterrupted { unsafe write(tickets.number, &count, MemoryLayout<UInt64>.size) }
        precondition(written > 0, "an eventfd that is open takes a write")
    }

    /// What each thread does: a ticket is a piece of work, or with none queued the end.
    private func serve() {
        while true {
            var ticket: UInt64 = 0
            // The pointer is to a local that outlives the call.
            _ = uninterrupted { unsafe read(tickets.number, &ticket, MemoryLayout<UInt64>.size) }
            let (work, waiter) = state.withLock { state in
                (state.take(), state.waiting.isEmpty ? nil : state.waiting.removeFirst())
            }
            waiter?.resume(returning: ())
            guard let work else { return }
            work()
        }
    }
}
