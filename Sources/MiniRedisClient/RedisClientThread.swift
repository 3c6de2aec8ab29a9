import Reactor
import Synchronization

/// The thread that clients' connections run on.
///
/// All clients of a process share one unless they are given others. A task that does many requests
/// one after the other is served fastest on that very thread, as nothing has to travel between
/// threads then: `Task(executorPreference: thread.executor) { … }`. Code there must not block.
public final class RedisClientThread: Sendable {
    let thread: LoopThread
    /// For looking up names; started by the first name that needs it.
    private let resolver = Guarded<BlockingWork?>(nil)

    private static let common = Result<RedisClientThread, RedisError>(catching: {
        () throws(RedisError) in try RedisClientThread(named: "redis-client")
    })

    /// The thread that clients share by default; it lasts as long as the process.
    public static func shared() throws(RedisError) -> RedisClientThread { try common.get() }

    /// Starts a thread; of its name the system keeps fifteen bytes.
    public init(named name: String) throws(RedisError) {
        do throws(SystemError) {
            thread = try LoopThread(named: name)
        } catch {
            throw .connectionFailed(error.description)
        }
    }

    deinit {
        // Connections that are being made hold this object, so no look-up is under way.
        resolver.withLock { $0.take() }?.stopAndJoin()
    }

    /// Runs tasks on the thread.
    public var executor: any TaskExecutor { thread.loop }

    /// Ends the thread and waits for that; all clients on it must have ended before.
    ///
    /// Not to be called on the thread itself.
    public func stop() {
        resolver.withLock { $0.take() }?.stopAndJoin()
        thread.stopAndJoin()
    }

    /// Makes connections on the thread.
    func dialer() throws(SystemError) -> Dialer {
        let work = try resolver.withLock { resolver throws(SystemError) in
            if let work = resolver { return work }
            let work = try BlockingWork(threads: 1, named: "redis-resolver")
            resolver = work
            return work
        }
        return Dialer(on: thread.loop, lookingUpIn: work)
    }
}
