/// Takes the turns of tasks that wait, in their place, as long as there is nothing else for them to do.
///
/// To resume a task costs about half a microsecond, which is much beside a request. A task that waits for
/// input may therefore leave the input to an attendant: it sleeps on while the attendant takes the turns,
/// and is resumed when one of them ends in something other than waiting for more.
package protocol Attendant: AnyObject, Sendable {
    /// Takes all turns that `loop.nextAttendedTurn()` hands out; on the loop's thread and outside of every job.
    func attend(on loop: EventLoop)
}

/// A task that waits on a loop, and who takes its turns.
struct ParkedTask {
    let waiter: Waiter<Readiness>
    /// Nil if the task takes them itself.
    let attendant: (any Attendant)?
    /// By what the attendant knows the task.
    let key: UInt32
}

/// What an attendant is to do in the place of a task.
package struct AttendedTurn {
    let token: WaitToken
    /// By what the attendant knows the task.
    package let key: UInt32
    package let readiness: Readiness
}

/// The turns of one look at the descriptors, in the order of their events.
struct AttendedTurns {
    private var turns: [AttendedTurn] = []
    private var taken = 0
    /// Whose they are: of neighbours with one attendant only the last has an entry.
    private var attendants: [(attendant: any Attendant, end: Int)] = []
    private var attendant = 0

    var isEmpty: Bool { turns.isEmpty }

    /// Who is to take the next ones.
    var next: (any Attendant)? { attendant < attendants.count ? attendants[attendant].attendant : nil }

    mutating func append(_ turn: AttendedTurn, for attendant: any Attendant) {
        turns.append(turn)
        if let last = attendants.indices.last, attendants[last].attendant === attendant {
            attendants[last].end = turns.count
        } else {
            attendants.append((attendant, turns.count))
        }
    }

    /// Hands out the next one of the attendant that is on.
    mutating func take() -> AttendedTurn? {
        guard attendant < attendants.count else { return nil }
        guard taken < attendants[attendant].end else {
            attendant += 1
            return nil
        }
        defer { taken += 1 }
        return turns[taken]
    }

    mutating func removeAll() {
        turns.removeAll(keepingCapacity: true)
        attendants.removeAll(keepingCapacity: true)
        taken = 0
        attendant = 0
    }
}

extension EventLoop {
    /// The next turn for the attendant that was asked to take turns, of those whose tasks have not been
    /// resumed meanwhile; nil when that was the last; loop only.
    package func nextAttendedTurn() -> AttendedTurn? {
        state.withState { state in
            while let turn = state.attended.take() {
                if state.table.isParked(turn.token) { return turn }
            }
            return nil
        }
    }

    /// Resumes the task in whose place a turn was taken, without a reason of the descriptor's; loop only.
    package func resume(after turn: AttendedTurn) {
        state.withState { $0.settle($0.table.post(turn.token, [])) }
    }

    /// Has all turns taken that the last look at the descriptors brought.
    func attend() {
        guard state.withState({ !$0.attended.isEmpty }) else { return }
        while let attendant = state.withState({ $0.attended.next }) { attendant.attend(on: self) }
        state.withState { $0.attended.removeAll() }
    }
}
