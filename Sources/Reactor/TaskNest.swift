/// Any number of tasks on a loop, added from anywhere on it and awaited together.
///
/// A plain task group can't be added to from outside its body, and finds a child that ends by
/// walking the list of all: with a hundred thousand children that takes longer than what they do. A
/// nest spreads them over groups of bounded size. All are children of the task that called `run`, so
/// its cancellation reaches each of them.
package final class TaskNest: Sendable {
    /// Few enough to walk, many enough that the groups' own tasks don't count.
    private static let groupLimit = 64

    private struct State {
        /// Groups that may take another task.
        var roomy: [TaskNestGroup] = []
        var groups: [TaskNestGroup] = []
        var isClosed = false
    }

    private let loop: EventLoop
    private let state: LoopBound<State>
    /// Its children are the other groups' tasks.
    private let root: TaskNestGroup

    private init(on loop: EventLoop) {
        self.loop = loop
        state = LoopBound(State(), owner: loop.thread)
        root = TaskNestGroup(on: loop)
    }

    /// Runs the body, which may add tasks, and returns when it and all of them have ended; loop only.
    package static func run(
        on loop: EventLoop, _ body: @escaping @Sendable (TaskNest) async -> Void
    ) async {
        let nest = TaskNest(on: loop)
        nest.root.add { _ in
            await body(nest)
            nest.close()
        }
        await nest.root.serve()
    }

    /// Adds a task that is isolated to the loop; loop only, while the body runs.
    package func add(_ work: @escaping @Sendable (isolated LoopIsolation) async -> Void) {
        precondition(loop.isCurrent, "a nest's tasks are added on its loop's thread")
        let group = state.withState { state in
            precondition(!state.isClosed, "a nest takes tasks only while its body runs")
            return state.roomy.popLast()
        }
        let chosen = group ?? makeGroup()
        let count = chosen.add { [self] isolation in
            await work(isolation)
            finish(in: chosen)
        }
        if count < Self.groupLimit { state.withState { $0.roomy.append(chosen) } }
    }

    private func makeGroup() -> TaskNestGroup {
        let group = TaskNestGroup(on: loop)
        state.withState { $0.groups.append(group) }
        root.add { _ in await group.serve() }
        return group
    }

    /// A task has ended; a group that was full has room again.
    private func finish(in group: TaskNestGroup) {
        let count = group.remove()
        if count == Self.groupLimit - 1 { state.withState { $0.roomy.append(group) } }
    }

    /// Lets each group end with its last task.
    private func close() {
        let groups = state.withState { state in
            state.isClosed = true
            return state.groups
        }
        for group in groups { group.close() }
        root.close()
    }
}

/// A task group of bounded size that takes tasks from outside.
private final class TaskNestGroup: Sendable {
    private struct State {
        /// What is to be started.
        var inbox: [Work] = []
        /// How many have been added and not removed.
        var count = 0
        var isClosed = false
    }

    /// What a task does.
    ///
    /// An array of bare functions would wrap each in four conversions, whose frames the task would
    /// keep as long as it lives.
    private struct Work {
        let body: @Sendable (isolated LoopIsolation) async -> Void
    }

    private let loop: EventLoop
    private let bell: Registration
    private let state: LoopBound<State>

    init(on loop: EventLoop) {
        self.loop = loop
        bell = Registration(on: loop)
        state = LoopBound(State(), owner: loop.thread)
    }

    /// Starts what is added until the group is closed, and returns when all of it has ended.
    func serve() async {
        await withDiscardingTaskGroup { group in
            while true {
                let (works, isClosed) = state.withState { state in
                    let works = state.inbox
                    state.inbox = []
                    return (works, state.isClosed)
                }
                for work in works { group.addIsolatedTask(on: loop, work.body) }
                if isClosed { break }
                _ = await bell.wait(for: [])
            }
        }
    }

    /// Adds a task; answers how many there are now.
    @discardableResult
    func add(_ work: @escaping @Sendable (isolated LoopIsolation) async -> Void) -> Int {
        defer { bell.signal() }
        return state.withState { state in
            state.inbox.append(Work(body: work))
            state.count += 1
            return state.count
        }
    }

    /// Counts a task out; answers how many are left.
    func remove() -> Int {
        state.withState { state in
            state.count -= 1
            return state.count
        }
    }

    func close() {
        state.withState { $0.isClosed = true }
        bell.signal()
    }
}
