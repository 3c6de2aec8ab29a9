/// Names one entry of a `WaitTable`, and travels through epoll with a descriptor's events.
///
/// The generation tells an entry from earlier ones in the same slot, so that an event, a signal or a
/// timer that comes late, after the slot has a new owner, is dropped.
struct WaitToken: Hashable, Sendable {
    var slot: UInt32
    var generation: UInt32

    init(slot: UInt32, generation: UInt32) {
        self.slot = slot
        self.generation = generation
    }

    init(bits: UInt64) {
        slot = UInt32(truncatingIfNeeded: bits)
        generation = UInt32(truncatingIfNeeded: bits >> 32)
    }

    var bits: UInt64 { UInt64(generation) << 32 | UInt64(slot) }
}

/// What epoll must be told so that it agrees with the table.
enum PollChange: Equatable {
    case add(Int32, WaitToken, Interest)
    case modify(Int32, WaitToken, Interest)
    case remove(Int32)
}

/// Who waits for what on a loop: the bookkeeping behind `Registration`, without a system call.
///
/// An entry with a descriptor is *armed* for what epoll reports of it. It stays armed for reading
/// when a wait ends, since the next wait is nearly always for reading again. An event that nobody
/// waits for is remembered for the next wait; if it comes a second time, epoll is told to be quiet,
/// and told otherwise by the next wait that needs it. So the loop never spins, and a connection that
/// reads, answers and waits makes no `epoll_ctl` at all.
///
/// Of an *edge-triggered* entry each event comes once. What the present wait is not for is kept for a later
/// one, and so is the end of the input, for good.
struct WaitTable<Waiter> {
    struct Entry {
        var generation: UInt32 = 0
        /// Negative for an entry that only waits for signals; for a free entry, the next free one.
        var descriptor: Int32 = -1
        /// What epoll reports.
        var armed: Interest = []
        /// Whether epoll knows the descriptor.
        var isAttached = false
        var isUsed = false
        /// Whether the timer is the present wait's, to be dropped when that ends.
        var timerEndsWithWait = false
        /// In which sample of arrivals it was last; here, where it takes no room.
        var sample: UInt32 = 0
        /// Who takes the waiter's turns when there is input, and leaves it parked.
        var attendance: Attendance?
        /// What the waiter waits for.
        var wanted: Interest = []
        /// What has happened while nobody waited for it.
        var pending: Readiness = []
        var timer = TimerID.none
        var waiter: Waiter?

        var isEdgeTriggered: Bool { armed.contains(.edgeTriggered) }
    }

    /// Somebody to wake, with the reason; and the timer that is no longer needed.
    struct Wake {
        var waiter: Waiter
        var readiness: Readiness
        var timer = TimerID.none
    }

    /// How a wait begins.
    enum Start {
        /// It ends at once.
        case ready(Readiness)
        /// The waiter is to be parked, once epoll has been told.
        case park(PollChange?)
    }

    /// What follows from an event.
    enum Outcome {
        case nothing
        case wake(Wake)
        /// Somebody is to take the waiter's turn, who stays parked.
        case attend(Attendance)
        case change(PollChange)
    }

    /// Used by this type's extension, and by nothing else.
    var entries: [Entry] = []
    private var firstFree: Int32 = -1
    /// By descriptor: the slot that had it last.
    ///
    /// A descriptor that was closed behind our back and
    /// given to another registration is then not taken away from that one.
    private var slotOfDescriptor: [UInt32] = []
    private(set) var count = 0

    /// Adds an entry, for a descriptor that epoll already reports `armed` of, or for none.
    mutating func insert(descriptor: Int32?, armed: Interest) -> WaitToken {
        let slot: Int
        if firstFree >= 0 {
            slot = Int(firstFree)
            firstFree = entries[slot].descriptor
        } else {
            slot = entries.count
            entries.append(Entry())
        }
        let generation = entries[slot].generation
        entries[slot] = Entry(
            generation: generation, descriptor: descriptor ?? -1, armed: armed,
            isAttached: descriptor != nil, isUsed: true)
        if let descriptor {
            while slotOfDescriptor.count <= descriptor { slotOfDescriptor.append(.max) }
            slotOfDescriptor[Int(descriptor)] = UInt32(slot)
        }
        count += 1
        return WaitToken(slot: UInt32(slot), generation: generation)
    }

    /// The token that `insert` will give out next.
    var nextToken: WaitToken {
        guard firstFree >= 0 else { return WaitToken(slot: UInt32(entries.count), generation: 0) }
        return WaitToken(slot: UInt32(firstFree), generation: entries[Int(firstFree)].generation)
    }

    /// Takes an entry out; gives what is left to do, and nothing if it is gone already.
    mutating func remove(_ token: WaitToken) -> (change: PollChange?, wake: Wake?, timer: TimerID) {
        guard let slot = slot(of: token) else { return (nil, nil, .none) }
        let entry = entries[slot]
        var change: PollChange?
        if entry.isAttached, slotOfDescriptor[Int(entry.descriptor)] == token.slot {
            change = .remove(entry.descriptor)
            slotOfDescriptor[Int(entry.descriptor)] = .max
        }
        entries[slot] = Entry(generation: entry.generation &+ 1, descriptor: firstFree)
        firstFree = Int32(slot)
        count -= 1
        return (change, entry.waiter.map { Wake(waiter: $0, readiness: .closed) }, entry.timer)
    }

    /// Begins a wait.
    mutating func begin(_ token: WaitToken, for interest: Interest) -> Start {
        guard let slot = slot(of: token) else { return .ready(.closed) }
        precondition(entries[slot].waiter == nil, "a registration has one waiter at a time")
        let isEdgeTriggered = entries[slot].isEdgeTriggered
        var reasons = Readiness.unconditional.union(.init(answering: interest))
        // The end of the input lasts, but is nothing to those who only write.
        if !isEdgeTriggered || interest.contains(.readable) { reasons.formUnion(.hangup) }
        let ready = entries[slot].pending.intersection(reasons)
        if !ready.isEmpty {
            let lasting = isEdgeTriggered ? Readiness.lasting.union(.hangup) : .lasting
            entries[slot].pending.subtract(ready.subtracting(lasting))
            return .ready(ready)
        }
        return .park(arm(slot, token, for: interest))
    }

    /// Brings what is armed in line with a wait: input stays armed, the rest only while wanted.
    private mutating func arm(_ slot: Int, _ token: WaitToken, for interest: Interest) -> PollChange? {
        entries[slot].wanted = interest
        let descriptor = entries[slot].descriptor
        guard descriptor >= 0 else { return nil }
        guard entries[slot].isAttached else {
            guard !interest.isEmpty else { return nil }
            entries[slot].isAttached = true
            entries[slot].armed = interest
            return .add(descriptor, token, interest)
        }
        let kept = entries[slot].isEdgeTriggered ? Interest.input : .readable
        let armed = interest.union(entries[slot].armed.intersection(kept))
        // Room that was there all along is no news: who asks for it again has to be told so.
        let isNews = entries[slot].isEdgeTriggered && interest.contains(.writable)
        guard armed != entries[slot].armed || isNews else { return nil }
        entries[slot].armed = armed
        return .modify(descriptor, token, armed)
    }

    /// Puts the waiter to sleep; the second half of `begin`.
    mutating func park(_ token: WaitToken, _ waiter: Waiter, attendance: Attendance? = nil) {
        guard let slot = slot(of: token) else { preconditionFailure("parked on a closed registration") }
        entries[slot].waiter = waiter
        entries[slot].attendance = attendance
    }

    /// Who sleeps on the entry.
    func waiter(of token: WaitToken) -> Waiter? {
        slot(of: token).flatMap { entries[$0].waiter }
    }

    /// Whether somebody sleeps on the entry.
    func isParked(_ token: WaitToken) -> Bool {
        guard let slot = slot(of: token) else { return false }
        return entries[slot].waiter != nil
    }

    /// Keeps an event for the next wait that it was not told to.
    mutating func keep(_ token: WaitToken, _ events: Readiness) {
        guard let slot = slot(of: token) else { return }
        entries[slot].pending.formUnion(events)
    }

    /// What makes epoll tell again of input that is there; nil unless the entry is edge-triggered.
    func rearming(_ token: WaitToken) -> PollChange? {
        guard let slot = slot(of: token), entries[slot].isEdgeTriggered else { return nil }
        return .modify(entries[slot].descriptor, token, entries[slot].armed)
    }

    /// Notes the one timer of an entry, and whether it belongs to the present wait alone.
    mutating func setTimer(_ token: WaitToken, _ timer: TimerID, endsWithWait: Bool) {
        guard let slot = slot(of: token) else { return }
        entries[slot].timer = timer
        entries[slot].timerEndsWithWait = endsWithWait
    }

    /// The entry's timer, if it has one.
    func timer(of token: WaitToken) -> TimerID? {
        guard let slot = slot(of: token), entries[slot].timer != .none else { return nil }
        return entries[slot].timer
    }

    /// Whether the entry is still there.
    func contains(_ token: WaitToken) -> Bool {
        slot(of: token) != nil
    }

    func slot(of token: WaitToken) -> Int? {
        guard token.slot < entries.count else { return nil }
        let entry = entries[Int(token.slot)]
        return entry.isUsed && entry.generation == token.generation ? Int(token.slot) : nil
    }
}
