/// State that one loop's thread alone touches, though anybody may hold the box.
///
/// The loop is `Sendable` and known to all threads; its queues, timers and tables are not for them.
/// Each access says which loop it belongs to by the thread that is allowed to make it.
///
/// The state lives behind a pointer of its own: as a stored property of a class each access would be
/// checked for exclusivity at run time, several times a request. Debug builds check instead.
@safe
@usableFromInline
package final class LoopBound<State: ~Copyable>: Sendable {
    // Unsafe: nothing but the assertions in `withState` keeps other threads away. Its callers are the
    // loop's own turn, which is on the thread, and entrances that check `isCurrent` first.
    @usableFromInline nonisolated(unsafe) let state: UnsafeMutablePointer<State>
    @usableFromInline let owner: LoopThreadMark
    #if DEBUG
        // As above: only the loop's thread comes here.
        @usableFromInline nonisolated(unsafe) var isLent = false
    #endif

    init(_ state: consuming State, owner: LoopThreadMark) {
        // Initialised here, freed in deinit, and never handed out.
        unsafe self.state = .allocate(capacity: 1)
        unsafe self.state.initialize(to: state)
        self.owner = owner
    }

    /// Keeps `state` for the code on `loop`'s thread.
    package convenience init(_ state: consuming State, on loop: EventLoop) {
        self.init(state, owner: loop.thread)
    }

    deinit {
        // Nobody can hold the state any more.
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// Lends the state to the body, which must not come back here.
    @inlinable @inline(__always)
    package func withState<Answer: ~Copyable, Failure: Error>(
        _ body: (inout State) throws(Failure) -> Answer
    ) throws(Failure) -> Answer {
        assert(owner.isCurrent, "a loop's state belongs to the loop's thread")
        #if DEBUG
            // See the property.
            precondition(unsafe !isLent, "a loop's state is lent to one at a time")
            unsafe isLent = true
            defer { unsafe isLent = false }
        #endif
        // See the property.
        return try unsafe body(&state.pointee)
    }
}
