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

    /// Queues the task on its executor; runs nothing of it.
    consuming func resume(returning answer: Answer) {
        // See the type.
        unsafe continuation.resume(returning: answer)
    }

    /// Suspends the current task and hands it out.
    static func suspend(_ body: (Parked) -> Void) async -> Answer {
        // See the type.
        await unsafe withUnsafeContinuation { continuation in
            // As above.
            body(unsafe Parked(continuation: continuation))
        }
    }

    private init(continuation: UnsafeContinuation<Answer, Never>) {
        // See the type.
        unsafe self.continuation = continuation
    }
}
