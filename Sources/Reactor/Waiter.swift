/// A suspended task that one of the loop's events will resume.
///
/// Unsafe continuations cost no allocation. What the checked ones would check is kept here by
/// construction: a waiter sits in exactly one place, is taken out of it to be resumed, and a loop's
/// tables outlive the tasks that wait in them.
@safe
struct Waiter<Answer: Sendable>: Sendable {
    // See the type.
    private let continuation: UnsafeContinuation<Answer, Never>

    init(_ continuation: UnsafeContinuation<Answer, Never>) {
        // See the type.
        unsafe self.continuation = continuation
    }

    /// Puts the task into its executor's queue; runs nothing of it.
    consuming func resume(returning answer: Answer) {
        // See the type.
        unsafe continuation.resume(returning: answer)
    }

    /// Suspends the current task and hands out its waiter.
    @inline(__always)
    static func suspend(_ body: (Waiter) -> Void) async -> Answer {
        // See the type.
        await unsafe withUnsafeContinuation { continuation in
            // As above.
            body(unsafe Waiter(continuation))
        }
    }
}
