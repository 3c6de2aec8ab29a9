import Reactor
import Synchronization

/// One server that goes by a clock that is moved: it is told of each move, and says when it has done what was
/// due by then.
///
/// What is due is done by a task of the server's own. Whoever moves the clock just as the server ends so
/// waits for no loop that nobody runs any more.
final class ClockFollower: Sendable {
    private struct State {
        /// Those that have moved the clock and wait.
        var waiting: [CheckedContinuation<Void, Never>] = []
        var hasEnded = false
    }

    private let bell: Registration
    private let state = Guarded(State())

    /// Makes a follower; on the loop.
    init(on loop: EventLoop) {
        bell = Registration(on: loop)
    }

    /// Returns when the server has acted on the clock's move, or has ended.
    ///
    /// Callable from anywhere.
    func act() async {
        await withCheckedContinuation { (mover: CheckedContinuation<Void, Never>) in
            let hasEnded = state.withLock { state in
                if !state.hasEnded { state.waiting.append(mover) }
                return state.hasEnded
            }
            if hasEnded { mover.resume() } else { bell.signal() }
        }
    }

    /// Acts on moves until the task is cancelled; on the loop.
    func run(for database: Database) async {
        await withTaskCancellationHandler {
            while await bell.wait(for: []).isDisjoint(with: [.cancelled, .closed]) {
                let movers = take()
                await database.clockMoved()
                for mover in movers { mover.resume() }
            }
        } onCancel: {
            bell.cancel()
        }
        for mover in take(andEnd: true) { mover.resume() }
        bell.close()
    }

    private func take(andEnd ends: Bool = false) -> [CheckedContinuation<Void, Never>] {
        state.withLock { state in
            defer { state.waiting = [] }
            if ends { state.hasEnded = true }
            return state.waiting
        }
    }
}

extension Database {
    nonisolated var clock: ServerClock { environment.clock }

    /// Does what is due now that the clock was moved: deletes and announces keys, lets clients go on that
    /// were paused or waited long enough, and closes those that are idle for too long.
    func clockMoved() async {
        while !expireDue() { await loop.yield() }
        for session in sessions.all where session.isPostponed || session.blocked?.isTimed == true {
            session.outbox.wake()
        }
        if !insight.rests, sweepClients(clock.milliseconds()) { startSweeping() }
    }
}
