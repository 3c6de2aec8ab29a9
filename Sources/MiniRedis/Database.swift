import Engine
import RESP
import Reactor

/// The actor in which all commands run, one after the other, as in Redis's single thread.
///
/// It runs on the server's first event loop, so a connection on that loop enters it without leaving
/// its thread; connections on other loops hop. A connection crosses once per batch of requests.
actor Database {
    nonisolated let loop: EventLoop

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // The actor keeps the loop alive.
        unsafe loop.asUnownedSerialExecutor()
    }

    let dataset: Dataset
    let commands: CommandTable
    var sessions = SessionTable()
    var configuration: Configuration
    var statistics = ServerStatistics()
    var memoryMeter = MemoryMeter()
    var eviction = EvictionState()
    var insight: Insight
    var observation = Observation()
    nonisolated let loopShares: LoopShareTable
    /// What the connections of the database's own loop share.
    let share: LoopShare
    var pubsub = PubSub()
    var clients = ClientSupervision()
    var watches = WatchTable()
    var tracking = Tracking()
    /// How far the effects of the unit that runs were handed out.
    var handed = HandedEffects()
    var forwarding = Forwarding()
    var deferredReplies = DeferredReplies()
    var waiting = WaitingLines()
    /// Whether requests that wait are being run again.
    var isServing = false
    /// Whether somebody waits for the end of long commands.
    var isHurried = false
    /// The time of the batch that runs or ran last, in Unix milliseconds.
    var lastNow: Int64 = 0
    /// When the clock was last read for a batch, in ticks, and what it said.
    private var clockRead: (ticks: UInt64, milliseconds: Int64) = (0, 0)
    /// Whether the clock is moved by a program, so that each look may show another time.
    private let movesClock: Bool
    /// Whether rates are sampled at present; see `Insight`.
    var isSampling = false
    /// When the next key is due, as the expiry task knows it (Unix milliseconds).
    var nextExpiry = Int64.max
    let expiryAlarm: Alarm
    var outOfMemoryScore = OutOfMemoryScore()
    nonisolated let environment: ServerEnvironment

    init(
        on loop: EventLoop, configuration: Configuration, seed: (UInt64, UInt64), expiryAlarm: Alarm,
        environment: ServerEnvironment = ServerEnvironment()
    ) {
        self.loop = loop
        self.configuration = configuration
        self.expiryAlarm = expiryAlarm
        self.environment = environment
        movesClock = environment.clock.isMoved
        loopShares = LoopShareTable(environment.buffers)
        share = loopShares.share(of: loop)
        insight = Insight(sampler: Alarm(on: loop), now: environment.clock.milliseconds())
        commands = CommandTable(Self.registeredCommands(), names: configuration.commandNames)
        dataset = Dataset(databases: configuration.databases, seed: seed)
        Self.apply(configuration, to: dataset)
        observation.adjust(to: configuration)
        if observation.wantsWords { dataset.effects.interest.insert(.words) }
    }

    static func registeredCommands() -> [RegisteredCommand] {
        DataCommands.all.map { RegisteredCommand($0) { .data($0.run) } }
            + SessionCommands.all.map { RegisteredCommand($0) { .session($0) } }
    }

    // MARK: Clients

    /// What the client's connection needs to know at present.
    func policy(for session: Session) -> ConnectionPolicy {
        ConnectionPolicy(
            bulkLength: configuration.protoMaxBulkLength,
            authenticated: session.isAuthenticated || configuration.password.isEmpty,
            queryBufferLimit: queryBufferLimit(of: session),
            isMuted: session.replyMode == .off || session.replyMode == .skip,
            logsFrames: configuration.logLevel == .debug)
    }

    // MARK: Batches

    /// Runs a batch that another loop has sent over, and sends it back.
    func execute(_ handle: SessionHandle, sent batch: consuming Exchange) -> Exchange {
        var exchange = batch
        if let session = sessions[handle] {
            execute(session, &exchange)
        } else {
            exchange.outcome = .abort
        }
        return exchange
    }

    /// Runs the frames of a batch from where it stands, and appends the replies.
    func execute(_ session: Session, _ exchange: inout Exchange) {
        guard session.closing == .no else {
            exchange.outcome = .abort
            return
        }
        if exchange.resumes, stillWaits(session, &exchange) { return }
        let start = Ticks.now()
        var call = Call(
            dataset, database: session.database, now: batchTime(start), reply: exchange.reply.take())
        session.lastInteraction = call.now
        lastNow = call.now
        if !isSampling { startSampling() }
        if configuration.maxMemoryClients != 0 {
            evictClients()
            if session.closing != .no {
                exchange.reply = call.takeReply()
                exchange.outcome = .abort
                return
            }
        }
        // Messages that came before this batch go out before its replies.
        if session.isSubscriber || session.isBehind { catchUp(session, &call.reply) }
        call.mayWait = true
        call.leavesClocks = session.options.contains(.noTouch)
        call.keepsDueKeys = keepsDueKeys(call.now)
        call.maySlice = session.mayGetSlices
        if session.isPostponed { endPostponement(session) }
        if !clients.isSweeping { startSweeping() }
        let first = exchange.reader.next
        exchange.outcome = continueLong(of: session, &call) ?? run(&exchange.reader, session, start, &call)
        if session.longCommand != nil { exchange.resumes = true }
        if tracking.isActive { settleTracking() }
        loop.noteWork(exchange.reader.next - first)
        exchange.reply = call.takeReply()
        exchange.policy = policy(for: session)
        exchange.isBehind = session.isBehind
        if dataset.effects.earliestDeadline < nextExpiry {
            expectExpiry(at: dataset.effects.earliestDeadline, call.now)
        }
    }

    /// Frames in a batch from which on it pays to look at their keys ahead.
    private static let fewestWarmed = 4

    /// The time of a batch that begins now: batches that follow each other so closely share a reading.
    private func batchTime(_ ticks: UInt64) -> Int64 {
        if ticks &- clockRead.ticks > Self.ticksPerClockReading || movesClock {
            clockRead = (ticks, clock.milliseconds())
        }
        return clockRead.milliseconds
    }

    private func run(
        _ reader: inout RequestReader, _ session: Session, _ start: UInt64, _ call: inout Call
    ) -> Exchange.Outcome {
        let count = reader.frameCount
        var ticks = start
        var standing = standing(of: session, call.now)
        var warmed = reader.next
        while reader.next < count {
            if reader.next == warmed, count - warmed >= Self.fewestWarmed {
                warmed = min(warmed + Keyspace.warmedFrames, count)
                call.keyspace.warm(reader, reader.next..<warmed)
            }
            let mark = call.reply.count
            if standing.getsPushes, session.isBehind { session.ownMessages = [] }
            let dispatched = dispatch(reader.frame(reader.next), session, &standing, &call, since: &ticks)
            if dispatched == .postponed {
                // It may have begun.
                call.reply.buffer.truncate(to: mark)
                session.ownMessages = nil
                return postpone(session)
            }
            reader.next += 1
            if dispatched == .blocked { return outcomeOfWait(session, call.now) }
            if dispatched == .sliced { return outcomeOfSlice(session, call.reply, since: mark) }
            if !standing.getsReplies { mute(session, &call, since: mark, isMuted: dispatched == .ranMuted) }
            // What the command sent to its own client follows its reply.
            if standing.getsPushes, queueUp(session, &call.reply, since: mark) {
                return .stall(most: Conversation.mostPendingOutput)
            }
            if call.reply.count > standing.outputBound, enforceOutputBound(session, call.reply, since: mark) {
                return .stall(most: Conversation.mostPendingOutput)
            }
            if session.closing != .no { return session.closing == .now ? .abort : .close }
            if ticks &- start > Self.ticksPerTurn { return reader.next < count ? .yield : .next }
        }
        return .next
    }

    // MARK: Expiry

    /// Deletes keys as they come due, until the task is cancelled.
    func keepExpiring(_ alarm: Alarm) async {
        while await alarm.next() {
            while !housekeep({ expireDue() }) { await loop.yield() }
        }
    }

    /// Sets the alarm for a key that is due at `deadline`.
    func expectExpiry(at deadline: Int64, _ now: Int64) {
        nextExpiry = deadline
        dataset.effects.earliestDeadline = .max
        // A key is due when its deadline has passed, hence the millisecond more.
        expiryAlarm.set(deadline == .max ? nil : clock.deadline(in: max(deadline &- now, 0) &+ 1))
    }

    /// Turns active expiry off, or on again.
    func setActiveExpiry(_ isOn: Bool, now: Int64) {
        insight.expiresActively = isOn
        if isOn { expectExpiry(at: dataset.firstDeadline ?? .max, now) }
    }

    /// Deletes some of the keys that are due; false when more are.
    func expireDue() -> Bool {
        guard insight.expiresActively, !insight.rests else { return true }
        let now = clock.milliseconds()
        guard !dataset.freeze.isAny else {
            // Its end sets the alarm anew.
            hurry()
            return true
        }
        if let pause = clients.pause.remaining(now) {
            expectExpiry(at: now + pause.milliseconds, now)
            return true
        }
        let start = Ticks.now()
        let finished = dataset.expire(now: now, most: Self.expiriesPerTurn)
        noteTime(of: .expiry, ticks: Ticks.now() &- start)
        publishEffects(by: nil)
        if tracking.isActive { settleTracking() }
        if finished { expectExpiry(at: dataset.firstDeadline ?? .max, now) }
        return finished
    }

    /// Keys deleted in one turn: a fraction of a millisecond.
    private static let expiriesPerTurn = 256

}
