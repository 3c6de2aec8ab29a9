/// What happens to an entry while its task waits, or does not.
extension WaitTable {
    /// An event from epoll.
    ///
    /// A broken descriptor is one whose hangup or error can't be masked.
    mutating func deliver(_ token: WaitToken, _ events: Readiness, isBroken: Bool) -> Outcome {
        guard let slot = slot(of: token) else { return .nothing }
        if entries[slot].waiter != nil {
            let awaited = Readiness(answering: entries[slot].wanted)
            if isBroken || !events.isDisjoint(with: awaited) {
                if entries[slot].isEdgeTriggered {
                    entries[slot].pending.formUnion(
                        events.subtracting(awaited).union(events.intersection(.hangup)))
                }
                // The end of the input is the task's own affair.
                if events == .readable, let attendance = entries[slot].attendance {
                    return .attend(attendance)
                }
                return wake(slot, events)
            }
        }
        guard !entries[slot].isEdgeTriggered else {
            entries[slot].pending.formUnion(events)
            return .nothing
        }
        guard entries[slot].pending.isSuperset(of: events) else {
            entries[slot].pending.formUnion(events)
            return .nothing
        }
        if isBroken {
            entries[slot].isAttached = false
            entries[slot].armed = []
            return .change(.remove(entries[slot].descriptor))
        }
        entries[slot].armed.subtract(Interest(rawValue: events.rawValue))
        return .change(.modify(entries[slot].descriptor, token, entries[slot].armed))
    }

    /// A signal, a cancellation or the entry's timer; kept for the next wait if nobody waits.
    mutating func post(_ token: WaitToken, _ reasons: Readiness) -> Outcome {
        guard let slot = slot(of: token) else { return .nothing }
        if reasons.contains(.timedOut) { entries[slot].timer = .none }
        entries[slot].pending.formUnion(reasons.intersection(.lasting))
        if entries[slot].waiter != nil { return wake(slot, reasons) }
        entries[slot].pending.formUnion(reasons)
        return .nothing
    }

    /// Takes back what has not been told to a wait yet.
    mutating func forget(_ token: WaitToken, _ reasons: Readiness) {
        guard let slot = slot(of: token) else { return }
        entries[slot].pending.subtract(reasons)
    }

    /// Takes an entry into a sample of arrivals; false if it is in it already.
    @inline(__always)
    mutating func mark(_ token: WaitToken, _ sample: UInt32) -> Bool {
        guard let slot = slot(of: token), entries[slot].sample != sample else { return false }
        entries[slot].sample = sample
        return true
    }

    private mutating func wake(_ slot: Int, _ readiness: Readiness) -> Outcome {
        guard let waiter = entries[slot].waiter.take() else { return .nothing }
        var wake = Wake(waiter: waiter, readiness: readiness)
        if entries[slot].timerEndsWithWait {
            wake.timer = entries[slot].timer
            entries[slot].timer = .none
            entries[slot].timerEndsWithWait = false
        }
        return .wake(wake)
    }
}
