import RESP
import Reactor

/// One client's connection: reads, has whole batches run, writes, until either side closes.
///
/// The task that runs it is the only one that touches the socket. It waits for input, for room to
/// write, for its outbox, or for the end of a pause, whichever comes first.
///
/// Its state lives here, not in the frames of asynchronous functions, which would be far larger; and
/// while it waits it holds no buffers. So an idle connection is cheap.
final class Connection {
    private let registration: Registration
    private let outbox: Outbox
    private let database: Database
    let handle: SessionHandle
    private let share: LoopShare
    private var exchange = Exchange()
    private var progress = Progress()

    /// Bytes written at once: others on the loop get their turn in between, as in Redis.
    static let largestWrite = 256 << 10
    /// Neither input nor further requests are taken while the client has more than this to read, so
    /// that a client that only writes is held back; far more than any client's pipeline answers to.
    static let mostPendingOutput = 1 << 30
    /// How long a client that is to be closed may take to read what is left, in milliseconds.
    static let lingering: Int64 = 10_000

    /// Why the conversation is over.
    private enum Ending {
        case no
        /// When everything was written.
        case flushed
        case now
    }

    /// What keeps the rest of a batch waiting.
    private enum Hold: Equatable {
        case no
        /// CLIENT PAUSE, until this moment (Unix milliseconds) or a signal.
        case pause(until: Int64)
        /// More output than `mostPendingOutput`.
        case output
    }

    /// How far the conversation has come.
    private struct Progress {
        var ending = Ending.no
        var hold = Hold.no
        var departure = Departure.peer
        var bytesIn = 0
        var bytesOut = 0
        var replyPeak = 0
    }

    /// Prepares for the client that `handle` names.
    init(
        _ registration: Registration, _ outbox: Outbox, _ database: Database, _ handle: SessionHandle,
        policy: ConnectionPolicy
    ) {
        share = database.loopShares.share(of: registration.loop)
        self.registration = registration
        self.outbox = outbox
        self.database = database
        self.handle = handle
        exchange.policy = policy
    }

    /// Why the conversation ended, once it has.
    var departure: Departure { progress.departure }

    /// Runs until the client or the server ends it.
    func run(on socket: borrowing Socket) async {
        while !isOver {
            let readiness = await registration.wait(for: interest, until: deadline)
            let interruption = take(readiness, socket)
            if interruption != .none { await finishBatches(socket, after: interruption) }
            settleUp(socket)
        }
    }

    private var isOver: Bool {
        progress.ending == .now || progress.ending == .flushed && exchange.reply.buffer.isEmpty
    }

    /// Does what a wait ended for; apart from `run`, so that its variables need no room while it waits.
    @inline(never)
    private func take(_ readiness: Readiness, _ socket: borrowing Socket) -> Interruption {
        if readiness.contains(.closed) { progress.ending = .now }
        if readiness.contains(.cancelled), progress.ending == .no { progress.ending = .flushed }
        if readiness.contains(.signalled) { obey() }
        if progress.ending != .no {
            // The rest of the output was given time enough.
            if readiness.contains(.timedOut) { progress.ending = .now }
            return .none
        }
        if progress.hold != .no { return resume(readiness, socket) }
        guard readiness.contains(.readable) || readiness.contains(.hangup) else { return .none }
        read(socket)
        return runBatches(socket)
    }

    /// Ends a turn: writes, gives back memory, and tells where things stand.
    @inline(never)
    private func settleUp(_ socket: borrowing Socket) {
        write(socket)
        share.takeBack(&exchange)
        note()
    }

    // MARK: Waiting

    private var interest: Interest {
        let output = exchange.reply.count
        let writing: Interest = output > 0 ? .writable : []
        if progress.ending != .no { return writing }
        if progress.hold != .no { return writing.union(.hangup) }
        return output > Self.mostPendingOutput ? writing : writing.union(.readable)
    }

    private var deadline: Deadline? {
        if progress.ending != .no { return registration.loop.deadline(in: Self.lingering) }
        guard case .pause(let until) = progress.hold else { return nil }
        return database.clock.deadline(in: max(until - database.clock.milliseconds(), 0) + 1)
    }

    /// Does what others have asked for through the outbox.
    private func obey() {
        switch outbox.drain(into: &exchange.reply.buffer) {
        case .no: break
        case .afterFlush: if progress.ending == .no { progress.ending = .flushed }
        case .now: progress.ending = .now
        }
        guard outbox.takeReleaseRequest() else { return }
        exchange.reader.releaseIdleMemory()
        exchange.reply.buffer.shrink(to: exchange.reply.count)
        progress.replyPeak = exchange.reply.count
    }

    /// Goes on with a batch that was held back, if the reason is gone.
    private func resume(_ readiness: Readiness, _ socket: borrowing Socket) -> Interruption {
        switch progress.hold {
        case .output where exchange.reply.count > Self.mostPendingOutput: break
        case .pause where readiness.isDisjoint(with: [.timedOut, .signalled]): break
        default:
            progress.hold = .no
            return runBatches(socket)
        }
        // As in Redis, a client that leaves while it is held back leaves at once.
        if readiness.contains(.hangup) { progress.ending = .now }
        return .none
    }

    // MARK: Input

    /// Reads once and parses what came.
    private func read(_ socket: borrowing Socket) {
        var end = false
        share.lend(&exchange)
        do throws(SystemError) {
            progress.bytesIn += try exchange.reader.fill { span throws(SystemError) in
                switch try socket.read(into: &span) {
                case .bytes(let count):
                    share.traffic.noteRead(count)
                    return count
                case .wouldBlock: return 0
                case .endOfFile:
                    end = true
                    return 0
                }
            }
        } catch {
            progress.ending = .now
        }
        if end { progress.ending = .now }
        guard progress.ending == .no else { return }
        parse()
        noteInput()
    }

    /// Finds the requests in what was read.
    private func parse() {
        exchange.reader.parse(exchange.policy.requestLimits)
        if exchange.policy.logsFrames { logFrames() }
    }

    @inline(never)
    private func logFrames() {
        guard !database.log.hidesUserData else { return }
        for index in 0..<exchange.reader.frameCount {
            let text = FrameDescription.text(exchange.reader.frame(index))
            database.log(.debug, "GOT: \(text)")
        }
    }

    /// What the task has to wait for before the rest of what was parsed can run.
    private enum Interruption {
        case none
        /// The other clients' turn.
        case turn
        /// The actor's loop, which is another.
        case crossing
    }

    /// Has everything run that was parsed, batch by batch, as far as that goes without waiting.
    ///
    /// On the actor's own loop that is nearly always to the end: no asynchronous call is made then.
    private func runBatches(_ socket: borrowing Socket) -> Interruption {
        let isOnLoop = registration.loop === database.loop
        while progress.ending == .no, exchange.reader.frameCount > 0 {
            guard isOnLoop else { return .crossing }
            database.executeOnLoop(handle, &exchange)
            if settle(socket) { return .turn }
            if progress.hold != .no { return .none }
        }
        if progress.ending == .no { checkInput() }
        return .none
    }

    /// Goes on where `runBatches` was interrupted.
    @inline(never)
    private func finishBatches(_ socket: borrowing Socket, after interruption: Interruption) async {
        var interruption = interruption
        while interruption != .none {
            var yields = interruption == .turn
            if interruption == .crossing {
                exchange = await database.execute(handle, sent: exchange.take())
                yields = settle(socket)
            }
            if yields { await registration.loop.yield() }
            interruption = progress.hold == .no ? runBatches(socket) : .none
        }
    }

    /// Does what the actor asked for after a batch; true if others are to have their turn now.
    private func settle(_ socket: borrowing Socket) -> Bool {
        var yields = false
        switch exchange.outcome {
        case .next: break
        case .yield:
            write(socket)
            yields = true
        case .pause(let until): progress.hold = .pause(until: until)
        case .stall: progress.hold = .output
        case .close: progress.ending = .flushed
        case .abort: progress.ending = .now
        }
        if exchange.reader.next == exchange.reader.frameCount {
            exchange.reader.finishBatch()
            parse()
        }
        return yields
    }

    /// Answers malformed or excessive input.
    private func checkInput() {
        if let failure = exchange.reader.failure {
            if !exchange.policy.isMuted {
                let text = Array("ERR Protocol error: ".utf8) + failure.bytes
                // The array lives until the reply is written.
                unsafe exchange.reply.error(text.span.bytes)
            }
            progress.departure = .protocolError
            progress.ending = .flushed
        } else if exchange.reader.heldBytes > exchange.policy.queryBufferLimit {
            progress.departure = .queryBufferLimit
            progress.ending = .now
        }
    }

    // MARK: Output

    /// Writes once.
    private func write(_ socket: borrowing Socket) {
        guard !exchange.reply.buffer.isEmpty, progress.ending != .now else { return }
        let total = exchange.reply.count
        progress.replyPeak = max(progress.replyPeak, total)
        do throws(SystemError) {
            let transfer = try socket.write(exchange.reply.buffer.bytes.extracting(first: Self.largestWrite))
            guard case .bytes(let count) = transfer else { return }
            progress.bytesOut += count
            share.traffic.noteWritten(count)
            exchange.reply.buffer.consume(count)
        } catch {
            progress.ending = .now
        }
    }

    // MARK: Figures

    private func noteInput() {
        let use = exchange.reader.bufferUse
        outbox.figures.noteInput(
            total: progress.bytesIn, used: use.used, free: use.free,
            arguments: exchange.reader.pendingArgumentBytes)
    }

    private func note() {
        noteInput()
        outbox.figures.noteOutput(
            total: progress.bytesOut, unsent: exchange.reply.count,
            capacity: exchange.reply.buffer.capacity, peak: progress.replyPeak)
    }
}
