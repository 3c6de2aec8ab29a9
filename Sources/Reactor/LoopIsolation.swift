/// A loop as an actor: what is isolated to it stays on the loop's thread without a detour.
///
/// A task that merely prefers a loop belongs to no actor, and the runtime takes it through the loop's
/// queue whenever it comes back from an actor and around each wait. A task that is isolated to one
/// actor of a loop enters and leaves the loop's other actors as by a plain call, and waits directly.
/// It still needs the preference, or it would be woken by way of the global thread pool. `run` and
/// `addTask(on:)` see to both; functions that are `nonisolated(nonsending)` inherit it all.
///
/// A closure handed to a function of the standard library does not: unless it stands where the actor is
/// an `isolated` parameter, it belongs to nobody, and the task is queued anew around each wait in it.
package actor LoopIsolation {
    package nonisolated let loop: EventLoop

    package init(_ loop: EventLoop) {
        self.loop = loop
    }

    package nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The actor holds the loop.
        unsafe loop.asUnownedSerialExecutor()
    }

    /// Runs the body isolated to this actor.
    package func run<Answer: Sendable, Failure: Error>(
        _ body: () async throws(Failure) -> Answer
    ) async throws(Failure) -> Answer {
        try await body()
    }

    /// Runs the body, which is isolated to this actor as written, not only as called.
    package func runIsolated(_ body: (isolated LoopIsolation) async -> Void) async {
        await body(self)
    }
}

extension DiscardingTaskGroup {
    /// Adds a task that lives on a loop, isolated to it as written.
    package mutating func addIsolatedTask(
        on loop: EventLoop, _ body: @escaping @Sendable (isolated LoopIsolation) async -> Void
    ) {
        addTask(executorPreference: loop) { await LoopIsolation(loop).runIsolated(body) }
    }

    /// Adds a task that lives on a loop.
    package mutating func addTask(on loop: EventLoop, _ body: @escaping @Sendable () async -> Void) {
        addTask(executorPreference: loop) { await LoopIsolation(loop).run(body) }
    }
}

extension ThrowingDiscardingTaskGroup {
    /// Adds a task that lives on a loop.
    package mutating func addTask(
        on loop: EventLoop, _ body: @escaping @Sendable () async throws -> Void
    ) where Failure == any Error {
        addTask(executorPreference: loop) { try await LoopIsolation(loop).run(body) }
    }
}

extension TaskGroup where ChildTaskResult: Sendable {
    /// Adds a task that lives on a loop.
    package mutating func addTask(
        on loop: EventLoop, _ body: @escaping @Sendable () async -> ChildTaskResult
    ) {
        addTask(executorPreference: loop) { await LoopIsolation(loop).run(body) }
    }
}

extension ThrowingTaskGroup where ChildTaskResult: Sendable {
    /// Adds a task that lives on a loop.
    package mutating func addTask(
        on loop: EventLoop, _ body: @escaping @Sendable () async throws -> ChildTaskResult
    ) where Failure == any Error {
        addTask(executorPreference: loop) { try await LoopIsolation(loop).run(body) }
    }
}
