import Testing

@testable import Reactor

@Suite struct WaitTableTests {
    private typealias Table = WaitTable<String>

    private static let attendance = Attendance(attendant: ObjectIdentifier(EventLoop.self), key: 3)
    /// What an edge-triggered entry is armed for while somebody waits for room.
    private static let inputAndRoom = Interest.input.union(.writable)

    /// A table with one entry, armed for reading unless it says otherwise.
    private static func table(armed: Interest = .readable) -> (Table, WaitToken) {
        var table = Table()
        let token = table.insert(descriptor: 7, armed: armed)
        return (table, token)
    }

    @Test func requestAndResponseNeedNoChange() {
        var (table, token) = Self.table()
        for _ in 0..<3 {
            #expect(table.start(token, .readable) == .parked(nil))
            table.park(token, "task")
            #expect(table.event(token, .readable) == .woken("task", .readable))
        }
    }

    @Test func anEntryIsInASampleOnce() {
        var (table, token) = Self.table()
        let other = table.insert(descriptor: 8, armed: .readable)
        for sample in UInt32(1)...3 {
            for entry in [token, other] {
                let isNew = [table.mark(entry, sample), table.mark(entry, sample)]
                #expect(isNew == [true, false])
            }
        }
        _ = table.remove(other)
        let isNew = table.mark(other, 4)
        #expect(!isNew)
    }

    @Test func unawaitedEventIsRememberedThenSilenced() {
        var (table, token) = Self.table()
        #expect(table.event(token, .readable) == .nothing)
        #expect(table.event(token, .readable) == .changed(.modify(7, token, [])))
        #expect(table.start(token, .readable) == .ready(.readable))
        #expect(table.start(token, .readable) == .parked(.modify(7, token, .readable)))
    }

    @Test func unawaitedInterestIsSilencedWhileWaiting() {
        var (table, token) = Self.table()
        #expect(table.start(token, .writable) == .parked(.modify(7, token, [.readable, .writable])))
        table.park(token, "task")
        #expect(table.event(token, .readable) == .nothing)
        #expect(table.event(token, .readable) == .changed(.modify(7, token, .writable)))
        #expect(table.event(token, .writable) == .woken("task", .writable))
        #expect(table.start(token, .readable) == .ready(.readable))
        #expect(table.start(token, .readable) == .parked(.modify(7, token, .readable)))
    }

    @Test func writingIsArmedOnlyWhileWanted() {
        var (table, token) = Self.table()
        #expect(table.start(token, [.readable, .writable]) != .parked(nil))
        table.park(token, "task")
        #expect(table.event(token, .writable) == .woken("task", .writable))
        #expect(table.start(token, .readable) == .parked(.modify(7, token, .readable)))
    }

    @Test func brokenDescriptorIsDetachedAndAttachedAgain() {
        var (table, token) = Self.table()
        #expect(table.event(token, .broken, isBroken: true) == .nothing)
        #expect(table.event(token, .broken, isBroken: true) == .changed(.remove(7)))
        #expect(table.start(token, .readable) == .ready([.readable, .hangup]))
        #expect(table.start(token, .readable) == .parked(.add(7, token, .readable)))
        table.park(token, "task")
        #expect(table.event(token, .broken, isBroken: true) == .woken("task", .broken))
    }

    @Test func brokenDescriptorWakesWhoeverWaits() {
        var (table, token) = Self.table()
        #expect(table.start(token, []) == .parked(nil))
        table.park(token, "task")
        #expect(table.event(token, .broken, isBroken: true) == .woken("task", .broken))
    }

    @Test func eventsOfAnEarlierOwnerAreDropped() {
        var (table, old) = Self.table()
        #expect(table.remove(old).change == .remove(7))
        #expect(table.nextToken.slot == old.slot)
        let new = table.insert(descriptor: 7, armed: .readable)
        #expect(new.slot == old.slot && new != old)
        #expect(table.start(new, .readable) == .parked(nil))
        table.park(new, "new")
        #expect(table.event(old, .readable) == .nothing)
        #expect(table.posted(old, .signalled) == .nothing)
        #expect(table.start(old, .readable) == .ready(.closed))
        #expect(table.remove(old).wake == nil)
        #expect(table.event(new, .readable) == .woken("new", .readable))
        #expect(table.count == 1)
    }

    @Test func descriptorGivenAwayBehindOurBackIsLeftAlone() {
        var (table, old) = Self.table()
        let new = table.insert(descriptor: 7, armed: .readable)
        #expect(table.remove(old).change == nil)
        #expect(table.remove(new).change == .remove(7))
    }

    @Test func removalWakesWithClosed() {
        var (table, token) = Self.table()
        #expect(table.start(token, .readable) == .parked(nil))
        table.park(token, "task")
        let wake = table.remove(token).wake
        #expect(wake?.waiter == "task" && wake?.readiness == .closed)
    }

    @Test func anAttendedEventLeavesTheWaiterParked() {
        var (table, token) = Self.table()
        #expect(table.start(token, .readable) == .parked(nil))
        table.park(token, "task", attendance: Self.attendance)
        #expect(table.event(token, .readable) == .attended(Self.attendance))
        #expect(table.waiter(of: token) == "task" && table.isParked(token))
        #expect(table.posted(token, .signalled) == .woken("task", .signalled))
        #expect(table.waiter(of: token) == nil && !table.isParked(token))
        // The next wait is not attended unless it says so.
        #expect(table.start(token, .readable) == .parked(nil))
        table.park(token, "task")
        #expect(table.event(token, .readable) == .woken("task", .readable))
    }

    @Test func theEndOfTheInputIsTheTasksOwnAffair() {
        var (table, token) = Self.table()
        #expect(table.start(token, .readable) == .parked(nil))
        table.park(token, "task", attendance: Self.attendance)
        #expect(table.event(token, .broken, isBroken: true) == .woken("task", .broken))
    }

    // MARK: Edges

    @Test func anEdgeIsKeptUntilAWaitIsForIt() {
        var (table, token) = Self.table(armed: .input)
        #expect(table.event(token, .readable) == .nothing)
        // Nothing has to be silenced, as it is told once.
        #expect(table.event(token, .readable) == .nothing)
        #expect(table.start(token, .writable) == .parked(.modify(7, token, Self.inputAndRoom)))
        table.park(token, "task")
        #expect(table.event(token, .writable) == .woken("task", .writable))
        #expect(table.start(token, .readable) == .ready(.readable))
        #expect(table.start(token, .readable) == .parked(.modify(7, token, .input)))
    }

    @Test func roomIsAskedForEachTime() {
        var (table, token) = Self.table(armed: .input)
        for _ in 0..<2 {
            #expect(table.start(token, .writable) == .parked(.modify(7, token, Self.inputAndRoom)))
            table.park(token, "task")
            #expect(table.event(token, .writable) == .woken("task", .writable))
        }
    }

    @Test func whatAWaitIsNotForStaysWhenItIsToldTogether() {
        var (table, token) = Self.table(armed: .input)
        #expect(table.start(token, .writable) == .parked(.modify(7, token, Self.inputAndRoom)))
        table.park(token, "task")
        #expect(table.event(token, [.readable, .writable]) == .woken("task", [.readable, .writable]))
        #expect(table.start(token, .readable) == .ready(.readable))
    }

    @Test func theEndOfTheInputLastsForReaders() {
        var (table, token) = Self.table(armed: .input)
        #expect(table.start(token, .readable) == .parked(nil))
        table.park(token, "task", attendance: Self.attendance)
        // With bytes before it, which are read first.
        #expect(table.event(token, [.readable, .hangup]) == .woken("task", [.readable, .hangup]))
        #expect(table.start(token, .readable) == .ready(.hangup))
        #expect(table.start(token, .hangup) == .ready(.hangup))
        // Who has only to write goes on with that, without being told over and over.
        #expect(table.start(token, .writable) == .parked(.modify(7, token, Self.inputAndRoom)))
    }

    @Test func aBrokenDescriptorIsToldToLaterWaitsToo() {
        var (table, token) = Self.table(armed: .input)
        #expect(table.event(token, .broken, isBroken: true) == .nothing)
        #expect(table.start(token, .writable) == .ready(.writable))
        #expect(table.start(token, .readable) == .ready([.readable, .hangup]))
        #expect(table.start(token, .readable) == .ready(.hangup))
    }

    @Test func onlyEdgesAreArmedAgain() {
        var (table, level) = Self.table()
        #expect(table.rearming(level) == nil)
        let edge = table.insert(descriptor: 8, armed: .input)
        #expect(table.rearming(edge) == .modify(8, edge, .input))
        _ = table.remove(edge)
        #expect(table.rearming(edge) == nil)
    }

    @Test func aTurnThatNobodyTookIsKept() {
        var (table, token) = Self.table(armed: .input)
        #expect(table.start(token, .readable) == .parked(nil))
        table.park(token, "task", attendance: Self.attendance)
        #expect(table.event(token, .readable) == .attended(Self.attendance))
        #expect(table.posted(token, .signalled) == .woken("task", .signalled))
        table.keep(token, .readable)
        #expect(table.start(token, .readable) == .ready(.readable))
    }

    // MARK: Reasons

    @Test func signalsCountAsOne() {
        var (table, token) = Self.table()
        #expect(table.posted(token, .signalled) == .nothing)
        #expect(table.posted(token, .signalled) == .nothing)
        #expect(table.start(token, []) == .ready(.signalled))
        #expect(table.start(token, []) == .parked(nil))
    }

    @Test func cancellationLasts() {
        var (table, token) = Self.table()
        #expect(table.start(token, []) == .parked(nil))
        table.park(token, "task")
        #expect(table.posted(token, .cancelled) == .woken("task", .cancelled))
        #expect(table.start(token, .readable) == .ready(.cancelled))
        #expect(table.start(token, .readable) == .ready(.cancelled))
    }

    @Test(arguments: [true, false]) func timerGoesWithItsWait(endsWithWait: Bool) {
        var (table, token) = Self.table()
        let timer = TimerID(index: 3, generation: 4)
        #expect(table.start(token, []) == .parked(nil))
        table.park(token, "task")
        table.setTimer(token, timer, endsWithWait: endsWithWait)
        guard case .wake(let wake) = table.post(token, .signalled) else {
            Issue.record("nobody was woken")
            return
        }
        #expect(wake.timer == (endsWithWait ? timer : .none))
        #expect(table.timer(of: token) == (endsWithWait ? nil : timer))
    }
}

/// The table's answers in a form that can be compared, and changed in place outside of `#expect`.
private enum Answer: Equatable {
    case ready(Readiness)
    case parked(PollChange?)
    case nothing
    case changed(PollChange)
    case woken(String, Readiness)
    case attended(Attendance)
}

extension WaitTable<String> {
    fileprivate mutating func start(_ token: WaitToken, _ interest: Interest) -> Answer {
        switch begin(token, for: interest) {
        case .ready(let readiness): .ready(readiness)
        case .park(let change): .parked(change)
        }
    }

    fileprivate mutating func event(
        _ token: WaitToken, _ readiness: Readiness, isBroken: Bool = false
    ) -> Answer {
        Self.answer(deliver(token, readiness, isBroken: isBroken))
    }

    fileprivate mutating func posted(_ token: WaitToken, _ reasons: Readiness) -> Answer {
        Self.answer(post(token, reasons))
    }

    private static func answer(_ outcome: Outcome) -> Answer {
        switch outcome {
        case .nothing: .nothing
        case .change(let change): .changed(change)
        case .wake(let wake): .woken(wake.waiter, wake.readiness)
        case .attend(let attendance): .attended(attendance)
        }
    }
}
