/// Work that is better done once for all jobs of a loop's turn than by each of them.
package protocol LoopChore: AnyObject, Sendable {
    /// Does it, on the loop's thread and outside of every job; must be short.
    func perform()
}

extension EventLoop {
    /// Has a chore done once, when the jobs of this turn have run and before the loop looks at its
    /// descriptors; loop only.
    package func beforePolling(_ chore: any LoopChore) {
        precondition(isCurrent, "a chore is for the loop's own thread")
        state.withState { $0.chores.append(chore) }
    }

    /// Does what there is to do; what is added meanwhile is for the next turn.
    func performChores() {
        let chores = state.withState { state in
            if state.chores.isEmpty { return [any LoopChore]() }
            defer { state.chores = [] }
            return state.chores
        }
        for chore in chores { chore.perform() }
    }
}
