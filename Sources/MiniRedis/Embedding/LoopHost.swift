import Reactor
import Synchronization

/// A thread with an event loop that servers inside a program live on, each as a child task of the
/// loop's root task.
///
/// The first server of a process starts a thread; further ones get threads of their own up to
/// `mostShared`, and then share those with the fewest. The last server takes its thread with it.
final class LoopHost: Sendable {
    /// A thread a processor is as much as can run at once, and a few are enough to keep apart what should
    /// not wait for each other.
    private static let mostShared = min(ThisProcess.processors, 8)

    private struct Tenancy {
        let host: LoopHost
        var count: Int
    }

    private static let tenancies = Guarded<[Tenancy]>([])

    /// What servers on this thread pass around.
    let buffers: LoopBuffers
    private let thread: LoopThread
    private let begin: AsyncStream<Work>.Continuation

    /// What a server does from its start to its end.
    private struct Work {
        let body: @Sendable () async -> Void
    }

    var loop: EventLoop { thread.loop }

    private init() throws(SystemError) {
        let (arriving, begin) = AsyncStream.makeStream(of: Work.self)
        self.begin = begin
        thread = try LoopThread(named: "mini-redis") { loop in
            await TaskNest.run(on: loop) { nest in
                for await work in arriving { nest.add { _ in await work.body() } }
            }
        }
        buffers = LoopBuffers(on: thread.loop)
    }

    /// Starts a task on the thread; callable from anywhere.
    func start(_ body: @escaping @Sendable () async -> Void) {
        begin.yield(Work(body: body))
    }

    // MARK: Coming and going

    /// A place on one of the threads that servers share, or on one of its own.
    ///
    /// It is kept until `leave()`, or until the last reference to the seat is gone.
    final class Seat: Sendable {
        let host: LoopHost
        private let isTaken = Guarded(true)

        /// Takes a place.
        init(alone: Bool) throws(SystemError) {
            guard !alone else {
                host = try LoopHost()
                return
            }
            host = try LoopHost.tenancies.withLock { tenancies throws(SystemError) in
                let quietest = tenancies.indices.min { tenancies[$0].count < tenancies[$1].count }
                if let quietest, tenancies.count >= LoopHost.mostShared {
                    tenancies[quietest].count += 1
                    return tenancies[quietest].host
                }
                let host = try LoopHost()
                tenancies.append(Tenancy(host: host, count: 1))
                return host
            }
        }

        /// Gives the place back; with the last one the thread ends, which is waited for.
        ///
        /// Not to be called on the thread itself, and only when the tenant's task has ended.
        func leave() {
            if release() { host.thread.stopAndJoin() }
        }

        deinit {
            // This may be the very thread, so nobody waits for its end.
            _ = release()
        }

        /// True if the thread is going to end.
        private func release() -> Bool {
            let wasTaken = isTaken.withLock { isTaken in
                defer { isTaken = false }
                return isTaken
            }
            guard wasTaken, LoopHost.tenancies.withLock({ Self.remove(host, from: &$0) }) else {
                return false
            }
            host.begin.finish()
            return true
        }

        /// True if nobody is left.
        private static func remove(_ host: LoopHost, from tenancies: inout [Tenancy]) -> Bool {
            guard let place = tenancies.firstIndex(where: { $0.host === host }) else { return true }
            tenancies[place].count -= 1
            guard tenancies[place].count == 0 else { return false }
            tenancies.remove(at: place)
            return true
        }
    }
}
