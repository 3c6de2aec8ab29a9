import Reactor

/// What the reactor's parts cost in bytes of memory; `make costs` prints it.
///
/// Each figure is the growth of what `malloc` has handed out, its own overhead included, by a hundred
/// thousand of the thing at once: enough for the growth of lists not to decide.
@main
enum Costs {
    private static let count = 100_000

    static func main() async throws {
        try await ServerCosts.measure()
        try measureReactor()
    }

    private static func measureReactor() throws {
        guard ProcessMemory.heap().used > 0 else { fatalError("this allocator tells nothing") }
        let loop = try EventLoop()
        loop.run {
            let bells = measureRegistrations(loop)
            await measureTasks(loop, waitingFor: bells)
            measureTimers(loop)
        }
    }

    /// Prints the growth for each of `count`.
    private static func report(_ what: String, since before: Int) {
        let bytes = Double(ProcessMemory.heap().used - before) / Double(count)
        print("\(what): \((bytes * 10).rounded() / 10) B")
    }

    /// Registrations without a descriptor; one with a descriptor has the kernel's part besides.
    private static func measureRegistrations(_ loop: EventLoop) -> [Registration] {
        var bells: [Registration] = []
        bells.reserveCapacity(count)
        let before = ProcessMemory.heap().used
        for _ in 0..<count { bells.append(Registration(on: loop)) }
        report("a registration", since: before)
        return bells
    }

    /// Child tasks that have begun, and each wait for a registration that was there before.
    private static func measureTasks(_ loop: EventLoop, waitingFor bells: [Registration]) async {
        await withDiscardingTaskGroup { group in
            let before = ProcessMemory.heap().used
            for bell in bells { group.addTask(on: loop) { _ = await bell.wait(for: []) } }
            // When it is this task's turn again, all of them have begun.
            await loop.yield()
            report("a task that waits", since: before)
            for bell in bells { bell.signal() }
        }
    }

    /// Deadlines within two hours, in no order, of alarms that were there before.
    private static func measureTimers(_ loop: EventLoop) {
        let alarms = (0..<count).map { _ in Alarm(on: loop) }
        let before = ProcessMemory.heap().used
        for (index, alarm) in alarms.enumerated() {
            alarm.set(loop.deadline(in: Int64(1 + index * 7919 % 7_200_000)))
        }
        report("a timer", since: before)
        withExtendedLifetime(alarms) {}
    }
}
