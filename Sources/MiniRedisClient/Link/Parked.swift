#if THREAD_SANITIZER
    import Synchronization
#endif

/// What a waiting request is told.
enum Answer: Sendable {
    case one(RESPValue)
    case many([RESPValue])
    case failure(RedisError)
    /// The server was told to end a wait, meant another one, and has not run this: it is to be sent again.
    case again
}

/// A suspended task that waits for an answer.
///
/// Unsafe continuations cost no allocation. That each is resumed once is kept by construction: it
/// sits in exactly one place and is taken out of it to be resumed.
@safe
struct Parked<Answer: Sendable>: Sendable {
    // See the type.
    private let continuation: UnsafeContinuation<Answer, Never>
    private let handover: Handover

    /// Queues the task on its executor; runs nothing of it.
    consuming func resume(returning answer: Answer) {
        handover.give()
        // See the type.
        unsafe continuation.resume(returning: answer)
    }

    /// Suspends the current task and hands it out.
    static func suspend(_ body: (Parked) -> Void) async -> Answer {
        let handover = Handover()
        // See the type.
        let answer = await unsafe withUnsafeContinuation { continuation in
            // As above.
            body(unsafe Parked(continuation: continuation, handover: handover))
        }
        handover.take()
        return answer
    }

    private init(continuation: UnsafeContinuation<Answer, Never>, handover: Handover) {
        // See the type.
        unsafe self.continuation = continuation
        self.handover = handover
    }
}

/// Shows the thread sanitizer that what precedes `resume` comes before what follows `suspend`; else nothing.
///
/// When a task is resumed before it has suspended it goes straight on, and what orders the two is an atomic
/// in the concurrency library, which is not built for the sanitizer.
#if THREAD_SANITIZER
    private final class Handover: Sendable {
        private let flag = Atomic<Bool>(false)

        func give() { flag.store(true, ordering: .releasing) }
        func take() { _ = flag.load(ordering: .acquiring) }
    }
#else
    private struct Handover {
        func give() {}
        func take() {}
    }
#endif
