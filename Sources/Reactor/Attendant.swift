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
}

/// Who takes a task's turns, named without a reference, which would be counted for each turn.
struct Attendance: Equatable {
    let attendant: ObjectIdentifier
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
    /// The one of the last entry.
    private var last: ObjectIdentifier?

    var isEmpty: Bool { turns.isEmpty }

    /// Who is to take the next ones.
    var next: (any Attendant)? { attendant < attendants.count ? attendants[attendant].attendant : nil }

    /// Adds a turn for whoever has the last one already; false if that is another.
    mutating func append(_ turn: AttendedTurn, for attendant: ObjectIdentifier) -> Bool {
        guard last == attendant else { return false }
        turns.append(turn)
        attendants[attendants.count - 1].end = turns.count
        return true
    }

    mutating func append(_ turn: AttendedTurn, for attendant: any Attendant) {
        turns.append(turn)
        attendants.append((attendant, turns.count))
        last = ObjectIdentifier(attendant)
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
        last = nil
    }
}

extension EventLoop {
    /// The next turn for the attendant that was asked to take turns, of those whose tasks have not been
    /// resumed meanwhile; nil when that was the last; loop only.
    package func nextAttendedTurn() -> AttendedTurn? {
        state.withState { state in
            while let turn = state.attended.take() {
                if state.table.isParked(turn.token) { return turn }
                state.table.keep(turn.token, turn.readiness)
            }
            return nil
        }
    }

    /// Resumes the task in whose place a turn was taken, without a reason of the descriptor's; loop only.
    package func resume(after turn: AttendedTurn) {
        state.withState { $0.settle($0.table.post(turn.token, [])) }
    }

    /// Resumes the task to take a turn itself that was handed out for it; loop only.
    package func giveBack(_ turn: AttendedTurn) {
        state.withState { $0.settle($0.table.post(turn.token, turn.readiness)) }
    }

    /// Looks at the descriptors once more without waiting, unless others have still to take turns or events
    /// are left to gather anyway; loop only.
    ///
    /// True if that brought some for the attendant, who may take them right away.
    package func lookAgain(for attendant: some Attendant) -> Bool {
        state.withState { state in
            guard state.attended.next == nil, state.moderation.rest == 0 else { return false }
            state.attended.removeAll()
            state.deliver(state.poller.wait(milliseconds: 0))
            return state.attended.next === attendant
        }
    }

    /// Has all turns taken that the last look at the descriptors brought.
    func attend() {
        guard state.withState({ !$0.attended.isEmpty }) else { return }
        while let attendant = state.withState({ $0.attended.next }) { attendant.attend(on: self) }
        state.withState { $0.attended.removeAll() }
    }
}
