import Reactor
import Synchronization

/// Something that happens once, and the tasks that wait for it.
final class Ending: Sendable {
    private struct State {
        var hasCome = false
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
        var lastTicket = 0
        /// Those that were cancelled before they began to wait.
        var cancelled: Set<Int> = []
    }

    private let state = Guarded(State())

    /// Says that it has happened.
    func announce() {
        let waiting = state.withLock { state in
            state.hasCome = true
            let waiting = Array(state.waiting.values)
            state.waiting = [:]
            return waiting
        }
        for task in waiting { task.resume() }
    }

    /// Waits for it, whether or not the task is cancelled.
    func wait() async {
        await wait(with: takeTicket())
    }

    /// Waits for it until the task is cancelled.
    func waitOrCancel() async {
        let ticket = takeTicket()
        await withTaskCancellationHandler {
            await wait(with: ticket)
        } onCancel: {
            let task = state.withLock { state in
                let task = state.waiting.removeValue(forKey: ticket)
                if task == nil { state.cancelled.insert(ticket) }
                return task
            }
            task?.resume()
        }
        state.withLock { _ = $0.cancelled.remove(ticket) }
    }

    private func takeTicket() -> Int {
        state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
    }

    private func wait(with ticket: Int) async {
        await withCheckedContinuation { (task: CheckedContinuation<Void, Never>) in
            let waits = state.withLock { state in
                guard !state.hasCome, !state.cancelled.contains(ticket) else { return false }
                state.waiting[ticket] = task
                return true
            }
            if !waits { task.resume() }
        }
    }
}
