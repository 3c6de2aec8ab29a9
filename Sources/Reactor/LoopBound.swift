/// State that one loop's thread alone touches, though anybody may hold the box.
///
/// The loop is `Sendable` and known to all threads; its queues, timers and tables are not for them.
/// Each access says which loop it belongs to by the thread that is allowed to make it.
final class LoopBound<State: ~Copyable>: Sendable {
    // Unsafe: nothing but the assertion in `withState` keeps other threads away. Its callers are the
    // loop's own turn, which is on the thread, and entrances that check `isCurrent` first.
    private nonisolated(unsafe) var state: State
    private let owner: LoopThreadMark

    init(_ state: consuming State, owner: LoopThreadMark) {
        self.owner = owner
        // Nobody else has the box yet.
        unsafe self.state = state
    }

    /// Lends the state to the body, which must not come back here: the runtime stops it if it does.
    @inline(__always)
    func withState<Answer: ~Copyable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        assert(owner.isCurrent, "a loop's state belongs to the loop's thread")
        // See the property.
        return try unsafe body(&state)
    }
}
