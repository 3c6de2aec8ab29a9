import Synchronization

extension EventLoop {
    /// After so many jobs the descriptors get their turn, however many more jobs are queued: a few
    /// tens of microseconds of work, against the one or two that looking costs.
    private static var jobsBetweenPolls: Int { 64 }

    func runTurns() {
        // Two arrays take turns as the queue and as the round that runs.
        var round: [UnownedJob] = []
        while true {
            runJobs(&round)
            performChores()
            // What is queued during the last turn still runs: a task that is told to end, ends.
            let isIdle =
                queue.withState { $0.isEmpty }
                && state.withState { $0.yielded.isEmpty && $0.chores.isEmpty }
            if isStopping.load(ordering: .acquiring), isIdle { break }
            poll(mayBlock: isIdle)
            attend()
            collectMail()
        }
    }

    /// Runs what is queued, round by round: jobs that are queued meanwhile form the next round.
    private func runJobs(_ round: inout [UnownedJob]) {
        // The loop outlives its own turn.
        let serial = unsafe asUnownedSerialExecutor()
        // As above.
        let task = unsafe asUnownedTaskExecutor()
        var executed = 0
        while executed < Self.jobsBetweenPolls {
            queue.withState { $0.exchange(&round) }
            if round.isEmpty { break }
            for job in round {
                // As above.
                unsafe job.runSynchronously(isolatedTo: serial, taskExecutor: task)
            }
            executed += round.count
        }
    }

    /// Waits for descriptors, as long as there is nothing else to do, and wakes whoever waits for
    /// them, for the time or for their next turn.
    private func poll(mayBlock: Bool) {
        state.withState { state in
            let sleeps = mayBlock && mailbox.prepareToSleep() && !isStopping.load(ordering: .acquiring)
            state.figures.endTurn()
            let count = state.look(milliseconds: sleeps ? Self.timeout(state) : 0)
            state.figures.beginTurn()
            mailbox.awake()
            state.now = MonotonicClock.nanoseconds()
            state.deliver(count)
            state.moderation.endLook(now: state.now)
            let now = Deadline(milliseconds: Int64(state.now / 1_000_000))
            while let token = state.timers.popDue(by: now) {
                state.settle(state.table.post(token, .timedOut))
            }
            if !state.yielded.isEmpty {
                for waiter in state.yielded { waiter.resume(returning: ()) }
                state.yielded.removeAll(keepingCapacity: state.yielded.count <= JobQueue.keptCapacity)
            }
        }
    }

    /// The time to the next timer, rounded up; −1 for ever.
    private static func timeout(_ state: borrowing State) -> Int32 {
        guard let next = state.timers.next else { return -1 }
        let now = Int64(MonotonicClock.nanoseconds() / 1_000_000)
        return Int32(clamping: max(0, next.milliseconds - now))
    }

    private func collectMail() {
        guard let mail = mailbox.collect() else { return }
        state.withState { $0.moderation.stop(now: $0.now) }
        if !mail.jobs.isEmpty {
            queue.withState { $0.append(contentsOf: mail.jobs) }
        }
        // The mail outlives this: a registration whose last owner it is must not go in between.
        if !mail.posts.isEmpty || !mail.orphans.isEmpty {
            state.withState { state in
                for registration in mail.posts {
                    state.settle(state.table.post(registration.token, registration.takePosted()))
                }
                for token in mail.orphans { state.remove(token) }
            }
        }
    }
}

extension EventLoop.State {
    /// Waits for events, at most so many milliseconds, for ever if negative; answers how many came.
    ///
    /// Under load the descriptors are left alone for some microseconds first.
    fileprivate mutating func look(milliseconds: Int32) -> Int {
        guard milliseconds != 0, moderation.rest > 0 else { return poller.wait(milliseconds: milliseconds) }
        let ready = poller.wait(milliseconds: 0)
        if ready > 0 { return ready }
        MonotonicClock.rest(nanoseconds: moderation.rest)
        let gathered = poller.wait(milliseconds: 0)
        if gathered > 0 { return gathered }
        moderation.stop(now: now)
        return poller.wait(milliseconds: milliseconds)
    }

    /// Tells of the events of the last wait.
    mutating func deliver(_ count: Int) {
        for index in 0..<count {
            guard let event = poller.event(index) else { continue }
            let outcome = table.deliver(event.token, event.readiness, isBroken: event.isBroken)
            if case .attend(let attendance) = outcome {
                leave(event.token, event.readiness, to: attendance)
            } else {
                settle(outcome)
            }
        }
    }

    /// Does what the table says.
    mutating func settle(_ outcome: WaitTable<ParkedTask>.Outcome) {
        switch outcome {
        case .nothing, .attend:
            break
        case .wake(let wake):
            timers.cancel(wake.timer)
            wake.waiter.waiter.resume(returning: wake.readiness)
        case .change(let change):
            quiet(change)
        }
    }

    /// Leaves an event to the attendant of the task that waits for it.
    mutating func leave(_ token: WaitToken, _ readiness: Readiness, to attendance: Attendance) {
        moderation.note(isRepeated: !table.mark(token, moderation.sample))
        let turn = AttendedTurn(token: token, key: attendance.key, readiness: readiness)
        if !attended.append(turn, for: attendance.attendant),
            let attendant = table.waiter(of: token)?.attendant
        {
            attended.append(turn, for: attendant)
        }
    }

    /// Takes an entry out, with its timer; whoever waits is told that it is closed.
    mutating func remove(_ token: WaitToken) {
        let (change, wake, timer) = table.remove(token)
        timers.cancel(timer)
        if let change { quiet(change) }
        if let wake { wake.waiter.waiter.resume(returning: wake.readiness) }
    }

    /// Tells epoll to report less.
    ///
    /// It may fail only because the descriptor has been closed already,
    /// and then there is nothing left to report.
    private func quiet(_ change: PollChange) {
        do throws(SystemError) { try poller.apply(change) } catch {}
    }
}
